"""Reads a folder that `plugboard run --mlruns` or the page's export wrote with MLflow itself, and checks what it finds.

Run with MLflow 2 installed: python3 scripts/reference/mlruns.py <folder>
src/workspace/tracking/tracking.test.ts checks the same layout without it.
"""

import sys
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

folder = Path(sys.argv[1]).resolve()
mlflow.set_tracking_uri(folder.as_uri())
client = MlflowClient()
experiments = client.search_experiments()
assert experiments, f"no experiment in {folder}"
for experiment in experiments:
    print(f"{experiment.name} ({experiment.experiment_id})")
    assert client.get_experiment_by_name(experiment.name).experiment_id == experiment.experiment_id
    runs = client.search_runs([experiment.experiment_id])
    assert runs, f"no run in {experiment.name}"
    for run in runs:
        params, metrics, tags = run.data.params, run.data.metrics, run.data.tags
        print(f"  {run.info.run_name}: {run.info.status}, {len(params)} params")
        assert run.info.status in ("FINISHED", "FAILED", "KILLED", "RUNNING")
        assert tags["mlflow.runName"] == run.info.run_name
        for name in metrics:
            history = client.get_metric_history(run.info.run_id, name)
            assert all(a.timestamp <= b.timestamp for a, b in zip(history, history[1:]))
            print(f"    {name}: {len(history)} points, the last {history[-1].value} at step {history[-1].step}")
        print(f"    tags: {', '.join(sorted(tags))}")
        print(f"    artifacts: {[it.path for it in client.list_artifacts(run.info.run_id)]}")
        local = client.download_artifacts(run.info.run_id, "plugboard.yaml")
        assert Path(local).read_text(encoding="utf8").strip() != ""
frame = mlflow.search_runs(search_all_experiments=True)
print(frame[[name for name in frame if name.startswith(("status", "metrics.", "params.training"))]].T)
