"""Information against bias: how much weight to give a locality that knows more but wants something else."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.charts import amount, points, span, tip
from jointaction.faces.controls import Column, Preset, Range, Readout, Switch
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, negate, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import delegation as model

P = model.PARAMETERS
RATIOS = pd.DataFrame({"year": ["2021", "2022"], "ratio": [0.5, 1.0]})
CHOICES = ("your weight", "best weight")


class Delegation(Explorer):
    name = "delegation"
    title = "How much weight should the locality get?"
    caption = (
        "A model, not an estimate. Beijing knows too little, the locality wants something else, and the "
        "weight on the locality trades one error against the other."
    )
    controls = (
        Range(P["information_gap"], digits=1, main=True),
        Range(P["local_bias"], digits=1, main=True),
        Range(P["local_weight"], main=True),
        Range(P["influence_exponent"], main=True),
        Switch(
            "strategic_reporting",
            "The locality knows its weight and overstates",
            main=True,
            help="It then reports θ + b/w instead of θ + b.",
        ),
    )
    presets = (
        Preset(
            "2021",
            "2021: one for two",
            {"local_weight": 1 / 3},
            "The weight that a matching ratio of one half buys, if influence is proportional to money.",
        ),
        Preset(
            "2022",
            "2022: one for one",
            {"local_weight": 0.5},
            "The weight that a matching ratio of one buys, if influence is proportional to money.",
        ),
        Preset(
            "overstating",
            "Overstating",
            {"local_weight": 0.5, "strategic_reporting": True},
            "One for one, with a locality that knows its weight.",
        ),
    )
    readouts = (
        Readout("loss_centralize", "Loss if Beijing decides", "", 3),
        Readout("loss_delegate", "Loss if the locality decides", "", 3),
        Readout("loss_joint", "Loss at your weight", "", 3),
        Readout("best_weight", "Best weight", "", 3),
        Readout("best_matching_ratio", "Ratio that buys the best weight", "local yuan per central yuan", 3),
    )
    table = (
        "weights",
        (
            Column("weight", "Weight on the locality", 1),
            Column("at_face_value", "Loss, reports at face value", 3),
            Column("overstated", "Loss, reports overstated", 3),
        ),
    )
    assumptions = (
        "Nothing here is data. Information gap, bias and weight are settings; only their ratio σ/b matters for "
        "the best weight.",
        "Assumed: loss is the expected squared distance from the best design; the bias is fixed and unrelated to "
        "Beijing’s error.",
        "Loss is w²b² + (1 − w)²σ² when reports are taken at face value. A locality that knows its weight reports "
        "θ + b/w, and the loss is b² + (1 − w)²σ² for w > 0. Beijing is then naive and bound to its weight.",
        "A matching ratio m stands for the local share s = m/(1 + m), and the share for the weight s^η: an assumption "
        "of its own. The ratios of 2021 and 2022 are known from the brief only.",
    )
    sources = ("matching_ratio_history",)
    models = (model,)
    lead_control, lead_readouts, lead_panel = "local_weight", ("loss_joint", "loss_delegate", "best_weight"), "loss"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        gap, bias, overstates = p.information_gap, p.local_bias, p.strategic_reporting
        centralize = sheet.step("loss_centralize", model.loss_centralize(gap, bias, overstates))
        delegate = sheet.step("loss_delegate", model.loss_delegate(bias, gap, overstates))
        joint = sheet.step("loss_joint", model.loss(gap, bias, p.local_weight, overstates))
        best = sheet.step("best_weight", model.best_weight(gap, bias, overstates))
        sheet.step("best_matching_ratio", model.best_matching_ratio(gap, bias, overstates, p.influence_exponent))

        weights = sheet.grid("weights", "weight", 0.0, 1.0, 11)
        weights["at_face_value"] = model.loss(gap, bias, weights["weight"], False)
        weights["overstated"] = model.loss(gap, bias, weights["weight"], True)

        # The loss jumps at w = 0 when reports are overstated, so the curve starts just right of it.
        curve = sheet.grid("curve", "weight", where(overstates, 1e-6, 0.0), 1.0, 101)
        curve["loss"] = model.loss(gap, bias, curve["weight"], overstates)
        plain = sheet.grid("plain", "weight", 0.0, 1.0, 101)
        plain["loss"] = model.loss(gap, bias, plain["weight"], False)
        plain.keep(overstates)

        extremes = sheet.table("extremes", pd.DataFrame({"weight": [0.0, 1.0], "label": ["Beijing", "locality"]}))
        extremes["loss"] = where(extremes["weight"] == 0, centralize, delegate)
        marks = sheet.table("marks", pd.DataFrame({"mark": list(CHOICES)}))
        mine = marks["mark"] == CHOICES[0]
        marks["weight"] = where(mine, p.local_weight, best)
        marks["loss"] = where(mine, joint, model.loss(gap, bias, best, overstates))
        marks["gap"] = gap

        line = sheet.grid("line", "gap", P["information_gap"].low, P["information_gap"].high, 146)
        line["weight"] = model.best_weight(line["gap"], bias, overstates)
        ratios = sheet.table("ratios", RATIOS)
        ratios["weight"] = model.weight_of_ratio(ratios["ratio"], p.influence_exponent)
        ratios["gap"] = model.gap_that_justifies(ratios["ratio"], bias, p.influence_exponent)
        shares = sheet.table("shares", RATIOS)
        shares["weight"] = model.weight_of_ratio(shares["ratio"], p.influence_exponent)
        within = all_of(ratios["gap"] >= P["information_gap"].low, ratios["gap"] <= P["information_gap"].high)
        ratios.keep(all_of(within, negate(overstates)))
        ratios.sort("ratio")

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "loss",
                "Loss at each weight",
                _loss(c),
                "Line chart of the expected loss against the weight on the locality, from 0 to 1, with your weight "
                "and the best weight marked and the loss at both ends. With overstated reports a dashed line keeps "
                "the curve for reports taken at face value.",
                height=260,
            ),
            Panel(
                "backwards",
                "Which gap would justify a ratio?",
                _backwards(c),
                "Line chart of the best weight against the information gap at the chosen bias. Dashed lines show "
                "the weights that the ratios of 2021 and 2022 buy; a triangle marks the gap at which each would be best.",
                height=260,
            ),
        ]


def _kinds(c: Palette) -> dict:
    """The reader's weight and the best one, told apart in both charts alike."""
    return points("mark", dict(zip(CHOICES, [(c.accent, "diamond"), (c.ink, "circle")])))


