"""The board of ten technologies: matching, leaving out, luck and two readers, each against a slow count."""

from __future__ import annotations

import itertools
import math
import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jointaction.errors import InputError
from jointaction.faces.ops import Expr, source
from jointaction.models import debate_board as model
from test_ops import script, vega

codes = st.sampled_from(model.CODES)
cuts = st.sampled_from(model.CUTS)


def matched(coded: list[float], verdicts: list[bool], cut: float, points: bool = True) -> int:
    return sum(model.matches(code, cut, led, points) for code, led in zip(coded, verdicts))


def left_out(coded: list[float], verdicts: list[bool], cut: float, points: bool = True) -> int:
    """Cases predicted rightly when each is left out in turn, from the model's own pieces."""
    other = next(c for c in model.CUTS if c != cut)
    totals = [matched(coded, verdicts, c, points) for c in (cut, other)]
    return sum(
        model.left_out_match(model.matches(code, cut, led, points), model.matches(code, other, led, points), *totals)
        for code, led in zip(coded, verdicts)
    )


def left_out_slowly(coded: list[float], verdicts: list[bool], cut: float) -> int:
    """The same by going through the words: choose the cut on the others, predict the one left out."""
    right = 0
    for place in range(len(coded)):

        def on_others(c: float, place: int = place) -> int:
            return sum((coded[i] >= c) == verdicts[i] for i in range(len(coded)) if i != place)

        chosen = max((cut, *(c for c in model.CUTS if c != cut)), key=on_others)  # ties keep the reader's cut
        right += (coded[place] >= chosen) == verdicts[place]
    return right


# ---- matching


def test_a_code_at_the_cut_counts_as_yes():
    assert [model.predicts_state(code, 0.5) for code in model.CODES] == [False, True, True]
    assert [model.predicts_state(code, 1.0) for code in model.CODES] == [False, False, True]
    # A question that points to entrepreneurs turns every prediction round.
    assert [model.predicts_state(code, 0.5, False) for code in model.CODES] == [True, False, False]


@given(st.lists(st.tuples(codes, st.booleans()), min_size=1, max_size=12), cuts)
def test_turning_the_question_round_turns_the_count_round(board, cut):
    coded, verdicts = zip(*board)
    assert matched(coded, verdicts, cut) + matched(coded, verdicts, cut, points=False) == len(board)


def test_the_words_of_the_brief_separate_nothing():
    # Coded by its own words, something to emulate was there in every case but artificial intelligence.
    coded = [1.0] * 9 + [0.0]
    verdicts = [True] * 5 + [False] * 5
    for cut in model.CUTS:
        assert matched(coded, verdicts, cut) == 6
        assert left_out(coded, verdicts, cut) == 6
    looking_back = [0, 1, 2, 3, 5, 6, 7, 8]  # without lithography and artificial intelligence
    assert matched([coded[i] for i in looking_back], [verdicts[i] for i in looking_back], 0.5) == 4


# ---- leave one out


@given(st.lists(st.tuples(codes, st.booleans()), min_size=1, max_size=10), cuts)
def test_leaving_out_is_what_its_words_say(board, cut):
    coded, verdicts = zip(*board)
    assert left_out(coded, verdicts, cut) == left_out_slowly(coded, verdicts, cut)


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.booleans()), min_size=1, max_size=10), cuts)
def test_with_plain_yes_and_no_leaving_out_changes_nothing(board, cut):
    coded, verdicts = zip(*board)  # both cuts read 0 and 1 alike, so there is nothing to choose
    assert left_out(coded, verdicts, cut) == matched(coded, verdicts, cut)


def test_leaving_out_can_cost_a_match():
    coded, verdicts = [0.5, 0.5, 1.0, 0.0], [True, False, True, False]
    assert matched(coded, verdicts, 0.5) == matched(coded, verdicts, 1.0) == 3
    assert left_out(coded, verdicts, 0.5) == left_out(coded, verdicts, 1.0) == 2


# ---- baseline and luck


def test_baseline():
    assert model.baseline(10, 5) == 5 and model.baseline(8, 4) == 4
    assert model.baseline(9, 5) == model.baseline(9, 4) == 5
    assert model.baseline(0, 0) == 0


