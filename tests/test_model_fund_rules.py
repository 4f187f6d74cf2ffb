"""The rule checker: every rule on both sides of its limit, ties, sentences that do what they say."""

import itertools
import re

import pandas as pd
import pytest
from jointaction import explorer, load
from jointaction.explorers.fund_rules import rules
from jointaction.faces.ops import Expr, param
from jointaction.models import fund_rules as model

P = model.PARAMETERS
DEFAULT = {name: p.default for name, p in P.items()}
ORDER = ("sub_fund_size", "stake", "largest_other_share", "commercialization_money")


def check(**settings: object) -> pd.DataFrame:
    """The table of the figure by rule."""
    return explorer("fund-rules").evaluate(**settings).tables["rules"].set_index("rule_id")


def passed(rule_id: str, **settings: object) -> bool:
    return check(rule_set=rule_id[:4], **settings).loc[rule_id, "result"] == "passes"


def test_every_rule_that_limits_a_number_of_a_sub_fund_is_tested() -> None:
    data = load("fund_rules")
    numbered = data[data["threshold"].notna() & (data["subject"] != "forms of support")]
    assert set(rules()["rule_id"]) == set(numbered["rule_id"])
    assert list(check(rule_set="2021").index) == [
        "2021-stake-min",
        "2021-stake-max",
        "2021-not-largest",
        "2021-three-times",
        "2021-half",
    ]
    assert list(check(rule_set="2014").index) == ["2014-stake-min", "2014-stake-max", "2014-not-largest"]


def test_articles_and_what_is_required() -> None:
    table = check()
    assert list(table["article"]) == ["2021, Article 9"] * 3 + ["2021, Article 10"] * 2
    assert list(check(rule_set="2014")["article"]) == ["2014: the brief says"] * 2 + ["2014, Article 5: one copy says"]
    assert (
        table.loc["2021-three-times", "required"] == "Commercialization gets at least 3 times the guidance fund’s money"
    )
    assert table.loc["2021-half", "required"] == "Commercialization gets at least 50% of the sub-fund"


@pytest.mark.parametrize(
    ("rule_id", "setting", "limit", "kept_side"),
    [
        ("2021-stake-min", "stake", 0.10, 1),
        ("2021-stake-max", "stake", 0.30, -1),
        ("2014-stake-min", "stake", 0.20, 1),
        ("2014-stake-max", "stake", 0.30, -1),
        ("2021-half", "commercialization_money", 10.0, 1),
        ("2021-three-times", "commercialization_money", 3 * 0.209 * 20, 1),
    ],
)
def test_at_the_limit_passes_and_beyond_it_fails(rule_id: str, setting: str, limit: float, kept_side: int) -> None:
    assert passed(rule_id, **{setting: limit})
    assert passed(rule_id, **{setting: limit - kept_side * 1e-12})  # a billionth is forgiven
    assert passed(rule_id, **{setting: limit + kept_side * 1e-6})
    assert not passed(rule_id, **{setting: limit - kept_side * 1e-6})


def test_exactly_three_times_at_awkward_fractions() -> None:
    for stake, size in itertools.product((0.07, 0.1, 0.13, 0.19, 0.23, 0.29, 0.3, 1 / 3), (7.0, 17.3, 33.3, 101.1)):
        assert passed("2021-three-times", stake=stake, sub_fund_size=size, commercialization_money=3 * stake * size)
        assert passed("2021-half", stake=stake, sub_fund_size=size, commercialization_money=size / 2)


def test_a_tie_counts_as_being_the_largest() -> None:
    assert not passed("2021-not-largest", stake=0.25, largest_other_share=0.25)
    assert not passed("2021-not-largest", stake=0.25, largest_other_share=0.24)
    assert passed("2021-not-largest", stake=0.25, largest_other_share=0.250001)
    assert model.measured(model.RANK, 20, 0.25, 0.25, 10) == 1
    assert model.measured(model.RANK, 20, 0.25, 0.3, 10) == 2


@pytest.mark.parametrize(
    ("settings", "passes", "tests", "verdict"),
    [
        ({}, 4, 5, "breaks the rules"),
        ({"commercialization_money": 12.6}, 5, 5, "keeps the rules"),
        ({"stake": 0.1, "largest_other_share": 0.11, "commercialization_money": 10.0}, 5, 5, "keeps the rules"),
        ({"stake": 0.3, "largest_other_share": 0.31, "commercialization_money": 18.0}, 5, 5, "keeps the rules"),
        ({"stake": 0.35, "commercialization_money": 20.0}, 2, 5, "breaks the rules"),
        ({"rule_set": "2014", "stake": 0.15}, 2, 3, "breaks the rules"),
        ({"rule_set": "2014", "stake": 0.25, "largest_other_share": 0.1}, 2, 3, "depends on the reading"),
        ({"rule_set": "2014", "stake": 0.15, "largest_other_share": 0.1}, 1, 3, "breaks the rules"),
        (
            {"rule_set": "2021", "stake": 0.25, "largest_other_share": 0.1, "commercialization_money": 15.0},
            4,
            5,
            "breaks the rules",
        ),
        ({"rule_set": "2021", "stake": 0.15}, 5, 5, "keeps the rules"),
        ({"rule_set": "2014"}, 3, 3, "keeps the rules"),
        ({"stake": 0.6, "largest_other_share": 0.5}, 2, 5, "cannot exist"),
        ({"sub_fund_size": 10.0}, 5, 5, "cannot exist"),
        ({"stake": 0.4, "largest_other_share": 0.6, "sub_fund_size": 12.0}, 3, 5, "breaks the rules"),
    ],
)
def test_verdicts(settings: dict, passes: int, tests: int, verdict: str) -> None:
    results = explorer("fund-rules").results(**settings)
    assert (results["rules_passed"], results["rules_tested"], results["verdict"]) == (passes, tests, verdict)


