"""How much weight to give a locality that knows more but wants something else.

A teaching device of this book: not a finding of the policy briefs and not an estimate. The right target for a
locality is θ. The center guesses it with an error of variance σ² (the information gap). The locality knows θ
but reports θ + b (local bias). Joint action follows the report with weight w and the guess with weight 1 − w.
A loss is the expected squared distance from θ; σ and b are in the same unit, that of the target.

With ``strategic_reporting`` the locality knows its weight and reports θ + b/w, so that the outcome is off by b
however small its weight; at w = 0 nobody reads the report.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from typing import Any

from jointaction.faces.parameters import Parameter, by_name, checked
from jointaction.faces.ops import divide, power, where

PARAMETERS = by_name([
    Parameter("information_gap", "Information gap", 1.0, 0.1, 3.0, 0.1, "σ", "",
              "Typical size of the center’s error when it guesses what suits the locality."),
    Parameter("local_bias", "Local bias", 1.0, 0.1, 3.0, 0.1, "b", "",
              "How far the locality’s own aim lies from the right target."),
    Parameter("local_weight", "Weight on the locality", 0.33, 0.0, 1.0, 0.01, "w", "",
              "0 is full centralization, 1 full delegation."),
])  # fmt: skip

_checked = checked(PARAMETERS)


@_checked
def loss(information_gap: Any, local_bias: Any, local_weight: Any, strategic_reporting: Any = False) -> Any:
    """Expected squared distance from the right target, 0 or more.

    w²·b² + (1 − w)²·σ² when reports are taken at face value; with ``strategic_reporting``
    b² + (1 − w)²·σ² for w > 0 and σ² at w = 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    guess = (1 - local_weight) * (1 - local_weight) * error
    at_face_value = local_weight * local_weight * bias + guess
    overstated = where(local_weight > 0, bias + guess, error)
    return where(strategic_reporting, overstated, at_face_value)


@_checked
def loss_centralize(information_gap: Any) -> Any:
    """The loss at w = 0, where the center follows its own guess: σ²."""
    return information_gap * information_gap


@_checked
def loss_delegate(local_bias: Any) -> Any:
    """The loss at w = 1, where the locality decides: b²."""
    return local_bias * local_bias


@_checked
def best_weight(information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """The weight from 0 to 1 with the smallest loss.

    w* = σ² / (σ² + b²) when reports are taken at face value. With ``strategic_reporting`` any share of
    influence costs b², so the best is all or nothing: 1 where b² ≤ σ², else 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    return where(strategic_reporting, where(bias <= error, 1.0, 0.0), error / (error + bias))


@_checked
def best_matching_ratio(information_gap: Any, local_bias: Any, strategic_reporting: Any = False) -> Any:
    """The matching ratio that buys the best weight if influence follows money: m* = w* / (1 − w*).

    It is σ² / b² when reports are taken at face value. With ``strategic_reporting`` it is infinite (no ratio
    is high enough) where full delegation is best, else 0.
    """
    bias, error = local_bias * local_bias, information_gap * information_gap
    return where(strategic_reporting, where(bias <= error, float("inf"), 0.0), error / bias)


@_checked
def weight_of_ratio(matching_ratio: Any) -> Any:
    """The local share m / (1 + m), which is the weight that a matching ratio m ≥ 0 buys if influence follows money."""
    return matching_ratio / (1 + matching_ratio)


@_checked
def gap_that_justifies(matching_ratio: Any, local_bias: Any) -> Any:
    """The information gap at which a matching ratio m ≥ 0 would be best, b·√m: the model read backwards.

    It holds for reports taken at face value only.
    """
    return local_bias * power(matching_ratio, 0.5)


@_checked
def overstatement(local_bias: Any, local_weight: Any) -> Any:
    """What a locality that knows its weight adds to the truth, b / w; infinite at w = 0."""
    return divide(local_bias, local_weight)
