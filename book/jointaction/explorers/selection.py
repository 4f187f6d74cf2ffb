"""Screening with two signals: which firms to back by local reports and export results, either of which may be gamed."""

from __future__ import annotations

import functools
import random
from statistics import NormalDist

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import any_of, where
from jointaction.faces.sheet import Rows, Sheet
from jointaction.faces.theme import Palette
from jointaction.models import selection as model

P = model.PARAMETERS
MARKS = ("your weight", "best weight")
OUTCOMES = ("backed", "not backed")
DRAWS = ("fitness", "report_error", "export_error", "report_push", "export_push")
FIRMS = 150
HONEST = {"export_gaming": 0.0, "report_gaming": 0.0}
ROWS = pd.DataFrame({"mark": list(MARKS)})


@functools.cache
def firms() -> pd.DataFrame:
    """Invented firms, one a row: five standard normal draws each, named in ``DRAWS``.

    The same for every reader. The seed is one with which means, sizes and correlations of the draws are close to
    what they are on average.
    """
    source, normal = random.Random(1621), NormalDist()
    rows = [[round(normal.inv_cdf(source.random()), 3) for _ in DRAWS] for _ in range(FIRMS)]
    return pd.DataFrame(rows, columns=list(DRAWS))


class Selection(Explorer):
    name = "selection"
    title = "Which firms to back?"
    caption = (
        "A model, not an estimate. Beijing cannot see how fit a firm is. It ranks firms by a mixture of what "
        "localities report and what firms export, and backs those at the top. Either signal may be gamed once it "
        "decides something. Fitness is counted in standard deviations above the average firm."
    )
    controls = (
        Range(P["local_weight"], main=True),
        Range(P["export_gaming"], digits=1, main=True),
        Range(P["report_gaming"], digits=1, main=True),
        Range(P["local_noise"], digits=1),
        Range(P["export_noise"], digits=1),
        Range(P["selected_share"]),
    )
    presets = (
        Preset(
            "honest",
            "Best mix, nobody games",
            {**HONEST, "local_weight": 0.2},
            "One fifth on reports, which is best at the default noises as long as nobody games.",
        ),
        Preset(
            "exports-gamed",
            "Same mix, exports gamed",
            {**HONEST, "local_weight": 0.2, "export_gaming": 1.0},
            "The weight stays at one fifth while firms push their exports.",
        ),
        Preset(
            "both-gamed",
            "Both gamed",
            {"local_weight": 0.2, "export_gaming": 1.0, "report_gaming": 1.0},
            "Firms push their exports and localities polish their reports.",
        ),
    )
    readouts = (
        Readout("mean_fitness", "Mean fitness of firms backed", "", 3),
        Readout("signal_quality", "Quality of the ranking", "1 = perfect", 3),
        Readout("best_weight", "Best weight on reports", "", 3),
        Readout("best_mean_fitness", "Mean fitness at the best weight", "", 3),
    )
    table = (
        "weights",
        (
            Column("weight", "Weight on reports", 1),
            Column("mean", "Mean fitness of firms backed", 3),
            Column("honest", "The same if nobody games", 3),
            Column("quality", "Quality of the ranking", 3),
        ),
    )
    assumptions = (
        "Nothing here is data. The firms in the lower chart are invented; the numbers above the charts are exact "
        "for endlessly many firms, not an average over those shown.",
        "Assumed: fitness, errors and pushes are normal and unrelated, fitness is one number that is there "
        "beforehand, and Beijing does rank by such signals.",
        "Mean fitness is i(k) divided by the square root of 1 + w²σ_l² + (1 − w)²σ_e² + (1 − w)⁴γ² + w⁴λ². i(k) rises "
        "as k falls, so that backing fewer firms is better on average by construction; the quality of the ranking "
        "leaves k out.",
        "A push that is the same for every firm changes no ranking. What does harm is a push that differs between "
        "firms and has nothing to do with fitness, and it is taken to grow with the weight that the signal gets.",
    )
    models = (model,)
    lead_control = "local_weight"
    lead_readouts = ("mean_fitness", "best_weight", "best_mean_fitness")
    lead_panel = "curve"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        noise, gaming = (p.local_noise, p.export_noise), (p.export_gaming, p.report_gaming)

        def mean(weight, *gaming):
            return model.mean_fitness(*noise, weight, p.selected_share, *(gaming or (0.0, 0.0)), intensity)

        intensity = sheet.step("intensity", model.selection_intensity(p.selected_share))
        cut_off = sheet.step("cut_off", model.cut_off(p.selected_share))
        spread = sheet.step("spread", model.ranking_spread(*noise, p.local_weight, *gaming))
        sheet.step("signal_quality", model.signal_quality(*noise, p.local_weight, *gaming))
        fitness = sheet.step("mean_fitness", mean(p.local_weight, *gaming))
        best = sheet.step(
            "best_weight",
            model.best_weight(
                *noise,
                *gaming,
                p.selected_share,
                keep=lambda number, weight: sheet.step(f"weight_{number}", weight),
            ),
        )
        best_fitness = sheet.step("best_mean_fitness", mean(best, *gaming))

        weights = sheet.grid("weights", "weight", 0.0, 1.0, 11)
        weights["quality"] = model.signal_quality(*noise, weights["weight"], *gaming)
        weights["mean"] = mean(weights["weight"], *gaming)
        weights["honest"] = mean(weights["weight"])

        curve = sheet.grid("curve", "weight", 0.0, 1.0, 101)
        curve["mean"] = mean(curve["weight"], *gaming)
        honest = sheet.grid("honest", "weight", 0.0, 1.0, 101)
        honest["mean"] = mean(honest["weight"])
        honest.keep(any_of(p.export_gaming > 0, p.report_gaming > 0))

        marks = sheet.table("marks", ROWS)
        mine = marks["mark"] == MARKS[0]
        marks["weight"] = where(mine, p.local_weight, best)
        marks["mean"] = where(mine, fitness, best_fitness)
        marks["export_gaming"] = p.export_gaming

        answer = sheet.grid("answer", "export_gaming", P["export_gaming"].low, P["export_gaming"].high, 81)
        answer["weight"] = model.best_weight(
            *noise,
            answer["export_gaming"],
            p.report_gaming,
            p.selected_share,
            keep=lambda number, weight: _column(answer, number, weight),
        )

        rows = sheet.table("firms", firms())
        report = (
            rows["fitness"]
            + p.local_noise * rows["report_error"]
            + p.report_gaming * p.local_weight * rows["report_push"]
        )
        away = 1 - p.local_weight
        export = rows["fitness"] + p.export_noise * rows["export_error"] + p.export_gaming * away * rows["export_push"]
        rows["place"] = (p.local_weight * report + away * export) / spread
        rows["outcome"] = where(rows["place"] >= cut_off, *OUTCOMES)
        line = sheet.grid("line", "place", cut_off, cut_off, 2)
        line["fitness"] = where(line["_i"] == 0, -3.0, 3.0)

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "curve",
                "Fitness of the firms backed, at each weight",
                _curve(c),
                "Line chart of the mean fitness of the firms backed against the weight on local reports, from 0, "
                "exports alone, to 1, reports alone, with your weight and the best weight marked. With gaming, a "
                "dashed line shows what the mean would be if nobody gamed.",
                height=260,
            ),
            Panel(
                "answer",
                "The best weight as exports are gamed",
                _answer(c),
                "Line chart of the best weight on local reports against the gaming of exports from 0 to 2, at the "
                "chosen noises and gaming of reports, with your weight and the best weight marked.",
                height=260,
            ),
            Panel(
                "firms",
                f"{FIRMS} invented firms: what is seen and what is so",
                _firms(c),
                "Scatter plot of invented firms: their place in the ranking across, their fitness upwards. Those "
                "right of the line are backed; those among them below zero are worse than the average firm.",
                wide=True,
                height=280,
            ),
        ]


