"""How much weight to give a locality that knows more but wants something else.

A teaching device of this book: not a finding of the policy briefs and not an estimate. θ is the design that
serves the national goal best, given local conditions. Beijing guesses it with an error of variance σ² (the
information gap). The locality knows θ but wants θ + b, where b is what it wants for itself beyond the national
goal (local bias), and reports that. Joint action follows the report with weight w and the guess with weight
1 − w. A loss is the expected squared distance from θ; σ and b are in the same unit, that of the design.

How influence follows money is an assumption of its own: a local share s of the money buys the weight w = s^η.

With ``strategic_reporting`` the locality knows its weight and reports θ + b/w, so that the outcome is off by b
however small its weight; at w = 0 nobody reads the report. Beijing is naive here and bound to its weight: this is
a reply of one side, not an equilibrium, for which see Crawford and Sobel (1982).

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointaction.faces.ops import divide, minimum, power, where
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, last_true, smallest

PARAMETERS = by_name(
    [
        Parameter(
            "information_gap",
            "Information gap",
            1.0,
            0.1,
            3.0,
            0.1,
            "σ",
            "",
            "Typical size of Beijing’s error when it guesses the design that serves the national goal best.",
        ),
        Parameter(
            "local_bias",
            "Local bias",
            1.0,
            0.1,
            3.0,
            0.1,
            "b",
            "",
            "What the locality wants for itself beyond the national goal.",
        ),
        Parameter(
            "local_weight",
            "Weight on the locality",
            0.33,
            0.0,
            1.0,
            0.01,
            "w",
            "",
            "0 is full centralization, 1 full delegation.",
        ),
        Parameter(
            "influence_exponent",
            "How influence follows money",
            1.0,
            0.25,
            4.0,
            0.25,
            "η",
            "",
            "A share s of the money buys the weight s^η: above 1 little money buys little, below 1 it buys much.",
        ),
    ]
)

_checked = checked(PARAMETERS)


@_checked
def loss(information_gap: Any, local_bias: Any, local_weight: Any, strategic_reporting: Any = False) -> Any:
    """Expected squared distance from the best design, 0 or more.

    w²·b² + (1 − w)²·σ² when reports are taken at face value; with ``strategic_reporting``
    b² + (1 − w)²·σ² for w > 0 and σ² at w = 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    guess = (1 - local_weight) * (1 - local_weight) * error
    at_face_value = local_weight * local_weight * bias + guess
    overstated = where(local_weight > 0, bias + guess, error)
    return where(strategic_reporting, overstated, at_face_value)


def _at_none(information_gap: Any, local_bias: Any = 1.0, strategic_reporting: Any = False) -> Any:
    return loss(information_gap, local_bias, 0.0, strategic_reporting)


@closed_form("loss", otherwise=_at_none)
@_checked
def loss_centralize(information_gap: Any, local_bias: Any = 1.0, strategic_reporting: Any = False) -> Any:
    """The loss at w = 0, where Beijing follows its own guess: σ², whatever the bias and the reports."""
    return information_gap * information_gap


def _at_one(local_bias: Any, information_gap: Any = 1.0, strategic_reporting: Any = False) -> Any:
    return loss(information_gap, local_bias, 1.0, strategic_reporting)


@closed_form("loss", otherwise=_at_one)
@_checked
def loss_delegate(local_bias: Any, information_gap: Any = 1.0, strategic_reporting: Any = False) -> Any:
    """The loss at w = 1, where the locality decides: b², whatever the gap and the reports."""
    return local_bias * local_bias


