"""Who pays for an innovation center before it has results to show.

A teaching device of this book: not a finding of the policy briefs and not an estimate. An innovation center
costs I. Business pledges the share x_b, the locality x_l, and Beijing the rest x_c. Business pays only if the
return it can keep is worth it; that return comes whether or not the innovation center is viable. The central
share is a subsidy after evaluation: it comes T years later, with probability p, and only if the innovation
center is viable, that is, if the money paid up front reaches the part τ of its cost. Until then the locality
may advance the subsidy (``bridge``) at interest r. Money is in billion yuan (10 亿元), shares are from 0 to 1.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range and for shares of
business and locality that add up to more than 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointaction.errors import InputError
from jointaction.faces.ops import Expr, minimum, negate, power, where
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, last_true

PARAMETERS = by_name(
    [
        Parameter(
            "business_share",
            "Share pledged by business",
            14.2 / 15,
            0.0,
            1.0,
            0.05,
            "x_b",
            "",
            "Paid only if business finds it worth while.",
        ),
        Parameter(
            "local_share",
            "Share pledged by the locality",
            0.8 / 15,
            0.0,
            1.0,
            0.05,
            "x_l",
            "",
            "Counts for at most what business leaves. The central share is the rest.",
        ),
        Parameter(
            "total_cost",
            "Cost of the innovation center",
            15.0,
            1.0,
            60.0,
            0.5,
            "I",
            "billion yuan",
            "15 in the plan of January 2016 for Qingdao; later reports say 30 for its core and 60 for all.",
        ),
        Parameter(
            "return_multiple",
            "Gross return per yuan",
            1.6,
            0.1,
            5.0,
            0.02,
            "R",
            "",
            "What one yuan brings in all, to whomever.",
        ),
        Parameter(
            "appropriability",
            "Part of the return business can keep",
            0.5,
            0.0,
            1.0,
            0.005,
            "α",
            "",
            "A non-profit innovation center lowers it.",
        ),
        Parameter(
            "hurdle", "Hurdle rate", 0.08, 0.0, 0.5, 0.01, "h", "", "What business must earn on top of its money."
        ),
        Parameter(
            "subsidy_probability",
            "Chance that the subsidy is paid",
            0.8,
            0.0,
            1.0,
            0.05,
            "p",
            "",
            "If the center is viable when it is evaluated.",
        ),
        Parameter(
            "interest",
            "Interest rate",
            0.04,
            0.0,
            0.2,
            0.005,
            "r",
            "per year",
            "What the locality pays for money it borrows.",
        ),
        Parameter(
            "years",
            "Years until the subsidy",
            3.0,
            0.0,
            10.0,
            0.5,
            "T",
            "years",
            "From building to evaluation and payment.",
        ),
        Parameter(
            "viable_scale",
            "Smallest viable scale",
            0.7,
            0.0,
            1.0,
            0.05,
            "τ",
            "",
            "An innovation center built below this part of its cost stalls.",
        ),
    ]
)

TIE = 1e-9  # a threshold counts as met, and a share as zero, within this distance

_checked = checked(PARAMETERS)


@_checked
def central_share(business_share: Any, local_share: Any) -> Any:
    """The share that is left for Beijing, x_c = 1 − x_b − x_l, 0 to 1; a rest below 1e-9 is 0."""
    _refuse_above_one(business_share, local_share)
    rest = 1 - business_share - local_share
    return where(rest < TIE, 0.0, rest)


@_checked
def usable_local_share(business_share: Any, local_share: Any) -> Any:
    """The local share cut to what business leaves, min(x_l, 1 − x_b), so that any two pledges fit together."""
    return minimum(local_share, 1 - business_share)


@_checked
def business_pays(return_multiple: Any, appropriability: Any, hurdle: Any) -> Any:
    """True where R·α ≥ 1 + h: the part of the return that business keeps covers its money and the hurdle."""
    return return_multiple * appropriability >= 1 + hurdle - TIE


@by_rows
def _first_part(rows: int, return_multiple: Any, hurdle: Any) -> Any:
    """The smallest part at which business pays, whatever its rule is; infinite where no part is enough."""

    def stays_out(part: Any) -> Any:
        return negate(business_pays(return_multiple, np.broadcast_to(part, (rows,)), hurdle))

    return last_true(stays_out, 0.0, 1.0, rows)


@closed_form("business_pays", otherwise=_first_part)
@_checked
def required_appropriability(return_multiple: Any, hurdle: Any) -> Any:
    """The part of the return at which business would have paid, α* = (1 + h) / R; above 1 no part is enough."""
    return (1 + hurdle) / return_multiple


@closed_form("progress")
@_checked
def paid_by_business(business_share: Any, return_multiple: Any, appropriability: Any, hurdle: Any) -> Any:
    """What business has paid before results, as a share of the cost: its pledge x_b if it pays, else 0."""
    return where(business_pays(return_multiple, appropriability, hurdle), business_share, 0.0)


@closed_form("progress")
@_checked
def advanced(business_share: Any, local_share: Any, bridge: Any = True) -> Any:
    """What the locality has advanced before results, as a share of the cost: x_c with a bridge, else 0."""
    return where(bridge, central_share(business_share, local_share), 0.0)


@_checked
def progress(
    business_share: Any, local_share: Any, return_multiple: Any, appropriability: Any, hurdle: Any, bridge: Any = True
) -> Any:
    """Money paid before results over the cost, 0 to 1: x_b·[business pays] + x_l + x_c·[bridge]."""
    paid = paid_by_business(business_share, return_multiple, appropriability, hurdle)
    return paid + local_share + advanced(business_share, local_share, bridge)


@_checked
def viable(progress: Any, viable_scale: Any) -> Any:
    """True where the money paid up front reaches the smallest viable scale τ; below it all stalls."""
    return progress >= viable_scale - TIE


@_checked
def funding_gap(total_cost: Any, progress: Any) -> Any:
    """Money that nobody has paid up front, I·(1 − progress), in billion yuan."""
    gap = 1 - progress
    return total_cost * where(gap < TIE, 0.0, gap)


def _interest_on_advance(
    business_share: Any, local_share: Any, total_cost: Any, interest: Any, years: Any, bridge: Any = True
) -> Any:
    return advanced(business_share, local_share, bridge) * total_cost * (power(1 + interest, years) - 1)


@closed_form("advanced", otherwise=_interest_on_advance)
@_checked
def bridge_cost(
    business_share: Any, local_share: Any, total_cost: Any, interest: Any, years: Any, bridge: Any = True
) -> Any:
    """Interest on the advance, x_c·I·((1 + r)^T − 1), in billion yuan; 0 without a bridge."""
    advance = central_share(business_share, local_share) * total_cost
    return where(bridge, advance * (power(1 + interest, years) - 1), 0.0)


def _burden_of_interest(
    business_share: Any,
    local_share: Any,
    total_cost: Any,
    subsidy_probability: Any,
    interest: Any,
    years: Any,
    is_viable: Any,
    bridge: Any = True,
) -> Any:
    """The expected burden under any cost of the advance: own share, advance and its cost, less what is repaid."""
    advance = advanced(business_share, local_share, bridge) * total_cost
    repaid = where(is_viable, subsidy_probability, 0.0)
    cost = bridge_cost(business_share, local_share, total_cost, interest, years, bridge)
    return local_share * total_cost + advance * (1 - repaid) + cost


@closed_form("bridge_cost", "advanced", otherwise=_burden_of_interest)
@_checked
def expected_local_burden(
    business_share: Any,
    local_share: Any,
    total_cost: Any,
    subsidy_probability: Any,
    interest: Any,
    years: Any,
    is_viable: Any,
    bridge: Any = True,
) -> Any:
    """What the locality expects to bear, x_l·I + [bridge]·x_c·I·((1 + r)^T − p·[viable]), in billion yuan."""
    advance = central_share(business_share, local_share) * total_cost
    repaid = where(is_viable, subsidy_probability, 0.0)
    carried = where(bridge, advance * (power(1 + interest, years) - repaid), 0.0)
    return local_share * total_cost + carried


def _refuse_above_one(business_share: Any, local_share: Any) -> None:
    """Raise for a sum of shares above 1; an expression is checked where it is computed."""
    if isinstance(business_share, Expr) or isinstance(local_share, Expr):
        return
    business, local = np.broadcast_arrays(np.asarray(business_share, dtype=float), np.asarray(local_share, dtype=float))
    above = (business + local > 1 + TIE).ravel()
    if above.any():
        first = int(above.argmax())
        x_b, x_l = float(business.ravel()[first]), float(local.ravel()[first])
        raise InputError(
            f"local_share must be from 0 to 1 − business_share = {1 - x_b:g}, but is {x_l:g}; "
            f"the nearest allowed value is {1 - x_b:g}."
        )
