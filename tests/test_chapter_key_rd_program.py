"""Every model result and every comparison of data that the chapter on the Key R&D Program states."""

import pytest
from chapters import chapter

from jointaction import explorer, load
from jointaction.models.matching_ratio import leaving_ratio

FIGURE = explorer("matching-ratio")
RICH = {"Beijing", "Tianjin", "Shanghai", "Jiangsu", "Zhejiang", "Guangdong"}


def results(ratio: float = 1.0, **changes) -> dict:
    return FIGURE.results(matching_ratio=ratio, **changes)


def names(outcome: str, ratio: float = 1.0, **changes) -> set[str]:
    rows = FIGURE.evaluate(matching_ratio=ratio, **changes).tables["provinces"]
    return set(rows.loc[rows["outcome"] == outcome, "province"])


def leaves(province: str, **changes) -> float:
    return FIGURE.evaluate(**changes).tables["provinces"].set_index("province").loc[province, "leaving_ratio"]


# ---- the deal and the data


def test_the_price_rose_from_a_third_to_a_half() -> None:
    assert results(0.5)["local_share"] == pytest.approx(1 / 3) and results(1.0)["local_share"] == 0.5
    assert list(load("matching_ratio_history")["matching_ratio"]) == [0.5, 1.0]


def test_guangdong_hosts_half_of_the_projects() -> None:
    projects = load("broadband_2018")
    hosted = projects[projects["host_in_guangdong"]]
    assert len(hosted) * 2 == len(projects) == 24
    assert round(hosted["central_money"].sum() / 100) == 421 and round(projects["central_money"].sum() / 100) == 746
    assert hosted["institution_en"].nunique() == 8


def test_the_five_largest_budgets_are_those_named_and_stay_out() -> None:
    largest = set(load("provinces").nlargest(5, "st_budget_2021")["province"])
    assert largest == {"Guangdong", "Jiangsu", "Zhejiang", "Beijing", "Shanghai"}
    assert largest < names("unwilling", 0.5)


def test_the_table_of_provinces_runs_from_the_least_to_the_most_agrarian() -> None:
    shown = ["Shanghai", "Beijing", "Guangdong", "Shandong", "Tibet", "Hubei", "Henan", "Gansu", "Heilongjiang"]
    assert any(str(shown).replace("'", '"') in cell.source for cell in chapter("key-rd-program").code)
    assert load("provinces").set_index("province").loc[shown, "primary_share_2021"].is_monotonic_increasing


# ---- back to the prediction


def test_who_is_out_at_one_for_two_and_at_one_for_one() -> None:
    assert results(0.5)["joining"] == 25 and names("unwilling", 0.5) == RICH and not names("unable", 0.5)
    assert results(1.0)["joining"] == 21
    assert names("unwilling") == RICH | {"Shanxi", "Fujian", "Chongqing"} and names("unable") == {"Tibet"}
    assert {"Henan", "Shandong"} <= names("joins")
    assert results(0.5)["pool"] == pytest.approx(37.5) and results(1.0)["pool"] == pytest.approx(42.0)


def test_tibet_is_willing_and_cannot_pay() -> None:
    tibet = load("provinces").set_index("province").loc["Tibet", "st_budget_2021"]
    assert tibet == 8.34 and 1.0 > 0.1 * tibet


# ---- the sawtooth


def test_the_highest_tooth() -> None:
    curve = FIGURE.evaluate().tables["curve"]
    assert round(leaves("Fujian"), 2) == 0.79
    just_before = results(leaves("Fujian") - 1e-12)
    assert round(just_before["pool"], 1) == 44.7 and just_before["pool"] >= curve["pool"].max()
    assert curve.loc[curve["ratio"] > 0.79, "pool"].max() < just_before["pool"]


def test_unclaimed_money_and_the_switch() -> None:
    assert results(1.0)["central_unspent"] == 10
    spent = [results(ratio, spend_unclaimed=True)["pool"] for ratio in (0.5, 1.0, 2.0)]
    assert spent == [pytest.approx(43.5), pytest.approx(52.0), pytest.approx(55.0)]


def test_where_a_poor_provinces_yuan_is_dear() -> None:
    assert [results(ratio, fiscal_stress=0.5)["joining"] for ratio in (0.5, 1.0)] == [25, 13]
    assert [results(ratio, fiscal_stress=0.5)["pool"] for ratio in (0.5, 1.0)] == [pytest.approx(37.5), pytest.approx(26.0)]
    left = names("joins") - names("joins", fiscal_stress=0.5)
    assert left == {"Anhui", "Hubei", "Hunan", "Jiangxi", "Liaoning", "Ningxia", "Shaanxi", "Shandong"}
    falls = [i / 100 for i in range(101) if results(1.0, fiscal_stress=i / 100)["pool"] < results(0.5, fiscal_stress=i / 100)["pool"]]
    assert falls[0] == 0.19 and len(falls) == 82


