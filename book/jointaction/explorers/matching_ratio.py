"""The signature figure: who joins a joint call, and what the pool becomes, as the matching ratio moves."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Range, Readout, Switch
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import total, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import matching_ratio as model
from jointaction.sources.tables import load, remembered

P = model.PARAMETERS
BANDS = ("below 0.5", "0.5 to 1", "1 to 1.5", "1.5 to 2", "2 or more")
OUTCOMES = ("joins", "unwilling", "unable")
SHAPES = ("circle", "square", "triangle-up")
PROVINCES = 31
TOP_RATIO = P["matching_ratio"].high


@remembered
def provinces() -> pd.DataFrame:
    """The 31 provinces as the model sees them.

    Columns: province, code, row and col of the tile grid, primary_share and rd_intensity (percent, 2021),
    primary_relative and rd_relative (over the national value), st_budget (100 million yuan, 2021),
    self_sufficiency (own revenue over budget spending in 2019, a fraction).
    """
    national = load("national").set_index("key")["value"]
    tiles = load("tile_grid")[["province", "row", "col"]]
    rows = load("provinces").merge(tiles, on="province", validate="one_to_one")
    return pd.DataFrame(
        {
            "province": rows["province"],
            "code": rows["code"],
            "row": rows["row"],
            "col": rows["col"],
            "primary_share": rows["primary_share_2021"],
            "rd_intensity": rows["rd_intensity_2021"],
            "primary_relative": rows["primary_share_2021"] / national["primary_share_2021"],
            "rd_relative": rows["rd_intensity_2021"] / national["rd_intensity_2021"],
            "st_budget": rows["st_budget_2021"],
            "self_sufficiency": rows["fiscal_self_sufficiency_2019"] / 100,
        }
    ).sort_values("province", ignore_index=True)


def number_joining(p: Any, ratio: Any) -> Any:
    """How many of the 31 provinces join at a ratio; ``p`` holds the other parameters, ``p.influence`` and so on.

    Ratio and parameters are numbers, columns or expressions.
    """
    willing_to = (p.agricultural_focus, p.influence, p.value_of_steering, p.local_value_share, p.opportunity_cost)

    def joins(row: Any) -> Any:
        own = (row.self_sufficiency, p.fiscal_stress)
        return model.joins(
            model.willing(row.primary_relative, row.rd_relative, ratio, *willing_to, *own),
            model.able(row.st_budget, ratio, p.central_per_province, p.ability_share),
        )

    return total(where(joins(row), 1, 0) for row in provinces().itertuples(index=False))


def money(p: Any, ratio: Any, joining: Any, spend_unclaimed: Any = False) -> tuple[Any, Any]:
    """The pool and the part of it that Beijing directs, in 100 million yuan, when ``joining`` provinces join."""
    central = (p.central_per_province, spend_unclaimed)
    return (
        model.pool(joining, PROVINCES, ratio, *central),
        model.nationally_steered(joining, PROVINCES, ratio, p.influence, *central),
    )


class MatchingRatio(Explorer):
    name = "matching-ratio"
    title = "Who joins at which matching ratio?"
    caption = (
        "A model, not an estimate. Each tile is one of 31 provinces, shaded by the matching ratio at which it "
        "would leave the call. Move the ratio along that scale: provinces whose shade lies behind it drop out. "
        "Money is in 100 million yuan."
    )
    controls = (
        Range(P["matching_ratio"], main=True),
        Range(P["agricultural_focus"], main=True),
        Range(P["influence"], main=True),
        Range(P["value_of_steering"]),
        Range(P["local_value_share"]),
        Range(P["opportunity_cost"]),
        Range(P["central_per_province"], digits=1),
        Range(P["ability_share"]),
        Range(P["fiscal_stress"]),
        Switch(
            "spend_unclaimed",
            "Spend unclaimed central money on ordinary projects",
            help="Without a match; otherwise the central money of a province that stays out is not spent.",
        ),
        Choice(
            "province",
            "Follow one province",
            {"": "none", **{name: name for name in provinces()["province"]}},
            "",
            main=True,
        ),
    )
    presets = (
        Preset("2021", "2021: one for two", {"matching_ratio": 0.5}, "One local yuan for every two central yuan."),
        Preset("2022", "2022: one for one", {"matching_ratio": 1.0}, "One local yuan for every central yuan."),
        Preset(
            "technology",
            "Technology call",
            {"agricultural_focus": 0.0},
            "A pure technology call, in the manner of the Guangdong pilot of 2017, whose ratio is not known.",
        ),
        Preset(
            "stress",
            "Where a poor province’s yuan is costly",
            {"fiscal_stress": 0.5},
            "An invented setting: the less a province raises of what it spends, the more a yuan costs it.",
        ),
    )
    readouts = (
        Readout("local_share", "Local share of the pool", "", 3),
        Readout("joining", "Provinces that join", "of 31"),
        Readout("unwilling", "Unwilling"),
        Readout("unable", "Willing but unable"),
        Readout("pool", "Pool: all money spent", "100 million yuan", 1),
        Readout("nationally_steered", "Directed by Beijing", "100 million yuan", 1),
        Readout("central_unspent", "Central money unspent", "100 million yuan", 1),
    )
    table = (
        "provinces",
        (
            Column("province", "Province"),
            Column("outcome", "Outcome"),
            Column("leaving_ratio", "Leaves above ratio", 3),
            Column("fit", "Fit", 3),
            Column("cost", "Opportunity cost of a yuan", 3),
            Column("primary_share", "Primary sector, % of GDP", 2),
            Column("rd_intensity", "R&D, % of GDP", 2),
            Column("st_budget", "S&T budget, 100 million yuan", 2),
            Column("self_sufficiency", "Own revenue over spending, 2019", 3),
        ),
    )
    hover = ("province", "province")
    assumptions = (
        "Data: primary sector’s share of GDP, R&D intensity and science and technology budget of each province "
        "in 2021, own revenue over spending in 2019. The ratios 0.5 (2021) and 1 (2022) are known from the brief only.",
        "Assumed: all other settings, the form of fit, cost and ability, and that provinces decide one by one.",
        "A province is willing if β·fit ≥ (ω − γθ)·s, with s = m/(1 + m), and able if m·C ≤ κ·S.",
        "Fit is φ times the primary share plus 1 − φ times the R&D intensity, each over the national value; "
        "opportunity cost ω is 1 + ω₁ times relative R&D intensity + λ times the part of its spending that a "
        "province does not raise itself.",
        "Money that Beijing directs is by definition what provinces have not bought: at θ = 1 it is the central money.",
    )
    sources = ("provinces", "national", "tile_grid", "matching_ratio_history")
    models = (model,)
    lead_control, lead_readouts, lead_panel = "matching_ratio", ("joining", "pool", "nationally_steered"), "map"

    def key(self) -> list[tuple[str, str]]:
        return list(provinces().sort_values("code")[["code", "province"]].itertuples(index=False, name=None))

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, provinces()
        willing_to = (p.agricultural_focus, p.influence, p.value_of_steering, p.local_value_share, p.opportunity_cost)

        def is_willing(row, ratio):
            own = (row.self_sufficiency, p.fiscal_stress)
            return model.willing(row.primary_relative, row.rd_relative, ratio, *willing_to, *own)

        sheet.step("local_share", model.local_share(p.matching_ratio))
        joining = sheet.step("joining", number_joining(p, p.matching_ratio))

        def is_unwilling(row):
            can = model.able(row.st_budget, p.matching_ratio, p.central_per_province, p.ability_share)
            return model.stays_out_unwilling(is_willing(row, p.matching_ratio), can)

        unwilling = sheet.step("unwilling", sheet.sum(rows, lambda row: where(is_unwilling(row), 1, 0)))
        sheet.step("unable", PROVINCES - joining - unwilling)
        pool, steered = money(p, p.matching_ratio, joining, p.spend_unclaimed)
        pool, steered = sheet.step("pool", pool), sheet.step("nationally_steered", steered)
        sheet.step(
            "central_unspent", model.central_unspent(joining, PROVINCES, p.central_per_province, p.spend_unclaimed)
        )

        table = sheet.table("provinces", rows)
        a, t, budget = table["primary_relative"], table["rd_relative"], table["st_budget"]
        table["fit"] = model.fit(a, t, p.agricultural_focus)
        own = (table["self_sufficiency"], p.fiscal_stress)
        table["cost"] = model.cost_of_own_yuan(t, p.opportunity_cost, *own)
        table["leaving_ratio"] = leaving = model.leaving_ratio(
            a, t, budget, *willing_to, p.central_per_province, p.ability_share, *own
        )
        table["outcome"] = outcome = model.outcome(
            model.willing(a, t, p.matching_ratio, *willing_to, *own),
            model.able(budget, p.matching_ratio, p.central_per_province, p.ability_share),
        )
        band = BANDS[-1]
        for limit, label in zip((2, 1.5, 1, 0.5), BANDS[-2::-1]):
            band = where(leaving < limit, label, band)
        table["band"] = band
        table["shade"] = where(outcome == "joins", band, "out")
        table["followed"] = table["province"] == p.province
        table["leaves_on_chart"] = where(leaving < TOP_RATIO, leaving, TOP_RATIO)

        # The fit a province needs at each opportunity cost; above the line's cost, it stays out.
        costs = model.range_of_costs(rows["rd_relative"], p.opportunity_cost, rows["self_sufficiency"], p.fiscal_stress)
        needed = sheet.grid("line", "cost", *costs, 2)
        needed["fit"] = model.needed_fit(
            needed["cost"], p.matching_ratio, p.influence, p.value_of_steering, p.local_value_share
        )
        needed.keep(needed["fit"] < 50)

        curve = sheet.grid("curve", "ratio", 0.0, TOP_RATIO, 401)
        curve["joining"] = number_joining(p, curve["ratio"])
        curve["pool"], curve["nationally_steered"] = money(p, curve["ratio"], curve["joining"], p.spend_unclaimed)

        now = sheet.grid("now", "ratio", p.matching_ratio, p.matching_ratio, 2)
        now["pool"], now["nationally_steered"] = pool, steered

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "map",
                "The map: shaded by the ratio at which each province leaves",
                _map(c),
                "Tile map of 31 provinces, shaded by the matching ratio at which each leaves the call. Provinces "
                "that stay out are hollow, with a square under the name if unwilling and a triangle if unable. "
                "The data table below gives every value.",
                height=330,
            ),
            Panel(
                "scatter",
                "Fit against opportunity cost",
                _scatter(c),
                "Scatter plot of provinces: how well the call suits them, across, against what their own yuan "
                "would earn elsewhere, upwards. Those right of the willingness line are willing to join.",
                height=300,
            ),
            Panel(
                "curve",
                "The pool and the money that Beijing directs as the ratio moves",
                _curve(c),
                "Line chart over matching ratios from 0 to 2. The pool is a sawtooth that falls each time a "
                "province leaves. A second line shows money that Beijing directs. The current ratio is marked.",
                wide=True,
                height=230,
            ),
        ]


def _map(c: Palette) -> alt.LayerChart:
    shades = [*BANDS, "out"]
    fill = alt.Scale(domain=shades, range=[c.seq1, c.seq2, c.seq3, c.seq4, c.seq5, c.paper])
    text = alt.Scale(domain=shades, range=[c.on_seq1, c.on_seq2, c.on_seq3, c.on_seq4, c.on_seq5, c.muted])
    base = alt.Chart(frame("provinces")).encode(
        x=alt.X("col:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
    )
    tip = [
        alt.Tooltip("province:N", title="Province"),
        alt.Tooltip("outcome:N", title="Outcome"),
        alt.Tooltip("leaving_ratio:Q", title="Leaves above ratio", format=".3f"),
    ]
    tiles = base.mark_rect(cornerRadius=3, strokeWidth=1.2).encode(
        fill=alt.Fill(
            "shade:N",
            scale=fill,
            legend=alt.Legend(
                title="Leaves at ratio", values=list(BANDS), columns=3, symbolType="square", symbolStrokeWidth=1
            ),
        ),
        stroke=alt.condition("datum.followed", alt.value(c.accent), alt.value(c.line)),
        strokeWidth=alt.condition("datum.followed", alt.value(3), alt.value(0.8)),
        tooltip=tip,
    )
    names = base.mark_text(fontSize=11, fontWeight=600).encode(
        text="code:N", fill=alt.Fill("shade:N", scale=text, legend=None), tooltip=tip
    )
    out = alt.Scale(domain=list(OUTCOMES[1:]), range=[c.ink, c.fourth])
    why = (
        base.transform_filter("datum.outcome !== 'joins'")
        .mark_point(size=26, filled=True, opacity=1)
        .encode(
            # In the corner, clear of the name however flat a tile is.
            x=alt.X("col:O", axis=None, bandPosition=0.91),
            y=alt.Y("row:O", axis=None, bandPosition=0.85),
            color=alt.Color("outcome:N", scale=out, legend=alt.Legend(title="Stays out", columns=1)),
            shape=alt.Shape(
                "outcome:N",
                scale=alt.Scale(domain=list(OUTCOMES[1:]), range=list(SHAPES[1:])),
                legend=alt.Legend(title="Stays out", columns=1),
            ),
            tooltip=tip,
        )
    )
    return alt.layer(tiles, names, why).resolve_scale(fill="independent")


def _scatter(c: Palette) -> alt.LayerChart:
    x = alt.X("fit:Q", title="Fit of the call (1 = average province)", scale=alt.Scale(domain=[0, 3.4], clamp=True))
    y = alt.Y("cost:Q", title="Opportunity cost of a yuan", scale=alt.Scale(zero=False, nice=False, padding=12))
    line = (
        alt.Chart(frame("line"))
        .mark_line(color=c.accent, strokeDash=[5, 3], clip=True)
        .encode(x=alt.X("fit:Q", scale=alt.Scale(domain=[0, 3.4])), y=y)
    )
    # The line's name stands at its lower end, below the provinces, on the side with more room.
    foot = alt.Chart(frame("line")).transform_filter("datum._i === 0 && datum.fit <= 3.4")
    line_names = [
        foot.transform_filter(f"datum.fit {side} 1.9")
        .mark_text(align=align, dx=dx, dy=3, color=c.accent)
        .encode(x=alt.X("fit:Q", scale=alt.Scale(domain=[0, 3.4])), y=y, text=alt.value("willing: right of line"))
        for side, align, dx in (("<=", "left", 5), (">", "right", -8))
    ]
    points = (
        alt.Chart(frame("provinces"))
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "outcome:N",
                legend=alt.Legend(title=None, columnPadding=20),
                scale=alt.Scale(domain=list(OUTCOMES), range=[c.local, c.ink, c.fourth]),
            ),
            shape=alt.Shape(
                "outcome:N",
                legend=alt.Legend(title=None, columnPadding=20),
                scale=alt.Scale(domain=list(OUTCOMES), range=list(SHAPES)),
            ),
            tooltip=[
                alt.Tooltip("province:N", title="Province"),
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("fit:Q", title="Fit", format=".2f"),
                alt.Tooltip("cost:Q", title="Opportunity cost", format=".2f"),
            ],
        )
    )
    followed = alt.Chart(frame("provinces")).transform_filter("datum.followed")
    ring = followed.mark_point(size=190, strokeWidth=2.5).encode(x=x, y=y, color=alt.value(c.accent))
    name = followed.mark_text(dy=-15, fontWeight=600).encode(x=x, y=y, text="province:N", color=alt.value(c.ink))
    return alt.layer(line, *line_names, points, ring, name)


def _curve(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "ratio:Q",
        title="Matching ratio m (local yuan per central yuan)",
        scale=alt.Scale(domain=[0, TOP_RATIO], nice=False),
    )
    money = "100 million yuan"
    legend = alt.Legend(title=None, symbolType="stroke", symbolSize=500, symbolStrokeWidth=2, columnPadding=20)
    series = alt.Color(
        "series:N", legend=legend, scale=alt.Scale(domain=["Pool", "Directed by Beijing"], range=[c.ink, c.central])
    )
    fold = {"fold": ["pool", "nationally_steered"], "as_": ["key", "value"]}
    label = "datum.key === 'pool' ? 'Pool' : 'Directed by Beijing'"
    y = alt.Y("value:Q", title=money, scale=alt.Scale(zero=True))
    dash = alt.StrokeDash(
        "series:N", legend=legend, scale=alt.Scale(domain=["Pool", "Directed by Beijing"], range=[[1, 0], [7, 3]])
    )
    lines = (
        alt.Chart(frame("curve"))
        .transform_fold(**fold)
        .transform_calculate(series=label)
        .mark_line()
        .encode(x=x, y=y, color=series, strokeDash=dash)
    )
    now = alt.Chart(frame("now"))
    rule = now.mark_rule(strokeWidth=1.5, strokeDash=[4, 3]).encode(x=x, color=alt.value(c.ink))
    dots = (
        now.transform_fold(**fold)
        .transform_calculate(series=label)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            color=series,
            tooltip=[
                alt.Tooltip("series:N", title="Money"),
                alt.Tooltip("ratio:Q", title="Ratio", format=".2f"),
                alt.Tooltip("value:Q", title=money, format=".1f"),
            ],
        )
    )
    followed = alt.Chart(frame("provinces")).transform_filter("datum.followed")
    leaves = followed.mark_rule(strokeWidth=2).encode(x=alt.X("leaves_on_chart:Q"), color=alt.value(c.accent))
    leaver = (
        followed.transform_calculate(label="datum.province + ' leaves'")
        .mark_text(align="left", dx=4, baseline="top", fontWeight=600)
        .encode(x=alt.X("leaves_on_chart:Q"), y=alt.value(2), text="label:N", color=alt.value(c.accent))
    )
    return alt.layer(lines, rule, dots, leaves, leaver)
