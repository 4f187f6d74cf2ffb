"""Every figure's two sheets agree, without a browser: each read-out and each cell of each table, at many settings."""

from __future__ import annotations

import pytest
from jointaction.explorers import EXPLORERS, explorer
from settings import same, settings
from vega import on_the_page


@pytest.mark.parametrize("name", EXPLORERS)
def test_vega_computes_what_python_computes(name: str) -> None:
    figure = explorer(name)
    wrong = []
    for setting in [settings(name)[0], *settings(name)[1:][-10:]]:
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
