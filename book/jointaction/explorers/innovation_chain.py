"""Where effort pays along the chain from idea to market, and what a door to foreign ideas changes."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.charts import SOLID, lines, points, span, tip
from jointaction.faces.controls import Choice, Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import total, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import innovation_chain as model

P = model.PARAMETERS
LABELS = {"early": "zero to one", "middle": "around one", "late": "one to a hundred"}
WHOSE = ("your split", "best split")
LINES = ("your split", "only scaling")
BANDS = ("below 50%", "50 to 70%", "70 to 85%", "85 to 95%", "95% or more")
EVEN = {"effort_early": model.THIRD, "effort_middle": model.THIRD}
ONLY_SCALING = (0.0, 0.0, 1.0)
PERCENT = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%")

# The instruments that the brief names. Which stage one raises is the reader's choice.
INSTRUMENTS = {
    "open_challenges": ("Open challenges (揭榜挂帅)", "The state posts a task, and whoever is able may take it on."),
    "consortia": ("Innovation consortia (创新联合体)", "A firm works with universities and institutes."),
    "new_institutes": ("New R&D Institutes (新型研发机构)", "State-sponsored institutes closer to the market."),
    "ownership": ("Ownership reform", "Inventors in state employment own more of their patents."),
}

# The rows of the tables, made once.
SPLITS = model.splits()
STAGES = pd.DataFrame({"stage": list(model.STAGES), "label": list(LABELS.values())})
MARKS = pd.DataFrame({"whose": list(WHOSE)})
EFFORTS = pd.DataFrame(
    [(label, whose, stage) for stage, label in LABELS.items() for whose in WHOSE], columns=["label", "whose", "stage"]
)


class InnovationChain(Explorer):
    name = "innovation-chain"
    title = "Where does effort pay along the chain?"
    caption = (
        "A model, not an estimate. Effort is split over three stages, from an idea to a product made in volume. "
        "With some chance something ready to be scaled comes from abroad. Your split stands beside the best of 231."
    )
    controls = (
        Range(P["foreign_ideas"], main=True),
        Range(P["effort_early"], main=True),
        Range(P["effort_middle"], main=True),
        Range(P["productivity_early"], digits=1),
        Range(P["productivity_middle"], digits=1),
        Range(P["productivity_late"], digits=1),
        *(
            Choice(
                name,
                f"{label} raise" + ("s" if name == "ownership" else ""),
                {"none": "no stage", **LABELS},
                "none",
                help=text,
            )
            for name, (label, text) in INSTRUMENTS.items()
        ),
        Range(P["instrument_size"]),
    )
    presets = (
        Preset(
            "closed",
            "Even effort, closed door",
            {**EVEN, "foreign_ideas": 0.0},
            "Nothing ready to be scaled comes from abroad.",
        ),
        Preset(
            "half-open",
            "Even effort, half-open door",
            {**EVEN, "foreign_ideas": 0.5},
            "With a chance of one half something ready to be scaled comes from abroad.",
        ),
        Preset(
            "only-scaling",
            "Only scaling, half-open door",
            {"foreign_ideas": 0.5, "effort_early": 0.0, "effort_middle": 0.0},
            "All effort goes to scaling what comes from abroad.",
        ),
        Preset(
            "piled-up",
            "Effort piled on the middle",
            {"foreign_ideas": 0.0, "effort_early": 0.1, "effort_middle": 0.6, "productivity_middle": 0.5},
            "A closed chain whose middle is the weakest stage and has most of the effort.",
        ),
        Preset(
            "instruments",
            "Four instruments on the middle",
            dict.fromkeys(INSTRUMENTS, "middle"),
            "One reading of the instruments: all of them work around the one.",
        ),
    )
    readouts = (
        Readout("yield", "Yield of your split", "chance to reach the market", 3),
        Readout("best_yield", "Yield of the best split", "chance to reach the market", 3),
        Readout("best_early", "Best effort, zero to one", "", 2),
        Readout("best_middle", "Best effort, around one", "", 2),
        Readout("best_late", "Best effort, one to a hundred", "", 2),
        Readout("weakest_stage", "Your weakest stage", "", None),
        Readout("best_return_stage", "Where more effort adds most", "", None),
    )
    table = (
        "stages",
        (
            Column("label", "Stage"),
            Column("effort", "Your effort", 3),
            Column("productivity", "Productivity, with instruments", 2),
            Column("chance", "Chance of success", 3),
            Column("more", "Added yield per unit of more effort", 3),
            Column("best", "Best effort", 2),
        ),
    )
    assumptions = (
        "Nothing here is data. Productivities and the chance of foreign ideas are settings of this book; that the "
        "middle stage starts with the lowest productivity is the claim of the brief put in as an assumption.",
        "A stage with the effort x succeeds with the chance y = 1 − e^(−kx). The yield is "
        "y₃·(1 − (1 − y₁y₂)·(1 − f)): a technology must be ready to be scaled, from home or from abroad, and be scaled.",
        "The best split is the best of the 231 splits into twentieths; of splits that tie, the one with the least "
        "early effort, then the least middle effort.",
        "Each instrument adds the same share to the productivity of the stage that you choose for it. No source "
        "gives the stage or the size.",
        "Left out: time, price, demand, feedback from users, and the effort it takes to absorb what comes from abroad.",
    )
    models = (model,)
    lead_control, lead_readouts, lead_panel = "foreign_ideas", ("yield", "best_yield", "best_late"), "efforts"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p

        def at_work(stage):
            return total(where(getattr(p, name) == stage, 1, 0) for name in INSTRUMENTS)

        efforts = (
            p.effort_early,
            sheet.step("effort_counted", model.middle_counted(p.effort_early, p.effort_middle)),
            sheet.step("effort_late", model.effort_late(p.effort_early, p.effort_middle)),
        )
        productivities = [
            sheet.step(
                f"raised_{stage}", model.raised(getattr(p, f"productivity_{stage}"), at_work(stage), p.instrument_size)
            )
            for stage in model.STAGES
        ]
        own = sheet.step("yield_of_yours", model.chain_yield(efforts, productivities, p.foreign_ideas))
        sheet.step("yield", own)
        chances = [model.chance(x, k) for x, k in zip(efforts, productivities)]
        more = model.returns_to_effort(efforts, productivities, p.foreign_ideas)
        weakest = sheet.step("weakest", model.smallest_stage(*chances))
        first = sheet.step("first", model.largest_stage(*more))
        sheet.step("weakest_stage", _label(weakest))
        sheet.step("best_return_stage", _label(first))

        splits = sheet.table("splits", SPLITS)
        of_split = [splits[stage] for stage in model.STAGES]
        splits["chance"] = model.chain_yield(of_split, productivities, p.foreign_ideas)
        splits["behind"] = -model.rank_key(splits["chance"])
        splits.sort("behind")
        best = [sheet.step(f"best_{stage}", splits.first(stage)) for stage in model.STAGES]
        best_yield = sheet.step("best_yield", splits.first("chance"))

        stages = sheet.table("stages", STAGES)
        for column, values in (
            ("effort", efforts),
            ("productivity", productivities),
            ("chance", chances),
            ("more", more),
            ("best", best),
        ):
            stages[column] = _by_stage(stages["stage"], values)

        bars = sheet.table("efforts", EFFORTS)
        bars["effort"] = where(
            bars["whose"] == WHOSE[0], _by_stage(bars["stage"], efforts), _by_stage(bars["stage"], best)
        )

        marks = sheet.table("marks", MARKS)
        mine = marks["whose"] == WHOSE[0]
        marks["early"] = where(mine, efforts[0], best[0])
        marks["middle"] = where(mine, efforts[1], best[1])
        marks["foreign"] = p.foreign_ideas
        marks["chance"] = where(mine, own, best_yield)

        ideas = sheet.grid("ideas", "foreign", P["foreign_ideas"].low, P["foreign_ideas"].high, 91)
        ideas[LINES[0]] = model.chain_yield(efforts, productivities, ideas["foreign"])
        ideas[LINES[1]] = model.chain_yield(ONLY_SCALING, productivities, ideas["foreign"])

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "efforts",
                "Effort at each stage: yours and the best",
                _efforts(c),
                "Bar chart with two bars for each of the three stages: the effort you give it and the effort that "
                "the best split gives it.",
                height=220,
            ),
            Panel(
                "map",
                "All splits: yield against the best",
                _map(c),
                "Triangle of 231 squares, one for each split of effort into twentieths, by early effort across and "
                "middle effort upwards; the rest goes to scaling. The stronger the shade, the nearer to the best yield. "
                "Your split and the best one are marked.",
            ),
            Panel(
                "ideas",
                "Yield as the door opens",
                _ideas(c),
                "Line chart of the yield against the chance that something ready to be scaled comes from abroad: "
                "for your split and for all effort on scaling. Marks show your split and the best one at your "
                "setting.",
                wide=True,
                height=250,
            ),
        ]


def _label(stage):
    """What the reader calls a stage."""
    return where(stage == "early", LABELS["early"], where(stage == "middle", LABELS["middle"], LABELS["late"]))


def _by_stage(stage, values):
    """The value of each row's stage."""
    return where(stage == "early", values[0], where(stage == "middle", values[1], values[2]))


