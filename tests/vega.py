"""What Vega works out without a browser: the read-outs and tables of a figure's page for one setting."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator, Mapping
from typing import Any

import vl_convert
from jointaction.faces.explorer import Explorer
from jointaction.faces.sheet import ExpressionSheet


def on_the_page(figure: Explorer, setting: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Read-outs by name, and the rows of each table, as the page would compute them, each value as text.

    Numbers are written to the last bit, a missing value as ``null``. The values are read back from the
    descriptions of marks that Vega draws.
    """
    sheet, tables = ExpressionSheet(figure.values(**setting)), figure.evaluate(**setting).tables
    figure.compute(sheet)
    # A step called like a word of the language (yield) can be read by a page, but not named in an expression.
    source = {step["name"]: step["update"] for step in sheet.signals if step["name"] in keyword.kwlist}
    marks = [_mark(readout.name, _shown(source.get(readout.name, readout.name))) for readout in figure.readouts]
    for name, frame in tables.items():
        cells = [_shown(f"datum[{json.dumps(column)}]") for column in frame.columns]
        marks.append(_mark(name, f" + {json.dumps(_NEXT)} + ".join(cells), {"from": {"data": name}}))
    graph = vl_convert.vega_to_scenegraph({"signals": sheet.signals, "data": sheet.data, "marks": marks})
    drawn = {mark["name"]: [item["description"] for item in mark["items"]] for mark in _named(graph)}
    rows = {
        name: [dict(zip(frame.columns, text.split(_NEXT), strict=True)) for text in drawn.get(f"table {name}", [])]
        for name, frame in tables.items()
    }
    return {readout.name: drawn[f"value {readout.name}"][0] for readout in figure.readouts}, rows


_NEXT = "\u241f"


def _shown(expression: str) -> str:
    # toString gives null for an empty text.
    known = f"isValid({expression}) || isNumber({expression}) ? toString({expression}) : 'null'"
    return f"(isString({expression}) ? {expression} : {known})"


def _mark(name: str, expression: str, source: Mapping = {}) -> dict:
    kind = "table" if source else "value"
    return {
        "type": "symbol",
        "name": f"{kind} {name}",
        **source,
        "encode": {"enter": {"description": {"signal": f"'' + {expression}"}}},
    }


def _named(node: Any) -> Iterator[dict]:
    if isinstance(node, dict):
        if str(node.get("name", "")).startswith(("value ", "table ")):
            yield node
        for child in node.values():
            yield from _named(child)
    elif isinstance(node, list):
        for child in node:
            yield from _named(child)