def _loss(c: Palette) -> alt.LayerChart:
    x = alt.X("weight:Q", title="Weight on the locality, w", scale=span(0, 1, padding=8))
    y = amount("loss", "Expected loss")
    curve = alt.Chart(frame("curve")).mark_line(color=c.ink).encode(x=x, y=y)
    plain = alt.Chart(frame("plain")).mark_line(color=c.line, strokeDash=[5, 3], strokeWidth=1.5).encode(x=x, y=y)
    plain_name = (
        alt.Chart(frame("plain"))
        .transform_filter("datum._i === 50")
        .mark_text(baseline="top", dy=5, color=c.muted)
        .encode(x=x, y=y, text=alt.value("reports at face value"))
    )
    extremes = alt.Chart(frame("extremes")).encode(x=x, y=y)
    ends = extremes.mark_point(shape="square", filled=True, size=50, opacity=1, color=c.muted)
    left = (
        extremes.transform_filter("datum.weight === 0")
        .mark_text(align="left", baseline="bottom", dx=4, dy=-5, color=c.muted)
        .encode(text="label:N")
    )
    right = (
        extremes.transform_filter("datum.weight === 1")
        .mark_text(align="right", baseline="bottom", dx=-2, dy=-7, color=c.muted)
        .encode(text="label:N")
    )
    marks = (
        alt.Chart(frame("marks"))
        .mark_point(filled=True, size=120, opacity=1)
        .encode(
            x=x, y=y, **_kinds(c), tooltip=tip(("mark", "Mark"), ("weight", "Weight", ".3f"), ("loss", "Loss", ".3f"))
        )
    )
    return alt.layer(plain, plain_name, curve, ends, left, right, marks)


def _backwards(c: Palette) -> alt.LayerChart:
    low, high = P["information_gap"].low, P["information_gap"].high
    x = alt.X("gap:Q", title="Information gap, σ", scale=span(low, high))
    y = alt.Y("weight:Q", title="Weight on the locality", scale=span(0, 1, padding=6))
    line = alt.Chart(frame("line")).mark_line(color=c.ink).encode(x=x, y=y)
    shares = alt.Chart(frame("shares"))
    rules = shares.mark_rule(strokeDash=[4, 3], color=c.local).encode(y=y)
    names = (
        shares.transform_calculate(label="'ratio of ' + datum.year")
        .mark_text(align="right", baseline="bottom", dy=-2, color=c.local)
        .encode(x=alt.value("width"), y=y, text="label:N")
    )
    ratios = alt.Chart(frame("ratios"))
    crossing = ratios.mark_point(shape="triangle-up", filled=True, size=70, opacity=1, color=c.local).encode(
        x=x, y=y, tooltip=tip(("year", "Ratio of"), ("ratio", "Ratio", ".1f"), ("gap", "Best only at a gap of", ".3f"))
    )
    drop = ratios.mark_rule(strokeWidth=1, color=c.local).encode(x=x, y=y, y2=alt.datum(0))
    marks = alt.Chart(frame("marks")).mark_point(filled=True, size=120, opacity=1).encode(x=x, y=y, **_kinds(c))
    return alt.layer(line, rules, names, drop, crossing, marks)
