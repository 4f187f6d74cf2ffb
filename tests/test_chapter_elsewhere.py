"""The chapter on matching elsewhere: every number it states follows from the model or the data."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.elsewhere import CLASSES
from jointaction.models import elsewhere as model
from jointaction.models import matching_ratio as calls

CHAPTER = chapter("elsewhere")
FIGURE = explorer("elsewhere")
RATES = load("ratios").dropna(subset=["matching_ratio"]).set_index("ratio_id", drop=False)


def results(**setting: object) -> tuple[int, float, float]:
    found = FIGURE.results(**setting)
    return found["joining"], round(found["pool"], 2), round(found["average_ratio"], 2)


def out(**setting: object) -> set[str]:
    rows = FIGURE.evaluate(**setting).tables["provinces"]
    return set(rows.loc[rows["outcome"] != "joins", "province"])


# ---- the rates


def test_nine_of_24_or_ten() -> None:
    abroad = RATES[RATES["country"] != "China"]
    assert len(RATES) - len(abroad) == 3
    assert (len(abroad), (abroad["matching_ratio"] >= 1).sum(), (abroad["matching_ratio"] >= 0.976).sum()) == (
        24,
        9,
        10,
    )
    CHAPTER.states("0.976")


def test_where_rates_differ_by_wealth_the_richer_pay_more() -> None:
    rate = RATES["matching_ratio"]
    for high, low in (("RT30", "RT31"), ("RT33", "RT32"), ("RT35", "RT34")):
        assert rate[high] < rate[low]
    assert rate["RT31"] < rate["RT33"] and rate["RT32"] < rate["RT35"] and rate["RT51"] < rate["RT50"]
    assert (rate["RT30"], rate["RT34"], rate["RT50"], rate["RT51"]) == (0.176, 1.5, 0.667, 0.111)
    german = rate[RATES["country"] == "Germany"]
    assert (german.min(), german.max()) == (0.111, 2)
    CHAPTER.states("0.176", "1.5", "0.111", "2", "0.667")


# ---- what the prose says about the model


def test_the_case_by_hand() -> None:
    average = (1.0, 1.0)
    assert calls.fit(*average, 0.8) == 1 and calls.cost_of_own_yuan(1.0, 0.5) == 1.5
    for ratio, share, cost, joins in (
        (0.25, 0.2, 0.24, True),
        (2 / 3, 0.4, 0.48, True),
        (1.5, 0.6, 0.72, False),
        (1.0, 0.5, 0.6, True),
    ):
        assert calls.local_share(ratio) == pytest.approx(share) and 1.2 * share == pytest.approx(cost)
        assert calls.willing(*average, ratio, 0.8, 1.0, 0.3, 0.6, 0.5) == joins
    assert model.central_money(0.25, "total", 1.0, 2.0) == 1.6
    assert [model.graded_ratio(income, "eu", 1.0) for income in (0.5, 0.9, 1.5)] == [
        0.25,
        pytest.approx(0.67, abs=0.005),
        1.5,
    ]
    CHAPTER.states("0.24", "0.48", "0.72", "1.6", "1.25")


def test_what_to_look_for() -> None:
    assert results(matching_ratio=1 / 9)[0] == 31
    assert [results(matching_ratio=m)[1] for m in (0.5, 1.0)] == [37.5, 42]
    assert [results(matching_ratio=m, hold="total")[1] for m in (0.5, 1.0)] == [50, 42]
    assert [round(FIGURE.results(matching_ratio=m, hold="total")["central_total"], 1) for m in (0.5, 1.0)] == [33.3, 21]
    assert (results(program="RT11")[0], results(program="RT02")[0]) == (13, 21)
    assert results(grading="eu") == (22, 34.17, 0.55) and results(matching_ratio=0.55)[0] == 25
    rows = FIGURE.evaluate(grading="eu").tables["provinces"]
    assert list((rows["outcome"] == "joins").groupby(rows["wealth"]).sum()[list(CLASSES)]) == [10, 10, 2]
    stressed = {"fiscal_stress": 0.5}
    assert results(grading="eu", **stressed) == (20, 30, 0.5)
    assert (results(matching_ratio=0.5, **stressed)[0], results(matching_ratio=1.0, **stressed)[0]) == (25, 13)
    for setting, paid in (({"grading": "eu"}, 2.5), ({"matching_ratio": 0.5}, 5.0)):
        rows = FIGURE.evaluate(**setting).tables["provinces"].query(f"wealth == '{CLASSES[0]}' and outcome == 'joins'")
        assert len(rows) == 10 and (rows["asked"] * rows["central"]).sum() == paid
    CHAPTER.states("37.5", "42", "50", "33.3", "21", "13", "22", "0.55", "20", "0.5", "25", "2.5", "5")


# ---- how much hangs on the assumptions


def test_the_shares_stated_are_those_of_the_cell() -> None:
    (cell,) = [cell for cell in CHAPTER.code if "robustness(" in cell.source]
    printed = cell.outputs[0]["data"]["text/plain"]
    assert re.findall(r"holds in (\d+) percent", printed) == ["41", "35", "73"]
    assert printed.count("Value that stays local β") == 3
    CHAPTER.states("41", "35", "73")


# ---- exercises and questions


def test_exercise_1() -> None:
    assert [
        round(lower / upper, 3) for lower, upper in ((40, 60), (20, 60), (40, 40), (60, 40), (50, 50), (15, 85))
    ] == [
        0.667,
        0.333,
        1,
        1.5,
        1,
        0.176,
    ]


def test_exercise_3() -> None:
    stressed = {"fiscal_stress": 0.5}
    rules = ({"grading": "eu"}, {"matching_ratio": 0.5}, {"matching_ratio": 1.0})
    assert [results(**rule, **stressed) for rule in rules] == [(20, 30, 0.5), (25, 37.5, 0.5), (13, 26, 1)]
    more = out(grading="eu", **stressed) - out(matching_ratio=0.5, **stressed)
    assert more == {"Chongqing", "Fujian", "Hubei", "Shandong", "Shanxi"}
    rows = FIGURE.evaluate(grading="eu", **stressed).tables["provinces"].set_index("province")
    assert (rows.loc[sorted(more - {"Shanxi"}), "asked"] == 1.5).all() and rows.loc["Shanxi", "asked"] == pytest.approx(
        2 / 3
    )
    technology = [results(**rule, **stressed, agricultural_focus=0.2)[:2] for rule in rules]
    assert technology == [(16, 23.75), (24, 36), (2, 4)]


def test_exercise_4() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", CHAPTER.text, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})
    lines = printed.getvalue().splitlines()
    assert len(lines) == 11 and {line.split()[-2:] == ["21", "13"] for line in lines if "1.0 0.0" in line} == {True}
    changes = [(float(line.split()[-4]), int(line.split()[-2]) - int(line.split()[-1])) for line in lines]
    assert max(change for _, change in changes) == 8 and min(ratio for ratio, _ in changes) > 0.25


def test_question_5() -> None:
    wealth = FIGURE.evaluate().tables["provinces"].set_index("province")["wealth"]
    for setting in ({"grading": "eu"}, {"matching_ratio": 0.5}):
        assert not (set(wealth[wealth == CLASSES[0]].index) & out(fiscal_stress=0.5, **setting))
