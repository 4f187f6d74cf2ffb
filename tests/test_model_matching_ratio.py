"""The matching-ratio model: the values of its specification, its corners, and its two faces."""

import math

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jointaction import explorer
from jointaction.errors import InputError
from jointaction.explorers.matching_ratio import provinces
from jointaction.faces.ops import Expr, where
from jointaction.models import matching_ratio as model

P = model.PARAMETERS
ROWS = provinces()
FIGURE = explorer("matching-ratio")
WILLING = ("agricultural_focus", "influence", "value_of_steering", "local_value_share", "opportunity_cost")
CHARACTERISTICS = ["primary_relative", "rd_relative", "st_budget", "self_sufficiency"]

settings_of_the_model = st.fixed_dictionaries({name: st.floats(p.low, p.high) for name, p in P.items()})
provinces_of_any_kind = st.tuples(st.floats(0, 10), st.floats(0, 10), st.floats(0, 2000), st.floats(0, 1))


def names(outcome: str, **changes: float) -> set[str]:
    rows = FIGURE.evaluate(**changes).tables["provinces"]
    return set(rows.loc[rows["outcome"] == outcome, "province"])


def leaving(**changes: float) -> pd.Series:
    return FIGURE.evaluate(**changes).tables["provinces"].set_index("province")["leaving_ratio"]


def willing(row: tuple, p: dict) -> bool:
    return model.willing(
        row[0], row[1], p["matching_ratio"], *(p[name] for name in WILLING), row[3], p["fiscal_stress"]
    )


def able(row: tuple, p: dict) -> bool:
    return model.able(row[2], p["matching_ratio"], p["central_per_province"], p["ability_share"])


def leaving_ratio(row: tuple, p: dict) -> float:
    return model.leaving_ratio(
        *row[:3],
        *(p[name] for name in WILLING),
        p["central_per_province"],
        p["ability_share"],
        row[3],
        p["fiscal_stress"],
    )


# ---- the specification's parameters and values


def test_the_parameters_have_the_agreed_names_defaults_and_ranges() -> None:
    assert {name: (p.symbol, p.default, p.low, p.high) for name, p in P.items()} == {
        "matching_ratio": ("m", 1.0, 0.0, 2.0),
        "agricultural_focus": ("φ", 0.8, 0.0, 1.0),
        "influence": ("θ", 1.0, 0.0, 1.0),
        "value_of_steering": ("γ", 0.3, 0.0, 1.0),
        "local_value_share": ("β", 0.6, 0.0, 1.0),
        "opportunity_cost": ("ω₁", 0.5, 0.0, 2.0),
        "central_per_province": ("C", 1.0, 0.1, 10.0),
        "ability_share": ("κ", 0.1, 0.01, 1.0),
        "fiscal_stress": ("λ", 0.0, 0.0, 1.0),
    }
    assert [control.name for control in FIGURE.controls] == [*P, "spend_unclaimed", "province"]
    assert FIGURE.values()["spend_unclaimed"] is False


FIRST_OUT = {"Beijing", "Shanghai", "Tianjin"}
SIX_OUT = FIRST_OUT | {"Jiangsu", "Zhejiang", "Guangdong"}
NINE_OUT = SIX_OUT | {"Shanxi", "Fujian", "Chongqing"}
FOURTEEN_OUT = NINE_OUT | {"Shandong", "Anhui", "Shaanxi", "Jiangxi", "Ningxia"}
SEVENTEEN_OUT = FOURTEEN_OUT | {"Hubei", "Hunan", "Liaoning"}


@pytest.mark.parametrize(
    ("ratio", "joining", "pool", "unwilling", "unable"),
    [
        (0.25, 28, 35.0, FIRST_OUT, set()),
        (0.5, 25, 37.5, SIX_OUT, set()),
        (1.0, 21, 42.0, NINE_OUT, {"Tibet"}),
        (1.5, 15, 37.5, FOURTEEN_OUT, {"Tibet", "Qinghai"}),
        (2.0, 12, 36.0, SEVENTEEN_OUT, {"Tibet", "Qinghai"}),
    ],
)
def test_who_joins_at_the_defaults(
    ratio: float, joining: int, pool: float, unwilling: set[str], unable: set[str]
) -> None:
    results = FIGURE.results(matching_ratio=ratio)
    assert results == {
        "local_share": pytest.approx(ratio / (1 + ratio)),
        "joining": joining,
        "unwilling": len(unwilling),
        "unable": len(unable),
        "pool": pytest.approx(pool),
        "nationally_steered": pytest.approx(joining),
        "central_unspent": pytest.approx(31 - joining),
    }
    assert names("unwilling", matching_ratio=ratio) == unwilling
    assert names("unable", matching_ratio=ratio) == unable
    assert names("joins", matching_ratio=ratio) == set(ROWS["province"]) - unwilling - unable


