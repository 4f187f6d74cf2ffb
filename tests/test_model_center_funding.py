"""The model of the funding of an innovation center against the values and corners that the book relies on."""

import math

import pandas as pd
import pytest
from jointaction import explorer
from jointaction.faces.ops import param
from jointaction.models import center_funding as model

PLAN_2016 = {"business_share": 14.2 / 15, "local_share": 0.8 / 15}
LOCALLY_LED = {"business_share": 0.2, "local_share": 0.6}


def results(**changes):
    return explorer("center-funding").results(**changes)


def test_plan_of_2016():
    r = results(**PLAN_2016)
    assert r["business_pays"] is False and r["viable"] is False
    assert r["progress"] == pytest.approx(0.0533, abs=5e-5)
    assert r["required_appropriability"] == pytest.approx(0.675)
    assert r["bridge_cost"] == 0
    assert r["funding_gap"] == pytest.approx(14.2)
    assert r["expected_local_burden"] == pytest.approx(0.8)


def test_locally_led_design():
    r = results(**LOCALLY_LED)
    assert r["business_pays"] is False and r["viable"] is True
    assert r["progress"] == pytest.approx(0.8)
    assert r["funding_gap"] == pytest.approx(3.0)  # the firm still withholds: a fifth of the bill stays unpaid
    assert r["bridge_cost"] == pytest.approx(0.3746, abs=5e-5)
    assert r["expected_local_burden"] == pytest.approx(9.9746, abs=5e-5)


def test_locally_led_design_without_an_advance():
    r = results(**LOCALLY_LED, bridge=False)
    assert r["progress"] == pytest.approx(0.6)
    assert r["viable"] is False
    assert r["bridge_cost"] == 0
    assert r["expected_local_burden"] == pytest.approx(9.0)


def test_locally_led_design_stalls_at_a_higher_scale():
    r = results(**LOCALLY_LED, viable_scale=0.85)
    assert r["viable"] is False
    assert r["expected_local_burden"] == pytest.approx(12.3746, abs=5e-5)


def test_totals_of_the_press_and_what_the_firm_was_to_pay():
    assert [round(100 * 14.2 / total) for total in (15, 30, 60)] == [95, 47, 24]
    total = model.PARAMETERS["total_cost"]
    assert (total.default, total.low, total.high) == (15, 1, 60)
    assert model.PARAMETERS["business_share"].default * total.default == pytest.approx(14.2)
    figure = explorer("center-funding")
    presets = {p.id: figure.results(**p.values) for p in figure.presets}
    assert presets == {"plan-2016": results(**PLAN_2016), "locally-led": results(**LOCALLY_LED)}


def test_arrow_keys_reach_the_values_that_exercises_name():
    for name, value in (("appropriability", 0.675), ("return_multiple", 2.16), ("viable_scale", 0.85)):
        p = model.PARAMETERS[name]
        steps = (value - p.low) / p.step
        assert steps == pytest.approx(round(steps)), name


def test_business_joins_at_the_required_part():
    needed = model.required_appropriability(1.6, 0.08)
    assert model.business_pays(1.6, needed, 0.08)
    assert not model.business_pays(1.6, needed - 1e-6, 0.08)
    assert results(**PLAN_2016, appropriability=0.675)["progress"] == pytest.approx(1.0)
    assert model.required_appropriability(0.1, 0.5) == pytest.approx(15.0)  # no part is enough


def test_a_stalled_center_gets_no_subsidy():
    stalled = results(**LOCALLY_LED, viable_scale=0.9)
    assert not stalled["viable"]
    assert stalled["expected_local_burden"] == pytest.approx(15 * (0.6 + 0.2 * 1.04**3))


def test_thresholds_count_as_met_when_equal():
    assert model.viable(0.6 + 0.1, 0.7)  # 0.7 by rounding, give or take
    assert results(**LOCALLY_LED, viable_scale=0.8)["viable"]
    assert results(**PLAN_2016, viable_scale=0.0)["viable"]


