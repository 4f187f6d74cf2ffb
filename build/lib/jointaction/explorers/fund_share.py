"""A still figure of the guidance fund: the legal range of the central stake, and the one share in the brief."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.tables import load


def ranges() -> pd.DataFrame:
    """The legal ranges of the central stake and the one published share, one row each.

    Columns: what, first and last (years with decimals; the last of a range in force is the end of the chart),
    low and high (percent; equal for the point), evidence, kind (range or point).
    """
    rules = load("fund_rules").set_index("rule_id")
    share = load("fund_central_share").iloc[0]
    old, new = rules.loc["2014-stake-min"], rules.loc["2021-stake-min"]
    rows = [
        ("Legal range from August 2014", 2014.6, 2021.81, old["threshold"],
         rules.loc["2014-stake-max", "threshold"], old["status"], "range"),
        ("Legal range from October 2021", 2021.81, 2024.0, new["threshold"],
         rules.loc["2021-stake-max", "threshold"], new["status"], "range"),
        ("Central share reported for 2021", float(share["year"]) + 0.5, float(share["year"]) + 0.5,
         share["central_share"], share["central_share"], share["status"], "point"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["what", "first", "last", "low", "high", "status", "kind"])
    frame["evidence"] = frame["status"].map({"brief": "the brief only", "secondary": "a copy of the measures"})
    return frame


class FundShare(Explorer):
    name = "fund-share"
    title = "The legal range of the central stake, and the one published share"
    caption = (
        "What can be rebuilt of the brief’s sixth figure. Dashed and hollow marks are known from the brief only. "
        "No other year’s share is published, so no line is drawn."
    )
    controls = ()
    table = ("ranges", (
        Column("what", "What"),
        Column("low", "Lowest, percent", 1),
        Column("high", "Highest, percent", 1),
        Column("evidence", "Known from"),
    ))  # fmt: skip
    assumptions = (
        "The range of 2014 is drawn from the date of the sub-fund rules to that of the measures of 2021; whether the "
        "old range still bound sub-funds set up earlier in 2021 is not known.",
        "The point is drawn in the middle of 2021. The brief gives the year, not the day.",
    )
    sources = ("fund_rules", "fund_central_share")

    def compute(self, sheet: Sheet) -> None:
        sheet.table("ranges", ranges())

    def panels(self, c: Palette) -> list[Panel]:
        return [Panel("share", "Central stake in a sub-fund", _share(c),
                      "Two bands over the years 2014 to 2024: a legal range of 20 to 30 percent from 2014, dashed "
                      "because it is known from the brief only, and of 10 to 30 percent from October 2021. One hollow "
                      "point at 20.9 percent in 2021.", wide=True, height=240)]  # fmt: skip


def _share(c: Palette) -> alt.LayerChart:
    x = alt.X("first:Q", title=None, axis=alt.Axis(format="d", values=[2014, 2016, 2018, 2020, 2022, 2024]),
              scale=alt.Scale(domain=[2014, 2024], nice=False))  # fmt: skip
    y = alt.Y("low:Q", title="Percent of the sub-fund", scale=alt.Scale(domain=[0, 40], nice=False))
    base = alt.Chart(frame("ranges"))
    tip = [alt.Tooltip("what:N", title="What"), alt.Tooltip("low:Q", title="Lowest, percent"),
           alt.Tooltip("high:Q", title="Highest, percent"), alt.Tooltip("evidence:N", title="Known from")]  # fmt: skip
    brief = "datum.status === 'brief'"
    bands = base.transform_filter("datum.kind === 'range'")
    drawn = [
        bands.transform_filter(test).mark_rect(strokeWidth=1.6, strokeDash=dash).encode(
            x=x, x2="last:Q", y=y, y2="high:Q", fill=alt.value(fill), stroke=alt.value(c.central), tooltip=tip
        )
        for test, dash, fill in ((brief, [5, 4], c.surface), (f"!({brief})", [1, 0], c.seq2))
    ]
    words = bands.transform_calculate(
        word="datum.low + '–' + datum.high + '%' + (datum.status === 'brief' ? ', brief only' : '')"
    ).mark_text(align="left", baseline="bottom", dx=3, dy=-4).encode(
        x=x, y=alt.Y("high:Q", scale=alt.Scale(domain=[0, 40], nice=False)), text="word:N", color=alt.value(c.ink)
    )
    point = base.transform_filter("datum.kind === 'point'")
    dot = point.mark_point(size=110, strokeWidth=2.5, filled=False, opacity=1).encode(
        x=x, y=y, color=alt.value(c.accent), tooltip=tip
    )
    word = point.transform_calculate(word="datum.low + '% (brief only)'").mark_text(
        align="right", dx=-10, dy=14, fontWeight=600
    ).encode(x=x, y=y, text="word:N", color=alt.value(c.accent))
    return alt.layer(*drawn, words, dot, word)
