"""Every figure's two sheets agree, without a browser: each read-out and each cell of each table, at many settings."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from test_pages import settings
from vega import on_the_page

from jointaction.explorers import EXPLORERS, explorer


def same(text: str, value: object) -> bool:
    """Tell whether Vega's text is Python's value: words alike, numbers to nine digits, missing as missing."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool):
        return text == str(value).lower()
    if value is None or value is pd.NA or value != value:
        return text in ("null", "NaN")
    if isinstance(value, str):
        return text == value
    try:
        return math.isclose(float(text.replace("Infinity", "inf")), value, rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return False


@pytest.mark.parametrize("name", EXPLORERS)
def test_vega_computes_what_python_computes(name: str) -> None:
    figure = explorer(name)
    wrong = []
    for setting in [{}, *settings(name, 10)[-10:]] if figure.controls else [{}]:
        readouts, tables = on_the_page(figure, setting)
        sheet = figure.evaluate(**setting)
        for readout, text in readouts.items():
            if not same(text, sheet.steps[readout]):
                wrong.append(f"{readout}: {text} in Vega, {sheet.steps[readout]} in Python at {setting}")
        for table, frame in sheet.tables.items():
            rows = tables[table]
            if len(rows) != len(frame):
                wrong.append(f"table {table}: {len(rows)} rows in Vega, {len(frame)} in Python at {setting}")
            for number, (got, want) in enumerate(zip(rows, frame.to_dict("records"))):
                wrong += [
                    f"{table}[{number}].{column}: {got[column]} in Vega, {want[column]} in Python at {setting}"
                    for column in frame.columns
                    if not same(got[column], want[column])
                ]
    assert not wrong, "\n".join(wrong[:8])
