"""The concentration model: the values of its specification, its corners, and its three kinds of input."""

import math

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jointaction.errors import InputError
from jointaction.faces.ops import Expr
from jointaction.models import concentration as model

P = model.PARAMETERS
settings_of_the_model = st.fixed_dictionaries({name: st.floats(p.low, p.high) for name, p in P.items()})


def breakthroughs(priorities: float, skew: float, shape: float, budget: float = 100.0, threshold: float = 4.0) -> float:
    return model.breakthroughs(priorities, skew, budget, threshold, shape)


def test_the_parameters_have_the_agreed_names_defaults_and_ranges() -> None:
    assert {name: (p.symbol, p.default, p.low, p.high) for name, p in P.items()} == {
        "priorities": ("N", 50, 5, 100),
        "skew": ("a", 0.5, 0, 2),
        "budget": ("B", 100, 10, 500),
        "scale_threshold": ("T", 4, 0.5, 50),
        "returns_shape": ("h", 8, 1, 16),
    }


# ---- the specification's values


@pytest.mark.parametrize(
    ("skew", "shape", "values"),
    [
        (0, 1, (8.55, 12.50, 16.67)),
        (0, 2, (10.23, 12.50, 10.00)),
        (0, 4, (12.11, 12.50, 2.94)),
        (0, 8, (12.93, 12.50, 0.19)),
        (1, 1, (7.37, 9.91, 12.36)),
        (1, 4, (7.74, 6.74, 5.67)),
    ],
)
def test_breakthroughs_of_13_25_and_50_priorities(skew: float, shape: float, values: tuple) -> None:
    assert [round(breakthroughs(n, skew, shape), 2) for n in (13, 25, 50)] == list(values)


@pytest.mark.parametrize(("skew", "tie"), [(0, 1.967), (0.5, 2.023), (1, 1.968)])
def test_13_and_50_tie_at_one_shape_of_returns(skew: float, tie: float) -> None:
    def lead(shape: float) -> float:
        return breakthroughs(13, skew, shape) - breakthroughs(50, skew, shape)

    assert lead(tie - 0.001) < 0 < lead(tie + 0.001)  # the longer list wins below, the shorter above


def test_concentration_of_known_lists() -> None:
    assert model.hhi(50, 1) == pytest.approx(0.080282, abs=5e-7)
    assert model.effective_number(model.hhi(50, 1)) == pytest.approx(12.456, abs=5e-4)
    assert model.effective_number(model.hhi(60, 0.509)) == pytest.approx(41.8, abs=0.05)
    assert model.money_below_scale(50, 1, 100, 4) == pytest.approx(0.493, abs=5e-4)
    assert model.money_below_scale(13, 1, 100, 4) == pytest.approx(0.185, abs=5e-4)


@pytest.mark.parametrize(
    ("skew", "counts"),
    [(0, {25: 25, 26: 0, 13: 13}), (1, {13: 7, 15: 7, 16: 7, 28: 6, 35: 6, 50: 5})],
)
def test_funded_at_scale(skew: float, counts: dict) -> None:
    assert {n: model.funded_at_scale(n, skew, 100, 4) for n in counts} == counts


@pytest.mark.parametrize(("shape", "best", "value"), [(2, 25, 12.5), (4, 19, 14.25), (8, 20, 17.13)])
def test_best_length_of_an_equal_list(shape: float, best: int, value: float) -> None:
    lengths = range(5, 101)
    values = [breakthroughs(n, 0, shape) for n in lengths]
    assert lengths[int(np.argmax(values))] == best and round(max(values), 2) == value


def test_where_every_yuan_counts_an_equal_list_cannot_be_too_long() -> None:
    assert (np.diff([breakthroughs(n, 0, 1) for n in range(5, 101)]) > 0).all()


# ---- corners


def test_at_the_threshold_the_chance_is_one_half_whatever_the_shape() -> None:
    for shape in (1.0, 2.0, 8.0, 16.0):
        assert model.success(4.0, 4.0, shape) == 0.5
        assert breakthroughs(25, 0, shape) == pytest.approx(12.5)  # a tie, not the 25 that are at scale
    assert model.success(0.0, 4.0, 8.0) == 0.0


def test_a_length_that_is_not_whole_counts_as_the_whole_number_below() -> None:
    for result in (model.hhi, lambda n, a: model.funded_at_scale(n, a, 100, 4), lambda n, a: breakthroughs(n, a, 3)):
        assert result(13.9, 0.7) == result(13, 0.7)
    assert model.fundable(13.9, 100, 4) == 13


