"""Two still figures of the guidance fund: who invests in what, and the legal range of the central stake."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.data import load
from jointaction.explorer import Column, Explorer, Panel, frame
from jointaction.sheet import Sheet
from jointaction.theme import Palette

# kind, box, lines of its label, left, right, top, bottom (fractions of the drawing)
NODES = (
    ("centre", "MOF and MOST", "MOF and MOST", 0.0, 0.36, 0.0, 0.09),
    ("centre", "National Guidance Fund", "National|Guidance Fund", 0.0, 0.3, 0.24, 0.38),
    ("local", "Local government", "Local|government", 0.36, 0.64, 0.24, 0.38),
    ("market", "Other investors and firms", "Other investors|and firms", 0.7, 1.0, 0.24, 0.38),
    ("fund", "Sub-fund", "Sub-fund", 0.0, 1.0, 0.56, 0.66),
    ("market", "Technology firms", "Technology|firms", 0.0, 0.46, 0.86, 1.0),
    ("market", "Fund management company", "Fund management|company", 0.64, 1.0, 0.86, 1.0),
)

# from, relation, to, source, label on the chart, across, from height, to height, is it money?
EDGES = (
    ("MOF and MOST", "set up the fund, write its rules and oversee it", "National Guidance Fund",
     "Regulations of 2011, 2014 and 2021", "set up|and oversee", 0.15, 0.09, 0.24, False),
    ("National Guidance Fund", "invests 10 to 30 percent of the sub-fund and is never its largest holder", "Sub-fund",
     "Measures of 2021, Article 9 (copy)", "10–30%", 0.15, 0.38, 0.56, True),
    ("Local government", "invests in the sub-fund and, as the brief describes it, leads it", "Sub-fund",
     "The brief, National Guidance Fund", "invests,|leads", 0.5, 0.38, 0.56, True),
    ("Other investors and firms", "invest in the sub-fund", "Sub-fund",
     "The brief, National Guidance Fund and its fifth figure", "invest", 0.85, 0.38, 0.56, True),
    ("Fund management company", "manages the sub-fund and raises the rest of its money", "Sub-fund",
     "Measures of 2021, Article 9 (copy)", "manages,|raises the rest", 0.74, 0.86, 0.66, False),
    ("Sub-fund", "invests at least three times the guidance fund’s money, and at least half of its own size, in firms "
     "that use publicly funded results", "Technology firms",
     "Measures of 2021, Article 10 (copy)", "at least three times the|10–30%, and half", 0.2, 0.66, 0.86, True),
)  # fmt: skip


class FundStructure(Explorer):
    name = "fund-structure"
    title = "Who invests in what"
    caption = (
        "The guidance fund, its partners and a sub-fund: a schematic after the brief’s fifth figure, drawn from the "
        "text of the brief and the measures of 2021, not a copy. Solid arrows are money, dashed arrows are control."
    )
    controls = ()
    table = ("edges", (
        Column("from", "From"),
        Column("relation", "Relation"),
        Column("to", "To"),
        Column("source", "Source"),
    ))  # fmt: skip
    assumptions = (
        "The relations are the book’s reading of the brief’s section on the fund and of Articles 9 and 10 of the "
        "measures of 2021.",
        "MOF is the Ministry of Finance, MOST the Ministry of Science and Technology.",
    )
    sources = ("fund_rules", "mechanisms")

    def compute(self, sheet: Sheet) -> None:
        boxes = ["kind", "node", "label", "left", "right", "top", "bottom"]
        sheet.table("boxes", pd.DataFrame(NODES, columns=boxes))
        arrows = ["from", "relation", "to", "source", "label", "across", "start", "end", "money"]
        sheet.table("edges", pd.DataFrame(EDGES, columns=arrows))

    def panels(self, c: Palette) -> list[Panel]:
        told = "; ".join(f"{edge[0]} {edge[1]}" + ("" if edge[2] in edge[1] else f" ({edge[2]})") for edge in EDGES)
        return [Panel("diagram", "The guidance fund, its partners and a sub-fund", _diagram(c),
                      f"Diagram of boxes and arrows. {told}. The data table below lists every arrow.", wide=True)]


def _diagram(c: Palette) -> alt.LayerChart:
    unit = alt.Scale(domain=[0, 1], nice=False)
    down = alt.Scale(domain=[0, 1], nice=False, reverse=True)

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=unit, axis=None)

    def height(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", scale=down, axis=None)

    boxes = alt.Chart(frame("boxes"))
    kinds = ["centre", "local", "market", "fund"]
    rects = boxes.mark_rect(cornerRadius=5, strokeWidth=1.6).encode(
        x=across("left"), x2="right", y=height("top"), y2="bottom",
        fill=alt.Fill("kind:N", legend=None, scale=alt.Scale(
            domain=kinds, range=[c.central, c.local, c.surface, c.seq2])),
        stroke=alt.value(c.line),
    )  # fmt: skip
    names = boxes.transform_calculate(
        x="(datum.left + datum.right) / 2", y="(datum.top + datum.bottom) / 2", words="split(datum.label, '|')",
        up="length(split(datum.label, '|')) > 1 ? 'two' : 'one'",
    )  # fmt: skip
    on = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[c.paper, c.paper, c.ink, c.on_seq2]))
    written = [
        names.transform_filter(f"datum.up === '{lines}'").mark_text(
            fontWeight=600, fontSize=11, lineHeight=14, baseline="middle", dy=dy
        ).encode(x=across("x"), y=height("y"), text="words:N", color=on)
        for lines, dy in (("one", 0), ("two", -7))
    ]  # fmt: skip
    edges = alt.Chart(frame("edges")).transform_calculate(
        words="split(datum.label, '|')", middle="(datum.start + datum.end) / 2",
        short_of_end="datum.end + (datum.end > datum.start ? -0.012 : 0.012)",
    )
    tip = [alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("from", "relation", "to", "source")]
    shafts = edges.mark_rule(strokeWidth=2).encode(
        x=across("across"), y=height("start"), y2="short_of_end",
        strokeDash=alt.condition("datum.money", alt.value([1, 0]), alt.value([4, 3])), color=alt.value(c.ink),
        tooltip=tip,
    )  # fmt: skip
    heads = edges.mark_point(filled=True, size=90, opacity=1).encode(
        x=across("across"), y=height("short_of_end"), color=alt.value(c.ink), tooltip=tip,
        shape=alt.condition("datum.end > datum.start", alt.value("triangle-down"), alt.value("triangle-up")),
    )
    said = edges.mark_text(align="left", dx=8, dy=-6, fontSize=11, lineHeight=13).encode(
        x=across("across"), y=height("middle"), text="words:N", color=alt.value(c.ink), tooltip=tip
    )
    return alt.layer(shafts, heads, rects, *written, said).resolve_scale(color="independent").properties(
        width=640, height=400
    )


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
                      "point at 20.9 percent in 2021.", wide=True)]  # fmt: skip


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
    return alt.layer(*drawn, words, dot, word).properties(width=640, height=240)