def test_the_presets_are_two_policy_years_a_technology_call_and_fiscal_stress() -> None:
    joining = {p.id: FIGURE.results(**p.values)["joining"] for p in FIGURE.presets}
    assert joining == {"2021": 25, "2022": 21, "technology": 6, "stress": 13}


def test_the_highest_tooth_of_the_pool() -> None:
    # A shade below each ratio, since rounding may let a province leave exactly at its own.
    teeth = {ratio: ratio_pool(ratio - 1e-12) for ratio in leaving() if ratio <= 2}
    top = max(teeth, key=lambda ratio: teeth[ratio][1])
    assert (round(top, 4), teeth[top][0], round(teeth[top][1], 3)) == (0.7898, 25, 44.746)
    assert top == leaving()["Fujian"]
    # A tooth ends where a province leaves: just beyond, one is gone and the pool has fallen.
    assert ratio_pool(top + 1e-9)[0] == 24


def ratio_pool(ratio: float) -> tuple[int, float]:
    results = FIGURE.results(matching_ratio=ratio)
    return results["joining"], results["pool"]


def test_the_curve_is_the_pool_at_every_ratio() -> None:
    curve = FIGURE.evaluate().tables["curve"]
    assert list(curve["ratio"].iloc[[0, -1]]) == [0.0, 2.0]
    for row in curve.iloc[::40].itertuples():
        results = FIGURE.results(matching_ratio=row.ratio)
        assert (row.joining, row.pool, row.nationally_steered) == (
            results["joining"],
            results["pool"],
            results["nationally_steered"],
        )


def test_a_technology_call() -> None:
    assert names("joins", agricultural_focus=0.0) == SIX_OUT
    assert FIGURE.results(agricultural_focus=0.0)["joining"] == 6


def test_shandong_barely_joins() -> None:
    assert round(leaving()["Shandong"], 3) == 1.009
    assert {"Henan", "Hubei", "Shandong"} <= names("joins")
    assert "Shandong" in names("unwilling", matching_ratio=1.01)


@pytest.mark.parametrize(
    ("influence", "ratio", "joining", "steered"),
    [(0.25, 1, 16, 28.0), (0, 1, 13, 26.0), (1, 1, 21, 21.0), (0, 0.5, 25, 37.5)],
)
def test_what_influence_costs_and_brings(influence: float, ratio: float, joining: int, steered: float) -> None:
    results = FIGURE.results(influence=influence, matching_ratio=ratio)
    assert (results["joining"], results["nationally_steered"]) == (joining, pytest.approx(steered))


def test_at_one_for_two_influence_never_pays_for_beijing() -> None:
    steered = [FIGURE.results(influence=i / 20, matching_ratio=0.5)["nationally_steered"] for i in range(21)]
    assert steered == sorted(steered, reverse=True) and steered[0] == 37.5 and steered[-1] == 25.0


def test_with_full_influence_nationally_steered_money_is_the_central_money() -> None:
    for ratio, expected in [(0.0, 31), (0.5, 25), (2.0, 12)]:
        results = FIGURE.results(matching_ratio=ratio)
        assert results["nationally_steered"] == pytest.approx(expected)
        assert results["nationally_steered"] == results["joining"]


@pytest.mark.parametrize(("ratio", "spent"), [(0.0, 31.0), (0.5, 43.5), (1.0, 52.0), (1.5, 53.5), (2.0, 55.0)])
def test_unclaimed_money_can_go_to_ordinary_projects(ratio: float, spent: float) -> None:
    plain = FIGURE.results(matching_ratio=ratio)
    results = FIGURE.results(matching_ratio=ratio, spend_unclaimed=True)
    assert results["joining"] == plain["joining"]
    assert results["pool"] == pytest.approx(spent) == pytest.approx(plain["pool"] + plain["central_unspent"])
    assert (results["nationally_steered"], results["central_unspent"]) == (pytest.approx(31.0), 0)