def test_shares():
    assert model.central_share(0.85, 0.15) == 0
    assert model.central_share(0.2, 0.6) == pytest.approx(0.2)
    assert model.central_share(0.0, 0.0) == 1
    assert model.usable_local_share(0.85, 0.6) == pytest.approx(0.15)
    for x_b, x_l in ((0.85, 0.2), (1.0, 0.05)):
        with pytest.raises(
            ValueError, match=f"local_share must be from 0 to .*but is {x_l:g}.*nearest allowed value is"
        ):
            model.central_share(x_b, x_l)
    with pytest.raises(ValueError, match="local_share"):
        model.central_share(pd.Series([0.2, 0.9]), 0.5)
    assert list(model.central_share(pd.Series([0.2, 0.5]), 0.5)) == pytest.approx([0.3, 0.0])


def test_any_setting_of_the_figure_works():
    capped = results(business_share=0.85, local_share=1.0)
    assert capped == pytest.approx(results(business_share=0.85, local_share=0.15))
    assert results(business_share=1.0, local_share=1.0, appropriability=1.0)["progress"] == 1.0
    nothing = results(business_share=0.0, local_share=0.0, years=0.0, interest=0.2)
    assert nothing["progress"] == 1.0 and nothing["bridge_cost"] == 0


@pytest.mark.parametrize(
    ("name", "value", "span"),
    [
        ("business_share", 1.2, "0 to 1"),
        ("local_share", -0.1, "0 to 1"),
        ("return_multiple", 0.0, "0.1 to 5"),
        ("appropriability", 1.5, "0 to 1"),
        ("hurdle", 0.6, "0 to 0.5"),
    ],
)
def test_out_of_range(name, value, span):
    setting = {
        "business_share": 0.2,
        "local_share": 0.2,
        "return_multiple": 1.6,
        "appropriability": 0.5,
        "hurdle": 0.08,
        name: value,
    }
    with pytest.raises(ValueError, match=f"{name} must be from {span}, but is {value:g}"):
        model.progress(**setting)


@pytest.mark.parametrize(
    ("name", "value"), [("total_cost", 0.5), ("interest", 0.3), ("years", 11.0), ("subsidy_probability", math.nan)]
)
def test_out_of_range_money(name, value):
    setting = {
        "business_share": 0.2,
        "local_share": 0.6,
        "total_cost": 15,
        "subsidy_probability": 0.8,
        "interest": 0.04,
        "years": 3.0,
        "is_viable": True,
        name: value,
    }
    with pytest.raises(ValueError, match=f"{name} must be from"):
        model.expected_local_burden(**setting)


def test_expressions():
    text = str(model.progress(param("x_b"), param("x_l"), 1.6, param("a"), 0.08, param("bridge")))
    assert "x_b" in text and "bridge" in text


def test_bars_of_the_figure_add_up():
    for setting in (PLAN_2016, LOCALLY_LED, {"business_share": 0.3, "local_share": 0.3, "appropriability": 0.9}):
        parts = explorer("center-funding").evaluate(**setting).tables["parts"]
        for _, bar in parts.groupby("bar"):
            assert bar["share"].sum() == pytest.approx(1.0)
            assert (bar["stop"] - bar["start"]).sum() == pytest.approx(15)


def test_explorer_names():
    figure = explorer("center-funding")
    assert set(figure.results()) == {
        "business_pays",
        "progress",
        "viable",
        "funding_gap",
        "bridge_cost",
        "expected_local_burden",
        "required_appropriability",
    }
    defaults = {
        "total_cost": 15,
        "return_multiple": 1.6,
        "appropriability": 0.5,
        "hurdle": 0.08,
        "subsidy_probability": 0.8,
        "interest": 0.04,
        "years": 3.0,
        "viable_scale": 0.7,
        "bridge": True,
    }
    assert figure.values() == {**PLAN_2016, **defaults}
