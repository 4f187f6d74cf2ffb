"""The model of manufacturing's share against the values, identities and corners that the book relies on."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jointaction.faces.ops import param
from jointaction.models import industrial_base as model
from test_ops import vega

START, GROWTH, YEARS, WORLD = 27.7, 0.045, 13.0, 30.0
rates = st.floats(-0.05, 0.12)
growths = st.floats(0.0, 0.12)
horizons = st.floats(1.0, 30.0)
shares = st.floats(15.0, 40.0)


# ---- values


@pytest.mark.parametrize(
    ("quantity", "price", "expected"), [(0.045, -0.01, 24.3073), (0.065, -0.03, 23.8531), (0.035, 0.0, 24.4451)]
)
def test_share_after_thirteen_years(quantity, price, expected):
    growth = model.manufacturing_growth(quantity, price)
    assert model.share(START, GROWTH, growth, YEARS) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("world", "expected"), [(0.025, 38.5676), (0.02, 41.0990), (0.045, 30.0)])
def test_world_share_if_held(world, expected):
    held = model.required_growth(START, START, GROWTH, YEARS)
    assert model.world_share(WORLD, held, world, YEARS) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("today", "expected"), [(6.0, 8.5498), (3.0, 5.9023), (10.0, 12.0798)])
def test_net_exports_needed(today, expected):
    assert model.net_exports_needed(START, START, GROWTH, today, 0.035, YEARS) == pytest.approx(expected, abs=5e-5)


def test_from_one_announced_share_to_the_next():
    assert model.required_growth(27.7, 26.2, GROWTH, 1.0) == pytest.approx(-0.0116, abs=5e-5)
    assert model.required_growth(26.2, 27.7, GROWTH, 12.0) == pytest.approx(0.0499, abs=5e-5)


# ---- identities


@given(shares, growths, horizons)
def test_holding_a_share_needs_the_growth_of_gdp(start, growth, years):
    held = model.required_growth(start, start, growth, years)
    assert held == pytest.approx(growth, abs=1e-12)
    assert model.share(start, growth, held, years) == pytest.approx(start)


@given(shares, shares, growths, horizons)
def test_required_growth_leads_to_the_target(start, target, growth, years):
    needed = model.required_growth(start, target, growth, years)
    assert model.share(start, growth, needed, years) == pytest.approx(target)
    assert model.gap_to_target(target, model.share(start, growth, needed, years)) == pytest.approx(0, abs=1e-9)


@given(rates, st.floats(-0.05, 0.05))
def test_quantity_and_price_multiply(quantity, price):
    growth = model.manufacturing_growth(quantity, price)
    assert 1 + growth == pytest.approx((1 + quantity) * (1 + price))
    if quantity > GROWTH and (1 + quantity) * (1 + price) < 1 + GROWTH:
        # Quantities outrun the economy and the share falls all the same.
        assert model.share(START, GROWTH, growth, YEARS) < START


@given(shares, growths, rates, horizons, horizons)
def test_years_add_up(start, growth, part, first, second):
    halfway = model.share(start, growth, part, first)
    assert model.share(halfway, growth, part, second) == pytest.approx(model.share(start, growth, part, first + second))


@given(shares, st.floats(0.0, 15.0), st.floats(0.0, 0.08), horizons)
def test_net_exports_stay_where_home_demand_keeps_pace(start, today, pace, years):
    assert model.net_exports_needed(start, start, pace, today, pace, years) == pytest.approx(today, abs=1e-9)
    total = model.net_exports_needed(start, start, 0.05, today, pace, years)
    assert total + model.home_demand(start, 0.05, today, pace, years) == pytest.approx(start)


def test_the_rest_of_the_economy_makes_room():
    # GDP grows alike in both cases, so a held share slows everything else: nothing is added.
    def rest(end_share):
        return (1 + GROWTH) * ((100 - end_share) / (100 - START)) ** (1 / YEARS) - 1

    drift = model.share(START, GROWTH, model.manufacturing_growth(0.035, 0.0), YEARS)
    assert rest(drift) == pytest.approx(0.04855, abs=5e-6)
    assert rest(START) == pytest.approx(GROWTH)


# ---- corners


def test_at_the_start_nothing_has_moved():
    assert model.share(START, 0.12, -0.05, 0.0) == START
    assert model.world_share(WORLD, 0.12, 0.0, 0.0) == WORLD
    assert model.net_exports_needed(START, START, 0.12, 6.0, 0.0, 0.0) == pytest.approx(6.0)


def test_ends_of_the_ranges_stay_finite():
    low = model.manufacturing_growth(-0.05, -0.05)
    high = model.manufacturing_growth(0.12, 0.05)
    assert 0 < model.share(26.2, 0.12, low, 30.0) < 1
    assert model.share(START, 0.0, high, 30.0) > 100  # the model does not stop at the whole economy
    assert model.world_share(WORLD, high, 0.0, 30.0) > 100
    assert all(math.isfinite(model.required_growth(26.2, target, 0.0, 1.0)) for target in (15.0, 40.0))
    assert model.net_exports_needed(26.2, 15.0, 0.0, 15.0, 0.08, 30.0) < 0  # bought abroad on balance


@pytest.mark.parametrize(
    ("name", "value", "span"),
    [
        ("growth", -0.01, "0 to 0.12"),
        ("quantity_growth", 0.13, "-0.05 to 0.12"),
        ("relative_price", 0.06, "-0.05 to 0.05"),
        ("target_share", 14.9, "15 to 40"),
        ("years", 0.0, "1 to 30"),
        ("world_growth", 0.081, "0 to 0.08"),
        ("net_exports", -1.0, "0 to 15"),
        ("home_demand_growth", math.nan, "0 to 0.08"),
    ],
)
def test_out_of_range(name, value, span):
    with pytest.raises(ValueError, match=f"{name} must be from {span}, but is {value:g}"):
        {
            "growth": lambda: model.required_growth(START, START, value, 1.0),
            "quantity_growth": lambda: model.manufacturing_growth(value, 0.0),
            "relative_price": lambda: model.manufacturing_growth(0.0, value),
            "target_share": lambda: model.required_growth(START, value, GROWTH, 1.0),
            "years": lambda: model.required_growth(START, START, GROWTH, value),
            "world_growth": lambda: model.world_share(WORLD, GROWTH, value, 1.0),
            "net_exports": lambda: model.home_demand(START, GROWTH, value, 0.035, 1.0),
            "home_demand_growth": lambda: model.home_demand(START, GROWTH, 6.0, value, 1.0),
        }[name]()


# ---- numbers, columns and expressions alike

CASES = {
    "manufacturing_growth": (model.manufacturing_growth, [(0.045, -0.01), (0.065, -0.03)]),
    "share": (model.share, [(27.7, 0.045, 0.035, 13.0), (26.2, 0.0, -0.05, 0.0)]),
    "required_growth": (model.required_growth, [(27.7, 26.2, 0.045, 1.0), (26.2, 27.7, 0.03, 12.0)]),
    "gap_to_target": (model.gap_to_target, [(27.7, 24.4), (15.0, 40.0)]),
    "world_share": (model.world_share, [(30.0, 0.045, 0.025, 13.0), (30.0, -0.02, 0.08, 30.0)]),
    "home_demand": (model.home_demand, [(27.7, 0.045, 6.0, 0.035, 13.0), (26.2, 0.0, 15.0, 0.08, 1.0)]),
    "net_exports_needed": (
        model.net_exports_needed,
        [(27.7, 27.7, 0.045, 6.0, 0.035, 13.0), (26.2, 40.0, 0.12, 0.0, 0.0, 30.0)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_columns_and_the_browser_give_what_numbers_give(name):
    function, rows = CASES[name]
    by_number = [function(*row) for row in rows]
    by_column = function(*(pd.Series(values) for values in zip(*rows)))
    assert list(by_column) == pytest.approx(by_number, rel=1e-14)
    by_vega = vega(*(function(*(param(repr(value)) for value in row)) for row in rows))
    assert [float(text) for text in by_vega] == pytest.approx(by_number, rel=1e-12, abs=1e-15)


def test_a_year_falls_and_rises_with_each_rate():
    years = np.arange(31.0)
    assert (np.diff(model.share(START, GROWTH, 0.03, years)) < 0).all()
    assert (np.diff(model.share(START, GROWTH, 0.06, years)) > 0).all()
