"""The innovation-chain model: the values of its specification, its corners, and its three kinds of input."""

import math

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jointaction.errors import InputError
from jointaction.faces.ops import Expr
from jointaction.models import innovation_chain as model

P = model.PARAMETERS
EVEN = (1 / 3, 1 / 3, 1 / 3)
ONLY_SCALING = (0.0, 0.0, 1.0)
DEFAULT = (4.0, 1.0, 4.0)

productivities = st.tuples(*[st.floats(0.2, 12)] * 3)
foreign = st.floats(0, 0.9)


@st.composite
def efforts(draw) -> tuple[float, float, float]:
    early, middle = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    return early, model.middle_counted(early, middle), model.effort_late(early, middle)


def test_the_parameters_have_the_agreed_names_defaults_and_ranges() -> None:
    assert {name: (p.symbol, p.default, p.low, p.high) for name, p in P.items()} == {
        "effort_early": ("x₁", 1 / 3, 0, 1),
        "effort_middle": ("x₂", 1 / 3, 0, 1),
        "productivity_early": ("k₁", 4, 0.2, 12),
        "productivity_middle": ("k₂", 1, 0.2, 12),
        "productivity_late": ("k₃", 4, 0.2, 12),
        "foreign_ideas": ("f", 0, 0, 0.9),
        "instrument_size": ("s", 0.25, 0, 1),
    }


# ---- the specification's values


@pytest.mark.parametrize(
    ("f", "even", "only_scaling"),
    [(0, 0.15372, 0), (0.1, 0.2120, 0.0982), (0.3, 0.3285, 0.2945), (0.5, 0.4451, 0.4908)],
)
def test_even_effort_and_only_scaling(f: float, even: float, only_scaling: float) -> None:
    assert model.chain_yield(EVEN, DEFAULT, f) == pytest.approx(even, abs=5.1e-5)
    assert model.chain_yield(ONLY_SCALING, DEFAULT, f) == pytest.approx(only_scaling, abs=5e-5)


@pytest.mark.parametrize(
    ("f", "split", "value"),
    [
        (0, (0.30, 0.40, 0.30), 0.1610),
        (0.1, (0.25, 0.40, 0.35), 0.2166),
        (0.3, (0.25, 0.30, 0.45), 0.3461),
        (0.5, (0.15, 0.20, 0.65), 0.5007),
        (0.6, (0, 0, 1), 0.5890),
    ],
)
def test_best_split(f: float, split: tuple, value: float) -> None:
    best = model.best_split(DEFAULT, f)
    assert tuple(best[list(model.STAGES)]) == pytest.approx(split)
    assert round(best["yield"], 4) == value


@pytest.mark.parametrize(("f", "gain"), [(0, 72), (0.1, 47), (0.3, 23), (0.5, 12), (0.8, 4)])
def test_gain_from_a_better_middle(f: float, gain: int) -> None:
    better = model.chain_yield(EVEN, (4, 2, 4), f) / model.chain_yield(EVEN, DEFAULT, f)
    assert round(100 * (better - 1)) == gain


@pytest.mark.parametrize(("middle", "jump"), [(1.0, 0.585), (2.0, 0.725)])
def test_the_best_split_jumps_to_scaling_only(middle: float, jump: float) -> None:
    before = model.best_split((4, middle, 4), jump - 0.005)
    after = model.best_split((4, middle, 4), jump + 0.005)
    assert before["middle"] > 0.1 and tuple(after[list(model.STAGES)]) == ONLY_SCALING


def test_a_better_middle_deserves_less_effort() -> None:
    assert model.best_split((4, 3, 4), 0)["middle"] < model.best_split(DEFAULT, 0)["middle"]


def test_the_weakest_stage_need_not_have_the_best_return() -> None:
    split, k = (0.1, 0.6, 0.3), (4, 0.5, 4)
    chances = [model.chance(x, each) for x, each in zip(split, k)]
    returns = model.returns_to_effort(split, k, 0)
    assert [round(y, 3) for y in chances] == [0.33, 0.259, 0.699]
    assert [round(r, 3) for r in returns] == [0.486, 0.085, 0.103]
    assert (model.smallest_stage(*chances), model.largest_stage(*returns)) == ("middle", "early")


def test_at_equal_effort_the_lowest_productivity_has_the_highest_return() -> None:
    k = [0.2, 1, 2, 4, 8, 12]
    factors = [each / (math.exp(each / 3) - 1) for each in k]
    assert [round(factor, 2) for factor in factors] == [2.90, 2.53, 2.11, 1.43, 0.60, 0.22]
    for low, high in zip(k, k[1:]):
        for productive in ((low, high, high), (high, low, high), (high, high, low)):
            returns = model.returns_to_effort(EVEN, productive, 0)
            assert np.argmax(returns) == np.argmin(productive)


# ---- corners


def test_the_middle_gets_at_most_what_the_early_stage_leaves() -> None:
    for early, middle, counted, late in ((1.0, 1.0, 0.0, 0.0), (0.4, 0.9, 0.6, 0.0), (0.0, 0.0, 0.0, 1.0)):
        assert model.middle_counted(early, middle) == pytest.approx(counted)
        assert model.effort_late(early, middle) == late
    for i in range(21):
        for j in range(21):
            assert 0 <= model.effort_late(i / 20, j / 20) <= 1


