"""What it takes to keep manufacturing's share of GDP: quantity, price, the world and demand at home."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import any_of, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import industrial_base as model
from jointaction.sources.tables import load, remembered

P = model.PARAMETERS
SHARE, WORLD = "manufacturing share of GDP", "share of world manufacturing"
STARTS = (2022, 2023)
PATHS = ("at your rates", "to the share to reach")
READ, LESS = "as read in a source", "about, or brief only"
LONGEST = int(P["years"].high)


@remembered
def announced() -> pd.DataFrame:
    """Manufacturing's share of GDP as found, one row a year from 2004 on; years without a source are absent.

    Columns: year, share (percent), mark (how firm the figure is).
    """
    rows = load("manufacturing_share").query("measure == @SHARE")
    firm = (rows["status"] != "brief") & (rows["precision"] != "about")
    return pd.DataFrame(
        {
            "year": rows["year"].astype(int),
            "share": rows["value"],
            "mark": firm.map({True: READ, False: LESS}),
        }
    ).sort_values("year", ignore_index=True)


@remembered
def start_shares() -> dict[int, float]:
    """Share of GDP in percent in the two years from which the model may start."""
    shares = announced().set_index("year")["share"]
    return {year: float(shares[year]) for year in STARTS}


@remembered
def world_start() -> float:
    """China's share of the world's manufacturing in percent, the minister's "about" for 2023."""
    rows = load("manufacturing_share")
    (value,) = rows[(rows["measure"] == WORLD) & (rows["year"] == 2023)]["value"]
    return float(value)


SHARES, WORLD_START = start_shares(), world_start()