def _two_lines() -> alt.Axis:
    """Labels in two lines where they are long, so that three stand side by side in a small chart."""
    return alt.Axis(labelAngle=0, labelLimit=120, labelExpr="split(replace(datum.label, ' to ', ' to|'), '|')")


def _whose(c: Palette) -> dict:
    """Your split and the best one, told apart by color and shape."""
    return points("whose", {WHOSE[0]: (c.accent, "diamond"), WHOSE[1]: (c.ink, "circle")})


def _efforts(c: Palette) -> alt.LayerChart:
    base = alt.Chart(frame("efforts")).encode(
        x=alt.X("label:N", title=None, sort=list(LABELS.values()), axis=_two_lines()),
        xOffset=alt.XOffset("whose:N", sort=list(WHOSE)),
        y=alt.Y("effort:Q", title="Share of all effort", scale=span(0, 1.05), axis=PERCENT),
    )
    color = alt.Color(
        "whose:N",
        legend=alt.Legend(title=None, columnPadding=20, symbolType="square"),
        scale=alt.Scale(domain=list(WHOSE), range=[c.accent, c.ink]),
    )
    bars = base.mark_bar().encode(
        color=color, tooltip=tip(("label", "Stage"), ("whose", "Whose"), ("effort", "Effort", ".0%"))
    )
    numbers = base.mark_text(dy=-6, fontWeight=600, fontSize=12).encode(
        text=alt.Text("effort:Q", format=".0%"), color=alt.value(c.ink)
    )
    return alt.layer(bars, numbers)


