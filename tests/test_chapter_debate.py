"""The chapter on the debate: what it states of claims, board and luck, and that the board keeps its secret."""

from __future__ import annotations

import json
import re
from itertools import combinations

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.debate_board import CASES, HIDDEN, SIDES, cases
from jointaction.explorers.debate_claims import ASPECTS, KINDS, SUPPORT, claims
from jointaction.models import debate_board as model

CHAPTER = chapter("debate")
BOARD, CLAIMS = explorer("debate-board"), explorer("debate-claims")
FACTS = load("facts").set_index("fact_id")
TEN = [row.key for row in cases().itertuples() if row.on_board]
STATE = {row.key for row in cases().itertuples() if row.on_board and row.state_led}


# ---- the board keeps its secret


def test_the_board_has_no_codes_of_its_own() -> None:
    values = BOARD.values()
    assert all(values[key] == "" for key, _ in CASES.values())
    assert not values["reveal"] and BOARD.results()["coded"] == 0
    assert BOARD.presets == ()


def test_nothing_shown_depends_on_a_verdict_before_it_is_revealed() -> None:
    coded = {key: "1" for key, _ in CASES.values()}
    hidden = BOARD.evaluate(**coded)
    assert {hidden.steps[name] for name in ("matched", "left_out_matched", "baseline", "luck")} == {HIDDEN}
    assert set(hidden.tables["cases"]["shown_verdict"]) == {HIDDEN}
    assert set(hidden.tables["cases"]["side"]) == {SIDES["hidden"]}
    assert set(hidden.tables["cases"]["result"]) == {""}
    # Turning all verdicts round would change nothing that a reader sees.
    payload = BOARD.payload()
    seen = json.dumps([payload["readouts"], payload["table"], payload["controls"], payload["assumptions"]])
    assert not re.search(r"state-led success|entrepreneurship|successes? of|most successful in areas", seen)


def test_the_order_of_the_cases_is_the_alphabet() -> None:
    names = [label.removeprefix("5G ") for _, label in CASES.values()]
    assert [name.lower() for name in names[:5]] == sorted(name.lower() for name in names[:5])
    first_half = {row.key for row in cases().head(6).itertuples()}
    assert STATE - first_half and STATE & first_half


def test_every_case_shows_quotations_with_id_and_status_or_says_that_there_is_none() -> None:
    helps = {control.name: control.help for control in BOARD.controls}
    for case, (key, _) in CASES.items():
        ids = re.findall(r"\((DE\d\d[fab]), (?:copy|unofficial|official|brief)", helps[key])
        assert all(i.startswith(case) for i in ids), key
        assert ids or helps[key].startswith("No quotation without the verdict"), key
        assert "b," not in "".join(ids)
    assert sum(helps[key].startswith("No quotation") for key, _ in CASES.values()) == 1


# ---- what it says afterwards


def test_two_beside_ten() -> None:
    assert len(TEN) == FACTS.loc["cases-count", "number"] == 10 and len(STATE) == 5
    beside = [row.case for row in cases().itertuples() if not row.on_board]
    assert beside == ["C919 airliner", "5G mobile internet"]
    results = BOARD.results(c919_airliner="1", mobile_5g="0", reveal=True)
    assert (results["coded"], results["of"], results["matched"]) == (2, 0, 0)


def test_a_right_and_a_wrong_board() -> None:
    right = {key: "1" if key in STATE else "0" for key in TEN}
    results = BOARD.results(**right, reveal=True)
    assert (results["matched"], results["of"], results["left_out_matched"], results["baseline"]) == (10, 10, 10, 5)
    assert results["luck"] == pytest.approx(100 / 252)
    wrong = {key: "0" if key in STATE else "1" for key in TEN}
    assert BOARD.results(**wrong, reveal=True)["matched"] == 0
    # Asked for private owners, a yes speaks for entrepreneurs.
    assert BOARD.results(**wrong, question="owner", reveal=True)["matched"] == 10