# ---- who steers


def test_with_full_influence_the_steered_money_falls_as_the_pool_grows() -> None:
    assert results(0.5)["nationally_steered"] == pytest.approx(25) == results(0.5)["joining"]
    assert results(1.0)["nationally_steered"] == pytest.approx(21) == results(1.0)["joining"]


def test_when_selling_influence_pays() -> None:
    none, some = results(influence=0.0), results(influence=0.25)
    assert (none["joining"], none["nationally_steered"]) == (13, pytest.approx(26))
    assert (some["joining"], some["nationally_steered"]) == (16, pytest.approx(28))
    assert {results(0.5, influence=i / 20)["joining"] for i in range(21)} == {25}
    assert results(0.5, influence=0.0)["nationally_steered"] == pytest.approx(37.5)


# ---- against what is known


@pytest.mark.parametrize(
    ("province", "digits", "ratio"),
    [("Henan", 2, 2.09), ("Hubei", 2, 1.62), ("Shandong", 3, 1.009), ("Shanghai", 2, 0.17), ("Guangdong", 2, 0.45)],
)
def test_leaving_ratios_at_the_defaults(province: str, digits: int, ratio: float) -> None:
    assert round(leaves(province), digits) == ratio


def test_a_technology_call_brings_in_the_six_and_loses_the_rest() -> None:
    assert names("joins", agricultural_focus=0.0) == RICH
    assert results(agricultural_focus=0.0)["joining"] == 6
    assert round(leaves("Guangdong", agricultural_focus=0.0), 2) == 1.39
    joins = [i for i in range(21) if "Guangdong" in names("joins", agricultural_focus=i / 20)]
    assert joins == [0, 1, 2, 3, 4]


def test_a_lower_local_value_share() -> None:
    assert results(local_value_share=0.55)["joining"] == 19
    assert "Shandong" in names("unwilling", local_value_share=0.55)


def test_an_average_province_leaves_at_one_for_one() -> None:
    for focus in (0.0, 0.3, 0.8, 1.0):
        assert leaving_ratio(1.0, 1.0, 1e6, focus, 1.0, 0.3, 0.6, 0.5, 1.0, 0.1) == pytest.approx(1.0)


# ---- solutions


def test_exercise_by_hand() -> None:
    fit = 0.8 * 0.9945 + 0.2 * 0.9590
    assert round(fit, 4) == 0.9874 and round(0.6 * fit, 4) == 0.5924
    cost = 1 + 0.5 * 0.9590
    assert cost == pytest.approx(1.4795) and round(cost - 0.3 - 0.5924, 4) == 0.5871
    assert round(0.5924 / 0.5871, 3) == 1.009 == round(leaves("Shandong"), 3)
    shandong = FIGURE.evaluate().tables["provinces"].set_index("province").loc["Shandong"]
    assert (round(shandong["primary_relative"], 4), round(shandong["rd_relative"], 4)) == (0.9945, 0.9590)
    assert round(leaves("Shandong", agricultural_focus=0.0), 3) == 0.953
    assert round(leaves("Shandong", agricultural_focus=1.0), 3) == 1.024


def test_exercise_with_the_explorer() -> None:
    steered = {i / 20: results(influence=i / 20) for i in range(21)}
    best = max(steered, key=lambda theta: steered[theta]["nationally_steered"])
    assert (best, steered[best]["joining"], steered[best]["nationally_steered"]) == (0.2, 16, pytest.approx(28.8))
    assert [round(steered[theta]["nationally_steered"]) for theta in (0.0, 0.25, 1.0)] == [26, 28, 21]
    low = names("joins", agricultural_focus=0.2)
    lost = names("joins") - low
    assert len(low) == 11 and low - names("joins") == RICH - {"Jiangsu", "Zhejiang"}
    assert len(lost) == 14 and {"Henan", "Shandong"} <= lost


def test_exercise_in_code() -> None:
    found = {}
    for share in (0.5, 0.6, 0.7):
        pools = {i / 20: results(i / 20, local_value_share=share)["pool"] for i in range(41)}
        best = max(pools, key=pools.get)
        found[share] = (best, round(pools[best], 2))
    assert found == {0.5: (0.55, 38.75), 0.6: (0.75, 43.75), 0.7: (2.0, 51.0)}


def test_question_on_local_budgets() -> None:
    unable = set().union(*(names("unable", i / 20) for i in range(41)))
    assert unable == {"Tibet", "Qinghai"}
