"""Who joins a joint call of the National Key R&D Program at a given matching ratio.

A teaching device of this book: not a finding of the policy briefs and not an estimate. Beijing offers each
province that joins ``central_per_province`` of central money; the province adds ``matching_ratio`` yuan for
each central yuan. A province joins if it is willing (the call is worth its own yuan) and able (its science
and technology budget can carry the match). Money is in 亿元 (100 million yuan).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

import functools
from typing import Any

from jointaction.faces.ops import all_of, divide, maximum, minimum, negate, where
from jointaction.faces.parameters import Parameter, by_name, checked, closed_form, last_true

PARAMETERS = by_name(
    [
        Parameter(
            "matching_ratio",
            "Matching ratio",
            1.0,
            0.0,
            2.0,
            0.05,
            "m",
            "local yuan per central yuan",
            "How many yuan a province adds for each central yuan.",
        ),
        Parameter(
            "agricultural_focus",
            "Agricultural focus of the call",
            0.8,
            0.0,
            1.0,
            0.05,
            "φ",
            "",
            "0 is a pure technology call, 1 a pure farm-technology call.",
        ),
        Parameter(
            "influence",
            "Influence bought by money",
            1.0,
            0.0,
            1.0,
            0.05,
            "θ",
            "",
            "How much influence on the tasks a province gets for its share of the money.",
        ),
        Parameter(
            "value_of_steering",
            "Value of steering",
            0.3,
            0.0,
            1.0,
            0.05,
            "γ",
            "",
            "What influence on the tasks is worth to a province, per yuan of its own.",
        ),
        Parameter(
            "local_value_share",
            "Value that stays local",
            0.6,
            0.0,
            1.0,
            0.05,
            "β",
            "",
            "Share of a pooled yuan's value that stays in the province.",
        ),
        Parameter(
            "opportunity_cost",
            "Opportunity cost of R&D-rich provinces",
            0.5,
            0.0,
            2.0,
            0.05,
            "ω₁",
            "",
            "How much more a yuan is worth elsewhere to a province with strong research of its own.",
        ),
        Parameter(
            "central_per_province",
            "Central money per province",
            1.0,
            0.1,
            10.0,
            0.1,
            "C",
            "100 million yuan",
            "What Beijing pays to each province that joins.",
        ),
        Parameter(
            "ability_share",
            "Largest share of the budget",
            0.1,
            0.01,
            1.0,
            0.01,
            "κ",
            "",
            "Largest part of its science and technology budget that a province can put into one call.",
        ),
        Parameter(
            "fiscal_stress",
            "Fiscal stress",
            0.0,
            0.0,
            1.0,
            0.01,
            "λ",
            "",
            "How much more costly a yuan is to a province that raises little of what it spends.",
        ),
    ]
)

_checked = checked(PARAMETERS)


@_checked
def local_share(matching_ratio: Any) -> Any:
    """Local share of the pooled money, s = m / (1 + m), 0 to 1: the price to a province of one pooled yuan."""
    return matching_ratio / (1 + matching_ratio)


@_checked
def fit(primary_relative: Any, rd_relative: Any, agricultural_focus: Any) -> Any:
    """How well the call suits a province: φ·a + (1 − φ)·t.

    ``primary_relative`` (a) is the primary sector's share of the province's GDP over the national share,
    ``rd_relative`` (t) its R&D intensity over the national one; both are 1 for an average province.
    """
    return agricultural_focus * primary_relative + (1 - agricultural_focus) * rd_relative


@_checked
def cost_of_own_yuan(
    rd_relative: Any, opportunity_cost: Any, self_sufficiency: Any = 1.0, fiscal_stress: Any = 0.0
) -> Any:
    """What a province gives up with a yuan of its own, ω = 1 + ω₁·t + λ·(1 − f).

    A strong research province has better uses for it, and a poor one has fewer of them: ``self_sufficiency``
    (f) is the province's own revenue over its budget spending, 0 to 1. Without fiscal stress f plays no part.
    """
    return 1 + opportunity_cost * rd_relative + fiscal_stress * (1 - self_sufficiency)


def _range_of_any(rd_relative: Any, opportunity_cost: Any, self_sufficiency: Any, fiscal_stress: Any) -> Any:
    """The lowest and the highest cost under any rule, province by province."""
    costs = [cost_of_own_yuan(t, opportunity_cost, f, fiscal_stress) for t, f in zip(rd_relative, self_sufficiency)]
    return functools.reduce(minimum, costs), functools.reduce(maximum, costs)


@closed_form("cost_of_own_yuan", otherwise=_range_of_any)
def range_of_costs(
    rd_relative: Any, opportunity_cost: Any, self_sufficiency: Any, fiscal_stress: Any
) -> tuple[Any, Any]:
    """Bounds of the opportunity cost over columns of provinces: 1, and 1 + ω₁·t + λ for the largest t."""
    return 1.0, 1.0 + opportunity_cost * max(rd_relative) + fiscal_stress


@_checked
def willing(
    primary_relative: Any,
    rd_relative: Any,
    matching_ratio: Any,
    agricultural_focus: Any,
    influence: Any,
    value_of_steering: Any,
    local_value_share: Any,
    opportunity_cost: Any,
    self_sufficiency: Any = 1.0,
    fiscal_stress: Any = 0.0,
) -> Any:
    """True where β·fit ≥ (ω − γ·θ)·s: the value of a pooled yuan covers its price."""
    worth = local_value_share * fit(primary_relative, rd_relative, agricultural_focus)
    cost = cost_of_own_yuan(rd_relative, opportunity_cost, self_sufficiency, fiscal_stress)
    return worth >= (cost - value_of_steering * influence) * local_share(matching_ratio)


@closed_form("willing", otherwise=lambda cost, *_: cost * float("nan"), told="no line of willingness for this rule")
@_checked
def needed_fit(cost: Any, matching_ratio: Any, influence: Any, value_of_steering: Any, local_value_share: Any) -> Any:
    """The fit at which a province with the opportunity cost ω (``cost``) is just willing, (ω − γ·θ)·s / β."""
    return divide((cost - value_of_steering * influence) * local_share(matching_ratio), local_value_share)


@_checked
def able(st_budget: Any, matching_ratio: Any, central_per_province: Any, ability_share: Any) -> Any:
    """True where m·C ≤ κ·S; ``st_budget`` (S) is the province's S&T budget in 100 million yuan."""
    return matching_ratio * central_per_province <= ability_share * st_budget