def test_cannot_tell_and_not_coded_do_not_count() -> None:
    results = BOARD.results(atomic_bombs="1", solar_panels="unknown", lithography="", reveal=True)
    assert (results["coded"], results["of"], results["matched"]) == (1, 1, 1)


def test_read_outs_are_those_of_the_model() -> None:
    answers = dict(zip(TEN, ["1", "0.5", "0.5", "0", "unknown", "1", "0", "0.5", "1", ""], strict=True))
    counted = [(float(a), key in STATE) for key, a in answers.items() if a not in ("", "unknown")]
    for choice, cut in (("0.5", 0.5), ("1", 1.0)):
        other = next(c for c in model.CUTS if c != cut)
        totals = [sum(model.matches(a, c, led) for a, led in counted) for c in (cut, other)]
        results = BOARD.results(**answers, cut=choice, reveal=True)
        assert results["matched"] == totals[0] and results["of"] == len(counted) == 8
        assert results["left_out_matched"] == sum(
            model.left_out_match(model.matches(a, cut, led), model.matches(a, other, led), *totals)
            for a, led in counted
        )
        assert results["luck"] == 100 * model.luck(8, sum(led for _, led in counted), totals[0])


# ---- the case in words and numbers


def test_four_invented_cases() -> None:
    board = [(1.0, True), (0.5, True), (0.5, False), (0.0, False)]
    totals = [sum(model.matches(a, cut, led) for a, led in board) for cut in model.CUTS]
    assert totals == [3, 3]
    left_out = sum(
        model.left_out_match(model.matches(a, 0.5, led), model.matches(a, 1.0, led), *totals) for a, led in board
    )
    assert left_out == 2 == model.baseline(4, 2)
    assert model.binomial(4, 2) == 6 and model.luck(4, 2, 3) * 6 == pytest.approx(4)


# ---- claims


def test_fifteen_claims() -> None:
    rows = claims()
    assert len(rows) == FACTS.loc["claims-count", "number"] == 15
    assert set(rows["kind"]) == set(KINDS) and set(rows["support"]) == set(SUPPORT)
    assert CLAIMS.results() == {
        "claims_shown": 15,
        "without_endnote": int(FACTS.loc["claims-without-endnote", "number"]),
        "nothing_for": 1,
        "nothing_against": 2,
    }


def test_claim_ten_is_as_the_chapter_tells_it() -> None:
    (claim,) = load("claims").query("claim_id == 'C10'").to_dict("records")
    assert (claim["kind"], claim["brief_support"], claim["evidence_for"]) == ("cause", "no endnote", "")
    assert {"DE02f", "DE03f", "WN21"} <= set(claim["evidence_against"].split())


def test_filters_and_orders() -> None:
    causes = CLAIMS.evaluate(kind="cause").tables["claims"]
    assert set(causes["kind"]) == {"cause"} and len(causes) == CLAIMS.results(kind="cause")["claims_shown"]
    assert list(CLAIMS.evaluate(evidence="nothing-for").tables["claims"]["number"]) == [10]
    assert list(CLAIMS.evaluate(evidence="nothing-against").tables["claims"]["number"]) == [5, 13]
    both = CLAIMS.evaluate(evidence="both").tables["claims"]
    assert len(both) == 12 and (both["count_for"] > 0).all() and (both["count_against"] > 0).all()
    by_against = CLAIMS.evaluate(order="against").tables["claims"]
    assert by_against["count_against"].is_monotonic_decreasing and len(by_against) == 15
    assert CLAIMS.evaluate(kind="forecast", support="no endnote").tables["claims"]["number"].tolist() == [14]
    assert CLAIMS.results(kind="absence", chapter="debate")["claims_shown"] == 0


@pytest.mark.parametrize("aspect", ASPECTS)
def test_each_aspect_shows_its_own_text(aspect: str) -> None:
    table = CLAIMS.evaluate(aspect=aspect, order="kind").tables["claims"]
    assert (table["chosen"] == table[aspect]).all() and (table["chosen"] != "").all()


