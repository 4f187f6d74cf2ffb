"""What charts in this book have in common: kinds told apart twice over, fixed scales, tooltips, the reader's own mark.

Color alone never carries meaning, so marks also differ in shape and lines in dashes, under one legend::

    kinds = {"your weight": (c.accent, "diamond"), "best weight": (c.ink, "circle")}
    chart.mark_point().encode(x=x, y=y, **points("mark", kinds), tooltip=tip(("mark", "Mark"), ("loss", "Loss", ".3f")))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

SOLID: list[int] = [1, 0]


def points(column: str, kinds: Mapping[str, tuple[str, str]], **legend: Any) -> dict[str, Any]:
    """The channels of marks whose kind stands in ``column``: kind → its color and its shape, in order."""
    key = {"title": None, "columnPadding": 20, **legend}
    return {
        "color": alt.Color(f"{column}:N", legend=alt.Legend(**key), scale=_scale(kinds, 0)),
        "shape": alt.Shape(f"{column}:N", legend=alt.Legend(**key), scale=_scale(kinds, 1)),
    }


def lines(column: str, kinds: Mapping[str, tuple[str, Sequence[int]]], **legend: Any) -> dict[str, Any]:
    """The channels of lines whose kind stands in ``column``: kind → its color and its dashes, in order."""
    key = {
        "title": None,
        "symbolType": "stroke",
        "symbolSize": 500,
        "symbolStrokeWidth": 2,
        "columnPadding": 20,
        **legend,
    }
    return {
        "color": alt.Color(f"{column}:N", legend=alt.Legend(**key), scale=_scale(kinds, 0)),
        "strokeDash": alt.StrokeDash(f"{column}:N", legend=alt.Legend(**key), scale=_scale(kinds, 1)),
    }


def _scale(kinds: Mapping[str, tuple[Any, Any]], place: int) -> alt.Scale:
    return alt.Scale(domain=list(kinds), range=[each[place] for each in kinds.values()])


def span(low: float, high: float, **more: Any) -> alt.Scale:
    """A scale from ``low`` to ``high`` and no further, so that an axis stands still while a reader moves the figure."""
    return alt.Scale(domain=[low, high], nice=False, **more)


def amount(column: str, unit: str) -> alt.Y:
    """A vertical axis for amounts, titled by their unit; it begins at zero, so that heights compare."""
    return alt.Y(f"{column}:Q", title=unit, scale=alt.Scale(zero=True))


def tip(*rows: tuple[str, str] | tuple[str, str, str]) -> list[alt.Tooltip]:
    """A tooltip's rows: column, what a reader sees before it and, for a number, its format (``.1f``, ``.1%``)."""
    return [
        alt.Tooltip(f"{column}:{'Q' if form else 'N'}", title=title, **({"format": form[0]} if form else {}))
        for column, title, *form in rows
    ]


def here(chart: alt.Chart, x: alt.X, color: str) -> alt.Chart:
    """A dashed upright line at the reader's own setting."""
    return chart.mark_rule(strokeWidth=1.5, strokeDash=[4, 3]).encode(x=x, color=alt.value(color))
