"""The chapter on too many stakeholders: every number it states follows from the model or the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.concentration import calls, calls_preset
from jointaction.faces.robustness import share_of
from jointaction.models import concentration as model

CHAPTER = chapter("concentration")
FIGURE = explorer("concentration")
P = model.PARAMETERS
FACTS = load("facts").set_index("fact_id")
LISTS = load("priority_lists").set_index("list_id")
BUDGET, THRESHOLD = 100.0, 4.0


def breakthroughs(length: float, skew: float, shape: float) -> float:
    return model.breakthroughs(length, skew, BUDGET, THRESHOLD, shape)


def preset(name: str) -> dict:
    return dict(next(p.values for p in FIGURE.presets if p.id == name))


# ---- the lists


def test_presets_are_as_long_as_the_lists_they_name() -> None:
    entries = LISTS["entries"]
    named = {
        "megaprojects-named": LISTS.loc["megaprojects-2006", "named"],
        "megaprojects": entries["megaprojects-2006"],
        "projects-2030": entries["projects-2030"] - 1,  # 15, before AI was added
        "projects-2026": entries["projects-2026"],
        "column-2018": entries["stranglehold-2018"],
        "technologies": entries["bottlenecks-2023"],
    }
    assert {name: preset(name)["priorities"] for name in named} == named
    # No money by entry is known for these lists, so the budget is the invented one and no call is drawn.
    assert all(preset(name)["budget"] == P["budget"].default and not preset(name)["show_calls"] for name in named)
    assert set(named) | {"calls-2018"} == {p.id for p in FIGURE.presets}


def test_what_was_not_found_about_the_lists_of_technologies() -> None:
    technologies = LISTS.drop(index="key-rd-2018")
    assert (technologies["money"] == "not found").all()
    assert set(technologies.index[technologies["rank"] != "not found"]) == {"projects-2030"}
    assert set(technologies.index[technologies["owner"] != "not found"]) == {"megaprojects-2006"}
    assert set(LISTS.index[LISTS["after_brief"]]) == {"fields-2025", "projects-2026"}  # "two lists are later"
    items = load("priority_items")
    assert not items.loc[items["list_id"] == "megaprojects-2006", "name_en"].str.contains("BeiDou").any()
    assert "nacelle" in items.loc[(items["list_id"] == "stranglehold-2018") & (items["number"] == 4), "name_en"].item()


# ---- the calls of 2018


def test_effective_number_by_hand() -> None:
    shares = np.array([0.5, 0.3, 0.2])
    assert (shares**2).sum() == pytest.approx(0.38) and round(1 / 0.38, 1) == 2.6
    CHAPTER.states("0.5^2 + 0.3^2 + 0.2^2 = 0.38", "1/0.38 = 2.6")


def test_the_calls_as_the_figure_draws_them() -> None:
    rows = calls()
    assert len(rows) == FACTS.loc["calls-2018-with-money", "number"] == 60
    assert rows["money"].sum() / 10 == pytest.approx(FACTS.loc["calls-2018-money", "number"])
    assert rows["money"].is_monotonic_decreasing and list(rows["rank"]) == list(range(1, 61))
    assert rows["special_project"].iloc[0].startswith("Public safety")
    assert rows["money"].max() / 10 == pytest.approx(FACTS.loc["calls-2018-largest", "number"])


def test_the_preset_with_data() -> None:
    values = calls_preset()
    assert values == {"priorities": 60, "budget": 238.9, "skew": 0.51, "show_calls": True}
    CHAPTER.states("a = 0.51", "T = 4", "17", "24")
    results = FIGURE.results(**values)
    assert results["effective_number"] == pytest.approx(FACTS.loc["calls-2018-effective", "number"], abs=0.05)
    assert results["funded_at_scale"] == 17 and (calls()["money"] >= THRESHOLD).sum() == 24
    tables = FIGURE.evaluate(**values).tables
    assert len(tables["calls"]) == len(tables["ranks"]) == 60
    assert FIGURE.evaluate().tables["calls"].empty


# ---- the model


def test_one_case_in_words_and_numbers() -> None:
    assert round(100 / 13, 2) == 7.69
    for money, shape, chance in ((7.69, 8, 0.99), (2, 8, 0.004), (7.69, 1, 0.66), (2, 1, 0.33)):
        digits = 3 if chance < 0.01 else 2
        assert round(model.success(money, THRESHOLD, shape), digits) == chance
    for length, shape, value in ((13, 8, 12.9), (50, 8, 0.2), (13, 1, 8.6), (50, 1, 16.7)):
        assert breakthroughs(length, 0, shape) == pytest.approx(value, abs=0.051)
    CHAPTER.states(
        "1/(1 + (4/7.69)^8) = 0.99",
        "1/(1 + 2^8) = 0.004",
        "7.69/11.69 = 0.66",
        "2/6 = 0.33",
        "12.9",
        "0.2",
        "8.6",
        "16.7",
    )


@pytest.mark.parametrize(("skew", "tie"), [(0, 1.97), (0.5, 2.02), (1, 1.97)])
def test_where_the_two_lists_tie(skew: float, tie: float) -> None:
    low, high = (breakthroughs(13, skew, h) - breakthroughs(50, skew, h) for h in (tie - 0.006, tie + 0.006))
    assert low < 0 < high
    CHAPTER.states("h = 1.97", "2.02")


def test_best_lengths() -> None:
    lengths = list(range(5, 101))
    best = {h: lengths[int(np.argmax([breakthroughs(n, 0, h) for n in lengths]))] for h in (1, 2, 8)}
    assert best == {1: 100, 2: 25, 8: 20}


def test_length_or_skew() -> None:
    assert [model.funded_at_scale(n, 1, BUDGET, THRESHOLD) for n in (13, 28, 50)] == [7, 6, 5]
    effective = {(n, a): model.effective_number(model.hhi(n, a)) for n in (13, 50, 100) for a in (1, 1.5, 2)}
    assert round(effective[13, 1], 1) == 6.4 and round(effective[50, 1], 1) == 12.5
    assert effective[100, 1.5] < 5.7 and effective[100, 2] < 2.5
    CHAPTER.states("6.4", "12.5", "5.7", "2.5")


# ---- how much hangs on the assumptions


def lead(p) -> pd.Series:
    short, long = (model.breakthroughs(n, p.skew, p.budget, p.scale_threshold, p.returns_shape) for n in (13.0, 50.0))
    return short - long


def test_the_shares_with_another_range_of_the_shape() -> None:
    moved = [P["skew"], P["budget"], P["scale_threshold"], replace(P["returns_shape"], high=3.0)]
    claims = (lambda p: lead(p) > 0, lambda p: lead(p) >= 1, lambda p: lead(p) <= -1)
    assert [round(100 * share_of("", claim, moved).share) for claim in claims] == [70, 18, 18]
    CHAPTER.states("70", "18")


def test_the_short_list_wins_nearly_always_and_by_little() -> None:
    moved = [P[name] for name in P if name != "priorities"]
    wins = share_of("", lambda p: lead(p) > 0, moved)
    assert wins.share > 0.85
    by_one = share_of("", lambda p: lead(p) >= 1, moved)
    assert by_one.share < 0.5 and by_one.parameter is P["skew"] and by_one.above < by_one.below


# ---- the exercises


def test_exercise_1() -> None:
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    assert (shares**2).sum() == pytest.approx(0.30) and round(1 / 0.30, 1) == 3.3

    def expect(parts, shape):
        return sum(model.success(part, 25, shape) for part in parts)

    skewed, equal, two = [40, 30, 20, 10], [25] * 4, [50] * 2
    assert [round(model.success(part, 25, 2), 2) for part in skewed] == [0.72, 0.59, 0.39, 0.14]
    assert [round(expect(parts, 2), 2) for parts in (skewed, equal, two)] == [1.84, 2, 1.6]
    assert [round(expect(parts, 8), 2) for parts in (skewed, equal, two)] == [1.93, 2, 1.99]
    CHAPTER.states("1.84", "1.93", "1.99")


def test_exercise_2() -> None:
    found = {
        (a, h): tuple(
            round(FIGURE.results(priorities=n, skew=a, returns_shape=h)["breakthroughs"], 1) for n in (13, 50)
        )
        for a in (0, 1)
        for h in (1.9, 2.0)
    }
    assert found == {(0, 1.9): (10.1, 10.6), (0, 2.0): (10.2, 10.0), (1, 1.9): (7.7, 7.9), (1, 2.0): (7.7, 7.6)}
    at = {n: FIGURE.results(priorities=n, skew=0) for n in (25, 26)}
    assert [at[n]["funded_at_scale"] for n in (25, 26)] == [25, 0]
    assert [at[n]["money_below_scale"] for n in (25, 26)] == [0, pytest.approx(1)]
    assert at[25]["breakthroughs"] == pytest.approx(12.5) and round(at[26]["breakthroughs"]) == 11


def test_exercise_4() -> None:
    def effective(money):
        return 1 / ((money / money.sum()) ** 2).sum()

    listed = load("key_rd_calls_2018")
    known = listed["money"].dropna()
    merged = listed.dropna(subset=["money"]).groupby("merged_with")["money"].sum()
    assert (len(known), round(effective(known), 1)) == (60, 41.8)
    assert (len(merged), round(effective(merged), 1)) == (58, 40.5)
    filled = [effective(pd.concat([known, pd.Series([guess] * 5)])) for guess in (known.mean(), known.max())]
    assert [round(number, 1) for number in filled] == [46.4, 41.9]
    CHAPTER.states("46.4", "41.9")


# ---- the two faces


def test_the_figure_gives_what_the_model_gives() -> None:
    for values in ({}, {"priorities": 13.7, "skew": 1.3}, {"skew": 0, "returns_shape": 1, "budget": 480}):
        p, results = FIGURE.values(**values), FIGURE.results(**values)
        money = (p["priorities"], p["skew"], p["budget"], p["scale_threshold"])
        assert results["hhi"] == pytest.approx(model.hhi(*money[:2]), rel=1e-12)
        assert results["breakthroughs"] == pytest.approx(model.breakthroughs(*money, p["returns_shape"]), rel=1e-12)
        assert results["funded_at_scale"] == model.funded_at_scale(*money)
        assert results["money_below_scale"] == pytest.approx(model.money_below_scale(*money), abs=1e-12)
        lengths = FIGURE.evaluate(**values).tables["lengths"].set_index("length")
        ours = lengths.loc[float(int(p["priorities"])), "your shape of returns"]
        assert ours == pytest.approx(results["breakthroughs"], rel=1e-9)