class IndustrialBase(Explorer):
    name = "industrial-base"
    title = "What does it take to keep the share?"
    caption = (
        "A model, not a forecast. Manufacturing, the whole economy, the world’s manufacturing and demand at home each "
        "grow at a steady rate that you set; the figure works out what that means for a share. Only the points are data."
    )
    controls = (
        Range(P["quantity_growth"], digits=3, main=True),
        Range(P["relative_price"], digits=3, main=True),
        Range(P["growth"], digits=3, main=True),
        Choice(
            "start",
            "Start",
            {str(year): f"{year}: {share:g} percent" for year, share in SHARES.items()},
            str(STARTS[0]),
            "The share as announced for that year; either may have been revised since.",
            main=True,
        ),
        Range(P["target_share"], digits=1, main=True),
        Range(P["years"], digits=0, main=True),
        Range(P["world_growth"], digits=3),
        Range(P["net_exports"], digits=1),
        Range(P["home_demand_growth"], digits=3),
    )
    presets = (
        Preset(
            "hold",
            "Hold the share of 2022",
            {"relative_price": 0.0},
            "Quantities grow as GDP does, and relative prices stay. Invented rates.",
        ),
        Preset(
            "faster-cheaper",
            "Faster, and cheaper",
            {"quantity_growth": 0.065, "relative_price": -0.03},
            "Quantities outrun GDP while prices fall. Invented rates.",
        ),
        Preset(
            "slower",
            "Slower",
            {"quantity_growth": 0.035, "relative_price": 0.0},
            "Quantities grow by a point less than GDP. Invented rates.",
        ),
        Preset(
            "back",
            "Back to the share of 2022",
            {"start": "2023", "years": 12.0},
            "Twelve years from the lower share to the higher one.",
        ),
    )
    readouts = (
        Readout("share_end", "Share at the end", "percent of GDP", 2),
        Readout("required_growth", "Growth it needs", "a year, at GDP’s prices", 4),
        Readout("gap_to_target", "Still missing", "percentage points", 2),
        Readout("world_share", "Share of the world", "percent, at your rates", 1),
        Readout("world_share_if_held", "Share of the world", "percent, if it is reached", 1),
        Readout("net_exports_needed", "Net exports", "percent of GDP, if it is reached", 2),
    )
    table = (
        "path",
        (
            Column("year", "Year", 0),
            Column("share", "Share at your rates, % of GDP", 2),
            Column("share_reached", "On the way to the share to reach", 2),
            Column("home_demand", "Taken up by home demand", 2),
            Column("net_exports_needed", "Net exports needed", 2),
            Column("world_share", "Share of the world at your rates, %", 1),
            Column("world_share_reached", "Share of the world if it is reached", 1),
        ),
    )
    assumptions = (
        f"Data: the shares announced for 2022 ({SHARES[2022]:g}) and 2023 ({SHARES[2023]:g}), and “about "
        f"{WORLD_START:g}” percent of the world’s manufacturing, which the industry minister gave for 2023 and which "
        "both starts use.",
        "Assumed: every rate, each the same in all years, and net exports today, for which this book has no source.",
        "g is real growth of GDP; p is the change of manufacturing’s prices against those of all that GDP counts. "
        "Manufacturing grows by (1 + q)(1 + p) − 1 at the prices of GDP.",
        "GDP grows alike whatever its parts do, so a larger part for manufacturing is a smaller one for the rest.",
        "The world’s manufacturing is counted in one currency and does not react to what China sells.",
        "There is no debt in the model, since nothing in hand ties debt to the share.",
    )
    sources = ("manufacturing_share",)
    models = (model,)
    lead_control = "quantity_growth"
    lead_readouts = ("share_end", "gap_to_target", "required_growth")
    lead_panel = "share"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        shares, of_world = start_shares(), world_start()
        first = where(p.start == str(STARTS[0]), shares[STARTS[0]], shares[STARTS[1]])
        first_year = where(p.start == str(STARTS[0]), *STARTS)
        demand = (p.growth, p.net_exports, p.home_demand_growth)
        own = sheet.step("manufacturing_growth", model.manufacturing_growth(p.quantity_growth, p.relative_price))
        end = sheet.step("share_end", model.share(first, p.growth, own, p.years))
        needed = sheet.step("required_growth", model.required_growth(first, p.target_share, p.growth, p.years))
        sheet.step("gap_to_target", model.gap_to_target(p.target_share, end))
        sheet.step("world_share", model.world_share(of_world, own, p.world_growth, p.years))
        sheet.step("world_share_if_held", model.world_share(of_world, needed, p.world_growth, p.years))
        sheet.step("net_exports_needed", model.net_exports_needed(first, p.target_share, *demand, p.years))

        path = sheet.grid("path", "after", 0.0, LONGEST, LONGEST + 1)
        after = path["after"]
        path.keep(after <= p.years)
        after = path["after"]
        path["year"] = first_year + after
        path["share"] = model.share(first, p.growth, own, after)
        path["share_reached"] = reached = model.share(first, p.growth, needed, after)
        path["home_demand"] = home = model.home_demand(first, *demand, after)
        path["net_exports_needed"] = model.net_exports_needed(first, reached, *demand, after)
        path["world_share"] = model.world_share(of_world, own, p.world_growth, after)
        path["world_share_reached"] = model.world_share(of_world, needed, p.world_growth, after)
        sheet.table("announced", announced())

        # The names of the two areas stand past the middle of the years, where the areas are wide enough to hold them.
        names = sheet.table("names", pd.DataFrame({"area": ["home", "abroad"]}))
        after = 0.6 * p.years
        home, reached = model.home_demand(first, *demand, after), model.share(first, p.growth, needed, after)
        at_home = names["area"] == "home"
        names["year"] = first_year + after
        names["at"] = where(at_home, home / 2, (home + reached) / 2)
        names["name"] = where(at_home, "taken up at home", where(reached > home, "net exports", "net imports"))
        names.keep(any_of(at_home, abs(reached - home) > 3))

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "share",
                "Manufacturing’s share of GDP",
                _share(c),
                "Points show the shares that were found, for 2004, 2006 and each year from 2019 to 2023. From the chosen "
                "start two lines run on: the share at your rates, and the way to the share to reach.",
                wide=True,
                height=250,
            ),
            Panel(
                "world",
                "China’s share of the world’s manufacturing",
                _world(c),
                "Two lines from about 30 percent: China’s share of the world’s manufacturing at your rates, and if the "
                "share of GDP is reached.",
                height=230,
            ),
            Panel(
                "demand",
                "Who buys, if the share is reached",
                _demand(c),
                "The area up to the first line is what home demand takes up, in percent of GDP; the area from there "
                "to the second line would have to be sold abroad on balance.",
                height=230,
            ),
        ]