def test_without_effort_at_a_stage_the_closed_chain_yields_nothing() -> None:
    for split in ((0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0), ONLY_SCALING):
        assert model.chain_yield(split, DEFAULT, 0) == 0
    assert model.chain_yield((0.5, 0.5, 0), DEFAULT, 0.9) == 0  # nobody scales what comes from abroad
    assert model.chain_yield(ONLY_SCALING, DEFAULT, 0.5) == 0.5 * model.chance(1, 4)


def test_instruments_add_to_productivity() -> None:
    assert model.raised(4, 0, 0.25) == 4
    assert model.raised(4, 2, 0.25) == 6
    assert model.raised(12, 4, 1) == model.STAGE["productivity"].high


def test_ties_go_to_the_earlier_stage_and_the_first_split() -> None:
    assert model.smallest_stage(1, 1, 1) == model.largest_stage(1, 1, 1) == "early"
    assert model.smallest_stage(2, 1, 1) == model.largest_stage(0, 1, 1) == "middle"
    # With equal productivities and a closed chain every order of the three shares is as good as another.
    best = model.best_split((4, 4, 4), 0)
    assert tuple(best[list(model.STAGES)]) == (0.3, 0.35, 0.35)
    assert len(model.splits()) == 231 and np.allclose(model.splits().sum(axis=1), 1)


def test_out_of_range() -> None:
    with pytest.raises(
        InputError, match="foreign_ideas must be from 0 to 0.9, but is 0.95; the nearest allowed value is 0.9"
    ):
        model.chain_yield(EVEN, DEFAULT, 0.95)
    with pytest.raises(InputError, match="effort must be from 0 to 1, but is 1.2"):
        model.chain_yield((1.2, 0, 0), DEFAULT, 0)
    with pytest.raises(InputError, match="productivity must be from 0.2 to 60, but is 0"):
        model.chance(0.5, 0)
    with pytest.raises(InputError, match="effort_early must be from 0 to 1, but is 1.5"):
        model.effort_late(1.5, 0)


# ---- properties


@given(efforts(), productivities, foreign)
@settings(max_examples=200, deadline=None)
def test_the_yield_is_a_chance_and_rises_with_foreign_ideas(x: tuple, k: tuple, f: float) -> None:
    assert sum(x) == pytest.approx(1)
    value = model.chain_yield(x, k, f)
    assert 0 <= value <= 1
    assert model.chain_yield(x, k, 0) - 1e-12 <= value <= model.chain_yield(x, k, 0.9) + 1e-12


@given(st.tuples(*[st.floats(0.05, 0.6)] * 3), productivities, foreign)
@settings(max_examples=200, deadline=None)
def test_returns_to_effort_are_the_slopes_of_the_yield(x: tuple, k: tuple, f: float) -> None:
    step = 1e-6
    for stage, slope in enumerate(model.returns_to_effort(x, k, f)):
        up, down = list(x), list(x)
        up[stage] += step
        down[stage] -= step
        rise = model.chain_yield(up, k, f) - model.chain_yield(down, k, f)
        assert slope == pytest.approx(rise / (2 * step), rel=1e-4, abs=1e-7)


@given(productivities, foreign)
@settings(max_examples=30, deadline=None)
def test_no_split_beats_the_best(k: tuple, f: float) -> None:
    best = model.best_split(k, f)["yield"]
    for x in ((0.35, 0.35, 0.3), ONLY_SCALING, (0.25, 0.35, 0.4), (0.5, 0.25, 0.25)):
        assert model.chain_yield(x, k, f) <= best + 1e-9


@given(st.lists(st.tuples(efforts(), productivities, foreign), min_size=2, max_size=5))
@settings(max_examples=30, deadline=None)
def test_columns_give_row_by_row_what_floats_give(rows: list) -> None:
    x, k, f = (np.array(part).T for part in zip(*rows))
    columns = [pd.Series(column) for column in x], [pd.Series(column) for column in k], pd.Series(f)
    together = model.chain_yield(*columns)
    stages = model.smallest_stage(*map(model.chance, *columns[:2]))
    for i, row in enumerate(rows):
        assert together[i] == pytest.approx(model.chain_yield(*row), rel=1e-12, abs=1e-15)
        assert stages[i] == model.smallest_stage(*map(model.chance, *row[:2]))


# ---- expressions


def test_altair_expressions_give_vega_text() -> None:
    early, middle = alt.param(name="effort_early"), alt.param(name="effort_middle")
    assert str(model.middle_counted(early, middle)) == "min(effort_middle, (1 - effort_early))"
    value = model.chain_yield((alt.datum.x, alt.datum.y, alt.datum.z), DEFAULT, alt.param(name="foreign_ideas"))
    assert isinstance(value, Expr) and "exp((-(1.0 * datum.y)))" in str(value)
    weakest = model.smallest_stage(alt.datum.x, alt.datum.y, alt.datum.z)
    assert isinstance(weakest, Expr)
    with pytest.raises(TypeError, match="has no value in Python"):
        bool(alt.datum.x if weakest == "early" else alt.datum.y)