def test_every_item_is_a_row_of_a_table() -> None:
    known = set()
    for name, key in (
        ("debate_evidence", "evidence_id"),
        ("whole_of_nation_events", "event_id"),
        ("priority_items", "item_id"),
        ("priority_lists", "list_id"),
        ("debate_measures", "measure_id"),
        ("productivity_studies", "study_id"),
        ("export_discipline", "item_id"),
        ("manufacturing_share", "row_id"),
        ("debt_ratios", "row_id"),
        ("rd_spending", "row_id"),
        ("matching_evidence", "study_id"),
    ):
        known |= set(load(name)[key])
    rows = load("claims")
    used = set(" ".join([*rows["evidence_for"], *rows["evidence_against"]]).split())
    assert used - known <= {"key-rd-2018"} | set(load("priority_lists")["list_id"]), used - known
    named = set(re.findall(r"\b(?:DE\d\d[fab]|WN\d\d|CL\d\d|RT\d\d)\b", CHAPTER.text))
    assert named <= known | set(load("ratios")["ratio_id"]), named - known


# ---- the fair sample


def test_thirteen_named_in_advance() -> None:
    named = load("priority_items").query("list_id == 'megaprojects-2006'")
    assert list(named["number"]) == list(range(1, 14))


# ---- the debate


def test_the_debate_lasts_fifty_minutes() -> None:
    words = "zero one two three four five six seven eight nine ten eleven twelve".split()
    rows = re.findall(r"^\| (\w+) \| [A-Z]", CHAPTER.text, re.MULTILINE)
    minutes = [words.index(row) for row in rows if row in words]
    assert len(minutes) == 7 and sum(minutes) == 50


# ---- exercises


def test_exercise_1() -> None:
    balanced = [1] * 5 + [0] * 5
    other = [0, *balanced[1:9], 1]
    assert model.observed_agreement(balanced, other) == 0.8
    assert model.cohens_kappa(balanced, other) == pytest.approx(0.6)
    mostly, too = [0] + [1] * 9, [1] * 9 + [0]
    assert model.observed_agreement(mostly, too) == 0.8
    assert model.expected_agreement(mostly, too) == pytest.approx(0.82)
    assert round(model.cohens_kappa(mostly, too), 2) == -0.11
    CHAPTER.states(r"\kappa = 0.3/0.5 = 0.6", r"\kappa = -0.02/0.18 = -0.11")


def test_exercise_2() -> None:
    (quote,) = load("debate_evidence").query("evidence_id == 'DE07a'")["quote"]
    assert re.sub(r"\([^)]*\)", "", quote) in CHAPTER.text


def test_exercise_3() -> None:
    answers = {key: "0" if key == "artificial_intelligence" else "1" for key in TEN}
    results = BOARD.results(**answers, reveal=True)
    assert [results[name] for name in ("matched", "of", "left_out_matched", "baseline")] == [6, 10, 6, 5]
    assert round(results["luck"], 1) == 83.3
    CHAPTER.states("83.3")
    back = BOARD.results(**{**answers, "lithography": "unknown", "artificial_intelligence": "unknown"}, reveal=True)
    assert [back[name] for name in ("matched", "of", "baseline", "luck")] == [4, 8, 4, 100]


def test_exercise_4() -> None:
    best = []
    for led in combinations(range(10), 5):
        ranking = [place in led for place in range(10)]
        best.append(max(sum(ranking[:cut]) + sum(not r for r in ranking[cut:]) for cut in range(11)))
    assert [sum(b >= wanted for b in best) for wanted in (10, 9, 8)] == [1, 10, 45] and len(best) == 252
    CHAPTER.states("1", "10", "45", "252", "0.4", "18")
    assert [model.luck(10, 5, wanted) * 252 for wanted in (10, 9, 8)] == pytest.approx([1, 10, 45])