def _years(title: str | None = None) -> alt.X:
    return alt.X("year:Q", title=title, axis=alt.Axis(format="d", tickCount=5), scale=alt.Scale(zero=False, nice=False))


def _paths(c: Palette, *fields: str) -> alt.Chart:
    """Two lines of the table ``path``: what the reader's rates lead to, and the way to the share to reach."""
    legend = alt.Legend(title=None, symbolType="stroke", symbolSize=400, symbolStrokeWidth=2, columnPadding=16)
    return (
        alt.Chart(frame("path"))
        .transform_fold(list(fields), as_=["key", "value"])
        .transform_calculate(path=f"datum.key === '{fields[0]}' ? '{PATHS[0]}' : '{PATHS[1]}'")
        .mark_line()
        .encode(
            x=_years(),
            y=alt.Y("value:Q"),
            color=alt.Color("path:N", legend=legend, scale=alt.Scale(domain=list(PATHS), range=[c.accent, c.ink])),
            strokeDash=alt.StrokeDash(
                "path:N", legend=legend, scale=alt.Scale(domain=list(PATHS), range=[[1, 0], [7, 3]])
            ),
            tooltip=[
                alt.Tooltip("year:Q", title="Year", format="d"),
                alt.Tooltip("path:N", title="Path"),
                alt.Tooltip("value:Q", title="Percent", format=".2f"),
            ],
        )
    )


def _share(c: Palette) -> alt.LayerChart:
    y = alt.Y("share:Q", title="Percent of GDP", scale=alt.Scale(zero=False, nice=True))
    points = (
        alt.Chart(frame("announced"))
        .mark_point(size=55, opacity=1, color=c.ink, strokeWidth=1.6)
        .encode(
            x=_years(),
            y=y,
            fill=alt.Fill(
                "mark:N",
                legend=alt.Legend(title=None, orient="top", symbolStrokeColor=c.ink, columnPadding=16),
                scale=alt.Scale(domain=[READ, LESS], range=[c.ink, c.paper]),
            ),
            tooltip=[
                alt.Tooltip("year:Q", title="Year", format="d"),
                alt.Tooltip("share:Q", title="Share, %"),
                alt.Tooltip("mark:N", title="How firm"),
            ],
        )
    )
    return alt.layer(_paths(c, "share", "share_reached"), points).resolve_scale(fill="independent")


def _world(c: Palette) -> alt.LayerChart:
    start = alt.Chart().mark_rule(strokeDash=[2, 3], color=c.line).encode(y=alt.datum(WORLD_START))
    lines = _paths(c, "world_share", "world_share_reached").encode(
        y=alt.Y("value:Q", title="Percent of the world", scale=alt.Scale(zero=False))
    )
    return alt.layer(start, lines)


def _demand(c: Palette) -> alt.LayerChart:
    base = alt.Chart(frame("path")).encode(x=_years())
    percent = alt.Y("home_demand:Q", title="Percent of GDP", scale=alt.Scale(zero=True))
    home = base.mark_area(color=c.seq1, opacity=1).encode(y=percent, y2=alt.datum(0))
    abroad = base.mark_area(color=c.fourth, opacity=0.35).encode(y=percent, y2="share_reached:Q")
    lower = base.mark_line(color=c.ink).encode(y=percent)
    upper = base.mark_line(color=c.ink, strokeDash=[7, 3]).encode(y="share_reached:Q")
    names = (
        alt.Chart(frame("names"))
        .mark_text()
        .encode(
            x=_years(),
            y="at:Q",
            text="name:N",
            color=alt.condition("datum.area === 'home'", alt.value(c.on_seq1), alt.value(c.ink)),
        )
    )
    return alt.layer(home, abroad, lower, upper, names)
