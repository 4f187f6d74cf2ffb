"""Every model result and every comparison of data that the chapter on the guidance fund states."""

import re

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.sources.facts import fact

LEVERAGE, CHECKER = explorer("fund-leverage"), explorer("fund-rules")
RULES = load("fund_rules").set_index("rule_id")


def at(stake: float, **changes: float) -> dict:
    return LEVERAGE.results(stake=stake, **changes)


def idle(stake: float, **changes: float) -> float:
    return LEVERAGE.evaluate(stake=stake, **changes).tables["stakes"].iloc[0]["central_idle"]


def test_the_figures_of_the_chapter() -> None:
    code = "\n".join(cell.source for cell in chapter("guidance-fund").code)
    shown = re.findall(r'(?m)^explorer\("([\w-]+)"\)', code)
    assert shown == ["fund-structure", "fund-share", "fund-leverage", "fund-rules"]


# ---- rules and data


def test_rules_as_the_prose_states_them() -> None:
    assert list(RULES.loc[["2014-stake-min", "2014-stake-max"], "status"]) == ["brief", "brief"]
    assert set(RULES.loc[["2021-not-largest", "2021-stake-min", "2021-stake-max"], "article"]) == {"9"}
    assert set(RULES.loc[["2021-three-times", "2021-half"], "article"]) == {"10"}
    assert RULES.loc["2021-half", "operator"] == ">=" and "不低于" in RULES.loc["2021-half", "text_zh"]


def test_the_one_published_share_lies_inside_both_ranges_near_the_old_lower_limit() -> None:
    share = load("fund_central_share")["central_share"].item()
    for year in ("2014", "2021"):
        assert RULES.loc[f"{year}-stake-min", "threshold"] < share < RULES.loc[f"{year}-stake-max", "threshold"]
    assert share - RULES.loc["2014-stake-min", "threshold"] < 1


def test_the_figure_of_ranges_shows_the_table() -> None:
    ranges = explorer("fund-share").evaluate().tables["ranges"]
    assert list(zip(ranges["low"], ranges["high"])) == [(20, 30), (10, 30), (20.9, 20.9), (23.3, 23.3), (20, 20)]
    assert list(ranges["evidence"]) == [
        "the brief",
        "a copy or report",
        "the brief",
        "a copy or report",
        "a copy or report",
    ]


def test_the_diagram_says_what_it_draws() -> None:
    figure = explorer("fund-structure")
    tables = figure.evaluate().tables
    nodes, edges = set(tables["boxes"]["node"]), tables["edges"]
    assert nodes == set(edges["from"]) | set(edges["to"])
    assert {
        "MOF and MOST",
        "National Guidance Fund",
        "Local government",
        "Other investors and firms",
        "Fund management company",
        "Sub-fund",
        "Technology firms",
    } == nodes
    description = figure.payload()["panels"][0]["description"]
    assert all(relation in description for relation in edges["relation"])
    assert figure.payload()["controls"] == []


def test_sizes_differ_widely() -> None:
    assert fact("second-batch-largest").number > 5 * fact("fund-mean-size-2018").number
    assert fact("proposed-2021-largest").number > 0.7 * fact("money-proposed-2021").number


def test_the_same_numbers_were_reported_for_two_years() -> None:
    sizes = load("fund_size").set_index(["date", "measure"])[["subfunds", "size"]]
    one, other = (sizes.loc[(f"{year}-12-31", "cumulative")] for year in (2021, 2022))
    assert one.equals(other)


def test_one_sub_fund_in_numbers() -> None:
    size = 624 / 36
    assert [round(size * part, 2) for part in (1, 0.209, 0.791, 0.627, 1 - 0.627)] == [17.33, 3.62, 13.71, 10.87, 6.47]
    chapter("guidance-fund").states("F = 624/36 = 17.33", "3.62", "13.71", "10.87", "6.47", "3.785")


def test_rule_or_composition() -> None:
    funds = load("sub_funds").set_index("subfund_id")
    batch = load("fund_size").set_index(["date", "measure"])["size"]["2021-11-04", "proposed in the year"]
    share = load("fund_central_share")["central_share"].item() / 100
    largest, central = funds.loc["sf06", ["size", "guidance_fund_money"]]
    others = (share * batch - central) / (batch - largest)
    assert round(100 * others, 1) == 23.5 and 0.2 < others < 0.3
    assert [round(n / 10, 3) for n in (share * batch, share * batch - central, batch - largest)] == [4.22, 1.22, 5.193]
    chapter("guidance-fund").states(r"0.209 \times 20.193 = 4.220", "1.220")


def test_what_is_known_of_single_sub_funds() -> None:
    funds = load("sub_funds")
    assert len(funds) == 12 and funds["central_stake"].notna().sum() == 2
    places = {place.split(", ")[-1] for place in funds["place"] if place}
    assert places == {"Beijing", "Guangdong", "Hunan", "Liaoning", "Shaanxi", "Shanghai"}
    assert set(funds.query("manager_kind != 'not known'")["subfund_id"]) == {"sf06"}


# ---- back to the prediction


def test_start_values_and_the_lowest_stake() -> None:
    start, low = at(0.209), at(0.10)
    assert start["sub_funds"] == 36 and idle(0.209) == pytest.approx(0, abs=1e-9)
    assert round(start["leverage"], 3) == 4.785 and low["leverage"] == pytest.approx(10)
    assert start["best_stake"] == pytest.approx(0.209)
    assert low["sub_funds"] == 31 and round(idle(0.10), 1) == 76.7
    row = LEVERAGE.evaluate(stake=0.10).tables["stakes"].iloc[0]
    assert int(row["central_allows"]) == 75


