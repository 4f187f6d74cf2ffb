"""The chapter on the idea: every number it states follows from the model or the data."""

from __future__ import annotations

import contextlib
import io
import re

import numpy as np
import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.selection import firms
from jointaction.models import selection as model

CHAPTER = chapter("idea")
FIGURE = explorer("selection")
NOISE = (1.0, 0.5)


def spread(weight: float, *gaming: float) -> float:
    return model.ranking_spread(*NOISE, weight, *gaming) ** 2


def mean(weight: float, *gaming: float) -> float:
    return model.mean_fitness(*NOISE, weight, 0.1, *gaming)


# ---- the precedent


def test_how_many_steps_fall_into_the_window_by_either_rule() -> None:
    events = load("whole_of_nation_events")
    years = events.loc[events["precedent_result"] != "", "date"].str[:4].astype(int)
    assert sum(years.between(1966, 1973)) == 3 and sum(years.between(1967, 1973)) == 2
    CHAPTER.states("1966", "1973", "1967")
    dates = events.set_index("event_id")["date"]
    assert dates["WN04"] > "1962-10-16" and dates["WN08"] == "1964-10-16"  # less than two years


# ---- what the prose says about the model


def test_the_case_by_hand() -> None:
    assert model.selection_intensity(0.1) == pytest.approx(1.755, abs=5e-4)
    assert (spread(0.0), spread(1.0), spread(0.2)) == (pytest.approx(1.25), pytest.approx(2), pytest.approx(1.2))
    assert [round(mean(weight), 3) for weight in (0.0, 1.0, 0.2)] == [1.570, 1.241, 1.602]
    assert round(100 * (mean(0.2) / mean(0.0) - 1)) == 2
    assert spread(0.2, 1.0) == pytest.approx(1.61, abs=5e-4) and round(mean(0.2, 1.0), 3) == 1.383
    best = model.best_weight(*NOISE, 1.0)
    assert (round(best, 3), round(mean(best, 1.0), 3)) == (0.457, 1.5)
    CHAPTER.states(
        "1.755",
        "V = 1.25",
        "1.755/\\sqrt{1.25} = 1.570",
        "1.241",
        "1.602",
        "2",
        "1.383",
        "0.457",
        "1.500",
        "V = 1 + 0.04 + 0.16 = 1.2",
        "V = 1.2 + 0.8^4 = 1.61",
    )


def test_a_push_alike_for_all_changes_no_ranking() -> None:
    rows = FIGURE.evaluate().tables["firms"]["place"]
    assert ((rows + 0.7).rank() == rows.rank()).all()


def test_what_to_look_for() -> None:
    presets = {preset.id: preset.values for preset in FIGURE.presets}
    assert FIGURE.results(**presets["honest"])["best_weight"] == pytest.approx(presets["honest"]["local_weight"])
    gamed = FIGURE.results(**{**presets["exports-gamed"], "export_gaming": 2.0})["mean_fitness"]
    assert round(gamed, 3) == 1.042 and gamed < mean(1.0, 2.0)
    assert round(FIGURE.results(**presets["both-gamed"])["best_weight"], 3) == 0.412
    CHAPTER.states("1.042", "0.412")


def test_the_firms_shown_are_like_endlessly_many() -> None:
    drawn = firms()
    assert drawn.mean().abs().max() < 0.07 and (drawn.std() - 1).abs().max() < 0.07
    assert np.abs(drawn.corr().to_numpy() - np.eye(len(drawn.columns))).max() < 0.07
    for weight in (0.0, 0.2, 0.5, 1.0):
        rows = FIGURE.evaluate(local_weight=weight).tables["firms"]
        seen = rows["fitness"].corr(rows["place"])
        assert seen == pytest.approx(FIGURE.results(local_weight=weight)["signal_quality"], abs=0.05)
        assert 0.05 < (rows["outcome"] == "backed").mean() < 0.17


# ---- how much hangs on the assumptions


def test_the_shares_stated_are_those_of_the_cell() -> None:
    (cell,) = [cell for cell in CHAPTER.code if "robustness(" in cell.source]
    shares = re.findall(r"holds in (\d+) percent", cell.outputs[0]["data"]["text/plain"])
    assert shares == ["41", "50", "77"]
    CHAPTER.states("41", "77")


# ---- exercises


def test_exercise_1() -> None:
    def left(weight: float, gaming: float) -> float:
        return weight - 0.25 * (1 - weight) - 2 * (1 - weight) ** 3 * gaming**2

    assert left(0.2, 0.0) == pytest.approx(0)
    assert (left(0.2, 1.0), left(0.5, 1.0)) == (pytest.approx(-1.024), pytest.approx(0.125))
    assert 0.2 < model.best_weight(*NOISE, 1.0) < 0.5
    assert model.best_weight(*NOISE, 1.5**0.5) == pytest.approx(0.5) and round(1.5**0.5, 2) == 1.22


def test_exercise_2() -> None:
    step = next(g / 10 for g in range(21) if mean(0.2, g / 10) < mean(1.0, g / 10))
    assert (step, round(mean(0.2, 1.4), 3), round(mean(1.0, 1.4), 3)) == (1.4, 1.240, 1.241)
    results = FIGURE.results(local_weight=0.2, export_gaming=1.4)
    assert (round(results["best_weight"], 3), round(results["best_mean_fitness"], 3)) == (0.529, 1.467)
    assert round(FIGURE.results(export_gaming=1.4, report_gaming=1.4)["best_weight"], 3) == 0.448


def test_exercise_3() -> None:
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", CHAPTER.text, re.DOTALL) if "subsidized" in block]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        space: dict = {}
        exec(code, space)
    assert printed.getvalue().split() == ["0.2", "0.72", "0.5", "0.51", "0.8", "0.3"]
    assert space["subsidized"](1.0) == pytest.approx(0.2)


def test_question_4() -> None:
    assert model.best_weight(3.0, 1.0) == pytest.approx(0.1)
