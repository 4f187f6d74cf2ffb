"""What a reader's own codes say about ten technologies, and what luck would say.

A blank board, not a fit: this book ships no codes. A reader answers one question about each technology with 0,
½ or 1, and only then compares the answers with a verdict (1 led by the state, 0 led by entrepreneurs). A cut
turns a code into a prediction, a code of at least the cut reads "led by the state"; where the question points
the other way, codes are turned round first.

The functions on single cases take numbers, columns or expressions (see :mod:`jointaction.faces.ops`); those on
two readers take sequences of codes.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

from jointaction.errors import InputError
from jointaction.faces.ops import divide, maximum, negate, where
from jointaction.faces.parameters import closed_form

CODES = (0.0, 0.5, 1.0)
CUTS = (0.5, 1.0)  # the two cuts that part the codes: ½ counts as yes, or only 1 does
MOST_CASES = 12


def predicts_state(code: Any, cut: Any, points_to_state: Any = True) -> Any:
    """True where the code, 0 to 1, reads "led by the state" at this cut.

    With ``points_to_state`` false a yes speaks for entrepreneurs, and the prediction is turned round.
    """
    return where(code >= cut, points_to_state, negate(points_to_state))


def matches(code: Any, cut: Any, state_led: Any, points_to_state: Any = True) -> Any:
    """1 where the prediction is the verdict, else 0."""
    return where(predicts_state(code, cut, points_to_state) == state_led, 1, 0)


def left_out_match(at_cut: Any, at_other: Any, matched_at_cut: Any, matched_at_other: Any) -> Any:
    """1 where a case is predicted rightly at the cut that suits all other cases best, else 0.

    ``at_cut`` and ``at_other`` say (1 or 0) whether the case matches at the reader's cut and at the other one,
    ``matched_at_cut`` and ``matched_at_other`` how many cases match at each, this one included. The reader's
    cut is taken where both suit the others equally well.
    """
    return where(matched_at_cut - at_cut >= matched_at_other - at_other, at_cut, at_other)


def baseline(cases: Any, state_led: Any) -> Any:
    """Verdicts matched by calling every case what most of them are: the larger of the two groups."""
    return maximum(state_led, cases - state_led)


@closed_form("predicts_state", "matches")
def luck(cases: Any, state_led: Any, matched: Any) -> Any:
    """Chance that a blind ranking of the cases, cut where it does best, matches at least ``matched`` verdicts.

    Whole numbers up to 12; ``state_led`` of the cases are led by the state. All orders are equally likely.
    Walk down the ranking and move the cut along: each state-led case adds one match, each other takes one
    away. By the reflection principle C(cases, matched) of the C(cases, state_led) orders reach ``matched``,
    for any number from the larger group up; the cut at one end always matches the larger group.
    """
    reached = divide(binomial(cases, matched), binomial(cases, state_led))
    return where(matched > baseline(cases, state_led), reached, 1.0)


def binomial(n: Any, k: Any) -> Any:
    """Ways to choose k of n, for whole numbers from 0 to 12; 0 where k is larger than n."""
    ways = 1.0
    for place in range(1, MOST_CASES + 1):
        ways = ways * where(k >= place, (n - k + place) / place, 1.0)
    return where(k > n, 0.0, ways)


# ---- two readers


def observed_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Share of the cases that two readers code alike, p_o, 0 to 1.

    Raises :class:`jointaction.errors.InputError` for lists of different length or without a case.
    """
    _same_length(first, second)
    return sum(a == b for a, b in zip(first, second)) / len(first)


def expected_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Share that would agree if each reader kept the own codes but gave them out blindly, p_e, 0 to 1."""
    _same_length(first, second)
    cases = len(first)
    return sum(list(first).count(code) * list(second).count(code) for code in {*first, *second}) / cases**2


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Agreement beyond chance, κ = (p_o − p_e) / (1 − p_e): 1 if alike throughout, 0 as expected blindly.

    Not a number where both readers give every case the same single code, since nothing could differ.
    """
    expected = expected_agreement(first, second)
    return math.nan if expected == 1 else (observed_agreement(first, second) - expected) / (1 - expected)


def _same_length(first: Sequence[Hashable], second: Sequence[Hashable]) -> None:
    if not first or len(first) != len(second):
        raise InputError(
            f"Both readers must code the same cases, at least one, but the lists have {len(first)} and "
            f"{len(second)} codes; the nearest is the first {max(1, min(len(first), len(second)))} of each."
        )