def test_presets_do_what_they_say() -> None:
    figure = explorer("fund-rules")
    verdicts = {p.id: figure.results(**p.values)["verdict"] for p in figure.presets}
    assert verdicts == {
        "limits": "keeps the rules",
        "top": "keeps the rules",
        "too-large": "breaks the rules",
        "2014": "breaks the rules",
        "2014-rank": "depends on the reading",
    }


@pytest.mark.parametrize(
    ("rule_id", "settings", "sentence"),
    [
        ("2021-three-times", {}, "Put 0.54 more into commercialization, 12.54 in all."),
        ("2021-half", {"commercialization_money": 3.0}, "Put 7.00 more into commercialization, 10.00 in all."),
        (
            "2021-stake-min",
            {"stake": 0.05},
            "Raise the guidance fund’s stake to 10.0% or more: 1.00 more from Beijing.",
        ),
        ("2021-stake-max", {"stake": 0.45}, "Cut the guidance fund’s stake to 30.0% or less: 3.00 less from Beijing."),
        (
            "2014-stake-min",
            {"stake": 0.15},
            "Raise the guidance fund’s stake to 20.0% or more: 1.00 more from Beijing.",
        ),
        (
            "2021-not-largest",
            {"stake": 0.35},
            "Another investor must hold more than 35.0%, or the guidance fund less than 30.0%.",
        ),
        (
            "2021-not-largest",
            {"stake": 0.5},
            "No other investor can hold more: cut the guidance fund’s stake below 30.0%.",
        ),
        (
            "2021-three-times",
            {"stake": 0.35},
            "Cannot be met at this stake: 3 times the guidance fund’s money is more than the whole sub-fund. "
            "Cut the stake to 33.3% and put all the money into commercialization.",
        ),
        ("2021-half", {}, "none needed"),
    ],
)
def test_sentences(rule_id: str, settings: dict, sentence: str) -> None:
    assert check(rule_set=rule_id[:4], **settings).loc[rule_id, "change"] == sentence


def follow(rule_id: str, sentence: str, settings: dict) -> dict:
    """The settings after the change that a sentence names."""
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)", sentence)]
    if "in all" in sentence:
        return {**settings, "commercialization_money": numbers[1]}
    if "Another investor" in sentence:
        return {**settings, "largest_other_share": numbers[0] / 100 + 1e-6}
    if "No other investor" in sentence:
        return {**settings, "stake": numbers[0] / 100 - 1e-6}
    if "Cannot be met" in sentence:
        return {**settings, "stake": numbers[0] / 100, "commercialization_money": settings["sub_fund_size"]}
    return {**settings, "stake": numbers[0] / 100}


def test_doing_what_a_sentence_says_makes_the_rule_pass() -> None:
    failures = 0
    for size, stake, other, share in itertools.product(
        (7.3, 17.333, 20.0, 61.7),
        (0.013, 0.0999, 0.137, 0.2094, 0.333, 0.4567, 0.55),
        (0.0123, 0.2096, 0.4),
        (0.0, 0.3337, 0.6),
    ):
        settings = {
            "sub_fund_size": size,
            "stake": stake,
            "largest_other_share": other,
            "commercialization_money": size * share,
        }
        for rule_set in ("2021", "2014"):
            table = check(rule_set=rule_set, **settings)
            for rule_id, row in table[table["result"] == "fails"].iterrows():
                failures += 1
                after = follow(rule_id, row["change"], settings)
                after = {name: min(max(value, P[name].low), P[name].high) for name, value in after.items()}
                assert passed(rule_id, **after), (rule_id, settings, row["change"])
    assert failures > 500


def test_values_in_words() -> None:
    values = check()["value"]
    assert values["2021-stake-min"] == "20.9%"
    assert values["2021-not-largest"] == "20.9% against 30.0%"
    assert values["2021-three-times"] == "2.87 times"
    assert values["2021-half"] == "60.0%"


@pytest.mark.parametrize("name", ORDER)
def test_a_value_out_of_range_is_named(name: str) -> None:
    p = P[name]
    for value in (p.low - 0.5, p.high + 0.5):
        with pytest.raises(ValueError, match=f"{name} must be from {p.low:g} to {p.high:g}, but is {value:g}"):
            model.can_exist(*{**DEFAULT, name: value}.values())


def test_columns_and_expressions() -> None:
    described = (20.0, 0.209, 0.3, 12.0)
    subjects = pd.Series(model.SUBJECTS)
    assert list(model.measured(subjects, *described)) == pytest.approx([20.9, 2, 12 / 4.18, 60])
    controls = [param(name) for name in ORDER]
    assert isinstance(model.measured(param("subject"), *controls), Expr)
    assert isinstance(model.nearest_change(param("subject"), param("operator"), param("threshold"), *controls), Expr)


def test_the_bars_stay_inside_the_sub_fund() -> None:
    for settings in (
        {},
        {"stake": 0.6, "largest_other_share": 0.9},
        {"sub_fund_size": 1.0, "commercialization_money": 150.0},
    ):
        tables = explorer("fund-rules").evaluate(**settings).tables
        for table, columns in (("parts", ["low", "high"]), ("limits", ["at"])):
            assert tables[table][columns].min().min() >= 0 and tables[table][columns].max().max() <= 1 + 1e-9
        assert tables["parts"].groupby("bar")["share"].sum().round(9).eq(1).all()
