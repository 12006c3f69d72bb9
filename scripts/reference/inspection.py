"""Projections, confusion matrices and histograms by scikit-learn and numpy, for src/plugins/testing/inspection.json.

Run with scikit-learn and torch installed: python3 scripts/reference/inspection.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.metrics import confusion_matrix
from values import fill, integers

OUT = Path(__file__).parents[2] / "src/plugins/testing/inspection.json"
ROWS, WIDTH, CLASSES = 60, 8, 4

# Columns of unequal spread, so that the first components are apart.
vectors = fill([ROWS, WIDTH], 1).numpy() * np.arange(WIDTH, 0, -1, dtype=np.float32)
pca = PCA(n_components=2, svd_solver="full").fit(vectors.astype(np.float64))
places = pca.transform(vectors.astype(np.float64))

logits = fill([ROWS, CLASSES], 2).numpy()
labels = np.array(integers(ROWS, 3, CLASSES))

values = fill([500], 4, 3.0).numpy()
counts, edges = np.histogram(values, bins=12)

OUT.write_text(
    json.dumps(
        {
            "projection": {
                "x": places[:, 0].round(6).tolist(),
                "y": places[:, 1].round(6).tolist(),
                "explained": pca.explained_variance_ratio_.round(6).tolist(),
            },
            "confusion": confusion_matrix(labels, logits.argmax(1)).tolist(),
            "histogram": {
                "min": float(edges[0]),
                "max": float(edges[-1]),
                "counts": counts.tolist(),
            },
        }
    )
    + "\n"
)
