"""Which firms to back when one report is noisy, the other can be bought, and both are watched.

A teaching device of this book: not a finding of the policy briefs and not an estimate. A firm's fitness is
drawn from a normal distribution with mean 0 and variance 1. Beijing does not see it. It sees a local report
(fitness plus noise of size σ_l) and an export result (fitness plus noise of size σ_e), ranks firms by
w·report + (1 − w)·export, and backs the top share k. A signal that decides something invites effort that
has nothing to do with fitness and differs between firms: the report carries a further noise of size λ·w, the
export result one of size γ·(1 − w). All draws are normal and independent of each other.

Every function takes numbers, columns or expressions (see :mod:`jointaction.faces.ops`) and raises
:class:`jointaction.errors.InputError`, a ``ValueError``, for a parameter outside its range.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from jointaction.faces.ops import divide, maximum, minimum, normal_density, normal_quantile, power, where
from jointaction.faces.parameters import Parameter, by_name, by_rows, checked, closed_form, smallest

PARAMETERS = by_name(
    [
        Parameter(
            "local_noise",
            "Noise of local reports",
            1.0,
            0.1,
            3.0,
            0.1,
            "σ_l",
            "",
            "Typical size of the error in what a locality reports about a firm; firms differ by 1.",
        ),
        Parameter(
            "export_noise",
            "Noise of export results",
            0.5,
            0.1,
            3.0,
            0.1,
            "σ_e",
            "",
            "Typical size of what moves a firm’s exports besides its fitness.",
        ),
        Parameter(
            "local_weight",
            "Weight on local reports",
            0.5,
            0.0,
            1.0,
            0.01,
            "w",
            "",
            "0 ranks firms by exports alone, 1 by local reports alone.",
        ),
        Parameter(
            "selected_share",
            "Share of firms backed",
            0.1,
            0.01,
            0.5,
            0.01,
            "k",
            "",
            "The part of all firms that gets support, from the top of the ranking.",
        ),
        Parameter(
            "export_gaming",
            "Gaming of exports",
            0.0,
            0.0,
            2.0,
            0.1,
            "γ",
            "",
            "How much firms differ in pushing their exports when exports decide.",
        ),
        Parameter(
            "report_gaming",
            "Gaming of reports",
            0.0,
            0.0,
            2.0,
            0.1,
            "λ",
            "",
            "How much localities differ in polishing their reports when reports decide.",
        ),
    ]
)

# Enough for 1e-9 all over the ranges; the tests try.
NEWTON_STEPS = 9

_checked = checked(PARAMETERS)


@_checked
def ranking_spread(
    local_noise: Any, export_noise: Any, local_weight: Any, export_gaming: Any = 0.0, report_gaming: Any = 0.0
) -> Any:
    """Standard deviation of what firms are ranked by, in units of fitness, 1 or more.

    The root of 1 + w²σ_l² + (1 − w)²σ_e² + (1 − w)⁴γ² + w⁴λ².
    """
    report, export = local_weight * local_weight, (1 - local_weight) * (1 - local_weight)
    noise = report * (local_noise * local_noise) + export * (export_noise * export_noise)
    gaming = export * export * (export_gaming * export_gaming) + report * report * (report_gaming * report_gaming)
    return power(1 + noise + gaming, 0.5)


@_checked
def signal_quality(
    local_noise: Any, export_noise: Any, local_weight: Any, export_gaming: Any = 0.0, report_gaming: Any = 0.0
) -> Any:
    """Correlation of the ranking with fitness, 1 / spread: 1 would be a perfect signal. The share k plays no part."""
    return 1 / ranking_spread(local_noise, export_noise, local_weight, export_gaming, report_gaming)


@_checked
def cut_off(selected_share: Any) -> Any:
    """Where the top share k begins, in standard deviations above the mean: the quantile of 1 − k."""
    return normal_quantile(1 - selected_share)


@_checked
def selection_intensity(selected_share: Any) -> Any:
    """Mean fitness of the top share k if fitness were seen: density at the cut-off over k.

    It rises as k falls, so that fewer are better on average by construction.
    """
    return normal_density(cut_off(selected_share)) / selected_share


@_checked
def mean_fitness(
    local_noise: Any,
    export_noise: Any,
    local_weight: Any,
    selected_share: Any,
    export_gaming: Any = 0.0,
    report_gaming: Any = 0.0,
    intensity: Any = None,
) -> Any:
    """Mean fitness of the firms that are backed, in standard deviations above the average firm.

    ``intensity`` is :func:`selection_intensity` where it is at hand, so that it is not worked out again.
    """
    quality = signal_quality(local_noise, export_noise, local_weight, export_gaming, report_gaming)
    return (selection_intensity(selected_share) if intensity is None else intensity) * quality


@by_rows
def _fittest(
    rows: int,
    local_noise: Any,
    export_noise: Any,
    export_gaming: Any = 0.0,
    report_gaming: Any = 0.0,
    selected_share: Any = 0.1,
    keep: Any = None,
) -> Any:
    """The weight with the fittest firms under any model of the signals."""

    def missing(weight: Any) -> Any:
        return -np.asarray(
            mean_fitness(local_noise, export_noise, weight, selected_share, export_gaming, report_gaming)
        )

    return smallest(missing, 0.0, 1.0, rows, steps=50)


@closed_form("ranking_spread", "signal_quality", "mean_fitness", otherwise=_fittest)
@_checked
def best_weight(
    local_noise: Any,
    export_noise: Any,
    export_gaming: Any = 0.0,
    report_gaming: Any = 0.0,
    selected_share: Any = 0.1,
    keep: Callable[[int, Any], Any] = lambda number, weight: weight,
) -> Any:
    """The weight on local reports, 0 to 1, with the best ranking, whatever share of firms is backed.

    It is the one root of w·σ_l² − (1 − w)·σ_e² − 2(1 − w)³·γ² + 2w³·λ², which rises in w. Without gaming that is
    σ_e² / (σ_l² + σ_e²), precision weighting. Otherwise Newton's method starts where the curve bends, γ²/(γ² + λ²):
    from there it steps over the root at most once and then closes in from one side.

    ``keep(number, weight)`` is handed each step and gives it back, perhaps under a name: an expression that
    were never named would grow eightfold at each step.
    """
    report, export = local_noise * local_noise, export_noise * export_noise
    bought, polished = 2 * (export_gaming * export_gaming), 2 * (report_gaming * report_gaming)
    gaming = bought + polished
    weight = keep(0, where(gaming > 0, divide(bought, gaming), 0.5))
    for number in range(1, NEWTON_STEPS + 1):
        other = 1 - weight
        height = weight * report - other * export - other * other * other * bought + weight * weight * weight * polished
        slope = report + export + 3 * (other * other * bought + weight * weight * polished)
        weight = keep(number, minimum(maximum(weight - height / slope, 0.0), 1.0))
    return weight
