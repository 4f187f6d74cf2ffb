"""Three mechanisms of joint action, and one of the reader's own, side by side.

A teaching device of this book: not a finding of the policy briefs and not an estimate. For each mechanism
three numbers: the yuan that others add to each central yuan, the share of the pooled money whose use the
center decides, and the share of the money that is paid before results are known. Shares run from 0 to 1,
money is in 亿元 (100 million yuan).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

from jointaction.models import fund_leverage, matching_ratio
from jointaction.faces.parameters import Parameter, by_name, checked
from jointaction.faces.ops import divide, minimum, where

PARAMETERS = by_name([
    matching_ratio.PARAMETERS["matching_ratio"],
    matching_ratio.PARAMETERS["influence"],
    fund_leverage.PARAMETERS["stake"],
    Parameter("central_share", "Central share of a center’s cost", 0.2, 0.0, 1.0, 0.01, "x_c", "share of the cost",
              "Paid by subsidy after evaluation; 0 means that the center gets no central money."),
    Parameter("central_budget", "Central money for each mechanism", 100.0, 1.0, 500.0, 5.0, "B", "100 million yuan",
              "The same central money is sent through every mechanism."),
    Parameter("design_mobilized", "Your design: money from others", 2.0, 0.0, 10.0, 0.1, "", "yuan per central yuan",
              "What others add to each central yuan."),
    Parameter("design_local_say", "Your design: local say", 0.5, 0.0, 1.0, 0.05, "", "share of the pool",
              "Share of the pooled money whose use the localities decide."),
    Parameter("design_paid_first", "Your design: paid before results", 0.5, 0.0, 1.0, 0.05, "", "share of the cost",
              "The rest is paid after evaluation."),
])  # fmt: skip

# Joint projects are paid every year and a stake is paid in when a sub-fund is set up: all before results.
PAID_FIRST = 1.0

_checked = checked(PARAMETERS)
_local_share = matching_ratio.local_share


@_checked
def joint_projects_mobilized(matching_ratio: Any) -> Any:
    """Provincial yuan per central yuan in a joint project: the matching ratio m."""
    return matching_ratio


@_checked
def joint_projects_steered(matching_ratio: Any, influence: Any) -> Any:
    """Share of the pool that the center steers, 1 − θ·m / (1 + m)."""
    return 1 - influence * _local_share(matching_ratio)


@_checked
def guidance_fund_mobilized(stake: Any) -> Any:
    """Partner yuan per central yuan in a sub-fund, (1 − e) / e; one less than the leverage 1 / e."""
    return (1 - stake) / stake


@_checked
def guidance_fund_steered(stake: Any) -> Any:
    """Share of a sub-fund that the rules of 2021 tie to the center’s purpose, min(1, max(3·e, 0.5))."""
    return minimum(1, fund_leverage.commercialization_floor(stake))


@_checked
def has_central_money(central_share: Any) -> Any:
    """False where the central share of a center is 0, or below 10⁻⁹."""
    return central_share >= 1e-9


@_checked
def innovation_center_mobilized(central_share: Any) -> Any:
    """Yuan of others per central yuan in a center, (1 − x_c) / x_c; infinite without central money."""
    return where(has_central_money(central_share), divide(1 - central_share, central_share), float("inf"))


@_checked
def innovation_center_steered(central_share: Any) -> Any:
    """Share of a center’s money that the center in Beijing decides on: its own part, x_c."""
    return central_share


@_checked
def innovation_center_paid_first(central_share: Any) -> Any:
    """Share of a center’s cost paid before results, 1 − x_c: the subsidy follows evaluation."""
    return 1 - central_share


@_checked
def own_design_steered(design_local_say: Any) -> Any:
    """Share of the pool that the center steers in the reader's design, 1 − the local say."""
    return 1 - design_local_say


@_checked
def pool(central_budget: Any, mobilized: Any) -> Any:
    """Central and other money together, B·(1 + mobilized); ``mobilized`` is yuan of others per central yuan."""
    return central_budget * (1 + mobilized)