@closed_form("outcome", otherwise=lambda is_willing, is_able: outcome(is_willing, is_able) == "joins")
def joins(is_willing: Any, is_able: Any) -> Any:
    """True where a province is both willing and able."""
    return all_of(is_willing, is_able)


def _joining_first(is_willing: Any, is_able: Any) -> Any:
    """The outcome under any rule of joining."""
    return where(joins(is_willing, is_able), "joins", where(is_willing, "unable", "unwilling"))


@closed_form("joins", otherwise=_joining_first)
def outcome(is_willing: Any, is_able: Any) -> Any:
    """``"joins"``, ``"unwilling"``, or ``"unable"`` (willing, but the budget cannot carry the match)."""
    return where(negate(is_willing), "unwilling", where(is_able, "joins", "unable"))


@closed_form("joins", "outcome", otherwise=lambda is_willing, is_able: outcome(is_willing, is_able) == "unwilling")
def stays_out_unwilling(is_willing: Any, is_able: Any) -> Any:
    """True where a province stays out because it is unwilling, able or not."""
    return negate(is_willing)


def _searched(
    primary_relative: Any,
    rd_relative: Any,
    st_budget: Any,
    agricultural_focus: Any,
    influence: Any,
    value_of_steering: Any,
    local_value_share: Any,
    opportunity_cost: Any,
    central_per_province: Any,
    ability_share: Any,
    self_sufficiency: Any = 1.0,
    fiscal_stress: Any = 0.0,
) -> Any:
    """The leaving ratio under any rule of participation, up to the slider's end; infinite beyond it."""

    def stays(ratio: Any) -> Any:
        is_willing = willing(
            primary_relative,
            rd_relative,
            ratio,
            agricultural_focus,
            influence,
            value_of_steering,
            local_value_share,
            opportunity_cost,
            self_sufficiency,
            fiscal_stress,
        )
        return joins(is_willing, able(st_budget, ratio, central_per_province, ability_share))

    ratio = PARAMETERS["matching_ratio"]
    return last_true(stays, ratio.low, ratio.high, len(primary_relative))


