"""From zero to one, around one, and from one to a hundred: a chain of three stages with a door to the world.

A teaching device of this book: not a finding of the policy briefs and not an estimate. A budget of effort, 1,
is split over three stages: early (an idea), middle (made ready to be scaled) and late (brought to market).
Effort x_j succeeds at its stage with the chance y_j = 1 − exp(−k_j·x_j). A technology reaches the market if it
is ready to be scaled and is scaled. With the chance f (``foreign_ideas``) one that is ready comes from abroad;
else it must be made ready at home: Y = y₃·(1 − (1 − y₁y₂)·(1 − f)). At f = 0 the chain is closed.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from jointaction.faces.ops import all_of, exp, floor, maximum, minimum, where
from jointaction.faces.parameters import Parameter, by_name, checked, closed_form

STAGES = ("early", "middle", "late")
THIRD = 1 / 3

PARAMETERS = by_name(
    [
        Parameter(
            "effort_early",
            "Effort, zero to one",
            THIRD,
            0.0,
            1.0,
            0.05,
            "x₁",
            "share of all effort",
            "Effort spent on finding something new.",
        ),
        Parameter(
            "effort_middle",
            "Effort, around one",
            THIRD,
            0.0,
            1.0,
            0.05,
            "x₂",
            "share of all effort",
            "Effort spent on making it ready; at most what the early stage leaves. The rest goes to scaling.",
        ),
        Parameter(
            "productivity_early",
            "Productivity, zero to one",
            4.0,
            0.2,
            12.0,
            0.1,
            "k₁",
            "",
            "How fast effort raises the chance of success at the early stage.",
        ),
        Parameter(
            "productivity_middle",
            "Productivity, around one",
            1.0,
            0.2,
            12.0,
            0.1,
            "k₂",
            "",
            "How fast effort raises the chance of success at the middle stage.",
        ),
        Parameter(
            "productivity_late",
            "Productivity, one to a hundred",
            4.0,
            0.2,
            12.0,
            0.1,
            "k₃",
            "",
            "How fast effort raises the chance of success at the late stage.",
        ),
        Parameter(
            "foreign_ideas",
            "Ideas from abroad",
            0.0,
            0.0,
            0.9,
            0.05,
            "f",
            "chance",
            "Chance that something ready to be scaled comes from abroad.",
        ),
        Parameter(
            "instrument_size",
            "What one instrument adds",
            0.25,
            0.0,
            1.0,
            0.05,
            "s",
            "share of productivity",
            "Each instrument raises the productivity of its stage by this share of its own setting.",
        ),
    ]
)

# What the functions below take for one stage: four instruments can raise a productivity fivefold.
STAGE = by_name(
    [
        Parameter("effort", "Effort", THIRD, 0.0, 1.0, 0.05),
        Parameter("productivity", "Productivity", 4.0, 0.2, 60.0, 0.1),
    ]
)

_checked = checked(PARAMETERS | STAGE)


@_checked
def middle_counted(effort_early: Any, effort_middle: Any) -> Any:
    """Effort that the middle stage really gets: at most what the early stage leaves."""
    return minimum(effort_middle, 1 - effort_early)


@_checked
def effort_late(effort_early: Any, effort_middle: Any) -> Any:
    """The rest of the effort, 0 to 1, which goes to the late stage."""
    return (1 - effort_early) - middle_counted(effort_early, effort_middle)


@_checked
def raised(productivity: Any, instruments: Any, instrument_size: Any) -> Any:
    """Productivity of a stage with a number of instruments at work on it, k·(1 + s·n)."""
    return productivity * (1 + instrument_size * instruments)


@_checked
def chance(effort: Any, productivity: Any) -> Any:
    """Chance of success at one stage, 1 − exp(−k·x), from 0 without effort toward 1."""
    return 1 - exp(-(productivity * effort))


SMALL = 1e-6  # the step over which a slope is measured where there is no formula for it


def _measured_slope(effort: Any, productivity: Any) -> Any:
    """The slope of any chance of success, measured to both sides, or to one at an end."""
    low, high = maximum(effort - SMALL, 0.0), minimum(effort + SMALL, 1.0)
    return (chance(high, productivity) - chance(low, productivity)) / (high - low)


@closed_form("chance", otherwise=_measured_slope)
@_checked
def slope(effort: Any, productivity: Any) -> Any:
    """How fast the chance of success at one stage rises with its effort, k·exp(−k·x)."""
    return productivity * exp(-(productivity * effort))


@_checked
def ready(chance_early: Any, chance_middle: Any, foreign_ideas: Any) -> Any:
    """Chance that something is ready to be scaled, from home or from abroad: 1 − (1 − y₁y₂)·(1 − f)."""
    return 1 - (1 - chance_early * chance_middle) * (1 - foreign_ideas)


def chain_yield(efforts: Sequence[Any], productivities: Sequence[Any], foreign_ideas: Any) -> Any:
    """Chance that a technology reaches the market, Y = y₃·(1 − (1 − y₁y₂)·(1 − f)), 0 to 1.

    ``efforts`` are the shares of the early, middle and late stage, which add up to 1, and ``productivities``
    their k.
    """
    y1, y2, y3 = map(chance, efforts, productivities)
    return y3 * ready(y1, y2, foreign_ideas)


def _measured_returns(
    efforts: Sequence[Any], productivities: Sequence[Any], foreign_ideas: Any
) -> tuple[Any, Any, Any]:
    """The slopes of any yield, measured at each stage to both sides, or to one at an end."""

    def more(stage: int) -> Any:
        low, high = maximum(efforts[stage] - SMALL, 0.0), minimum(efforts[stage] + SMALL, 1.0)
        fewer, further = ([*efforts[:stage], at, *efforts[stage + 1 :]] for at in (low, high))
        added = chain_yield(further, productivities, foreign_ideas) - chain_yield(fewer, productivities, foreign_ideas)
        return added / (high - low)

    return more(0), more(1), more(2)


@closed_form("ready", "chain_yield", otherwise=_measured_returns)
def returns_to_effort(
    efforts: Sequence[Any], productivities: Sequence[Any], foreign_ideas: Any
) -> tuple[Any, Any, Any]:
    """What a little more effort at each of the three stages adds to the yield, per unit of effort.

    The slopes of the yield: ∂Y/∂x₁ = y₃·y₂·(1 − f)·y₁′, ∂Y/∂x₂ = y₃·y₁·(1 − f)·y₂′ and
    ∂Y/∂x₃ = (1 − (1 − y₁y₂)·(1 − f))·y₃′, with y′ as in :func:`slope`.
    """
    y1, y2, y3 = map(chance, efforts, productivities)
    more1, more2, more3 = map(slope, efforts, productivities)
    at_home = y3 * (1 - foreign_ideas)
    return at_home * y2 * more1, at_home * y1 * more2, ready(y1, y2, foreign_ideas) * more3


def smallest_stage(early: Any, middle: Any, late: Any) -> Any:
    """The stage with the smallest of three values, as a word; the earlier one of two that tie."""
    is_early = all_of(early <= middle, early <= late)
    return where(is_early, STAGES[0], where(middle <= late, STAGES[1], STAGES[2]))


def largest_stage(early: Any, middle: Any, late: Any) -> Any:
    """The stage with the largest of three values, as a word; the earlier one of two that tie."""
    is_early = all_of(early >= middle, early >= late)
    return where(is_early, STAGES[0], where(middle >= late, STAGES[1], STAGES[2]))


def splits(parts: int = 20) -> pd.DataFrame:
    """Every split of effort into whole parts: 231 rows of ``early``, ``middle`` and ``late`` for twentieths.

    The order is by early, then by middle effort.
    """
    return pd.DataFrame(
        [(i / parts, j / parts, (parts - i - j) / parts) for i in range(parts + 1) for j in range(parts + 1 - i)],
        columns=list(STAGES),
    )


def rank_key(chain_yield: Any) -> Any:
    """The yield in whole billionths, by which splits are compared.

    Splits that tie on paper differ in the last digit on a computer, and not alike in Python and in a browser;
    counted in billionths they tie, and the first in the order of :func:`splits` is the best.
    """
    return floor(chain_yield * 1e9 + 0.5)


def best_split(productivities: Sequence[float], foreign_ideas: float) -> pd.Series:
    """The split in twentieths with the largest yield: ``early``, ``middle``, ``late`` and ``yield``."""
    rows = splits()
    rows["yield"] = chain_yield([rows[stage] for stage in STAGES], productivities, foreign_ideas)
    return rows.loc[rank_key(rows["yield"]).idxmax()]


def middle_gains_most(p: Any, foreign_ideas: Any) -> Any:
    """True where the middle gains most when effort is even and the productivity of one stage is raised by half.

    ``p`` has the three productivities as attributes; numbers and columns only.
    """
    productivities = [p.productivity_early, p.productivity_middle, p.productivity_late]
    early, middle, late = (
        chain_yield(
            [THIRD] * 3,
            [k * (1.5 if stage == raised_stage else 1) for stage, k in enumerate(productivities)],
            foreign_ideas,
        )
        for raised_stage in range(3)
    )
    return all_of(middle > early, middle > late)
