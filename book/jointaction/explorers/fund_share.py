"""A still figure of the guidance fund: the legal range of the central stake, and the three shares that are known."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.status import READ
from jointaction.sources.tables import load, remembered

KNOWN_FROM = {"brief": "the brief", "copy": "a copy or report", "unofficial": "an unofficial page"}


@remembered
def ranges() -> pd.DataFrame:
    """The legal ranges of the central stake and the shares that are known, one row each.

    Columns: what, first and last (years with decimals; the last of a range in force is the end of the chart),
    low and high (percent; equal for a point), status, kind (range or point), evidence, word (label), read (whether
    it was read in an official text or a copy).
    """
    rules = load("fund_rules").set_index("rule_id")
    share = load("fund_central_share").iloc[0]
    funds = load("sub_funds").dropna(subset=["central_stake"]).set_index("subfund_id")
    old, new = rules.loc["2014-stake-min"], rules.loc["2021-stake-min"]
    rows = [
        (
            "Legal range from August 2014",
            2014.6,
            2021.81,
            old["threshold"],
            rules.loc["2014-stake-max", "threshold"],
            old["status"],
            "range",
            "",
        ),
        (
            "Legal range from October 2021",
            2021.81,
            2024.0,
            new["threshold"],
            rules.loc["2021-stake-max", "threshold"],
            new["status"],
            "range",
            "",
        ),
        (
            "Central share of sub-funds in 2021",
            share["year"] + 0.5,
            share["year"] + 0.5,
            share["central_share"],
            share["central_share"],
            share["status"],
            "point",
            "the brief, 2021",
        ),
    ]
    for key, place, name in (("sf05", 2017.5, "Jianhua (Hunan)"), ("sf06", 2021.84, "SDIC (Guangdong)")):
        stake = funds.loc[key, "central_stake"]
        rows.append(
            (f"Stake in the sub-fund {name}", place, place, stake, stake, funds.loc[key, "status"], "point", name)
        )
    frame = pd.DataFrame(rows, columns=["what", "first", "last", "low", "high", "status", "kind", "word"])
    frame["first"], frame["last"] = frame["first"].astype(float), frame["last"].astype(float)
    frame["evidence"] = frame["status"].map(KNOWN_FROM)
    frame["read"] = frame["status"].isin(READ)
    return frame


class FundShare(Explorer):
    name = "fund-share"
    title = "The legal range of the central stake, and three shares that are known"
    caption = (
        "Filled bands and solid points were read in a copy or report. The dashed band and the hollow point are known "
        "from the brief. Two points are single sub-funds; which sub-funds the brief’s share covers, the brief does not "
        "say. No line joins them."
    )
    controls = ()
    table = (
        "ranges",
        (
            Column("what", "What"),
            Column("low", "Lowest, percent", 1),
            Column("high", "Highest, percent", 1),
            Column("evidence", "Known from"),
        ),
    )
    assumptions = (
        "The range of 2014 is drawn from the date of the sub-fund rules to that of the measures of 2021. The six "
        "sub-funds of November 2021, SDIC (Guangdong) among them, were still proposed under the rules of 2014, and by "
        "one report the new measures took effect on 1 January 2022.",
        "The range of 2014 stands in the brief and in one garbled copy.",
        "The brief’s point and Jianhua (Hunan) are drawn in the middle of their year; only the year is known.",
        "The text copy of the brief used here has no figures, so its sixth figure may show more.",
    )
    sources = ("fund_rules", "fund_central_share", "sub_funds")

    def compute(self, sheet: Sheet) -> None:
        sheet.table("ranges", ranges())

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "share",
                "Central stake in a sub-fund",
                _share(c),
                "Two bands over the years 2014 to 2024: a legal range of 20 to 30 percent from 2014, dashed "
                "because it is known from the brief, and of 10 to 30 percent from October 2021. Three points: "
                "one sub-fund at 23.3 percent in 2017, one at 20.0 percent in November 2021, and, hollow, the "
                "brief’s 20.9 percent for 2021.",
                wide=True,
                height=240,
            )
        ]


def _share(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "first:Q",
        title=None,
        axis=alt.Axis(format="d", values=[2014, 2016, 2018, 2020, 2022, 2024]),
        scale=alt.Scale(domain=[2014, 2024], nice=False),
    )
    percent = alt.Scale(domain=[0, 40], nice=False)
    y = alt.Y("low:Q", title="Percent of the sub-fund", scale=percent)
    base = alt.Chart(frame("ranges"))
    tip = [
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("low:Q", title="Lowest, percent"),
        alt.Tooltip("high:Q", title="Highest, percent"),
        alt.Tooltip("evidence:N", title="Known from"),
    ]
    bands = base.transform_filter("datum.kind === 'range'")
    drawn = [
        bands.transform_filter(test)
        .mark_rect(strokeWidth=1.6, strokeDash=dash)
        .encode(x=x, x2="last:Q", y=y, y2="high:Q", fill=alt.value(fill), stroke=alt.value(c.central), tooltip=tip)
        for test, dash, fill in (("!datum.read", [5, 4], c.surface), ("datum.read", [1, 0], c.seq2))
    ]
    words = (
        bands.transform_calculate(label="datum.low + '–' + datum.high + '%' + (datum.read ? '' : ', the brief')")
        .mark_text(align="left", baseline="bottom", dx=3, dy=-4)
        .encode(x=x, y=alt.Y("high:Q", scale=percent), text="label:N", color=alt.value(c.ink))
    )
    points = base.transform_filter("datum.kind === 'point'").transform_calculate(
        label="datum.word + ': ' + format(datum.low, '.1f') + '%'"
    )
    dots = points.mark_point(size=90, strokeWidth=2.5, filled=True, opacity=1).encode(
        x=x,
        y=y,
        stroke=alt.value(c.accent),
        tooltip=tip,
        fill=alt.condition("datum.read", alt.value(c.accent), alt.value(c.paper)),
    )
    # Two points lie close together, so one is named above its left and one below it.
    named = [
        points.transform_filter(test)
        .mark_text(align=align, dx=dx, dy=dy, fontWeight=600)
        .encode(x=x, y=y, text="label:N", color=alt.value(c.accent))
        for test, align, dx, dy in (
            ("datum.status === 'brief'", "right", -9, -9),
            ("datum.status !== 'brief' && datum.first > 2020", "right", -9, 11),
            ("datum.first < 2020", "center", 0, -15),
        )
    ]
    return alt.layer(*drawn, words, dots, *named)
