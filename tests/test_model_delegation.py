"""The delegation model against the values and corners that the book relies on."""

import math

import numpy as np
import pandas as pd
import pytest
from jointaction import explorer
from jointaction.faces.ops import param
from jointaction.models import delegation as model


@pytest.mark.parametrize(
    ("gap", "bias", "weight", "smallest", "ratio"),
    [(1, 1, 0.5, 0.5, 1.0), (2, 1, 0.8, 0.8, 4.0), (1, 2, 0.2, 0.8, 0.25)],
)
def test_best_weight_and_ratio(gap, bias, weight, smallest, ratio):
    assert model.best_weight(gap, bias) == pytest.approx(weight)
    assert model.loss(gap, bias, weight) == pytest.approx(smallest)
    assert model.best_matching_ratio(gap, bias) == pytest.approx(ratio)
    assert model.best_matching_ratio(gap, bias) == pytest.approx(weight / (1 - weight))


@pytest.mark.parametrize(("exponent", "share", "ratio"), [(1, 0.5, 1.0), (2, 0.7071, 2.4142), (0.5, 0.25, 1 / 3)])
def test_how_influence_follows_money_moves_the_best_ratio(exponent, share, ratio):
    found = model.best_matching_ratio(1, 1, influence_exponent=exponent)
    assert found == pytest.approx(ratio, abs=5e-5)
    assert found / (1 + found) == pytest.approx(share, abs=5e-5)
    assert model.weight_of_ratio(found, exponent) == pytest.approx(model.best_weight(1, 1))


@pytest.mark.parametrize("exponent", [0.25, 1.0, 4.0])
@pytest.mark.parametrize(("gap", "bias"), [(0.1, 3.0), (3.0, 0.1), (1.0, 1.0)])
def test_best_ratio_at_the_ends_of_the_ranges(exponent, gap, bias):
    ratio = model.best_matching_ratio(gap, bias, False, exponent)
    assert 0 < ratio < math.inf
    assert model.weight_of_ratio(ratio, exponent) == pytest.approx(model.best_weight(gap, bias), rel=1e-6)


@pytest.mark.parametrize("gap", [0.1, 0.7, 1.0, 3.0])
@pytest.mark.parametrize("bias", [0.1, 1.3, 3.0])
def test_some_compromise_helps_unless_the_locality_overstates(gap, bias):
    weights = np.linspace(0.0005, 0.9995, 1000)
    better = min(model.loss_centralize(gap), model.loss_delegate(bias))
    for strategic in (False, True):
        found = better - model.loss(gap, bias, weights, strategic).min()
        assert found == pytest.approx(model.gain_from_compromise(gap, bias, strategic), abs=2e-5)
    assert model.gain_from_compromise(gap, bias) > 0 >= model.gain_from_compromise(gap, bias, True)


@pytest.mark.parametrize("gap", [0.1, 0.7, 1.0, 3.0])
@pytest.mark.parametrize("bias", [0.1, 1.3, 3.0])
@pytest.mark.parametrize("strategic", [False, True])
def test_best_weight_is_the_true_minimizer(gap, bias, strategic):
    best = model.best_weight(gap, bias, strategic)
    smallest = model.loss(gap, bias, best, strategic)
    for step in range(1001):
        assert smallest <= model.loss(gap, bias, step / 1000, strategic) + 1e-12
    assert smallest <= min(model.loss_centralize(gap), model.loss_delegate(bias)) + 1e-12


def test_ends_are_the_two_extremes():
    for strategic in (False, True):
        assert model.loss(1.5, 0.7, 0.0, strategic) == model.loss_centralize(1.5) == 1.5**2
        assert model.loss(1.5, 0.7, 1.0, strategic) == model.loss_delegate(0.7)


def test_overstating_makes_delegation_beat_every_compromise():
    assert model.loss(1, 1, 0.5, True) == 1.25
    assert model.loss(1, 1, 0.5, False) == 0.5
    assert model.overstatement(1.0, 0.5) == 2.0
    assert math.isinf(model.overstatement(1.0, 0.0))
    # An unread report does no harm, a barely read one does its full harm.
    assert model.loss(1, 2, 0.0, True) == 1.0
    assert model.loss(1, 2, 1e-9, True) == pytest.approx(5.0)


def test_all_or_nothing_with_overstating():
    assert (model.best_weight(1, 1, True), model.best_matching_ratio(1, 1, True)) == (1.0, math.inf)  # a tie
    assert (model.best_weight(2, 1, True), model.best_matching_ratio(2, 1, True)) == (1.0, math.inf)
    assert (model.best_weight(1, 2, True), model.best_matching_ratio(1, 2, True)) == (0.0, 0.0)


def test_a_ratio_read_backwards():
    # m = 0.5 is best only if σ² = b²/2, and m = 1 only if σ² = b².
    for ratio in (0.5, 1.0):
        gap = model.gap_that_justifies(ratio, 1.4)
        assert gap**2 == pytest.approx(ratio * 1.4**2)
        for exponent in (0.5, 1.0, 2.0):
            gap = model.gap_that_justifies(ratio, 1.4, exponent)
            assert model.best_matching_ratio(gap, 1.4, False, exponent) == pytest.approx(ratio)
            assert model.best_weight(gap, 1.4) == pytest.approx(model.weight_of_ratio(ratio, exponent))


@pytest.mark.parametrize(
    ("name", "value", "span"),
    [
        ("information_gap", 0.0, "0.1 to 3"),
        ("information_gap", 3.1, "0.1 to 3"),
        ("local_bias", -1.0, "0.1 to 3"),
        ("local_weight", 1.01, "0 to 1"),
        ("local_weight", -0.01, "0 to 1"),
        ("local_bias", math.nan, "0.1 to 3"),
    ],
)
def test_out_of_range(name, value, span):
    setting = {"information_gap": 1.0, "local_bias": 1.0, "local_weight": 0.5, name: value}
    with pytest.raises(ValueError, match=f"{name} must be from {span}, but is {value:g}"):
        model.loss(**setting)


def test_columns_and_expressions():
    weights = pd.Series([0.0, 0.5, 1.0])
    assert list(model.loss(1.0, 2.0, weights)) == [1.0, 1.25, 4.0]
    assert list(model.loss(1.0, 2.0, weights, True)) == [1.0, 4.25, 4.0]
    assert "local_weight" in str(model.loss(1.0, 1.0, param("local_weight"), param("strategic_reporting")))


def test_explorer_reads_out_the_model():
    figure = explorer("delegation")
    assert figure.values() == {
        "information_gap": 1.0,
        "local_bias": 1.0,
        "local_weight": 0.33,
        "influence_exponent": 1.0,
        "strategic_reporting": False,
    }
    assert set(figure.results()) == {
        "loss_centralize",
        "loss_delegate",
        "loss_joint",
        "best_weight",
        "best_matching_ratio",
    }
    assert figure.results()["loss_joint"] == pytest.approx(0.33**2 + 0.67**2)
    overstated = figure.results(local_weight=0.0, local_bias=2.0, strategic_reporting=True)
    assert overstated["loss_joint"] == overstated["loss_centralize"] == 1.0
    assert overstated["best_weight"] == 0.0
    assert figure.results(influence_exponent=2.0)["best_matching_ratio"] == pytest.approx(2.4142, abs=5e-5)
    assert figure.evaluate(strategic_reporting=True).tables["ratios"].empty