def _column(rows: Rows, number: int, value):
    """Keep a step of the search as a column, so that the next one can name it."""
    rows[f"weight_{number}"] = value
    return rows[f"weight_{number}"]


def _marks(c: Palette, y: alt.Y, x: alt.X) -> alt.Chart:
    legend = alt.Legend(title=None, columnPadding=20)
    return (
        alt.Chart(frame("marks"))
        .mark_point(filled=True, size=120, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("mark:N", legend=legend, scale=alt.Scale(domain=list(MARKS), range=[c.accent, c.ink])),
            shape=alt.Shape("mark:N", legend=legend, scale=alt.Scale(domain=list(MARKS), range=["diamond", "circle"])),
            tooltip=[
                alt.Tooltip("mark:N", title="Mark"),
                alt.Tooltip("weight:Q", title="Weight on reports", format=".3f"),
                alt.Tooltip("mean:Q", title="Mean fitness", format=".3f"),
            ],
        )
    )


def _curve(c: Palette) -> alt.LayerChart:
    x = alt.X("weight:Q", title="Weight on local reports, w", scale=alt.Scale(domain=[0, 1], padding=8, nice=False))
    y = alt.Y("mean:Q", title="Mean fitness of firms backed", scale=alt.Scale(zero=True))
    curve = alt.Chart(frame("curve")).mark_line(color=c.ink).encode(x=x, y=y)
    honest = alt.Chart(frame("honest"))
    dashed = honest.mark_line(color=c.muted, strokeDash=[5, 3], strokeWidth=1.5).encode(x=x, y=y)
    name = (
        honest.transform_filter("datum._i === 55")
        .mark_text(baseline="bottom", dy=-6, align="left", color=c.muted)
        .encode(x=x, y=y, text=alt.value("if nobody games"))
    )
    ends = [
        alt.Chart(frame("curve"))
        .transform_filter(f"datum._i === {row}")
        .mark_text(align=align, baseline="top", dx=dx, dy=10, color=c.muted)
        .encode(x=x, y=y, text=alt.value(label))
        for row, align, dx, label in ((0, "left", 2, "exports alone"), (100, "right", -2, "reports alone"))
    ]
    return alt.layer(dashed, name, curve, *ends, _marks(c, y, x))


