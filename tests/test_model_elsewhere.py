"""Other systems' ratios asked of China's provinces: the values of the specification, the contract, and its faces."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jointaction import explorer, load
from jointaction.errors import InputError
from jointaction.explorers.elsewhere import CLASSES, provinces_by_wealth, rates
from jointaction.faces.ops import Expr, param
from jointaction.models import elsewhere as model

FIGURE = explorer("elsewhere")
ratios = st.floats(0, 2)


def out(**changes: object) -> set[str]:
    rows = FIGURE.evaluate(**changes).tables["provinces"]
    return set(rows.loc[rows["outcome"] != "joins", "province"])


# ---- the specification's values


@pytest.mark.parametrize(
    ("ratio", "joining"),
    [(1 / 9, 31), (0.176, 30), (1 / 3, 28), (0.5, 25), (0.667, 25), (0.724, 25), (1.0, 21), (1.5, 15), (2.0, 12)],
)
def test_who_joins_with_beijings_money_fixed(ratio: float, joining: int) -> None:
    results = FIGURE.results(matching_ratio=ratio)
    assert results["joining"] == results["central_total"] == joining
    assert results["pool"] == pytest.approx(joining * (1 + ratio))
    assert results["average_ratio"] == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("ratio", "joining", "pool", "central"),
    [(1 / 9, 31, 62, 55.8), (0.5, 25, 50, 100 / 3), (1.0, 21, 42, 21), (1.5, 16, 32, 12.8)],
)
def test_who_joins_with_the_total_cost_fixed(ratio: float, joining: int, pool: float, central: float) -> None:
    results = FIGURE.results(matching_ratio=ratio, hold="total")
    assert (results["joining"], results["pool"], results["central_total"]) == (
        joining,
        pytest.approx(pool),
        pytest.approx(central),
    )


@pytest.mark.parametrize(
    ("grading", "stress", "joining", "pool", "average"),
    [
        ("eu", 0.0, 22, 34.17, 0.553),
        ("eu", 0.5, 20, 30.0, 0.5),
        ("flat", 0.0, 25, 37.5, 0.5),
        ("flat", 0.5, 25, 37.5, 0.5),
        ("india", 0.0, 25, 36.11, 0.444),
        ("india", 0.5, 22, 31.11, 0.414),
    ],
)
def test_graded_ratios(grading: str, stress: float, joining: int, pool: float, average: float) -> None:
    results = FIGURE.results(grading=grading, fiscal_stress=stress, matching_ratio=0.5)
    assert results["joining"] == joining
    assert results["pool"] == pytest.approx(pool, abs=0.005) and results["average_ratio"] == pytest.approx(
        average, abs=5e-4
    )


def test_one_for_one_where_a_poor_yuan_is_dear() -> None:
    results = FIGURE.results(fiscal_stress=0.5)
    assert (results["joining"], results["pool"]) == (13, 26.0)


def test_a_program_brings_its_ratio_and_its_influence() -> None:
    for rate in rates().itertuples():
        chosen = FIGURE.results(program=rate.ratio_id, matching_ratio=2.0, influence=0.3)
        assert chosen == FIGURE.results(matching_ratio=rate.matching_ratio, influence=rate.influence)
    assert (
        len(rates()) == 27 and not (load("ratios")["matching_ratio"].isna() & load("ratios")["influence"].notna()).any()
    )


def test_it_is_the_matching_ratio_model_where_nothing_differs() -> None:
    for setting in ({"matching_ratio": 0.3}, {"fiscal_stress": 0.7}, {"agricultural_focus": 0.1, "influence": 0.4}):
        other = explorer("matching-ratio").results(**setting)
        assert {name: FIGURE.results(**setting)[name] for name in ("joining", "pool")} == {
            "joining": other["joining"],
            "pool": pytest.approx(other["pool"]),
        }


def test_the_curve_is_the_pool_at_every_ratio_under_either_contract() -> None:
    for hold in ("central", "total"):
        curve = FIGURE.evaluate(hold=hold).tables["curve"]
        for _, row in curve.iloc[::25].iterrows():
            results = FIGURE.results(hold=hold, matching_ratio=row["ratio"])
            assert (row["Pool"], row["Beijing’s part"]) == (
                pytest.approx(results["pool"]),
                pytest.approx(results["central_total"]),
            )


def test_with_the_total_cost_fixed_a_higher_ratio_never_makes_a_larger_pool() -> None:
    pools = FIGURE.evaluate(hold="total").tables["curve"]["Pool"]
    assert (pools.diff().dropna() <= 1e-9).all()


# ---- wealth and grades


def test_ten_ten_and_eleven_provinces_by_wealth() -> None:
    rows = provinces_by_wealth()
    assert list(rows["wealth"].value_counts()[list(CLASSES)]) == [10, 10, 11]
    people = load("provinces").set_index("province")["population_2021"]
    assert (rows["income_relative"] * rows["province"].map(people)).sum() / people.sum() == pytest.approx(1)


@given(st.floats(0, 5), ratios)
def test_grades_rise_with_wealth_and_ignore_the_flat_ratio(income: float, flat: float) -> None:
    for grading in ("eu", "india"):
        asked = model.graded_ratio(income, grading, flat)
        assert asked == model.graded_ratio(income, grading, 0.0)
        assert asked <= model.graded_ratio(income + 0.5, grading, flat)
    assert model.graded_ratio(income, "flat", flat) == flat


def test_a_province_at_a_limit_belongs_to_the_richer_class() -> None:
    assert [model.graded_ratio(income, "eu", 1) for income in (0.7499, 0.75, 0.9999, 1.0)] == [0.25, 2 / 3, 2 / 3, 1.5]
    assert [model.graded_ratio(income, "india", 1) for income in (0.7499, 0.75, 3.0)] == [1 / 9, 2 / 3, 2 / 3]


def test_grades_lose_richer_provinces_than_one_for_two() -> None:
    wealth = provinces_by_wealth().set_index("province")["income_relative"]
    lost = out(grading="eu") - out(matching_ratio=0.5)
    assert lost == {"Chongqing", "Fujian", "Shandong"} and (wealth[list(lost)] > 1).all()
    assert out(matching_ratio=0.5) < out(grading="eu")


# ---- corners


@given(ratios, st.floats(0.2, 20))
def test_a_fixed_total_is_shared_out(ratio: float, cost: float) -> None:
    central = model.central_money(ratio, "total", 1.0, cost)
    assert central * (1 + ratio) == pytest.approx(cost)
    assert model.central_money(ratio, "central", 1.0, cost) == 1.0


def test_nobody_joins() -> None:
    results = FIGURE.results(local_value_share=0.0, matching_ratio=1.0)
    assert (results["joining"], results["pool"], results["central_total"]) == (0, 0, 0)
    assert math.isnan(results["average_ratio"])


def test_a_free_project_is_refused_by_nobody() -> None:
    assert FIGURE.results(matching_ratio=0.0, local_value_share=0.0)["joining"] == 31


def test_bad_input() -> None:
    with pytest.raises(
        InputError, match=r"^project_cost must be from 0.2 to 20, but is 30; the nearest allowed value is 20\.$"
    ):
        model.central_money(1.0, "total", 1.0, 30.0)
    with pytest.raises(InputError, match="program must be one of 'own', .* but is 'RT99'"):
        FIGURE.results(program="RT99")
    with pytest.raises(
        InputError, match="grading must be one of 'flat', 'eu', 'india', but is 'europe'; the nearest is 'eu'"
    ):
        FIGURE.results(grading="europe")


# ---- columns and expressions


def test_columns_give_row_by_row_what_numbers_give() -> None:
    incomes, flat = pd.Series([0.2, 0.75, 0.99, 1.0, 2.0]), 0.7
    for grading in ("eu", "india", "flat"):
        asked = model.graded_ratio(incomes, grading, flat)
        expected = [model.graded_ratio(income, grading, flat) for income in incomes]
        assert list(pd.Series(asked, index=incomes.index)) == expected
    asked = pd.Series([0.0, 0.5, 2.0])
    for hold in ("total", "central"):
        money = pd.Series(model.central_money(asked, hold, 1.0, 3.0), index=asked.index)
        assert list(money) == [model.central_money(ratio, hold, 1.0, 3.0) for ratio in asked]


def test_expressions_stay_expressions() -> None:
    asked = model.graded_ratio(0.5, param("grading"), param("ratio"))
    assert isinstance(asked, Expr)
    assert str(asked) == f'((grading === "india") ? {1 / 9!r} : ((grading === "eu") ? 0.25 : ratio))'
    money = model.central_money(param("m"), param("hold"), 1.0, param("cost"))
    assert str(money) == '((hold === "total") ? (cost / (1 + m)) : 1.0)'