def _map(c: Palette) -> alt.LayerChart:
    near = (
        alt.Chart(frame("splits"))
        .transform_joinaggregate(top="max(chance)")
        .transform_calculate(
            part="datum.top > 0 ? datum.chance / datum.top : 0",
        )
        .transform_calculate(
            band="datum.part >= 0.95 ? '95% or more' : datum.part >= 0.85 ? '85 to 95%' : datum.part >= 0.7 "
            "? '70 to 85%' : datum.part >= 0.5 ? '50 to 70%' : 'below 50%'",
            left="datum.early - 0.023",
            right="datum.early + 0.023",
            low="datum.middle - 0.023",
            high="datum.middle + 0.023",
        )
    )
    scale, axis = span(-0.03, 1.03), PERCENT.copy()
    axis.grid = False
    x = alt.X("left:Q", title="Effort, zero to one", scale=scale, axis=axis)
    y = alt.Y("low:Q", title="Effort, around one", scale=scale, axis=axis)
    shades = alt.Fill(
        "band:N",
        sort=list(BANDS),
        legend=alt.Legend(
            title="Yield, of the best",
            columns=3,
            symbolType="square",
            symbolStrokeWidth=1,
            orient="top",
        ),
        scale=alt.Scale(domain=list(BANDS), range=[c.seq1, c.seq2, c.seq3, c.seq4, c.seq5]),
    )
    squares = near.mark_rect(stroke=c.line, strokeWidth=0.3).encode(
        x=x,
        x2="right:Q",
        y=y,
        y2="high:Q",
        fill=shades,
        tooltip=tip(
            ("early", "Zero to one", ".0%"),
            ("middle", "Around one", ".0%"),
            ("late", "One to a hundred", ".0%"),
            ("chance", "Yield", ".3f"),
        ),
    )
    marks = (
        alt.Chart(frame("marks"))
        .mark_point(filled=True, size=150, opacity=1, stroke=c.paper, strokeWidth=1.5)
        .encode(x=alt.X("early:Q", scale=scale), y=alt.Y("middle:Q", scale=scale), **_whose(c))
    )
    return alt.layer(squares, marks)


def _ideas(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "foreign:Q",
        title="Chance that something ready comes from abroad, f",
        axis=alt.Axis(tickCount=9),
        scale=span(P["foreign_ideas"].low, P["foreign_ideas"].high, padding=6),
    )
    y = alt.Y("chance:Q", title="Yield", scale=span(0, 1))
    # The lines have a scale of their own, since the marks of the figure use color for whose split it is.
    line = lines("line", {LINES[0]: (c.accent, SOLID), LINES[1]: (c.fourth, [6, 3])})
    stroke = alt.Stroke("line:N", legend=line["color"]["legend"], scale=line["color"]["scale"])
    curves = (
        alt.Chart(frame("ideas"))
        .transform_fold(list(LINES), as_=["line", "chance"])
        .mark_line()
        .encode(x=x, y=y, stroke=stroke, strokeDash=line["strokeDash"])
    )
    now = alt.Chart(frame("marks"))
    kinds = _whose(c)
    for channel in kinds.values():
        channel.legend = None  # the chart of all splits explains the marks
    marks = now.mark_point(filled=True, size=120, opacity=1).encode(
        x=x,
        y=y,
        **kinds,
        tooltip=tip(("whose", "Split"), ("foreign", "Ideas from abroad", ".2f"), ("chance", "Yield", ".3f")),
    )
    label = now.transform_filter("datum.whose === 'best split'").encode(
        x=x, y=y, text="whose:N", color=alt.value(c.ink)
    )
    left = label.transform_filter("datum.foreign > 0.45").mark_text(align="right", dx=-7, dy=-16, fontWeight=600)
    right = label.transform_filter("datum.foreign <= 0.45").mark_text(align="left", dx=7, dy=-16, fontWeight=600)
    return alt.layer(curves, marks, left, right)
