"""How far a central yuan reaches through sub-funds of the National Guidance Fund.

A teaching device of this book: not a finding of the policy briefs and not an estimate. The guidance fund
takes the same stake in every sub-fund and partners bring the rest; sub-funds are set up until central money
or partner money runs out. Money is in 亿元 (100 million yuan), stakes and shares are fractions from 0 to 1.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointaction.faces.ops import divide, floor, maximum, minimum
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, last_true

# Article 10 of the measures of 2021, as in the table fund_rules (2021-three-times and 2021-half).
MULTIPLE, HALF = 3, 0.5

PARAMETERS = by_name(
    [
        Parameter(
            "stake",
            "Central stake in a sub-fund",
            0.209,
            0.05,
            0.35,
            0.005,
            "e",
            "share of the sub-fund",
            "Share of each sub-fund’s money that the guidance fund pays in.",
        ),
        Parameter(
            "sub_fund_size",
            "Size of a sub-fund",
            624 / 36,
            1.0,
            150.0,
            0.5,
            "F",
            "100 million yuan",
            "Money in one sub-fund, the guidance fund’s part included.",
        ),
        Parameter(
            "central_budget",
            "Central money",
            130.416,
            10.0,
            500.0,
            5.0,
            "B",
            "100 million yuan",
            "What the guidance fund can put into all sub-funds together.",
        ),
        Parameter(
            "partner_budget",
            "Partner money available",
            493.584,
            10.0,
            2000.0,
            5.0,
            "K",
            "100 million yuan",
            "What local governments, firms and other investors are ready to put in.",
        ),
    ]
)

_checked = checked(PARAMETERS)


@_checked
def leverage(stake: Any) -> Any:
    """Sub-fund yuan per central yuan, 1 / e. The central yuan itself is counted."""
    return 1 / stake


@closed_form("leverage", otherwise=lambda stake: divide(1, leverage(stake)))
def _central_part(stake: Any) -> Any:
    """The part of a sub-fund that is central money: the stake, as long as the leverage is one over it."""
    return stake


@_checked
def central_allows(stake: Any, sub_fund_size: Any, central_budget: Any) -> Any:
    """Sub-funds for which the central money would do, n_B = B / (e·F); not rounded."""
    return central_budget / (_central_part(stake) * sub_fund_size)


@_checked
def partners_allow(stake: Any, sub_fund_size: Any, partner_budget: Any) -> Any:
    """Sub-funds for which the partners’ money would do, n_K = K / ((1 − e)·F); not rounded."""
    return divide(partner_budget, (1 - _central_part(stake)) * sub_fund_size)


@_checked
def sub_funds(stake: Any, sub_fund_size: Any, central_budget: Any, partner_budget: Any) -> Any:
    """Whole sub-funds that both sides can fill, the floor of min(n_B, n_K) + 10⁻⁶."""
    both = minimum(
        central_allows(stake, sub_fund_size, central_budget), partners_allow(stake, sub_fund_size, partner_budget)
    )
    return floor(both + 1e-6)


@_checked
def central_money(sub_funds: Any, stake: Any, sub_fund_size: Any) -> Any:
    """Central money in ``sub_funds`` (n) sub-funds, n·e·F, in 100 million yuan."""
    return sub_funds * _central_part(stake) * sub_fund_size


@_checked
def partner_money(sub_funds: Any, stake: Any, sub_fund_size: Any) -> Any:
    """Money that partners put into ``sub_funds`` (n) sub-funds, n·(1 − e)·F, in 100 million yuan."""
    return sub_funds * (1 - _central_part(stake)) * sub_fund_size


@_checked
def commercialization_floor(stake: Any) -> Any:
    """Least share of a sub-fund for firms that use publicly funded results, c = max(3·e, 0.5).

    Results of local programs count too (Article 2), so this is not the share that Beijing steers. Above 1 no sub-fund can comply; see :func:`rule_can_be_met`. Source: measures of 2021, Article 10.
    """
    return maximum(MULTIPLE * stake, HALF)


@_checked
def high_tech_share(stake: Any) -> Any:
    """Share of a sub-fund that the floor leaves over, max(0, 1 − c).

    It is not free: by the second sentence of Article 10 it goes to high-tech fields that the state supports.
    """
    return maximum(0, 1 - commercialization_floor(stake))


@_checked
def rule_can_be_met(stake: Any) -> Any:
    """True up to a stake of a third; above, three times the stake is more than the whole sub-fund."""
    return commercialization_floor(stake) <= 1 + 1e-9


@closed_form("commercialization_floor", otherwise=lambda: float("nan"), told="no kink is marked for another floor")
def kink() -> float:
    """The stake at which the commercialization floor begins to rise, ½ / 3."""
    return HALF / MULTIPLE


@by_rows
def _both_run_out(rows: int, central_budget: Any, partner_budget: Any) -> Any:
    """Where the central money stops to be enough for more sub-funds than the partners' money, in the slider's range."""
    stake = PARAMETERS["stake"]
    found = last_true(
        lambda e: central_allows(e, 1.0, central_budget) >= partners_allow(e, 1.0, partner_budget),
        stake.low,
        stake.high,
        rows,
    )
    return np.where(np.isinf(found) | (found <= stake.low), np.nan, found)


@closed_form("leverage", "central_allows", "partners_allow", otherwise=_both_run_out)
@_checked
def best_stake(central_budget: Any, partner_budget: Any) -> Any:
    """The stake at which both budgets run out together, e* = B / (B + K)."""
    return central_budget / (central_budget + partner_budget)
