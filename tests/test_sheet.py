"""The sum of a column and the first row of a table as a value: the same in Python and in Vega, and a table that is then finished."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
import pytest
import vl_convert
from jointaction.faces.sheet import ExpressionSheet, NumberSheet, Sheet

FRAME = pd.DataFrame({"name": ["first", "second", "third", "fourth"], "cost": [3.0, 1.0, 1.0, 2.0]})


def fill(sheet: Sheet) -> None:
    rows = sheet.table("rows", FRAME)
    rows["dear"] = rows["cost"] * sheet.p.price
    rows.sort("dear")
    rows["all"] = rows.total("dear")
    sheet.step("sum", rows.first("all"))
    sheet.step("cheapest", rows.first("name"))
    least = rows.first("dear")
    sheet.step("least", least)
    # The value goes on into another table.
    others = sheet.table("others", pd.DataFrame({"times": [1.0, 2.0]}))
    others["more"] = others["times"] * least
    others.keep(others["more"] == least)
    sheet.step("more", others.first("more"))


@pytest.mark.parametrize(
    ("price", "cheapest", "least"), [(2.0, "second", 2.0), (-1.0, "first", -3.0), (0.0, "first", 0.0)]
)
def test_sum_and_first_row(price: float, cheapest: str, least: float) -> None:
    sheet = NumberSheet({"price": price})
    fill(sheet)
    values = {"sum": 7 * price, "cheapest": cheapest, "least": least, "more": least}
    assert values.items() <= sheet.steps.items() and type(sheet.steps["least"]) is float

    written = ExpressionSheet({"price": price})
    fill(written)
    signal = "'<' + cheapest + ' ' + least + ' ' + more + ' ' + sum + '>'"
    svg = vl_convert.vega_to_svg(
        {
            "$schema": "https://vega.github.io/schema/vega/v5.json",
            "signals": written.signals,
            "data": written.data,
            "marks": [{"type": "text", "encode": {"update": {"text": {"signal": signal}}}}],
        }
    )
    (found,) = re.findall(r"<([^<>]*)>(?=</text>)", unescape(svg))
    word, *numbers = found.split()
    assert word == cheapest and [float(number.replace("−", "-")) for number in numbers] == [least, least, 7 * price]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.__setitem__("more", 1.0),
        lambda rows: rows.keep(True),
        lambda rows: rows.sort("cost"),
        lambda rows: rows.total("cost"),
    ],
)
@pytest.mark.parametrize("kind", [NumberSheet, ExpressionSheet])
def test_a_table_whose_first_row_has_been_read_is_finished(kind: type[Sheet], change) -> None:
    rows = kind({}).table("rows", FRAME)
    rows.first("cost")
    with pytest.raises(RuntimeError, match="The table is finished"):
        change(rows)
    assert rows["cost"] is not None  # reading goes on