@by_rows
def _least_loss(rows: int, information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """The best weight under any loss."""
    return smallest(lambda weight: loss(information_gap, local_bias, weight, strategic_reporting), 0.0, 1.0, rows)


@closed_form("loss", otherwise=_least_loss)
@_checked
def best_weight(information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """The weight from 0 to 1 with the smallest loss.

    w* = σ² / (σ² + b²) when reports are taken at face value. With ``strategic_reporting`` any share of
    influence costs b², so the best is all or nothing: 1 where b² ≤ σ², else 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    return where(strategic_reporting, where(bias <= error, 1.0, 0.0), error / (error + bias))


def _gain(information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """The gain under any loss; the best compromise is found between 0 and 1 up to a millionth."""

    @by_rows
    def between(rows: int, *given: Any) -> Any:
        return smallest(lambda weight: loss(*given[:2], weight, given[2]), 1e-6, 1 - 1e-6, rows)

    given = (information_gap, local_bias, strategic_reporting)
    extremes = minimum(loss_centralize(*given), loss_delegate(local_bias, information_gap, strategic_reporting))
    return extremes - loss(information_gap, local_bias, between(*given), strategic_reporting)


@closed_form("loss", "loss_centralize", "loss_delegate", otherwise=_gain)
@_checked
def gain_from_compromise(information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """How far the loss at the best weight strictly between 0 and 1 lies below that of the better extreme.

    Above 0 whenever reports are taken at face value. With ``strategic_reporting`` 0 or less: the loss falls
    toward b² as the weight rises to 1, but no compromise reaches it.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    return minimum(bias, error) - where(strategic_reporting, bias, bias * error / (bias + error))


@_checked
def weight_of_ratio(matching_ratio: Any, influence_exponent: Any = 1.0) -> Any:
    """The weight that a matching ratio m ≥ 0 buys, s^η with s = m / (1 + m)."""
    return power(matching_ratio / (1 + matching_ratio), influence_exponent)


@by_rows
def _ratio_of_best(
    rows: int,
    information_gap: Any,
    local_bias: Any,
    strategic_reporting: Any = False,
    influence_exponent: Any = 1.0,
) -> Any:
    """The ratio that buys the best weight, whatever the best weight and the price of influence are."""
    best = best_weight(information_gap, local_bias, strategic_reporting)

    def too_little(share: Any) -> Any:
        ratio = share / (1 - share)
        return weight_of_ratio(ratio, influence_exponent) < np.asarray(best) - 1e-12

    share = last_true(too_little, 0.0, 1 - 1e-9, rows)
    return np.where(np.isinf(share), np.inf, share / (1 - np.where(np.isinf(share), 0.0, share)))


@closed_form("loss", "best_weight", "weight_of_ratio", otherwise=_ratio_of_best)
@_checked
def best_matching_ratio(
    information_gap: Any, local_bias: Any, strategic_reporting: Any = False, influence_exponent: Any = 1.0
) -> Any:
    """The matching ratio that buys the best weight, m* = s* / (1 − s*) with s* = w*^(1/η).

    It is σ² / b² when reports are taken at face value and influence is proportional to money (η = 1). With
    ``strategic_reporting`` it is infinite (no ratio is high enough) where full delegation is best, else 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    at_face_value = 1 / (power(1 + bias / error, 1 / influence_exponent) - 1)
    return where(strategic_reporting, where(bias <= error, float("inf"), 0.0), at_face_value)


@by_rows
def _gap_of_best(rows: int, matching_ratio: Any, local_bias: Any, influence_exponent: Any = 1.0) -> Any:
    """The gap, in its range, at which the best weight rises to what the ratio buys; not a number where none is."""
    bought = np.asarray(weight_of_ratio(matching_ratio, influence_exponent))
    gap = PARAMETERS["information_gap"]

    def too_small(value: Any) -> Any:
        return np.asarray(best_weight(np.broadcast_to(value, (rows,)), local_bias, False)) < bought

    found = last_true(too_small, gap.low, gap.high, rows, steps=30)
    return np.where(np.isinf(found) | (found <= gap.low), np.nan, found)


@closed_form("loss", "best_weight", "weight_of_ratio", otherwise=_gap_of_best)
@_checked
def gap_that_justifies(matching_ratio: Any, local_bias: Any, influence_exponent: Any = 1.0) -> Any:
    """The information gap at which a matching ratio m > 0 would be best, b·√(w / (1 − w)): the model read backwards.

    w is the weight that the ratio buys; with η = 1 this is b·√m. It holds for reports taken at face value only.
    """
    weight = weight_of_ratio(matching_ratio, influence_exponent)
    return local_bias * power(weight / (1 - weight), 0.5)


@_checked
def overstatement(local_bias: Any, local_weight: Any) -> Any:
    """What a locality that knows its weight adds to the truth, b / w; infinite at w = 0."""
    return divide(local_bias, local_weight)
