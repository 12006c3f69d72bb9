"""Prices of examples/tour-phase-2, and indicators of them by pandas for its tests.

The prices are the days of the S&P 500 from 2006 to April 2020 that the npm package vega-datasets 3.2.1 has in
data/sp500-2000.csv, without open and volume, in whole cents.
Run with pandas installed: python3 scripts/reference/tour_prices.py path/to/sp500-2000.csv
"""

import sys
from pathlib import Path

import pandas as pd

OUT = Path(__file__).parents[2] / "examples/tour-phase-2"
WINDOW, PERIOD, ROWS = 20, 14, 60

table = pd.read_csv(sys.argv[1])
table = table[table["date"] >= "2006"][["date", "high", "low", "close"]].round(2)
table.to_csv(OUT / "data/sp500.csv", index=False, float_format="%.2f", lineterminator="\n")

close = table["close"].reset_index(drop=True).head(ROWS)
change = close.diff()
gain = change.where(change > 0, 0).rolling(PERIOD).mean()
loss = (-change.where(change < 0, 0)).rolling(PERIOD).mean()
average = close.rolling(WINDOW).mean()
spread = close.rolling(WINDOW).std()
reference = pd.DataFrame(
    {
        "ma_20": average,
        "rsi": 100 - 100 / (1 + gain / loss),
        "bb_upper": average + 2 * spread,
        "bb_lower": average - 2 * spread,
    }
)
reference.iloc[WINDOW - 1 :].to_csv(
    OUT / "tests/indicators.csv", index=False, float_format="%.6f", lineterminator="\n"
)
