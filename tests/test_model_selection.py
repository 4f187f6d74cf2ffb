"""The screening model: the values of its specification, its corners, its search for the best weight, and its faces."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jointaction.errors import InputError
from jointaction.faces.ops import Expr, param
from jointaction.faces.sheet import ExpressionSheet
from jointaction.models import selection as model

P = model.PARAMETERS
NOISE = (1.0, 0.5)

noises = st.floats(0.1, 3)
gamings = st.floats(0, 2)
worlds = st.tuples(noises, noises, gamings, gamings)


def balance(weight: float, world: tuple) -> float:
    """What is zero at the best weight and rises with it: half the slope of the squared spread."""
    report, export, bought, polished = (value * value for value in world)
    return weight * report - (1 - weight) * export - 2 * (1 - weight) ** 3 * bought + 2 * weight**3 * polished


def mean(weight: float, world: tuple, share: float = 0.1) -> float:
    local, export, bought, polished = world
    return model.mean_fitness(local, export, weight, share, bought, polished)


def test_the_parameters_have_the_agreed_names_defaults_and_ranges() -> None:
    assert {name: (p.symbol, p.default, p.low, p.high) for name, p in P.items()} == {
        "local_noise": ("σ_l", 1.0, 0.1, 3.0),
        "export_noise": ("σ_e", 0.5, 0.1, 3.0),
        "local_weight": ("w", 0.5, 0.0, 1.0),
        "selected_share": ("k", 0.1, 0.01, 0.5),
        "export_gaming": ("γ", 0.0, 0.0, 2.0),
        "report_gaming": ("λ", 0.0, 0.0, 2.0),
    }


@pytest.mark.parametrize(
    ("weight", "gaming", "fitness"),
    [
        (0.5, 0.0, 1.5319),
        (0.2, 0.0, 1.6021),
        (0.0, 0.0, 1.570),
        (1.0, 0.0, 1.241),
        (0.2, 0.5, 1.5378),
        (0.2, 1.0, 1.3833),
        (0.2, 2.0, 1.0417),
    ],
)
def test_fitness_at_a_weight(weight: float, gaming: float, fitness: float) -> None:
    assert mean(weight, (*NOISE, gaming, 0.0)) == pytest.approx(
        fitness, abs=5e-5 if fitness not in (1.57, 1.241) else 5e-4
    )


@pytest.mark.parametrize(
    ("gaming", "polish", "weight", "fitness"),
    [
        (0.0, 0.0, 0.2, 1.6021),
        (0.5, 0.0, 0.3237, 1.5564),
        (1.0, 0.0, 0.4567, 1.4997),
        (2.0, 0.0, 0.6024, 1.4318),
        (1.0, 1.0, 0.4124, 1.4808),
    ],
)
def test_best_weight_and_its_fitness(gaming: float, polish: float, weight: float, fitness: float) -> None:
    world = (*NOISE, gaming, polish)
    best = model.best_weight(*world)
    assert best == pytest.approx(weight, abs=5e-5)
    assert mean(best, world) == pytest.approx(fitness, abs=5e-5)


def test_half_is_best_at_one_gaming() -> None:
    assert model.best_weight(*NOISE, math.sqrt(1.5)) == pytest.approx(0.5, abs=1e-12)  # γ = 1.2247


def test_fewer_are_better_by_construction_and_quality_leaves_the_share_out() -> None:
    assert [round(mean(0.2, (*NOISE, 0, 0), share), 3) for share in (0.01, 0.1, 0.5)] == [2.433, 1.602, 0.728]
    assert model.signal_quality(*NOISE, 0.2) == pytest.approx(0.9129, abs=5e-5)
    for share in (0.01, 0.1, 0.5):
        perfect = model.selection_intensity(share)
        assert mean(0.2, (*NOISE, 0, 0), share) / perfect == pytest.approx(model.signal_quality(*NOISE, 0.2))
    assert model.selection_intensity(0.5) == pytest.approx(math.sqrt(2 / math.pi))
    assert model.cut_off(0.5) == pytest.approx(0.0)


# ---- the search for the best weight


@given(worlds)
@settings(max_examples=500, deadline=None)
def test_the_best_weight_is_the_root_to_a_billionth(world: tuple) -> None:
    best = model.best_weight(*world)
    assert 0 <= best <= 1
    assert balance(max(best - 1e-9, 0), world) <= 0 <= balance(min(best + 1e-9, 1), world)


@given(worlds, st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_no_other_weight_ranks_better(world: tuple, weight: float) -> None:
    assert mean(weight, world) <= mean(model.best_weight(*world), world) + 1e-12


def test_every_corner_of_the_ranges() -> None:
    ends = ((0.1, 3.0), (0.1, 3.0), (0.0, 1e-9, 0.01, 2.0), (0.0, 1e-9, 0.01, 2.0))
    for world in np.array(np.meshgrid(*ends)).reshape(4, -1).T:
        best = model.best_weight(*world)
        assert balance(max(best - 1e-9, 0), world) <= 0 <= balance(min(best + 1e-9, 1), world), world


@given(noises, noises)
def test_without_gaming_it_is_precision_weighting(local: float, export: float) -> None:
    assert model.best_weight(local, export) == pytest.approx(export**2 / (local**2 + export**2), abs=1e-12)


@given(worlds)
@settings(deadline=None)
def test_the_two_signals_are_treated_alike(world: tuple) -> None:
    local, export, bought, polished = world
    assert model.best_weight(export, local, polished, bought) == pytest.approx(1 - model.best_weight(*world), abs=1e-9)


@given(worlds, gamings)
@settings(deadline=None)
def test_gaming_a_signal_never_raises_its_weight(world: tuple, more: float) -> None:
    local, export, bought, polished = world
    low, high = sorted((bought, more))
    assert model.best_weight(local, export, low, polished) <= model.best_weight(local, export, high, polished) + 1e-9


# ---- corners and bad input


def test_a_signal_that_is_not_used_does_no_harm() -> None:
    assert model.ranking_spread(3.0, 0.5, 0.0, 0.0, 2.0) == model.ranking_spread(0.1, 0.5, 0.0)
    assert model.ranking_spread(1.0, 3.0, 1.0, 2.0, 0.0) == model.ranking_spread(1.0, 0.1, 1.0)


@pytest.mark.parametrize("name", list(P))
def test_out_of_range(name: str) -> None:
    p = P[name]
    setting = {name: parameter.default for name, parameter in P.items()}
    for value, nearest in ((p.low - 0.05, p.low), (p.high + 0.05, p.high)):
        message = rf"^{name} must be from {p.low:g} to {p.high:g}, but is {value:g}; the nearest allowed value is {nearest:g}\.$"
        with pytest.raises(InputError, match=message):
            model.mean_fitness(**{**setting, name: value})
    with pytest.raises(InputError, match=f"{name} must be from"):
        model.mean_fitness(**{**setting, name: math.nan})


# ---- columns and expressions


@given(st.lists(worlds, min_size=1, max_size=5), st.floats(0, 1), st.floats(0.01, 0.5))
@settings(max_examples=100, deadline=None)
def test_columns_give_row_by_row_what_numbers_give(rows: list, weight: float, share: float) -> None:
    local, export, bought, polished = (pd.Series(values) for values in zip(*rows))
    best = model.best_weight(local, export, bought, polished)
    fitness = model.mean_fitness(local, export, weight, pd.Series([share] * len(rows)), bought, polished)
    for number, row in enumerate(rows):
        assert best[number] == pytest.approx(model.best_weight(*row), abs=1e-15)
        assert fitness[number] == pytest.approx(mean(weight, row, share), rel=1e-14)


def test_an_expression_is_named_at_each_step_and_stays_short() -> None:
    sheet = ExpressionSheet({name: p.default for name, p in P.items()})
    p = sheet.p
    best = model.best_weight(
        p.local_noise,
        p.export_noise,
        p.export_gaming,
        p.report_gaming,
        keep=lambda number, weight: sheet.step(f"weight_{number}", weight),
    )
    assert str(best) == f"weight_{model.NEWTON_STEPS}"
    steps = [signal["update"] for signal in sheet.signals if "update" in signal]
    assert len(steps) == model.NEWTON_STEPS + 1 and max(map(len, steps)) < 900
    spread = model.ranking_spread(p.local_noise, p.export_noise, param("w"))
    assert isinstance(spread, Expr) and str(spread).startswith("pow(")