def test_ordinary_projects_are_directed_by_beijing_at_any_influence() -> None:
    results = FIGURE.results(matching_ratio=1.0, spend_unclaimed=True, influence=0.25)
    assert (results["joining"], results["nationally_steered"]) == (16, pytest.approx(31 + 16 * 0.75))
    # Nobody joins: all of it is spent without a match.
    nobody = FIGURE.results(spend_unclaimed=True, local_value_share=0.0, influence=0.0)
    assert [nobody[name] for name in ("joining", "pool", "nationally_steered", "central_unspent")] == [0, 31, 31, 0]


# ---- fiscal stress


@pytest.mark.parametrize(
    ("stress", "ratio", "joining", "pool"),
    [
        (0.0, 0.5, 25, 37.5),
        (0.0, 1.0, 21, 42.0),
        (0.25, 0.5, 25, 37.5),
        (0.25, 1.0, 18, 36.0),
        (0.5, 0.5, 25, 37.5),
        (0.5, 1.0, 13, 26.0),
        (1.0, 0.5, 21, 31.5),
        (1.0, 1.0, 8, 16.0),
    ],
)
def test_fiscal_stress_keeps_poor_provinces_out(stress: float, ratio: float, joining: int, pool: float) -> None:
    results = FIGURE.results(fiscal_stress=stress, matching_ratio=ratio)
    assert (results["joining"], results["pool"]) == (joining, pytest.approx(pool))


def test_who_leaves_under_fiscal_stress() -> None:
    assert names("joins") - names("joins", fiscal_stress=0.5) == {
        "Anhui",
        "Hubei",
        "Hunan",
        "Jiangxi",
        "Liaoning",
        "Ningxia",
        "Shaanxi",
        "Shandong",
    }


def test_from_a_stress_of_19_hundredths_the_pool_falls_from_one_for_two_to_one_for_one() -> None:
    falls = [i / 100 for i in range(101) if stressed(1.0, i / 100)["pool"] < stressed(0.5, i / 100)["pool"]]
    assert falls == [i / 100 for i in range(19, 101)]


def test_spending_in_all_has_a_peak_too() -> None:
    at = stressed(0.7535, 0.5, spend_unclaimed=True)
    assert (at["joining"], round(at["pool"], 3)) == (22, 47.577)
    teeth = {m: stressed(m - 1e-12, 0.5, spend_unclaimed=True)["pool"] for m in leaving(fiscal_stress=0.5) if m <= 2}
    top = max(teeth, key=teeth.get)
    assert (round(top, 4), round(teeth[top], 3)) == (0.7539, 47.585)
    assert stressed(top + 1e-9, 0.5)["joining"] == 21


def stressed(ratio: float, stress: float, **changes: float) -> dict:
    return FIGURE.results(matching_ratio=ratio, fiscal_stress=stress, **changes)


def test_a_province_that_raises_all_it_spends_feels_no_stress() -> None:
    assert model.cost_of_own_yuan(1.0, 0.5, 1.0, 1.0) == 1.5 == model.cost_of_own_yuan(1.0, 0.5)
    assert model.cost_of_own_yuan(1.0, 0.5, 0.0, 1.0) == 2.5
    assert model.cost_of_own_yuan(1.0, 0.5, 0.25, 0.4) == pytest.approx(1.8)
    assert ROWS["self_sufficiency"].between(0.05, 0.9).all()  # a fraction, not percent


# ---- corners


def test_at_a_ratio_of_zero_everyone_joins() -> None:
    results = FIGURE.results(matching_ratio=0.0)
    assert (results["joining"], results["pool"], results["local_share"]) == (31, 31.0, 0.0)


def test_with_no_local_value_nobody_joins_unless_it_is_free() -> None:
    assert FIGURE.results(local_value_share=0.0)["joining"] == 0
    assert FIGURE.results(local_value_share=0.0, matching_ratio=0.0)["joining"] == 31
    assert set(leaving(local_value_share=0.0)) == {0.0}


def test_with_no_opportunity_cost_rich_provinces_pay_like_the_rest() -> None:
    cost = FIGURE.evaluate(opportunity_cost=0.0).tables["provinces"]["cost"]
    assert set(cost) == {1.0}
    assert FIGURE.results(opportunity_cost=0.0)["joining"] > FIGURE.results()["joining"]


