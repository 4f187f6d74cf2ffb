"""How many breakthroughs a budget buys when it is spread over a list of priorities."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.charts import SOLID, amount, here, lines, span, tip
from jointaction.faces.controls import Column, Preset, Range, Readout, Switch
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import floor, maximum, total, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import concentration as model
from jointaction.sources.tables import load, remembered

P = model.PARAMETERS
OUTCOMES = ("even chance or better", "less than an even chance")
SHAPES = ("your shape of returns", "every yuan counts (h = 1)")
INVENTED = {"budget": P["budget"].default, "show_calls": False}  # what goes with a list whose money is not known
SHORT = 13  # the shortest list that a preset names
TEN_THOUSANDS = 10_000  # the calls are in 10,000 yuan, the model in 100 million


RANKS = pd.DataFrame({"rank": [float(rank) for rank in model.RANKS]})
NOW = pd.DataFrame({"mark": ["your list"]})


@remembered
def calls() -> pd.DataFrame:
    """The special projects of 2018 that show money, largest first: rank, name and money in 100 million yuan."""
    rows = load("key_rd_calls_2018").dropna(subset="money").sort_values("money", ascending=False, ignore_index=True)
    return pd.DataFrame(
        {
            "rank": rows.index + 1.0,
            "special_project": rows["special_project_en"],
            "money": rows["money"] / TEN_THOUSANDS,
        }
    )


def calls_preset() -> dict[str, float | bool]:
    """Settings that stand for the calls of 2018: as many, with as much money, and with the nearest skew.

    The skew is the step of the slider whose effective number is nearest to that of the calls.
    """
    money = calls()["money"]
    shares = money / money.sum()
    number = 1 / (shares**2).sum()
    skews = [step / 100 for step in range(201)]
    nearest = min(skews, key=lambda a: abs(model.effective_number(model.hhi(len(money), a)) - number))
    return {"priorities": len(money), "budget": round(float(money.sum()), 1), "skew": nearest, "show_calls": True}


class Concentration(Explorer):
    name = "concentration"
    title = "How many priorities are too many?"
    caption = (
        "A model, not an estimate. A budget is spread over a list of priorities, and each succeeds with a chance "
        "that depends on its money. Whether a long list is too long depends on the shape of returns, which is "
        "yours to set. Money is in 100 million yuan."
    )
    controls = (
        Range(P["priorities"], digits=0, main=True),
        Range(P["returns_shape"], digits=1, main=True),
        Range(P["skew"], main=True),
        Range(P["budget"], digits=0),
        Range(P["scale_threshold"], digits=1),
        Switch(
            "show_calls",
            "Show the Key R&D calls of 2018",
            help="Data: central money of each special project that shows any, from the largest down.",
        ),
    )
    presets = (
        Preset(
            "megaprojects-named",
            "13 megaprojects, named in 2006",
            {"priorities": 13, **INVENTED},
            "Of the 16 science and technology megaprojects for 2006 to 2020, 13 were named.",
        ),
        Preset(
            "megaprojects",
            "16, three of them unnamed",
            {"priorities": 16, **INVENTED},
            "All megaprojects of 2006, with the three that were not named.",
        ),
        Preset(
            "projects-2030",
            "15 projects, plan of 2016",
            {"priorities": 15, **INVENTED},
            "Projects for 2030 in the draft plan of March 2016; 16 with artificial intelligence, added in 2017.",
        ),
        Preset(
            "projects-2026",
            "28 projects, draft of 2026",
            {"priorities": 28, **INVENTED},
            "Major projects in a draft plan of March 2026, later than the brief.",
        ),
        Preset(
            "column-2018",
            "35 newspaper reports, 2018",
            {"priorities": 35, **INVENTED},
            "Reports on core technologies awaiting conquest, April to July 2018.",
        ),
        Preset(
            "technologies",
            "About 50 technologies",
            {"priorities": 50, **INVENTED},
            "A scholars’ list of bottleneck and competitive-advantage technologies, as the brief reports it.",
        ),
        Preset(
            "calls-2018",
            "Data: Key R&D calls, 2018",
            calls_preset(),
            "As many priorities and as much money as the 60 special projects that show any, and the skew with "
            "the same effective number. The calls themselves are drawn beside the model.",
        ),
    )
    readouts = (
        Readout("breakthroughs", "Breakthroughs to expect", "", 1),
        Readout("funded_at_scale", "Priorities with an even chance or better"),
        Readout("effective_number", "Effective number of priorities", "", 1),
        Readout("fundable", "Could have an even chance if alone"),
        Readout("money_below_scale", "Money on less than an even chance", "of the budget", 3),
        Readout("hhi", "Concentration (HHI)", "", 4),
    )
    table = (
        "ranks",
        (
            Column("rank", "Rank", 0),
            Column("share", "Share of the budget", 4),
            Column("money", "Money, 100 million yuan", 2),
            Column("chance", "Chance of success", 3),
            Column("outcome", "Outcome"),
        ),
    )
    assumptions = (
        "Data: the calls of 2018, and how many entries each list has. The lists count different things (projects, "
        "newspaper reports, technologies), so their lengths are not a series. For none of them was money by entry "
        "found; skew, budget, threshold and shape of returns are settings of this book.",
        "The calls of 2018 are one year’s new calls of one program, not a stock of money; 5 special projects and 140 "
        "of 1,373 listed projects show no money, and whether the list is complete was not checked.",
        "Priority k gets the share k^(−a)/Σ j^(−a) of the budget B. With the money x it succeeds with the chance "
        "x^h/(x^h + T^h), which is one half at T whatever h is. Every priority has the same T.",
        "Left out: that it pays to keep options open, that one missing link can make the others useless, and that "
        "priorities learn from one another.",
    )
    sources = ("key_rd_calls_2018", "priority_lists")
    models = (model,)
    lead_control = "priorities"
    lead_readouts = ("breakthroughs", "funded_at_scale", "effective_number")
    lead_panel = "ranks"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        length, skew, budget, threshold, shape = p.priorities, p.skew, p.budget, p.scale_threshold, p.returns_shape
        ranks = sheet.table("ranks", RANKS)
        ranks["unscaled"] = model.unscaled(ranks["rank"], length, skew)
        ranks["whole"] = ranks.total("unscaled")
        ranks["share"] = model.weight(ranks["rank"], length, skew, ranks["whole"])
        ranks["money"] = ranks["share"] * budget
        ranks["chance"] = model.success(ranks["money"], threshold, shape)
        enough = model.at_scale(ranks["money"], threshold, shape)
        even = model.even_chance(threshold, shape)
        ranks["outcome"] = where(enough, *OUTCOMES)
        ranks["left"], ranks["right"] = ranks["rank"] - 0.42, ranks["rank"] + 0.42
        for result, term in (
            ("hhi", ranks["share"] * ranks["share"]),
            ("breakthroughs", ranks["chance"]),
            ("funded_at_scale", where(enough, 1, 0)),
            ("money_below_scale", where(enough, 0.0, ranks["share"])),
        ):
            ranks[f"{result}_term"] = term
            ranks[result] = ranks.total(f"{result}_term")
        ranks.keep(ranks["rank"] <= floor(length))
        whole, found = ranks.first("whole"), sheet.step("breakthroughs", ranks.first("breakthroughs"))
        sheet.step("funded_at_scale", ranks.first("funded_at_scale"))
        sheet.step("fundable", model.fundable(length, budget, even))
        sheet.step("money_below_scale", ranks.first("money_below_scale"))
        index = sheet.step("hhi", ranks.first("hhi"))
        sheet.step("effective_number", model.effective_number(index))

        shown = sheet.table("calls", calls())
        shown.keep(p.show_calls)

        # The axes are made for a list of 13, so that they stand still while a longer one grows.
        tallest = sheet.step("tallest", budget / total(model.unscaled(k, SHORT, skew) for k in range(1, SHORT + 1)))
        largest = maximum(2 * even, maximum(tallest, budget / whole))
        returns = sheet.grid("returns", "money", 0.0, largest, 101)
        returns["chance"] = model.success(returns["money"], threshold, shape)

        lengths = sheet.grid("lengths", "length", P["priorities"].low, P["priorities"].high, 96)
        lengths["whole"] = model.list_total(lengths["length"], skew)
        of_length = (lengths["length"], skew, budget, threshold)
        lengths[SHAPES[0]] = model.breakthroughs(*of_length, shape, lengths["whole"])
        lengths[SHAPES[1]] = model.breakthroughs(*of_length, 1.0, lengths["whole"])

        now = sheet.table("now", NOW)
        now["length"], now["breakthroughs"], now["threshold"] = floor(length), found, even
        now["tallest"] = tallest

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "ranks",
                "Money of each priority, by rank",
                _ranks(c),
                "Bar chart of the money of each priority on the list, from the first rank to the last. A dashed "
                "line marks the money for an even chance; bars that reach it are darker than those that do not. "
                "With the calls of 2018 switched on, a hollow dot shows the money of each special project.",
                height=230,
            ),
            Panel(
                "returns",
                "Chance of success, by money",
                _returns(c),
                "Line chart of the chance of success against the money of a priority. It is one half at the "
                "threshold and steeper there the larger the shape of returns is. Each priority of the list is a "
                "mark on the curve.",
                height=230,
            ),
            Panel(
                "lengths",
                "Breakthroughs to expect, by length of the list",
                _lengths(c),
                "Line chart of the breakthroughs to expect against the length of the list, from 5 to 100, at your "
                "budget, threshold and skew: once at your shape of returns and once where every yuan counts. Your "
                "list is marked.",
                wide=True,
                height=250,
            ),
        ]


def _outcome(c: Palette) -> alt.Color:
    return alt.Color(
        "outcome:N",
        legend=alt.Legend(title=None, columnPadding=26, symbolType="square"),
        scale=alt.Scale(domain=list(OUTCOMES), range=[c.seq4, c.seq2]),
    )


PRIORITY = (("rank", "Rank", ".0f"), ("money", "Money", ".2f"), ("chance", "Chance of success", ".2f"))


def _ranks(c: Palette) -> alt.LayerChart:
    longest = P["priorities"].high
    x = alt.X("left:Q", title="Rank on the list", scale=span(0, longest + 1), axis=alt.Axis(grid=False, tickCount=5))
    y = alt.Y("money:Q", title="100 million yuan", scale=alt.Scale(zero=True, nice=False))
    bars = (
        alt.Chart(frame("ranks"))
        .mark_rect()
        .encode(x=x, x2="right:Q", y=y, y2=alt.datum(0), color=_outcome(c), tooltip=tip(*PRIORITY))
    )
    now = alt.Chart(frame("now"))
    # Nothing is drawn here; it keeps the axis still while the list grows.
    room = now.mark_point(opacity=0).encode(y=alt.Y("tallest:Q"))
    rule = now.mark_rule(strokeDash=[5, 3], strokeWidth=1.5).encode(y=alt.Y("threshold:Q"), color=alt.value(c.ink))
    label = now.mark_text(align="right", baseline="bottom", dx=-2, dy=-3).encode(
        x=alt.value("width"), y=alt.Y("threshold:Q"), text=alt.value("even chance"), color=alt.value(c.ink)
    )
    dots = (
        alt.Chart(frame("calls"))
        .mark_point(size=22, strokeWidth=1.3, opacity=1, filled=False)
        .encode(
            x=alt.X("rank:Q"),
            y=y,
            color=alt.value(c.ink),
            tooltip=tip(("special_project", "Special project"), ("money", "Money, 2018", ".2f")),
        )
    )
    return alt.layer(bars, room, rule, label, dots)


def _returns(c: Palette) -> alt.LayerChart:
    x = alt.X("money:Q", title="Money of a priority, 100 million yuan", scale=alt.Scale(zero=True, nice=False))
    y = alt.Y("chance:Q", title="Chance of success", scale=span(0, 1, padding=6))
    curve = alt.Chart(frame("returns")).mark_line(color=c.ink, strokeWidth=1.6).encode(x=x, y=y)
    marks = (
        alt.Chart(frame("ranks"))
        .mark_point(shape="diamond", filled=True, size=48, opacity=0.75)
        .encode(x=x, y=y, color=_outcome(c), tooltip=tip(*PRIORITY))
    )
    now = alt.Chart(frame("now"))
    label = now.mark_text(align="left", dx=5).encode(
        x=alt.X("threshold:Q"), y=alt.datum(0.06), text=alt.value("even chance"), color=alt.value(c.ink)
    )
    return alt.layer(here(now, alt.X("threshold:Q"), c.ink), label, curve, marks)


def _lengths(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "length:Q", title="Priorities on the list, N", scale=span(P["priorities"].low, P["priorities"].high, padding=4)
    )
    y = amount("breakthroughs", "Breakthroughs to expect")
    shapes = {SHAPES[0]: (c.accent, SOLID), SHAPES[1]: (c.ink, [6, 3])}
    curves = (
        alt.Chart(frame("lengths"))
        .transform_fold(list(SHAPES), as_=["shape", "breakthroughs"])
        .mark_line()
        .encode(x=x, y=y, **lines("shape", shapes))
    )
    now = alt.Chart(frame("now"))
    dot = now.mark_point(filled=True, size=110, opacity=1, color=c.accent).encode(
        x=x, y=y, tooltip=tip(("length", "Priorities", ".0f"), ("breakthroughs", "Breakthroughs", ".2f"))
    )
    label = now.mark_text(dy=-14, fontWeight=600, color=c.accent).encode(x=x, y=y, text="mark:N")
    return alt.layer(curves, dot, label)