def test_partners_would_have_to_bring_more() -> None:
    needed = 75 * 0.9 * 624 / 36
    assert needed == pytest.approx(1170) and round(needed / 493.584, 2) == 2.37
    assert at(0.10, partner_budget=1170.0)["sub_funds"] == 75


def test_at_thirty_percent_central_money_runs_out() -> None:
    row = LEVERAGE.evaluate(stake=0.30).tables["stakes"].iloc[0]
    assert row["sub_funds"] == 25 and row["central_allows"] < row["partners_allow"]


def test_what_the_strings_are_worth() -> None:
    for stake, free in ((0.10, 0.5), (0.30, 0.1)):
        assert at(stake)["high_tech_share"] == pytest.approx(free)
    for stake in (0.17, 0.2, 0.209, 0.3):
        assert at(stake)["commercialization_floor"] / stake == pytest.approx(3)
    assert at(0.10)["commercialization_floor"] / 0.10 == pytest.approx(5)
    assert at(0.12)["commercialization_floor"] / 0.12 > 3


# ---- the rule checker


def test_the_start_values_break_one_rule() -> None:
    results = CHECKER.results()
    assert (results["rules_passed"], results["rules_tested"]) == (4, 5)


def test_the_buttons_that_the_prose_presses() -> None:
    presets = {p.id: p for p in CHECKER.presets}
    top = CHECKER.evaluate(**presets["top"].values)
    assert top.steps["verdict"] == "keeps the rules"
    assert top.tables["limits"].query("rule_id == '2021-three-times'")["at"].item() == pytest.approx(0.9)
    small = presets["2014"].values
    assert CHECKER.results(**small)["verdict"] == "breaks the rules"
    assert CHECKER.results(**{**small, "rule_set": "2021"})["verdict"] == "keeps the rules"
    assert CHECKER.results(**presets["2014-rank"].values)["verdict"] == "depends on the reading"
    for preset in CHECKER.presets:
        if preset.id == "2014-rank":
            assert f"*{preset.label}*" in chapter("guidance-fund").text


# ---- solutions


def test_exercise_by_hand() -> None:
    for stake, leverage, floor in ((0.15, 6.667, 0.5), (0.25, 4.0, 0.75)):
        now = at(stake)
        assert round(now["leverage"], 3) == leverage
        assert now["commercialization_floor"] == pytest.approx(floor) and now["high_tech_share"] == pytest.approx(
            1 - floor
        )
    assert (0.5 * 20, 0.75 * 20) == (10, 15)


def test_exercise_with_the_explorer() -> None:
    assert round(9 * 130.416, 1) == 1173.7
    assert at(0.10, partner_budget=1180.0)["sub_funds"] == 75
    assert round(idle(0.10, partner_budget=1180.0), 1) == 0.4
    assert at(0.187)["sub_funds"] >= 35 and at(0.2149)["sub_funds"] == 35
    assert at(0.186)["sub_funds"] < 35 and at(0.2151)["sub_funds"] < 35
    steps = [round(0.05 + i * 0.005, 3) for i in range(61)]
    assert [s for s in steps if at(s)["sub_funds"] >= 35] == [0.19, 0.195, 0.2, 0.205, 0.21]
    assert at(0.34)["commercialization_floor"] == pytest.approx(1.02) and at(0.34)["use_rule"] == "cannot be met"


def test_exercise_in_code() -> None:
    tied = []
    for stake in (0.05, 0.10, 0.15, 0.209, 0.25, 0.30):
        now = at(stake)
        tied.append(round(now["sub_funds"] * 624 / 36 * now["commercialization_floor"], 1))
    assert tied == [251.3, 268.7, 286.0, 391.2, 390.0, 390.0]
    per_yuan = [
        round(at(stake)["commercialization_floor"] / stake, 2) for stake in (0.05, 0.10, 0.15, 0.209, 0.25, 0.30)
    ]
    assert per_yuan == [10, 5, 3.33, 3, 3, 3]
    assert round(3 * 130.416, 1) == 391.2


def test_exercise_with_the_rule_checker() -> None:
    described = {"stake": 0.10, "sub_fund_size": 20.0, "commercialization_money": 10.0, "largest_other_share": 0.11}
    results = CHECKER.results(**described)
    assert (results["rules_passed"], results["rules_tested"]) == (5, 5)
    old = CHECKER.evaluate(rule_set="2014", **described)
    assert (old.steps["rules_passed"], old.steps["rules_tested"]) == (2, 3)
    raised = CHECKER.evaluate(**{**described, "rule_set": "2014", "stake": 0.20})
    assert raised.steps["verdict"] == "depends on the reading"
    sentence = old.tables["rules"].set_index("rule_id").loc["2014-stake-min", "change"]
    assert "20.0%" in sentence and "2.00 more from Beijing" in sentence


def test_questions() -> None:
    assert (at(0.20)["sub_funds"], at(0.10)["sub_funds"]) == (35, 31)
    for stake in (0.10, 0.20):
        row = LEVERAGE.evaluate(stake=stake).tables["stakes"].iloc[0]
        assert row["partners_allow"] < row["central_allows"] and idle(stake) > 0
    assert at(0.25)["commercialization_floor"] == pytest.approx(0.75)