def best_of(ranking: tuple[bool, ...]) -> int:
    """Most verdicts that a ranking matches at any of its cuts, both ends included."""
    return max(sum(ranking[:cut]) + sum(not led for led in ranking[cut:]) for cut in range(len(ranking) + 1))


@pytest.mark.parametrize(("cases", "led"), [(10, 5), (8, 4), (9, 4), (9, 5), (7, 2), (3, 3), (4, 0), (1, 1)])
def test_luck_is_a_count_of_all_rankings(cases, led):
    rankings = [
        tuple(place in chosen for place in range(cases)) for chosen in itertools.combinations(range(cases), led)
    ]
    best = [best_of(ranking) for ranking in rankings]
    for wanted in range(cases + 1):
        share = sum(b >= wanted for b in best) / len(rankings)
        assert model.luck(cases, led, wanted) == pytest.approx(share), wanted


def test_luck_in_the_words_of_the_chapter():
    assert model.binomial(10, 5) == 252
    assert model.luck(10, 5, 10) == 1 / 252
    assert [round(100 * model.luck(10, 5, wanted)) for wanted in (9, 8)] == [4, 18]
    assert model.luck(8, 4, 8) == 1 / 70 and round(100 * model.luck(8, 4, 7)) == 11


@pytest.mark.parametrize("n", range(model.MOST_CASES + 1))
def test_binomial(n):
    assert [model.binomial(n, k) for k in range(model.MOST_CASES + 1)] == pytest.approx(
        [math.comb(n, k) for k in range(model.MOST_CASES + 1)]
    )


# ---- two readers


@pytest.mark.parametrize(("alike", "kappa"), [(10, 1.0), (9, 0.8), (8, 0.6)])
def test_kappa_of_balanced_codes(alike, kappa):
    first = [1.0] * 5 + [0.0] * 5
    second = list(first)
    for place in (0, 9)[: 10 - alike]:
        second[place] = 1 - second[place]
    assert model.observed_agreement(first, second) == alike / 10
    assert model.expected_agreement(first, second) == pytest.approx(0.5)
    assert model.cohens_kappa(first, second) == pytest.approx(kappa)


@given(st.lists(st.tuples(codes, codes), min_size=1, max_size=12))
def test_kappa_is_the_textbook_formula_and_does_not_care_who_is_first(pairs):
    first, second = map(list, zip(*pairs))
    observed = sum(a == b for a, b in pairs) / len(pairs)
    expected = sum(first.count(c) * second.count(c) for c in model.CODES) / len(pairs) ** 2
    value = model.cohens_kappa(first, second)
    assert math.isnan(value) if expected == 1 else value == pytest.approx((observed - expected) / (1 - expected))
    assert math.isnan(value) or value == model.cohens_kappa(second, first) <= 1


def test_a_blind_second_reader_has_kappa_near_zero():
    draw = random.Random(20240229)
    first = [draw.choice(model.CODES) for _ in range(6000)]
    second = [draw.choice(model.CODES) for _ in range(6000)]
    assert abs(model.cohens_kappa(first, second)) < 0.03


@pytest.mark.parametrize(("first", "second"), [([], []), ([1.0], []), ([1.0, 0.0], [1.0])])
def test_readers_must_code_the_same_cases(first, second):
    with pytest.raises(InputError, match="same cases"):
        model.cohens_kappa(first, second)


# ---- numbers, columns and expressions alike

ROWS = {
    "predicts_state": (model.predicts_state, [(0.5, 0.5, True), (0.5, 1.0, False)]),
    "matches": (model.matches, [(1.0, 0.5, True, True), (0.0, 1.0, True, False)]),
    "left_out_match": (model.left_out_match, [(1, 0, 6, 6), (0, 1, 6, 7)]),
    "baseline": (model.baseline, [(10, 5), (9, 2)]),
    "luck": (model.luck, [(10, 5, 9), (8, 4, 3), (0, 0, 0)]),
    "binomial": (model.binomial, [(10, 5), (3, 4), (0, 0)]),
}


@pytest.mark.parametrize("name", ROWS)
def test_columns_and_the_browser_give_what_numbers_give(name):
    function, rows = ROWS[name]
    by_number = [function(*row) for row in rows]
    assert list(function(*(pd.Series(values) for values in zip(*rows)))) == by_number
    by_vega = vega(*(function(*(Expr(source(value)) for value in row)) for row in rows))
    assert by_vega == [script(value) for value in by_number]
