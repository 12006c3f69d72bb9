"""Indicators of real prices by pandas, for src/plugins/testing/prices.json.

The prices are those of the S&P 500 on the first day of each month from 2000 to 2010, as the npm package
vega-datasets has them in data/sp500.csv (BSD-3-Clause).
Run with pandas installed: python3 scripts/reference/indicators.py path/to/sp500.csv
"""

import json
import sys
from pathlib import Path

import pandas as pd

OUT = Path(__file__).parents[2] / "src/plugins/testing/prices.json"
WINDOW, PERIOD = 20, 14

price = pd.read_csv(sys.argv[1])["price"]
delta = price.diff()
gain = delta.where(delta > 0, 0).rolling(PERIOD).mean()
loss = (-delta.where(delta < 0, 0)).rolling(PERIOD).mean()
average = price.rolling(WINDOW).mean()
spread = price.rolling(WINDOW).std()
table = pd.DataFrame(
    {
        "ma_20": average,
        "rsi": 100 - 100 / (1 + gain / loss),
        "bb_upper": average + 2 * spread,
        "bb_lower": average - 2 * spread,
    }
).iloc[WINDOW - 1 :]
values = {name: [round(value, 6) for value in table[name]] for name in table}
OUT.write_text(json.dumps({"price": price.tolist(), "indicators": values}) + "\n")
