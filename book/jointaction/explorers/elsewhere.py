"""Matching elsewhere: other systems' ratios, and ratios graded by wealth, asked of China's provinces in the model."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd

from jointaction.explorers.matching_ratio import provinces
from jointaction.faces.controls import Choice, Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import total, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import elsewhere as model
from jointaction.models import matching_ratio as calls
from jointaction.sources.tables import load, remembered

P = {**calls.PARAMETERS, **model.PARAMETERS}
CLASSES = ("under 75%", "75 to 100%", "over 100%")  # of the mean GDP per head, the limits of the European grades
COUNTRIES = ("China", "Canada", "European Union", "Germany", "India", "United States")
OUTCOMES = ("unwilling", "unable")
MONEY = ("Pool", "Beijing’s part")
SLIDER = {"program": "own", "grading": "flat", "hold": "central"}  # what every preset starts from
WEALTH = pd.DataFrame({"income": [0.5, 0.9, 1.5]})  # one of each class, to draw what each is asked


@remembered
def rates() -> pd.DataFrame:
    """The rows of the table ratios that have a ratio, in rising order of it within each country.

    Besides the table's own columns: read (whether official) and line, the country's place on the chart, moved a
    little where rates of one country would cover each other.
    """
    rows = load("ratios")
    rows = rows[rows["matching_ratio"].notna()].sort_values(["country", "matching_ratio"], kind="stable")
    rows["read"] = where(rows["status"] == "official", "official text", "copy, press or brief")
    rows["line"] = (
        rows["country"].map(COUNTRIES.index)
        + 0.22 * rows.groupby(["country", rows["matching_ratio"].round(1)]).cumcount()
    )
    return rows.reset_index(drop=True)


@remembered
def provinces_by_wealth() -> pd.DataFrame:
    """The provinces of the matching-ratio model, with their wealth.

    Adds income_relative (GDP per head in dollars of 2021 over the mean of all provinces, weighted by population)
    and wealth (its class).
    """
    rows, source = provinces().copy(), load("provinces").set_index("province")
    income, people = source["gdp_per_capita_2021_usd"], source["population_2021"]
    relative = income / ((income * people).sum() / people.sum())
    rows["income_relative"] = rows["province"].map(relative)
    rows["wealth"] = where(rows["income_relative"] < 0.75, CLASSES[0], where(rows["income_relative"] < 1, *CLASSES[1:]))
    return rows


def answers(p: Any, row: Any, asked: Any, central: Any) -> tuple[Any, Any]:
    """Whether a province is willing and whether it is able, asked for ``asked`` yuan for each of ``central``.

    ``row`` holds what the model knows of one province, or of all as columns; ``p`` the other parameters.
    """
    return (
        calls.willing(
            row.primary_relative,
            row.rd_relative,
            asked,
            p.agricultural_focus,
            p.influence,
            p.value_of_steering,
            p.local_value_share,
            p.opportunity_cost,
            row.self_sufficiency,
            p.fiscal_stress,
        ),
        model.able(row.st_budget, asked, central, p.ability_share),
    )


def number_joining(p: Any, grading: Any, ratio: Any, central: Callable[[Any], Any] | None = None) -> Any:
    """How many of the 31 provinces join under a grading, which may be one for all at ``ratio``.

    ``p`` holds the other parameters, ``p.influence`` and so on; all are numbers, columns or expressions.
    ``central`` gives Beijing's money for the ratio asked; without it, each gets ``p.central_per_province``.
    """

    def joins(row: Any) -> Any:
        asked = model.graded_ratio(row.income_relative, grading, ratio)
        money = central(asked) if central else p.central_per_province
        return where(calls.joins(*answers(p, row, asked, money)), 1, 0)

    return total(joins(row) for row in provinces_by_wealth().itertuples(index=False))


class Elsewhere(Explorer):
    name = "elsewhere"
    title = "Other ratios, same provinces"
    caption = (
        "A model, not an estimate, and not a comparison of systems: it takes one number of another system’s contract "
        "and asks it of China’s 31 provinces, which decide as in the matching-ratio model. The slider counts where "
        "the program is “your own ratio” and the ratio is one for all. Money is in 100 million yuan."
    )
    controls = (
        Range(P["matching_ratio"], main=True),
        Choice(
            "program",
            "Take the ratio of",
            {
                "own": "your own ratio (the slider)",
                **{row.ratio_id: f"{row.label} ({row.matching_ratio:.2f})" for row in rates().itertuples()},
            },
            "own",
            "A program brings its own influence θ with it, which is this book’s setting.",
            main=True,
        ),
        Choice(
            "grading",
            "Ratio by wealth",
            {"flat": "one for all", "eu": "European pattern: 0.25, 0.67, 1.5", "india": "Indian pattern: 0.11, 0.67"},
            "flat",
            "Graded by GDP per head: under 75, 75 to 100 and over 100 percent of the mean.",
            main=True,
        ),
        Choice(
            "hold",
            "Held fixed",
            {"central": "Beijing’s money per province", "total": "total cost of a project"},
            "central",
            "What stays the same when the ratio changes.",
            main=True,
        ),
        Range(P["fiscal_stress"], main=True),
        Range(P["influence"]),
        Range(P["central_per_province"], digits=1),
        Range(P["project_cost"], digits=1),
        Range(P["agricultural_focus"]),
        Range(P["local_value_share"]),
        Range(P["value_of_steering"]),
        Range(P["opportunity_cost"]),
        Range(P["ability_share"]),
    )
    presets = (
        Preset("half", "One for two", {**SLIDER, "matching_ratio": 0.5}, "The ratio of 2021, for all provinces."),
        Preset(
            "eu", "European grades", {**SLIDER, "grading": "eu"}, "0.25 for the poorest class, 1.5 for the richest."
        ),
        Preset(
            "total",
            "One for two, total cost fixed",
            {**SLIDER, "matching_ratio": 0.5, "hold": "total"},
            "Each project costs 2; Beijing pays what the ratio leaves to it.",
        ),
        Preset(
            "stress",
            "European grades, poor yuan costly",
            {**SLIDER, "grading": "eu", "fiscal_stress": 0.5},
            "A yuan is costly to a province that raises little of what it spends.",
        ),
    )
    readouts = (
        Readout("joining", "Provinces that join", "of 31"),
        Readout("pool", "Pooled money", "100 million yuan", 1),
        Readout("central_total", "Beijing’s part of it", "100 million yuan", 1),
        Readout("average_ratio", "Their average ratio", "", 2),
    )
    table = (
        "provinces",
        (
            Column("province", "Province"),
            Column("outcome", "Outcome"),
            Column("asked", "Ratio asked", 3),
            Column("central", "Beijing’s money", 2),
            Column("income_relative", "GDP per head over the mean", 2),
            Column("self_sufficiency", "Own revenue over spending", 3),
        ),
    )
    assumptions = (
        "Data: the ratios, with the status and the quotation of each in the table ratios; GDP per head, primary "
        "share, R&D intensity and S&T budget of each province in 2021; own revenue over spending in 2019.",
        "Assumed: everything else, as in the matching-ratio model. The influence that comes with a program is this "
        "book’s own setting, with a reason for each in the table; a ceiling is treated as a ratio.",
        "A province is willing if β·fit ≥ (ω − γθ)·s, with s = m/(1 + m) and ω = 1 + ω₁t + λ(1 − f), and able if m·C ≤ κ·S. "
        "With the total cost P held fixed, C = P/(1 + m); willingness does not depend on C.",
        "At m near 0 every province joins, since its price s is then near 0: this holds by construction.",
        "The European grades are 0.25, 2/3 and 1.5, one of two ceilings for each category of region; the limits 75 and "
        "100 percent are those of Union law (general knowledge), applied to the mean of China’s provinces.",
    )
    sources = ("ratios", "provinces", "national", "tile_grid", "matching_ratio_history")
    models = (calls, model)  # the ability to pay is that of the second
    lead_control = "matching_ratio"
    lead_readouts = ("joining", "pool", "average_ratio")
    lead_panel = "map"

    def compute(self, sheet: Sheet) -> None:
        p, programs = sheet.p, rates()
        ratio, influence = p.matching_ratio, p.influence
        for program in programs.itertuples():
            ratio = where(p.program == program.ratio_id, program.matching_ratio, ratio)
            influence = where(p.program == program.ratio_id, program.influence, influence)
        ratio = sheet.step("flat_ratio", ratio)
        p = SimpleNamespace(**{**vars(p), "influence": sheet.step("influence_used", influence)})

        def central(asked):
            return model.central_money(asked, p.hold, p.central_per_province, p.project_cost)

        table = sheet.table("provinces", provinces_by_wealth())
        table["asked"] = model.graded_ratio(table["income_relative"], p.grading, ratio)
        table["central"] = central(table["asked"])
        known = ("primary_relative", "rd_relative", "st_budget", "self_sufficiency")
        row = SimpleNamespace(**{name: table[name] for name in known})
        table["outcome"] = calls.outcome(*answers(p, row, table["asked"], table["central"]))
        table["shade"] = where(table["outcome"] == "joins", table["wealth"], "out")
        table["joins"] = joins = where(table["outcome"] == "joins", 1, 0)
        table["beijing"] = joins * table["central"]
        table["both"] = table["beijing"] * (1 + table["asked"])
        table["ratio"] = joins * table["asked"]
        sums = {"joins": "joining", "beijing": "central_total", "both": "pool", "ratio": "sum_of_ratios"}
        for column, name in sums.items():
            table[name] = table.total(column)
        steps = {name: sheet.step(name, table.first(name)) for name in sums.values()}
        average = sheet.step("average_ratio", model.average_ratio(steps["sum_of_ratios"], steps["joining"]))

        curve = sheet.grid("curve", "ratio", P["matching_ratio"].low, P["matching_ratio"].high, 201)
        curve["joining"] = number_joining(p, "flat", curve["ratio"], central)
        curve["Beijing’s part"] = curve["joining"] * central(curve["ratio"])
        curve["Pool"] = curve["Beijing’s part"] * (1 + curve["ratio"])
        now = sheet.grid("now", "ratio", average, average, 2)
        now["Pool"], now["Beijing’s part"] = steps["pool"], steps["central_total"]

        shown = sheet.table("rates", programs[["ratio_id", "label", "country", "matching_ratio", "read", "line"]])
        shown["chosen"] = shown["ratio_id"] == p.program
        rules = sheet.table("rules", WEALTH)
        rules["asked"] = model.graded_ratio(rules["income"], p.grading, ratio)

    def key(self) -> list[tuple[str, str]]:
        return list(provinces().sort_values("code")[["code", "province"]].itertuples(index=False, name=None))

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "map",
                "Who joins, shaded by wealth",
                _map(c),
                "Tile map of 31 provinces. Those that join are shaded by GDP per head: under 75, 75 to 100 and over "
                "100 percent of the mean. Those that stay out are hollow, with a square under the name if unwilling "
                "and a triangle if unable. The data table gives every value.",
                height=330,
            ),
            Panel(
                "rates",
                "Ratios asked elsewhere",
                _rates(c),
                "Strip plot of matching ratios by country: China, Canada, the European Union, Germany, India and the "
                "United States. Filled points were read in an official text. Lines mark what the provinces are asked "
                "now.",
                height=300,
            ),
            Panel(
                "curve",
                "Money at each ratio for all; diamonds: the rule chosen",
                _curve(c),
                "Line chart over flat matching ratios from 0 to 2: the pool, and Beijing’s part of it. Diamonds mark "
                "both under the rule chosen, at the average ratio of the provinces that join.",
                wide=True,
                height=240,
            ),
        ]


def _map(c: Palette) -> alt.LayerChart:
    shades = [*CLASSES, "out"]
    fill = alt.Scale(domain=shades, range=[c.seq1, c.seq3, c.seq5, c.paper])
    text = alt.Scale(domain=shades, range=[c.on_seq1, c.on_seq3, c.on_seq5, c.muted])
    base = alt.Chart(frame("provinces")).encode(
        x=alt.X("col:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        tooltip=[
            alt.Tooltip("province:N", title="Province"),
            alt.Tooltip("outcome:N", title="Outcome"),
            alt.Tooltip("asked:Q", title="Ratio asked", format=".2f"),
            alt.Tooltip("income_relative:Q", title="GDP per head over the mean", format=".2f"),
        ],
    )
    tiles = base.mark_rect(cornerRadius=3, strokeWidth=0.8, stroke=c.line).encode(
        fill=alt.Fill(
            "shade:N",
            scale=fill,
            legend=alt.Legend(
                title="Joins; GDP per head against the mean",
                values=list(CLASSES),
                columns=3,
                symbolType="square",
                symbolStrokeWidth=1,
            ),
        ),
    )
    names = base.mark_text(fontSize=11, fontWeight=600).encode(
        text="code:N", fill=alt.Fill("shade:N", scale=text, legend=None)
    )
    legend = alt.Legend(title="Stays out", columns=1)
    why = (
        base.transform_filter("datum.outcome !== 'joins'")
        .mark_point(size=26, filled=True, opacity=1)
        .encode(
            # In the corner, clear of the name however flat a tile is.
            x=alt.X("col:O", axis=None, bandPosition=0.91),
            y=alt.Y("row:O", axis=None, bandPosition=0.85),
            color=alt.Color(
                "outcome:N", legend=legend, scale=alt.Scale(domain=list(OUTCOMES), range=[c.ink, c.fourth])
            ),
            shape=alt.Shape(
                "outcome:N", legend=legend, scale=alt.Scale(domain=list(OUTCOMES), range=["square", "triangle-up"])
            ),
        )
    )
    return alt.layer(tiles, names, why).resolve_scale(fill="independent")


def _rates(c: Palette) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 2], padding=10, nice=False)
    x = alt.X("matching_ratio:Q", title="Matching ratio (lower money per upper money)", scale=scale)
    names = ", ".join(f"'{name}'" for name in COUNTRIES)
    y = alt.Y(
        "line:Q",
        title=None,
        scale=alt.Scale(domain=[len(COUNTRIES) - 0.4, -0.4], nice=False),
        axis=alt.Axis(values=list(range(len(COUNTRIES))), labelExpr=f"[{names}][datum.value]", labelLimit=100),
    )
    read = alt.Scale(domain=["official text", "copy, press or brief"], range=[c.ink, c.paper])
    rules = (
        alt.Chart(frame("rules"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=c.accent)
        .encode(x=alt.X("asked:Q", scale=scale))
    )
    points = (
        alt.Chart(frame("rates"))
        .mark_point(size=70, opacity=1, stroke=c.ink, strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("read:N", scale=read, legend=alt.Legend(title=None, columnPadding=14)),
            tooltip=[
                alt.Tooltip("label:N", title="Program"),
                alt.Tooltip("matching_ratio:Q", title="Ratio", format=".3f"),
                alt.Tooltip("read:N", title="Read in"),
            ],
        )
    )
    ring = (
        alt.Chart(frame("rates"))
        .transform_filter("datum.chosen")
        .mark_point(size=220, strokeWidth=2.5, color=c.accent)
        .encode(x=x, y=y)
    )
    return alt.layer(rules, points, ring)


def _curve(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "ratio:Q",
        title="Matching ratio m asked of all",
        scale=alt.Scale(domain=[0, P["matching_ratio"].high], nice=False),
    )
    legend = alt.Legend(title=None, symbolType="stroke", symbolSize=500, symbolStrokeWidth=2, columnPadding=20)
    y = alt.Y("value:Q", title="100 million yuan", scale=alt.Scale(zero=True))
    color = alt.Color("series:N", legend=legend, scale=alt.Scale(domain=list(MONEY), range=[c.ink, c.central]))
    dash = alt.StrokeDash("series:N", legend=legend, scale=alt.Scale(domain=list(MONEY), range=[[1, 0], [7, 3]]))
    fold = {"fold": list(MONEY), "as_": ["series", "value"]}
    lines = alt.Chart(frame("curve")).transform_fold(**fold).mark_line().encode(x=x, y=y, color=color, strokeDash=dash)
    now = alt.Chart(frame("now"))
    rule = now.mark_rule(strokeWidth=1.5, strokeDash=[4, 3]).encode(x=x, color=alt.value(c.accent))
    dots = (
        now.transform_fold(**fold)
        .mark_point(filled=True, size=110, opacity=1, shape="diamond")
        .encode(
            x=x,
            y=y,
            color=color,
            tooltip=[
                alt.Tooltip("series:N", title="Money"),
                alt.Tooltip("ratio:Q", title="Average ratio", format=".2f"),
                alt.Tooltip("value:Q", title="100 million yuan", format=".1f"),
            ],
        )
    )
    return alt.layer(lines, rule, dots)
