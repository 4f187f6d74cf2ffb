"""How far a fixed budget goes when it is spread over a list of priorities.

A teaching device of this book: not a finding of the policy briefs and not an estimate. Priority k of a list of
N gets the share w_k = k^(−a) / Σ j^(−a) of the budget B; a is the skew of the list, 0 where all priorities are
equal. A priority that gets the money x succeeds with the chance x^h / (x^h + T^h): T is the money that gives
an even chance, and h the shape of returns. At h = 1 every yuan counts, each a little less than the one before;
the larger h, the nearer the rule "nothing below T, everything above it". Every priority has the same T. Money
is in 亿元 (100 million yuan).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range. A number of
priorities that is not whole counts as the whole number below it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from jointaction.faces.ops import divide, floor, minimum, power, total, where
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, last_true

PARAMETERS = by_name(
    [
        Parameter(
            "priorities",
            "Priorities on the list",
            50.0,
            5.0,
            100.0,
            1.0,
            "N",
            "",
            "How many priorities share the budget.",
        ),
        Parameter(
            "skew",
            "Skew of the list",
            0.5,
            0.0,
            2.0,
            0.01,
            "a",
            "",
            "0 gives every priority the same; at 1 the second gets half of the first, the third a third.",
        ),
        Parameter(
            "budget", "Budget", 100.0, 10.0, 500.0, 5.0, "B", "100 million yuan", "Money for all priorities together."
        ),
        Parameter(
            "scale_threshold",
            "Money for an even chance",
            4.0,
            0.5,
            50.0,
            0.5,
            "T",
            "100 million yuan",
            "A priority that gets this much succeeds with a chance of one half.",
        ),
        Parameter(
            "returns_shape",
            "Shape of returns",
            8.0,
            1.0,
            16.0,
            0.1,
            "h",
            "",
            "1: every yuan counts. Large: all or nothing at the money for an even chance.",
        ),
    ]
)

RANKS = tuple(range(1, int(PARAMETERS["priorities"].high) + 1))

_checked = checked(PARAMETERS)


@_checked
def unscaled(rank: Any, priorities: Any, skew: Any) -> Any:
    """k^(−a) for a rank k on the list, 0 for one beyond its end."""
    return where(floor(priorities) >= rank, power(rank, -skew), 0.0)


@_checked
def list_total(priorities: Any, skew: Any) -> Any:
    """Σ k^(−a) over the list, 1 or more: the first priority gets one part in so many."""
    return _over_the_ranks(unscaled, priorities, skew)


@_checked
def weight(rank: Any, priorities: Any, skew: Any, whole: Any = None) -> Any:
    """Share of the budget that the priority of this rank gets, k^(−a) / Σ j^(−a); 0 beyond the end of the list.

    Here and below ``whole`` is :func:`list_total` where it is at hand, so that it is not added up again.
    """
    return unscaled(rank, priorities, skew) / (list_total(priorities, skew) if whole is None else whole)


@_checked
def success(money: Any, scale_threshold: Any, returns_shape: Any) -> Any:
    """Chance that a priority with this money succeeds, x^h / (x^h + T^h); 0 without money, ½ at T."""
    return 1 / (1 + power(divide(scale_threshold, money), returns_shape))


EVEN = 0.5 - 1e-9


@by_rows
def _first_even(rows: int, scale_threshold: Any, returns_shape: Any) -> Any:
    """The least money with an even chance of any success, up to the largest budget; infinite where none is enough."""

    def less_than_even(money: Any) -> Any:
        return np.asarray(success(np.broadcast_to(money, (rows,)), scale_threshold, returns_shape)) < EVEN

    return last_true(less_than_even, 0.0, PARAMETERS["budget"].high, rows, steps=2000)


@closed_form("success", otherwise=_first_even)
@_checked
def even_chance(scale_threshold: Any, returns_shape: Any) -> Any:
    """The money that gives an even chance: T, whatever the shape of returns."""
    return scale_threshold


@closed_form(
    "success", otherwise=lambda money, threshold, shape=1.0: np.asarray(success(money, threshold, shape)) >= EVEN
)
@_checked
def at_scale(money: Any, scale_threshold: Any, returns_shape: Any = 1.0) -> Any:
    """True where a priority gets at least T; a billionth less still counts, so that rounding decides nothing.

    The shape of returns plays no part, since T gives an even chance at each.
    """
    return money >= scale_threshold - 1e-9


@_checked
def hhi(priorities: Any, skew: Any, whole: Any = None) -> Any:
    """Herfindahl–Hirschman index of the budget, Σ w², from 1/N for equal priorities to 1."""
    return _over_the_list(lambda share: share * share, priorities, skew, whole)


def effective_number(index: Any) -> Any:
    """1 / HHI: the number of equal priorities that would be as concentrated. It is N where a = 0."""
    return 1 / index


@_checked
def breakthroughs(
    priorities: Any, skew: Any, budget: Any, scale_threshold: Any, returns_shape: Any, whole: Any = None
) -> Any:
    """Number of successes to expect, Σ x^h / (x^h + T^h)."""
    return _over_the_list(
        lambda share, b, t, h: success(share * b, t, h),
        priorities,
        skew,
        whole,
        budget,
        scale_threshold,
        returns_shape,
    )


@_checked
def funded_at_scale(priorities: Any, skew: Any, budget: Any, scale_threshold: Any, whole: Any = None) -> Any:
    """How many priorities get at least T."""
    return _over_the_list(
        lambda share, b, t: where(at_scale(share * b, t), 1, 0), priorities, skew, whole, budget, scale_threshold
    )


@closed_form("at_scale")
@_checked
def fundable(priorities: Any, budget: Any, enough: Any) -> Any:
    """How many priorities the budget could bring to T (``enough``) if it went to them alone, at most all: ⌊B/T⌋."""
    return minimum(floor(priorities), floor(budget / enough + 1e-9))


@_checked
def money_below_scale(priorities: Any, skew: Any, budget: Any, scale_threshold: Any, whole: Any = None) -> Any:
    """Share of the budget that goes to priorities with less than T, 0 to 1."""
    return _over_the_list(
        lambda share, b, t: where(at_scale(share * b, t), 0.0, share), priorities, skew, whole, budget, scale_threshold
    )


def _over_the_list(term: Callable[..., Any], priorities: Any, skew: Any, whole: Any, *more: Any) -> Any:
    """Add ``term(share, *more)`` over the ranks; a rank beyond the end of the list has the share 0."""
    whole = list_total(priorities, skew) if whole is None else whole
    return _over_the_ranks(
        lambda rank, n, a, s, *rest: term(weight(rank, n, a, s), *rest), priorities, skew, whole, *more
    )


def _over_the_ranks(term: Callable[..., Any], *values: Any) -> Any:
    """Add ``term(rank, *values)`` over the ranks; bare arrays, since a Series costs tenfold at each operation."""
    bare = [value.to_numpy() if isinstance(value, pd.Series) else value for value in values]
    result = total(term(rank, *bare) for rank in RANKS)
    return next((pd.Series(result, index=value.index) for value in values if isinstance(value, pd.Series)), result)
