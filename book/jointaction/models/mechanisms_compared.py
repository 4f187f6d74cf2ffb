"""Three mechanisms of joint action, and one of the reader's own, side by side.

A teaching device of this book: not a finding of the policy briefs and not an estimate. For each mechanism: the
yuan of others that accompany each central yuan, the part of them that is additional (that others would not have
spent anyway), the share of the pooled money whose use Beijing directs, and the share of the cost that is not
contingent on an evaluation. Shares run from 0 to 1, money is in 亿元 (100 million yuan).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

from jointaction.faces.ops import all_of, divide, maximum, minimum, where
from jointaction.faces.parameters import Parameter, by_name, checked, closed_form
from jointaction.models import fund_leverage, matching_ratio

PARAMETERS = by_name(
    [
        matching_ratio.PARAMETERS["matching_ratio"],
        matching_ratio.PARAMETERS["influence"],
        fund_leverage.PARAMETERS["stake"],
        Parameter(
            "central_share",
            "Central share of an innovation center’s cost",
            0.2,
            0.0,
            1.0,
            0.01,
            "x_c",
            "share of the cost",
            "Paid by subsidy after evaluation; no source found gives it for any innovation center.",
        ),
        Parameter(
            "central_budget",
            "Central money for each mechanism",
            100.0,
            1.0,
            500.0,
            5.0,
            "B",
            "100 million yuan",
            "The same central money is sent through every mechanism.",
        ),
        Parameter(
            "additionality",
            "Additionality",
            1.0,
            0.0,
            1.0,
            0.05,
            "a",
            "share of the money from others",
            "The part of the accompanying money that others would not have spent anyway.",
        ),
        Parameter(
            "design_accompanying",
            "Your design: money from others",
            2.0,
            0.0,
            10.0,
            0.1,
            "",
            "yuan per central yuan",
            "What others add to each central yuan.",
        ),
        Parameter(
            "design_local_influence",
            "Your design: local influence",
            0.5,
            0.0,
            1.0,
            0.05,
            "",
            "share of the pool",
            "Share of the pooled money whose use the localities decide.",
        ),
        Parameter(
            "design_not_contingent",
            "Your design: not contingent on evaluation",
            0.5,
            0.0,
            1.0,
            0.05,
            "",
            "share of the cost",
            "The rest is paid only after an evaluation.",
        ),
    ]
)

# Joint projects are paid every year and a stake is paid in when a sub-fund is set up: neither waits for an evaluation.
NOT_CONTINGENT = 1.0

_checked = checked(PARAMETERS)
_local_share = matching_ratio.local_share


@_checked
def joint_projects_accompanying(matching_ratio: Any) -> Any:
    """Provincial yuan per central yuan in a joint project: the matching ratio m."""
    return matching_ratio


def _part(accompanying: Any) -> Any:
    """Central money as a share of the pool, where others add so many yuan for each yuan of it."""
    return 1 / (1 + accompanying)


@closed_form(
    "joint_projects_accompanying",
    otherwise=lambda ratio, influence: 1 - influence * (1 - _part(joint_projects_accompanying(ratio))),
)
@_checked
def joint_projects_directed(matching_ratio: Any, influence: Any) -> Any:
    """Share of the pool that Beijing directs, 1 − θ·m / (1 + m): by definition what provinces have not bought."""
    return 1 - influence * _local_share(matching_ratio)


@_checked
def guidance_fund_accompanying(stake: Any) -> Any:
    """Partner yuan per central yuan in a sub-fund, (1 − e) / e; one less than the leverage 1 / e."""
    return (1 - stake) / stake


def _tied_by_part(stake: Any) -> Any:
    """The rules, asked of the part of a sub-fund that is central money."""
    part = _part(guidance_fund_accompanying(stake))
    return minimum(1, maximum(fund_leverage.MULTIPLE * part, fund_leverage.HALF))


def _met_by_part(stake: Any) -> Any:
    part = _part(guidance_fund_accompanying(stake))
    return all_of(fund_leverage.MULTIPLE * part <= 1 + 1e-9, guidance_fund_tied(stake) <= 1 + 1e-9)


@closed_form("guidance_fund_accompanying", "guidance_fund_tied", otherwise=_met_by_part)
@_checked
def guidance_fund_can_comply(stake: Any) -> Any:
    """True up to a stake of a third; see :func:`jointaction.models.fund_leverage.rule_can_be_met`."""
    return fund_leverage.rule_can_be_met(stake)


@closed_form("guidance_fund_accompanying", otherwise=_tied_by_part)
@_checked
def guidance_fund_tied(stake: Any) -> Any:
    """Share of a sub-fund that the rules of 2021 tie to publicly funded results, min(1, max(3·e, 0.5)).

    This is no direction by Beijing: results of local programs count, and the sub-fund chooses the firms. Above a
    stake of a third the rule cannot be met; see :func:`jointaction.models.fund_leverage.rule_can_be_met`.
    """
    return minimum(1, fund_leverage.commercialization_floor(stake))


@_checked
def has_central_money(central_share: Any) -> Any:
    """False where the central share of an innovation center is 0, or below 10⁻⁹."""
    return central_share >= 1e-9


@_checked
def innovation_center_accompanying(central_share: Any) -> Any:
    """Yuan of others per central yuan in an innovation center, (1 − x_c) / x_c; infinite without central money."""
    return where(has_central_money(central_share), divide(1 - central_share, central_share), float("inf"))


@closed_form("innovation_center_accompanying", otherwise=lambda share: _part(innovation_center_accompanying(share)))
@_checked
def innovation_center_directed(central_share: Any) -> Any:
    """Share of an innovation center's money that Beijing directs: its own part, x_c, by definition."""
    return central_share


@closed_form("innovation_center_accompanying", otherwise=lambda share: 1 - _part(innovation_center_accompanying(share)))
@_checked
def innovation_center_not_contingent(central_share: Any) -> Any:
    """Share of an innovation center's cost that does not wait for an evaluation, 1 − x_c."""
    return 1 - central_share


@_checked
def own_design_directed(design_local_influence: Any) -> Any:
    """Share of the pool that Beijing directs in the reader's design, 1 − the local influence."""
    return 1 - design_local_influence


@_checked
def additional(accompanying: Any, additionality: Any) -> Any:
    """Yuan per central yuan that others would not have spent anyway, a times the accompanying money."""
    return additionality * accompanying


@_checked
def pool(central_budget: Any, accompanying: Any) -> Any:
    """Central and other money together, B·(1 + accompanying); ``accompanying`` is yuan of others per central yuan."""
    return central_budget * (1 + accompanying)


def _rest_of_pool(central_budget: Any, accompanying: Any, additionality: Any) -> Any:
    """What of any pool is neither central nor additional."""
    extra = additional(accompanying, additionality)
    return pool(central_budget, accompanying) - central_budget * (1 + extra)


@closed_form("pool", otherwise=_rest_of_pool)
@_checked
def from_others_anyway(central_budget: Any, accompanying: Any, additionality: Any) -> Any:
    """Money from others that would have been spent without the mechanism too, B·(accompanying − additional)."""
    return central_budget * (accompanying - additional(accompanying, additionality))
