"""Every model result and every comparison of data that the chapter on the Key R&D Program states."""

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.matching_ratio import money, number_joining
from jointaction.faces.robustness import share_of
from jointaction.models.matching_ratio import PARAMETERS, leaving_ratio

FIGURE = explorer("matching-ratio")
CHAPTER = chapter("key-rd-program")
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
    assert round(hosted["central_money"].sum() / 100_000, 3) == 0.421
    assert round(projects["central_money"].sum() / 100_000, 3) == 0.746
    assert hosted["institution_en"].nunique() == 8


def test_the_five_largest_budgets_are_those_named_and_stay_out() -> None:
    largest = set(load("provinces").nlargest(5, "st_budget_2021")["province"])
    assert largest == {"Guangdong", "Jiangsu", "Zhejiang", "Beijing", "Shanghai"}
    assert largest < names("unwilling", 0.5)


def test_the_table_of_provinces_runs_from_the_least_to_the_most_agrarian() -> None:
    shown = ["Shanghai", "Beijing", "Guangdong", "Shandong", "Tibet", "Hubei", "Henan", "Gansu", "Heilongjiang"]
    assert any(str(shown).replace("'", '"') in cell.source for cell in CHAPTER.code)
    assert load("provinces").set_index("province").loc[shown, "primary_share_2021"].is_monotonic_increasing


def test_the_joint_projects_found_are_in_the_provinces_named() -> None:
    assert set(load("joint_projects")["province"]) == {"Shandong", "Guangdong", "Henan", "Hubei"}


# ---- one province in numbers


def test_henan_in_words_and_numbers() -> None:
    rows = FIGURE.evaluate().tables["provinces"].set_index("province")
    a, t, fit, cost = (rows.loc["Henan", name] for name in ("primary_relative", "rd_relative", "fit", "cost"))
    assert [round(value, 2) for value in (a, t, fit, 0.6 * fit, cost)] == [1.31, 0.71, 1.19, 0.71, 1.35]
    assert round(0.8 * 1.31 + 0.2 * 0.71, 2) == 1.19 and round(1 + 0.5 * 0.71, 3) == 1.355
    assert round(cost - 0.3, 2) == 1.05 and round((cost - 0.3) / 2, 2) == 0.53
    assert rows.loc["Henan", "outcome"] == "joins" and round(rows.loc["Henan", "leaving_ratio"], 2) == 2.09
    CHAPTER.states(r"0.8 \times 1.31 + 0.2 \times 0.71 = 1.19", "0.53", "2.09")


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
    step = FIGURE.controls[0].parameter.step
    on_steps = {i * step: results(i * step)["pool"] for i in range(41)}
    best = max(on_steps, key=on_steps.get)
    assert (round(best, 2), round(on_steps[best], 2)) == (0.75, 43.75) and step == 0.05


def test_unclaimed_money_and_the_switch() -> None:
    assert results(1.0)["central_unspent"] == 10
    spent = [results(ratio, spend_unclaimed=True)["pool"] for ratio in (0.5, 1.0, 2.0)]
    assert spent == [pytest.approx(43.5), pytest.approx(52.0), pytest.approx(55.0)]


def test_where_a_poor_provinces_yuan_is_dear() -> None:
    assert [results(ratio, fiscal_stress=0.5)["joining"] for ratio in (0.5, 1.0)] == [25, 13]
    assert [results(ratio, fiscal_stress=0.5)["pool"] for ratio in (0.5, 1.0)] == [
        pytest.approx(37.5),
        pytest.approx(26.0),
    ]
    left = names("joins") - names("joins", fiscal_stress=0.5)
    assert left == {"Anhui", "Hubei", "Hunan", "Jiangxi", "Liaoning", "Ningxia", "Shaanxi", "Shandong"}
    falls = [
        i / 100
        for i in range(101)
        if results(1.0, fiscal_stress=i / 100)["pool"] < results(0.5, fiscal_stress=i / 100)["pool"]
    ]
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


def test_at_a_low_focus_a_weak_province_joins_where_strong_ones_do_not() -> None:
    rows = FIGURE.evaluate(agricultural_focus=0.2).tables["provinces"].set_index("province")
    weak, strong = rows.loc["Heilongjiang"], rows.loc[["Jiangsu", "Zhejiang"]]
    assert weak["outcome"] == "joins" and (strong["outcome"] == "unwilling").all()
    assert round(weak["rd_relative"], 1) == 0.5 and (strong["rd_relative"] > 2 * weak["rd_relative"]).all()


def test_a_lower_local_value_share() -> None:
    assert results(local_value_share=0.55)["joining"] == 19
    assert "Shandong" in names("unwilling", local_value_share=0.55)


def test_an_average_province_leaves_at_one_for_one() -> None:
    for focus in (0.0, 0.3, 0.8, 1.0):
        assert leaving_ratio(1.0, 1.0, 1e6, focus, 1.0, 0.3, 0.6, 0.5, 1.0, 0.1) == pytest.approx(1.0)


# ---- how much hangs on the assumptions


def test_the_growing_pool_is_a_choice_of_settings() -> None:
    moved = [p for name, p in PARAMETERS.items() if name != "matching_ratio"]

    def pools(p):
        return [money(p, ratio, number_joining(p, ratio))[0] for ratio in (0.5, 1.0)]

    joins = share_of("joins", lambda p: number_joining(p, 0.5) > 0, moved)
    grows = share_of("grows", lambda p: pools(p)[1] > pools(p)[0], moved)
    shrinks = share_of("shrinks", lambda p: pools(p)[1] < pools(p)[0], moved)
    assert grows.share < 0.25 * shrinks.share and joins.share == pytest.approx(grows.share + shrinks.share, abs=0.01)
    assert grows.parameter.name == "local_value_share" and grows.above > 10 * grows.below


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
    on_the_way = [round(steered[theta]["nationally_steered"], 2) for theta in (0.75, 0.7, 0.65, 0.1)]
    assert on_the_way == [25.0, 24.7, 25.65, 28.5]
    down_to = [steered[i / 20]["nationally_steered"] for i in range(20, 14, -1)]
    assert all(later >= earlier - 1e-9 for earlier, later in zip(down_to, down_to[1:]))
    assert [round(steered[theta]["nationally_steered"]) for theta in (0.0, 0.25, 1.0)] == [26, 28, 21]
    low = names("joins", agricultural_focus=0.2)
    lost = names("joins") - low
    assert len(low) == 11 and low - names("joins") == RICH - {"Jiangsu", "Zhejiang"}
    assert len(lost) == 14 and {"Henan", "Shandong"} <= lost


def test_exercise_with_budgets() -> None:
    budget = load("provincial_st_budget").pivot(index="province", columns="year", values="value")
    found = {}
    for first, last in ((2020, 2023), (2017, 2020)):
        growth = 100 * (budget[last] / budget[first] - 1)
        rest = growth.drop(["Henan", "Hubei", "Shandong", "Guangdong"])
        found[first] = [round(growth[name], 1) for name in ("Henan", "Hubei", "Shandong")] + [round(rest.median(), 1)]
    assert found == {2020: [84.9, 38.2, 8.1, 27.3], 2017: [84.3, 22.9, 52.5, 24.2]}
    assert load("joint_projects").set_index("province").loc["Shandong", "state_money"] == 1.5


def test_question_on_local_budgets() -> None:
    unable = set().union(*(names("unable", i / 20) for i in range(41)))
    assert unable == {"Tibet", "Qinghai"}