def test_fundable_is_not_moved_by_rounding() -> None:
    assert model.fundable(50, 100, 4) == 25
    assert model.fundable(100, 300, 3) == 100
    assert model.fundable(50, 10, 50) == 0
    assert 14.7 / 2.1 < 7 and model.fundable(50, 14.7, 2.1) == 7


@pytest.mark.parametrize(("skew", "limit"), [(1.5, 5.677), (2.0, 2.5)])
def test_beyond_a_skew_of_one_the_effective_number_has_a_bound(skew: float, limit: float) -> None:
    # The sums over an endless list: a million terms, and the integral over the rest.
    ranks = np.arange(1.0, 1e6 + 1)
    whole, squares = ((ranks**-power).sum() + 1e6 ** (1 - power) / (power - 1) for power in (skew, 2 * skew))
    assert whole**2 / squares == pytest.approx(limit, abs=5e-4)
    numbers = [model.effective_number(model.hhi(n, skew)) for n in (20, 50, 100)]
    assert numbers == sorted(numbers) and numbers[-1] < limit


def test_out_of_range() -> None:
    with pytest.raises(InputError, match="priorities must be from 5 to 100, but is 4; the nearest allowed value is 5"):
        model.hhi(4, 0)
    with pytest.raises(InputError, match="returns_shape must be from 1 to 16, but is 0.5"):
        breakthroughs(50, 0, 0.5)
    with pytest.raises(InputError, match="scale_threshold must be a number from 0.5 to 50, but is True"):
        model.success(1.0, True, 2.0)
    with pytest.raises(InputError, match="skew must be from 0 to 2, but is 2.5"):
        model.weight(1, 50, pd.Series([1.0, 2.5]))


# ---- properties


@given(settings_of_the_model)
@settings(max_examples=40, deadline=None)
def test_the_accounts_add_up(p: dict) -> None:
    length, skew, budget, threshold, shape = (p[name] for name in P)
    shares = list(model.weight(pd.Series(model.RANKS), length, skew))
    whole = math.floor(length)
    assert sum(shares) == pytest.approx(1) and shares == sorted(shares, reverse=True)
    assert all(shares[:whole]) and not any(shares[whole:])
    index = model.hhi(length, skew)
    assert 1 / whole - 1e-12 <= index <= 1 and 1 - 1e-9 <= model.effective_number(index) <= whole + 1e-9
    funded = model.funded_at_scale(length, skew, budget, threshold)
    assert funded <= model.fundable(length, budget, threshold)
    at_scale = sum(share for share in shares if share * budget >= threshold - 1e-9)
    assert model.money_below_scale(length, skew, budget, threshold) == pytest.approx(1 - at_scale)
    # Those at scale succeed with a chance of a half or more, the others with less.
    assert funded / 2 - 1e-6 <= breakthroughs(length, skew, shape, budget, threshold) <= whole
    assert breakthroughs(length, skew, shape, budget, threshold) <= funded + (whole - funded) / 2 + 1e-6


@given(settings_of_the_model)
@settings(max_examples=30, deadline=None)
def test_equal_priorities_count_as_many_as_they_are(p: dict) -> None:
    assert model.effective_number(model.hhi(p["priorities"], 0.0)) == pytest.approx(math.floor(p["priorities"]))


@given(st.lists(settings_of_the_model, min_size=2, max_size=4))
@settings(max_examples=20, deadline=None)
def test_columns_give_row_by_row_what_floats_give(rows: list[dict]) -> None:
    frame = pd.DataFrame(rows)
    columns = [frame[name] for name in P]
    for result, used in (
        (model.hhi, 2),
        (model.breakthroughs, 5),
        (model.funded_at_scale, 4),
        (model.money_below_scale, 4),
    ):
        together = result(*columns[:used])
        for i, row in enumerate(rows):
            assert together[i] == pytest.approx(result(*[row[name] for name in P][:used]), rel=1e-12, abs=1e-12)


# ---- expressions


def test_altair_expressions_give_vega_text() -> None:
    n, a = alt.param(name="priorities"), alt.param(name="skew")
    tenth = model.weight(10, n, a, alt.param(name="list_total"))
    assert isinstance(tenth, Expr)
    assert str(tenth) == "(((floor(priorities) >= 10) ? pow(10, (-skew)) : 0.0) / list_total)"
    assert str(model.success(alt.datum.x, 4.0, n)) == "(1 / (1 + pow((4.0 / datum.x), priorities)))"
    assert str(model.fundable(n, 100.0, 4.0)) == "min(floor(priorities), 25)"
    with pytest.raises(TypeError, match="has no value in Python"):
        bool(model.at_scale(alt.datum.x, 4.0))