def _answer(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "export_gaming:Q",
        title="Gaming of exports, γ",
        scale=alt.Scale(domain=[P["export_gaming"].low, P["export_gaming"].high], padding=8, nice=False),
    )
    y = alt.Y("weight:Q", title="Weight on local reports", scale=alt.Scale(domain=[0, 1], padding=8, nice=False))
    line = alt.Chart(frame("answer")).mark_line(color=c.ink).encode(x=x, y=y)
    return alt.layer(line, _marks(c, y, x))


def _firms(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "place:Q", title="Place in the ranking, standard deviations", scale=alt.Scale(domain=[-3.5, 3.5], clamp=True)
    )
    y = alt.Y("fitness:Q", title="Fitness", scale=alt.Scale(domain=[-3, 3]))
    legend = alt.Legend(title=None, columnPadding=20)
    points = (
        alt.Chart(frame("firms"))
        .mark_point(filled=True, size=45, opacity=0.9)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "outcome:N", legend=legend, scale=alt.Scale(domain=list(OUTCOMES), range=[c.accent, c.muted])
            ),
            shape=alt.Shape(
                "outcome:N", legend=legend, scale=alt.Scale(domain=list(OUTCOMES), range=["diamond", "circle"])
            ),
            tooltip=[
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("fitness:Q", title="Fitness", format=".2f"),
                alt.Tooltip("place:Q", title="Place in the ranking", format=".2f"),
            ],
        )
    )
    average = alt.Chart(frame("line")).mark_rule(color=c.line).encode(y=alt.datum(0))
    line = alt.Chart(frame("line")).mark_line(color=c.ink, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x, y=y)
    return alt.layer(average, line, points)
