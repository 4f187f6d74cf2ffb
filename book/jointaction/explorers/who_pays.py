"""Who spends: central and local fiscal spending on science and technology, 1990-2023, with its gaps."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, divide, floor, maximum, minimum, where
from jointaction.faces.parameters import Parameter, by_name
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.status import READ
from jointaction.sources.tables import load, remembered

FIRST, LAST = 1990.0, 2023.0
LEVELS = ("total", "central", "local")
SERIES = ("Total", "Central", "Local")
SHAPES = ("diamond", "square", "circle")
DASHES = ([2, 2], [7, 3], [1, 0])
SOLID, HOLLOW = "read in an official text or a copy", "derived or unofficial"
MONEY = "billion yuan"
# From this budget year on, revenue and expenditure are classified anew.
NEW_CLASSES = 2007

YEARS = by_name(
    [
        Parameter("first_year", "First year", FIRST, FIRST, LAST, 1.0, help="Where the chart begins."),
        Parameter("last_year", "Last year", LAST, FIRST, LAST, 1.0, help="Where the chart ends."),
        Parameter("chosen_year", "Year to read", 2021.0, FIRST, LAST, 1.0, help="The year whose values stand below."),
    ]
)


@remembered
def series() -> pd.DataFrame:
    """Every value of both views, one a row, in the order caliber, view, series, year.

    Columns: view (level or share), caliber, series, year, value (billion yuan; percent for a share),
    status (of a share: what its two amounts rest on), mark (solid or hollow), segment (one for each run of
    consecutive years), unit, year_text, source, note.
    A local share exists where both the local and the total amount do; its mark is solid where both were read
    in an official text or a copy. A year without a value has no row.
    """
    data = load("fiscal_st").assign(value=lambda d: d["value"] / 10)  # kept in 100 million yuan
    levels = data[["caliber", "level", "year", "value", "status", "source", "note"]].assign(view="level", unit=MONEY)
    wide = data.pivot(index=["caliber", "year"], columns="level", values=["value", "status"])
    wide = wide[wide["value"]["local"].notna() & wide["value"]["total"].notna()]
    read = wide["status"][["local", "total"]].isin(READ).all(axis=1)
    shares = pd.DataFrame(
        {
            "level": "local",
            "value": (100 * wide["value"]["local"] / wide["value"]["total"]).astype(float),
            "status": read.map({True: "from figures read", False: "from a figure derived or unofficial"}),
            "source": "100 × local / total",
            "note": "",
            "view": "share",
            "unit": "percent",
        }
    ).reset_index()
    rows = pd.concat([levels, shares], ignore_index=True)
    rows["series"] = rows["level"].map(dict(zip(LEVELS, SERIES)))
    rows["mark"] = rows["status"].isin([*READ, "from figures read"]).map({True: SOLID, False: HOLLOW})
    rows["year_text"] = rows["year"].astype(str)
    rows["level"] = rows["level"].map(LEVELS.index)
    rows = rows.sort_values(["caliber", "view", "level", "year"], ignore_index=True)
    new = rows.groupby(["caliber", "view", "level"])["year"].diff() != 1
    rows["segment"] = new.cumsum()
    return rows[
        [
            "view",
            "caliber",
            "series",
            "year",
            "value",
            "status",
            "mark",
            "segment",
            "unit",
            "year_text",
            "source",
            "note",
        ]
    ]


@remembered
def parts() -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], pd.DataFrame]]:
    """The amounts of each level, and for each view and caliber the years that have a value, one row each."""
    rows = series()
    levels = rows[rows["view"] == "level"]
    return (
        {level: levels[levels["series"] == name] for level, name in zip(LEVELS, SERIES)},
        {key: group.drop_duplicates("year") for key, group in rows.groupby(["view", "caliber"])},
    )


@remembered
def six_years() -> tuple[float, float]:
    """Lowest and highest local share of 2007-2012 together, in percent, that the rounding of the sums allows.

    Formula: totals of 2006-2012 less the year 2006, from the tables ``communiques`` and ``fiscal_st``.
    """
    sums = load("communiques").query("period == '2006-2012'").set_index("level")[["low", "high"]]
    first = load("fiscal_st").query("caliber == 'broad' and year == 2006").set_index("level")["value"]
    central, total = (sums.loc[level] - first[level] for level in ("central", "total"))
    return 100 - 100 * central["high"] / total["low"], 100 - 100 * central["low"] / total["high"]


class WhoPays(Explorer):
    name = "who-pays"
    title = "Who spends? S&T budgets of Beijing and the localities"
    caption = (
        "Accounts of who spends, not of who pays. The narrow line books central transfers as local spending, and "
        "the brief leaves transfers aside (endnote 8). Solid marks were read in an official text or a copy of one; "
        "hollow marks are arithmetic, or come from a page that nobody answers for. Where no value was found, the "
        "lines stay open. From 2007 on, budgets are classified anew."
    )
    controls = (
        Choice("view", "Show", {"level": "amounts", "share": "local share of the total"}, "level", main=True),
        Choice(
            "caliber",
            "Caliber",
            {
                "broad": "broad: all fiscal S&T spending",
                "narrow": "narrow: budget line 206",
            },
            "broad",
            help="Two official ways to count. The narrow line begins in 2010 here.",
            main=True,
        ),
        Range(YEARS["chosen_year"], digits=0, main=True),
        Range(YEARS["first_year"], digits=0, main=True),
        Range(YEARS["last_year"], digits=0, main=True),
    )
    presets = (
        Preset("figure-1", "The brief’s Figure 1", {"last_year": 2021.0}, "Broad caliber, 1990 to 2021."),
        Preset(
            "crossing",
            "Where do the lines cross?",
            {"view": "share", "first_year": 2002.0, "last_year": 2018.0, "chosen_year": 2007.0},
            "Local share, 2002 to 2018, read in 2007.",
        ),
        Preset(
            "narrow-2011",
            "Narrow line: Beijing still ahead",
            {"caliber": "narrow", "first_year": 2010.0, "chosen_year": 2011.0},
            "2011, the last year found in which Beijing spent more on the narrow line.",
        ),
        Preset(
            "fall-2020",
            "A fall, and a rising share",
            {"first_year": 2017.0, "chosen_year": 2020.0},
            "From 2019 to 2020 all three amounts fall, and the local share rises.",
        ),
    )
    readouts = (
        Readout("total", "Total", MONEY, 1),
        Readout("central", "Central", MONEY, 1),
        Readout("local", "Local", MONEY, 1),
        Readout("local_share", "Local share of the total", "percent", 1),
    )
    table = (
        "shown",
        (
            Column("year_text", "Year"),
            Column("series", "Level of government"),
            Column("value", "Value", 2),
            Column("unit", "Unit"),
            Column("status", "Status"),
            Column("source", "Source"),
            Column("note", "Note"),
        ),
    )
    assumptions = (
        "All numbers are data; nothing is estimated, smoothed or filled in. A line joins only years that follow "
        "one another.",
        "Narrow caliber: budget line 206. Broad caliber: line 206 and S&T spending booked under other lines.",
        "Local share is 100 × local / total. Its mark is hollow where one of the two amounts is derived or unofficial.",
        "The bar over 2007 to 2012 in the view of shares is the local share of the six years together; its height is "
        "what the rounding of the sums leaves open. It says nothing about a single year.",
        "Two official totals exist for 2003 and for 2004, and two vintages for 2011; the table communiques has them.",
    )
    sources = ("fiscal_st", "communiques")
    lead_control, lead_readouts, lead_panel = "chosen_year", ("local_share", "local", "central"), "spending"

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, series()
        one, other, chosen = (floor(year + 0.5) for year in (p.first_year, p.last_year, p.chosen_year))
        low, high = sheet.step("from_year", minimum(one, other)), sheet.step("to_year", maximum(one, other))
        chosen = sheet.step("year_read", chosen)

        # Every value in the data is above zero, so a sum of nothing says that there is no value.
        levels, years = parts()
        found = {
            level: sheet.step(
                f"{level}_found",
                sheet.sum(amounts, lambda r: where(all_of(p.caliber == r.caliber, chosen == r.year), r.value, 0.0)),
            )
            for level, amounts in levels.items()
        }
        for level, value in found.items():
            sheet.step(level, where(value > 0, value, float("nan")))
        split = all_of(found["local"] > 0, found["total"] > 0)
        sheet.step("local_share", where(split, divide(100 * found["local"], found["total"]), float("nan")))

        shown = sheet.table("shown", rows)
        in_span = all_of(shown["year"] >= low, shown["year"] <= high)
        shown.keep(all_of(shown["view"] == p.view, shown["caliber"] == p.caliber, in_span))
        shown["chosen"] = shown["year"] == chosen

        # Half a year of room on either side; the corners fix the axes, also where nothing is shown.
        span = sheet.grid("span", "year", low - 0.5, high + 0.5, 2)
        span["value"] = span["_i"] * 100
        half = sheet.grid("half", "year", low - 0.5, high + 0.5, 2)
        half["value"] = half["_i"] * 0 + 50
        half.keep(p.view == "share")
        now = sheet.grid("now", "year", chosen, chosen, 2)
        now.keep(all_of(chosen >= low, chosen <= high, now["_i"] < 1))
        now["early"] = now["year"] < (low + high) / 2  # its label then stands to the right

        def count(group):
            return sheet.sum(group, lambda r: where(all_of(r.year >= low, r.year <= high), 1, 0))

        points = sum(
            where(all_of(p.view == view, p.caliber == caliber), count(group), 0)
            for (view, caliber), group in years.items()
        )
        # What is known of the years in the gap, and the year in which the budget's classes changed.
        lowest, highest = six_years()
        six = sheet.table(
            "six",
            pd.DataFrame(
                {
                    "year": [2006.5],
                    "until": [2012.5],
                    "value": [lowest],
                    "highest": [highest],
                    "label": ["2007–2012 together"],
                }
            ),
        )
        six.keep(all_of(p.view == "share", p.caliber == "broad", low <= 2007, high >= 2012))
        classes = sheet.table("classes", pd.DataFrame({"year": [NEW_CLASSES - 0.5], "label": ["new budget classes"]}))
        classes.keep(all_of(low < NEW_CLASSES, high >= NEW_CLASSES))
        sheet.table("key", pd.DataFrame({"mark": [SOLID, HOLLOW]}))
        words = sheet.table("words", pd.DataFrame({"at": [0]}))
        words["unit"] = where(p.view == "share", "Local share of the total, percent", MONEY)
        words["none_found"] = where(points > 0, "", "No value was found for these years")

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "spending",
                "Fiscal spending on science and technology (S&T)",
                _lines(c),
                "Line chart by year. As amounts: total, central and local spending, in billion yuan. As a "
                "share: local spending in percent of the total, with a line at one half and a bar for the years 2007 to "
                "2012 together. Marks are solid for figures read in an official text or a copy and hollow for "
                "derived or unofficial ones; lines break where years are missing, and a dotted line stands where "
                "the budget was classified anew. The data table below gives every value.",
                wide=True,
                height=280,
            ),
        ]


def _lines(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(
            tickMinStep=1,
            grid=False,
            labelFlush=False,
            labelExpr="datum.value === floor(datum.value) ? format(datum.value, 'd') : ''",
        ),
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=6))
    hues = (c.muted, c.central, c.local)
    shape = alt.Shape(
        "series:N",
        legend=alt.Legend(title=None, columnPadding=26),
        scale=alt.Scale(domain=list(SERIES), range=list(SHAPES)),
    )
    color = alt.Color(
        "series:N",
        legend=alt.Legend(title=None, columnPadding=26),
        scale=alt.Scale(domain=list(SERIES), range=list(hues)),
    )
    inside = alt.FillOpacity("mark:N", scale=alt.Scale(domain=[SOLID, HOLLOW], range=[1, 0]))
    tip = [
        alt.Tooltip("year_text:N", title="Year"),
        alt.Tooltip("series:N", title="Level"),
        alt.Tooltip("value:Q", title="Value", format=",.1f"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("status:N", title="Status"),
        alt.Tooltip("note:N", title="Note"),
    ]
    corners = alt.Chart(frame("span")).mark_point(opacity=0, size=1, tooltip=None).encode(x=x, y=y)
    half = alt.Chart(frame("half")).mark_line(color=c.line, strokeDash=[4, 4], strokeWidth=1.2).encode(x=x, y=y)
    now = alt.Chart(frame("now"))
    rule = now.mark_rule(strokeWidth=1.2, color=c.accent).encode(x=x)
    years = [
        now.transform_filter(f"datum.early === {early}")
        .mark_text(align=align, dx=dx, baseline="top", fontWeight=600, color=c.accent)
        .encode(x=x, y=alt.value(2), text=alt.Text("year:Q", format="d"))
        for early, align, dx in (("true", "left", 4), ("false", "right", -4))
    ]
    six = alt.Chart(frame("six"))
    bar = six.mark_rect(fill=c.paper, stroke=c.local, strokeWidth=1.6, opacity=1).encode(
        x=x,
        x2="until:Q",
        y=y,
        y2="highest:Q",
        tooltip=[
            alt.Tooltip("value:Q", title="Lowest local share, 2007–2012", format=".1f"),
            alt.Tooltip("highest:Q", title="Highest", format=".1f"),
        ],
    )
    bar_word = six.mark_text(align="right", baseline="bottom", dy=-6, color=c.local).encode(
        x=alt.X("until:Q", title=None), y=alt.Y("highest:Q", title=None), text="label:N"
    )
    classes = alt.Chart(frame("classes"))
    change = classes.mark_rule(strokeWidth=1, strokeDash=[2, 3], color=c.muted).encode(x=x)
    change_word = classes.mark_text(align="right", baseline="top", dx=-4, color=c.muted).encode(
        x=x, y=alt.value(18), text="label:N"
    )
    data = alt.Chart(frame("shown"))
    lines = [
        data.transform_filter(f"datum.series === '{name}'")
        .mark_line(color=hue, strokeDash=dash)
        .encode(x=x, y=y, detail="segment:N")
        for name, hue, dash in zip(SERIES, hues, DASHES)
    ]
    paper = data.mark_point(filled=True, opacity=1, size=44, color=c.paper).encode(x=x, y=y, shape=shape)
    points = data.mark_point(filled=True, size=44, opacity=1, strokeWidth=1.6).encode(
        x=x,
        y=y,
        color=color,
        shape=shape,
        fillOpacity=inside,
        tooltip=tip,
        stroke=alt.Stroke("series:N", legend=None, scale=alt.Scale(domain=list(SERIES), range=list(hues))),
    )
    # Marks that are not seen; they give the chart the second half of its legend.
    key = (
        alt.Chart(frame("key"))
        .mark_point(filled=True, opacity=0, size=1, tooltip=None)
        .encode(
            fill=alt.Fill(
                "mark:N",
                scale=alt.Scale(domain=[SOLID, HOLLOW], range=[c.muted, c.paper]),
                legend=alt.Legend(
                    title=None,
                    symbolType="circle",
                    symbolOpacity=1,
                    symbolStrokeColor=c.muted,
                    symbolStrokeWidth=1.6,
                    orient="none",
                    legendX=0,
                    legendY=332,
                    direction="horizontal",
                    columnPadding=26,
                ),
            ),
        )
    )
    ring = (
        data.transform_filter("datum.chosen")
        .mark_point(size=150, strokeWidth=1.8, filled=False)
        .encode(x=x, y=y, color=alt.value(c.accent))
    )
    words = alt.Chart(frame("words"))
    unit = words.mark_text(align="left", baseline="bottom", color=c.muted, dy=-7).encode(
        x=alt.value(0), y=alt.value(0), text="unit:N"
    )
    none = words.mark_text(align="left", baseline="top", color=c.ink).encode(
        x=alt.value(12), y=alt.value(30), text="none_found:N"
    )
    layers = (
        corners,
        key,
        half,
        change,
        change_word,
        bar,
        bar_word,
        rule,
        *lines,
        paper,
        points,
        ring,
        *years,
        unit,
        none,
    )
    return alt.layer(*layers)