def test_a_province_is_willing_at_any_ratio_once_value_covers_the_whole_price() -> None:
    # fit 2, cost 1: worth 2 is above the price even at s = 1, so only the budget limits the ratio.
    assert model.leaving_ratio(2.0, 0.0, 50.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.1) == 5.0
    # The denominator is exactly zero: worth equals price at s = 1.
    assert model.leaving_ratio(1.0, 0.0, 50.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.1) == 5.0
    # No budget: able only at a ratio of zero.
    assert model.leaving_ratio(2.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.1) == 0.0


def test_the_smallest_purse_and_the_dearest_call() -> None:
    # κ at its lowest and C at its highest: m·C ≤ κ·S asks for a budget of 1,000, which no province has.
    assert ROWS["st_budget"].max() < 1000
    results = FIGURE.results(ability_share=0.01, central_per_province=10.0)
    assert results["joining"] == 0 and results["unable"] == 22
    assert FIGURE.results(ability_share=1.0, central_per_province=0.1)["unable"] == 0


def test_a_tie_counts_as_joining() -> None:
    assert model.able(10.0, 1.0, 1.0, 0.1) and model.willing(1.0, 1.0, 1.0, 0.5, 1.0, 0.0, 0.5, 0.0)


def test_whole_range_corners_give_numbers() -> None:
    low = {name: p.low for name, p in P.items()}
    high = {name: p.high for name, p in P.items()}
    for corner in (low, high):
        results = FIGURE.results(**corner)
        assert results["joining"] + results["unwilling"] + results["unable"] == 31
        assert all(math.isfinite(value) for value in results.values())


# ---- values out of range


@pytest.mark.parametrize("name", list(P))
def test_a_value_out_of_range_names_parameter_value_and_range(name: str) -> None:
    p = P[name]
    for value, nearest in ((p.low - 0.5, p.low), (p.high + 0.5, p.high)):
        with pytest.raises(InputError) as caught:
            FIGURE.results(**{name: value})
        assert isinstance(caught.value, ValueError)
        assert str(caught.value) == (
            f"{name} must be from {p.low:g} to {p.high:g}, but is {value:g}; the nearest allowed value is {nearest:g}."
        )
    with pytest.raises(InputError, match=f"{name} must be a number from .* but is 'one'"):
        FIGURE.results(**{name: "one"})
    with pytest.raises(InputError, match=f"{name} must be from"):
        FIGURE.results(**{name: math.nan})


def test_functions_check_too_and_look_into_columns() -> None:
    with pytest.raises(
        ValueError, match=r"matching_ratio must be from 0 to 2, but is -0\.1; the nearest allowed value is 0"
    ):
        model.local_share(-0.1)
    with pytest.raises(ValueError, match="matching_ratio must be from 0 to 2, but is 3"):
        model.local_share(pd.Series([0.5, 3.0]))
    with pytest.raises(ValueError, match="ability_share must be a number from 0.01 to 1, but is True"):
        model.able(10.0, 1.0, 1.0, True)
    with pytest.raises(InputError, match="no control 'theta'"):
        explorer("matching-ratio", theta=1)


# ---- a province joins if and only if the ratio is not above its own


@given(provinces_of_any_kind, settings_of_the_model)
@settings(max_examples=300, deadline=None)
def test_joining_is_the_same_as_a_ratio_up_to_the_leaving_ratio(row: tuple, p: dict) -> None:
    limit, ratio = leaving_ratio(row, p), p["matching_ratio"]
    assert limit >= 0
    joins = model.joins(willing(row, p), able(row, p))
    if not math.isclose(ratio, limit, rel_tol=1e-9, abs_tol=1e-12):
        assert joins == (ratio <= limit)
    # Both sides of the limit itself, where it can be reached.
    if 1e-3 < limit < 2 / 1.001:
        just_below, just_above = p | {"matching_ratio": limit * 0.9999}, p | {"matching_ratio": limit * 1.0001}
        assert model.joins(willing(row, just_below), able(row, just_below))
        assert not model.joins(willing(row, just_above), able(row, just_above))