@closed_form("willing", "able", "joins", "outcome", "local_share", otherwise=_searched)
@_checked
def leaving_ratio(
    primary_relative: Any,
    rd_relative: Any,
    st_budget: Any,
    agricultural_focus: Any,
    influence: Any,
    value_of_steering: Any,
    local_value_share: Any,
    opportunity_cost: Any,
    central_per_province: Any,
    ability_share: Any,
    self_sufficiency: Any = 1.0,
    fiscal_stress: Any = 0.0,
) -> Any:
    """The largest matching ratio m̂ at which a province still joins; it may lie above the slider's range.

    m̂ = min(β·fit / (ω − γθ − β·fit), κ·S / C); the first term is infinite where its denominator is not
    positive, since such a province is willing at any ratio.
    """
    worth = local_value_share * fit(primary_relative, rd_relative, agricultural_focus)
    cost = cost_of_own_yuan(rd_relative, opportunity_cost, self_sufficiency, fiscal_stress)
    gap = cost - value_of_steering * influence - worth
    until_unwilling = where(gap > 0, divide(worth, gap), float("inf"))
    return minimum(until_unwilling, divide(ability_share * st_budget, central_per_province))


def _pool_of_share(
    joining: Any, provinces: int, matching_ratio: Any, central_per_province: Any, spend_unclaimed: Any = False
) -> Any:
    """The pool where the local share is any function of the ratio: Beijing's money is the rest of it."""
    ordinary = _ordinary(joining, provinces, central_per_province, spend_unclaimed)
    return divide(joining * central_per_province, 1 - local_share(matching_ratio)) + ordinary


def _pool_less_bought(
    joining: Any,
    provinces: int,
    matching_ratio: Any,
    influence: Any,
    central_per_province: Any,
    spend_unclaimed: Any = False,
) -> Any:
    """What Beijing directs of any pool: all but the part that provinces buy with their share of joint money."""
    whole = pool(joining, provinces, matching_ratio, central_per_province, spend_unclaimed)
    joint = whole - _ordinary(joining, provinces, central_per_province, spend_unclaimed)
    return whole - influence * local_share(matching_ratio) * joint


@closed_form("local_share", otherwise=_pool_of_share)
@_checked
def pool(
    joining: Any, provinces: int, matching_ratio: Any, central_per_province: Any, spend_unclaimed: Any = False
) -> Any:
    """Pooled money of the call in 100 million yuan, N·C·(1 + m).

    ``joining`` (N) is the number of provinces that join out of ``provinces``. With ``spend_unclaimed`` the
    central money of those that stay out goes to ordinary projects, without a match, and is counted with the
    pool: 31·C + N·C·m in all.
    """
    return joining * central_per_province * (1 + matching_ratio) + _ordinary(
        joining, provinces, central_per_province, spend_unclaimed
    )


@closed_form("pool", "local_share", otherwise=_pool_less_bought)
@_checked
def nationally_steered(
    joining: Any,
    provinces: int,
    matching_ratio: Any,
    influence: Any,
    central_per_province: Any,
    spend_unclaimed: Any = False,
) -> Any:
    """Money that Beijing directs, in 100 million yuan: by definition what provinces have not bought.

    N·C·(1 + m·(1 − θ)), and with ``spend_unclaimed`` the ordinary projects too.
    """
    return joining * central_per_province * (1 + matching_ratio * (1 - influence)) + _ordinary(
        joining, provinces, central_per_province, spend_unclaimed
    )


@_checked
def central_unspent(joining: Any, provinces: int, central_per_province: Any, spend_unclaimed: Any = False) -> Any:
    """Central money that no province comes for and nobody spends, in 100 million yuan."""
    return where(spend_unclaimed, 0.0, (provinces - joining) * central_per_province)


def _ordinary(joining: Any, provinces: int, central_per_province: Any, spend_unclaimed: Any) -> Any:
    """Unclaimed central money that is spent on ordinary projects, in 100 million yuan."""
    return where(spend_unclaimed, (provinces - joining) * central_per_province, 0.0)
