"""A still figure of the guidance fund: who invests in what."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette

# kind, box, lines of its label, left, right, top, bottom (fractions of the drawing)
NODES = (
    ("center", "MOF and MOST", "MOF and MOST", 0.0, 0.36, 0.0, 0.09),
    ("center", "National Guidance Fund", "National|Guidance Fund", 0.0, 0.3, 0.24, 0.38),
    ("local", "Local government", "Local|government", 0.36, 0.64, 0.24, 0.38),
    ("market", "Other investors and firms", "Other investors|and firms", 0.7, 1.0, 0.24, 0.38),
    ("fund", "Sub-fund", "Sub-fund", 0.0, 1.0, 0.56, 0.66),
    ("market", "Technology firms", "Technology|firms", 0.0, 0.46, 0.86, 1.0),
    ("market", "Fund management company", "Fund management|company", 0.64, 1.0, 0.86, 1.0),
)

# from, relation, to, source, label on the chart, across, from height, to height, is it money?
EDGES = (
    (
        "MOF and MOST",
        "set up the fund and write its rules",
        "National Guidance Fund",
        "Measures of 2011 and 2021 (copies)",
        "set up,|write the rules",
        0.15,
        0.09,
        0.24,
        False,
    ),
    (
        "National Guidance Fund",
        "invests 10 to 30 percent of the sub-fund and is never its largest holder",
        "Sub-fund",
        "Measures of 2021, Article 9 (copy)",
        "10–30%",
        0.15,
        0.38,
        0.56,
        True,
    ),
    (
        "Local government",
        "invests in the sub-fund and, as the brief describes it, leads it",
        "Sub-fund",
        "The brief, National Guidance Fund",
        "invests; leads,|says the brief",
        0.5,
        0.38,
        0.56,
        True,
    ),
    (
        "Other investors and firms",
        "invest in the sub-fund",
        "Sub-fund",
        "The brief, National Guidance Fund",
        "invest",
        0.85,
        0.38,
        0.56,
        True,
    ),
    (
        "Fund management company",
        "manages the sub-fund and raises the rest of its money",
        "Sub-fund",
        "Measures of 2021, Article 9 (copy)",
        "manages,|raises the rest",
        0.74,
        0.86,
        0.66,
        False,
    ),
    (
        "Sub-fund",
        "invests at least three times the guidance fund’s money, and at least half of its own size, in firms "
        "that use publicly funded results",
        "Technology firms",
        "Measures of 2021, Article 10 (copy)",
        "at least three times the|10–30%, and half",
        0.2,
        0.66,
        0.86,
        True,
    ),
)


class FundStructure(Explorer):
    name = "fund-structure"
    title = "Who invests in what"
    caption = (
        "The guidance fund, its partners and a sub-fund: a schematic drawn from the text of the brief and from the "
        "measures of 2021. The brief’s Figure 5 was not seen. Solid arrows are money, dashed arrows are control."
    )
    controls = ()
    table = (
        "edges",
        (
            Column("from", "From"),
            Column("relation", "Relation"),
            Column("to", "To"),
            Column("source", "Source"),
        ),
    )
    assumptions = (
        "The relations are the book’s reading of the brief’s section on the fund and of Articles 7, 9 and 10 of the "
        "measures of 2021.",
        "That local governments lead sub-funds is the brief’s phrase; the largest sub-fund of 2021 is managed by a "
        "central state enterprise. The table sub_funds has what is known of single ones.",
        "MOF is the Ministry of Finance, MOST the Ministry of Science and Technology.",
    )
    sources = ("fund_articles", "mechanisms", "sub_funds")

    def compute(self, sheet: Sheet) -> None:
        boxes = ["kind", "node", "label", "left", "right", "top", "bottom"]
        sheet.table("boxes", pd.DataFrame(NODES, columns=boxes))
        arrows = ["from", "relation", "to", "source", "label", "across", "start", "end", "money"]
        sheet.table("edges", pd.DataFrame(EDGES, columns=arrows))

    def panels(self, c: Palette) -> list[Panel]:
        told = "; ".join(f"{edge[0]} {edge[1]}" + ("" if edge[2] in edge[1] else f" ({edge[2]})") for edge in EDGES)
        return [
            Panel(
                "diagram",
                "The guidance fund, its partners and a sub-fund",
                _diagram(c),
                f"Diagram of boxes and arrows. {told}. The data table below lists every arrow.",
                wide=True,
                height=400,
            )
        ]


def _diagram(c: Palette) -> alt.LayerChart:
    unit = alt.Scale(domain=[0, 1], nice=False)
    down = alt.Scale(domain=[0, 1], nice=False, reverse=True)

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=unit, axis=None)

    def height(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", scale=down, axis=None)

    boxes = alt.Chart(frame("boxes"))
    kinds = ["center", "local", "market", "fund"]
    rects = boxes.mark_rect(cornerRadius=5, strokeWidth=1.6).encode(
        x=across("left"),
        x2="right",
        y=height("top"),
        y2="bottom",
        fill=alt.Fill(
            "kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[c.central, c.local, c.business, c.surface])
        ),
        stroke=alt.value(c.line),
    )
    names = boxes.transform_calculate(
        x="(datum.left + datum.right) / 2",
        y="(datum.top + datum.bottom) / 2",
        words="split(datum.label, '|')",
        up="length(split(datum.label, '|')) > 1 ? 'two' : 'one'",
    )
    on = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[c.paper, c.paper, c.paper, c.ink]))
    written = [
        names.transform_filter(f"datum.up === '{lines}'")
        .mark_text(fontWeight=600, fontSize=11, lineHeight=14, baseline="middle", dy=dy)
        .encode(x=across("x"), y=height("y"), text="words:N", color=on)
        for lines, dy in (("one", 0), ("two", -7))
    ]
    edges = alt.Chart(frame("edges")).transform_calculate(
        words="split(datum.label, '|')",
        middle="(datum.start + datum.end) / 2",
        short_of_end="datum.end + (datum.end > datum.start ? -0.012 : 0.012)",
    )
    tip = [alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("from", "relation", "to", "source")]
    shafts = edges.mark_rule(strokeWidth=2).encode(
        x=across("across"),
        y=height("start"),
        y2="short_of_end",
        strokeDash=alt.condition("datum.money", alt.value([1, 0]), alt.value([4, 3])),
        color=alt.value(c.ink),
        tooltip=tip,
    )
    heads = edges.mark_point(filled=True, size=90, opacity=1).encode(
        x=across("across"),
        y=height("short_of_end"),
        color=alt.value(c.ink),
        tooltip=tip,
        shape=alt.condition("datum.end > datum.start", alt.value("triangle-down"), alt.value("triangle-up")),
    )
    said = edges.mark_text(align="left", dx=8, dy=-6, fontSize=11, lineHeight=13).encode(
        x=across("across"), y=height("middle"), text="words:N", color=alt.value(c.ink), tooltip=tip
    )
    return alt.layer(shafts, heads, rects, *written, said).resolve_scale(color="independent")