@given(settings_of_the_model)
@settings(max_examples=60, deadline=None)
def test_columns_give_row_by_row_what_floats_give(p: dict) -> None:
    willing_to = [p[name] for name in WILLING]
    columns = [ROWS[name] for name in CHARACTERISTICS]
    own = (columns[3], p["fiscal_stress"])
    is_willing = model.willing(*columns[:2], p["matching_ratio"], *willing_to, *own)
    is_able = model.able(columns[2], p["matching_ratio"], p["central_per_province"], p["ability_share"])
    limits = model.leaving_ratio(*columns[:3], *willing_to, p["central_per_province"], p["ability_share"], *own)
    outcomes = model.outcome(is_willing, is_able)
    for i, row in enumerate(ROWS[CHARACTERISTICS].itertuples(index=False)):
        assert is_willing[i] == willing(row, p) and is_able[i] == able(row, p)
        assert limits[i] == leaving_ratio(row, p)
        assert outcomes[i] == model.outcome(willing(row, p), able(row, p))
    assert list(model.joins(is_willing, is_able)) == [outcome == "joins" for outcome in outcomes]


@given(settings_of_the_model, st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_accounts_add_up(p: dict, spend_unclaimed: bool) -> None:
    results = FIGURE.results(**p, spend_unclaimed=spend_unclaimed)
    central, match = p["central_per_province"], p["matching_ratio"] * p["central_per_province"]
    assert results["joining"] + results["unwilling"] + results["unable"] == 31
    spent = 31 * central - results["central_unspent"]
    assert results["pool"] == pytest.approx(spent + results["joining"] * match)
    assert spent - 1e-9 <= results["nationally_steered"] <= results["pool"] + 1e-9


def test_a_column_of_parameters_works_as_well() -> None:
    ratios = pd.Series([0.0, 0.5, 1.0])
    assert list(model.local_share(ratios)) == [0.0, 0.5 / 1.5, 0.5]
    assert list(model.pool(np.array([31, 25, 21]), 31, ratios.to_numpy(), 1.0)) == [31.0, 37.5, 42.0]


# ---- expressions


def test_altair_expressions_give_vega_text() -> None:
    m = alt.param(name="matching_ratio", value=1.0)
    share = model.local_share(m)
    assert isinstance(share, Expr) and str(share) == "(matching_ratio / (1 + matching_ratio))"
    fit = model.fit(alt.datum.a, alt.datum.t, 0.8)
    assert str(fit) == "((0.8 * datum.a) + (0.19999999999999996 * datum.t))"
    wants = model.willing(alt.datum.a, alt.datum.t, m, *(P[name].default for name in WILLING))
    can = model.able(alt.datum.S, m, alt.param(name="central"), 0.1)
    assert str(can) == "((matching_ratio * central) <= (0.1 * datum.S))"
    assert str(model.joins(wants, can)) == f"({wants} && {can})"
    assert str(model.outcome(wants, can)) == f'((!{wants}) ? "unwilling" : ({can} ? "joins" : "unable"))'
    limit = model.leaving_ratio(
        alt.datum.a, alt.datum.t, alt.datum.S, alt.param(name="phi"), *(P[n].default for n in WILLING[1:]), 1.0, 0.1
    )
    assert isinstance(limit, Expr) and str(limit).startswith("min((") and "phi" in str(limit)
    for money in (
        model.pool(alt.datum.n, 31, m, 1.0),
        model.nationally_steered(alt.datum.n, 31, m, 1.0, 1.0, True),
        model.central_unspent(alt.datum.n, 31, 1.0, alt.param(name="spend_unclaimed")),
    ):
        assert isinstance(money, Expr)


def test_an_expression_does_not_decide_for_python() -> None:
    m = alt.param(name="matching_ratio")
    wants = model.willing(alt.datum.a, alt.datum.t, m, *(P[name].default for name in WILLING))
    can = model.able(alt.datum.S, m, 1.0, 0.1)
    for use in (
        lambda: "joins" if wants else "stays out",
        lambda: wants and can,
        lambda: wants or can,
        lambda: not wants,
        lambda: min(model.local_share(m), 0.5),
        lambda: max(0.5, model.local_share(m)),
        lambda: 0 < model.local_share(m) < 1,
    ):
        with pytest.raises(TypeError, match="has no value in Python"):
            use()
    assert isinstance(where(wants, 1, 0), Expr)
