"""The common pieces of charts, as Vega-Lite reads them."""

from __future__ import annotations

import altair as alt
from jointaction.faces.charts import SOLID, amount, here, lines, points, span, tip

CHART = alt.Chart(alt.NamedData(name="d"))


def encoded(**channels: object) -> dict:
    return CHART.mark_point().encode(**channels).to_dict()["encoding"]


def test_marks_differ_in_color_and_shape_under_one_legend() -> None:
    found = encoded(**points("mark", {"mine": ("red", "diamond"), "best": ("blue", "circle")}, columns=1))
    assert found["color"]["scale"] == {"domain": ["mine", "best"], "range": ["red", "blue"]}
    assert found["shape"]["scale"] == {"domain": ["mine", "best"], "range": ["diamond", "circle"]}
    assert found["color"]["legend"] == found["shape"]["legend"] and found["color"]["legend"]["columns"] == 1


def test_lines_differ_in_color_and_dashes_under_one_legend() -> None:
    found = encoded(**lines("series", {"pool": ("red", SOLID), "steered": ("blue", [7, 3])}))
    assert found["strokeDash"]["scale"]["range"] == [[1, 0], [7, 3]]
    assert found["color"]["scale"]["domain"] == found["strokeDash"]["scale"]["domain"] == ["pool", "steered"]
    assert found["color"]["legend"] == found["strokeDash"]["legend"]


def test_axes_stand_still_and_amounts_begin_at_zero() -> None:
    found = encoded(x=alt.X("ratio:Q", scale=span(0, 2, padding=6)), y=amount("money", "million euro"))
    assert found["x"]["scale"] == {"domain": [0, 2], "nice": False, "padding": 6}
    assert found["y"]["title"] == "million euro" and found["y"]["scale"] == {"zero": True}


def test_a_tooltip_formats_numbers_and_leaves_words() -> None:
    word, number = encoded(tooltip=tip(("name", "Name"), ("share", "Share", ".1%")))["tooltip"]
    assert word == {"field": "name", "title": "Name", "type": "nominal"}
    assert number == {"field": "share", "format": ".1%", "title": "Share", "type": "quantitative"}


def test_the_readers_setting_is_a_dashed_line() -> None:
    mark = here(CHART, alt.X("ratio:Q"), "red").to_dict()
    assert (
        mark["mark"]["type"] == "rule" and mark["mark"]["strokeDash"] and mark["encoding"]["color"] == {"value": "red"}
    )
