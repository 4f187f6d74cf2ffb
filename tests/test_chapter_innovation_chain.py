"""The chapter on the innovation chain: every number it states follows from the model or the data."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.explorers.innovation_chain import INSTRUMENTS
from jointaction.faces.robustness import share_of
from jointaction.models import innovation_chain as model

CHAPTER = chapter("innovation-chain")
FIGURE = explorer("innovation-chain")
P = model.PARAMETERS
EVEN, ONLY_SCALING, DEFAULT = (1 / 3, 1 / 3, 1 / 3), (0.0, 0.0, 1.0), (4.0, 1.0, 4.0)
PRODUCTIVITIES = [P[f"productivity_{stage}"] for stage in model.STAGES]


def preset(name: str) -> dict:
    return dict(next(p.values for p in FIGURE.presets if p.id == name))


# ---- the data


def test_the_parts_of_2022() -> None:
    rows = load("rd_spending").query("year == 2022 and vintage == 'communiqué'")
    total = rows.loc[rows["part"] == "total", "value"].item()
    for breakdown in ("performer", "type"):
        assert rows.loc[rows["breakdown"] == breakdown, "value"].sum() == pytest.approx(total, abs=0.06)
    assert "basic" not in " ".join(
        rows.loc[rows["breakdown"] == "performer", "part"]
    )  # firms' basic research: not found


def test_no_study_of_productivity_names_research_cut_off_from_demand() -> None:
    studies = load("productivity_studies")
    about = studies[studies["about"] == "productivity"]
    assert not about["cause_named"].str.contains("demand|research", case=False).any()
    (cited,) = studies[studies["cited_in_endnote"] == "16"].itertuples()
    assert cited.about == "patents" and cited.measures_productivity == "not read" and cited.read_as == "abstract"


# ---- the model


def test_one_case_in_words_and_numbers() -> None:
    chances = [model.chance(1 / 3, k) for k in DEFAULT]
    assert [round(y, 2) for y in chances] == [0.74, 0.28, 0.74]
    assert round(model.chain_yield(EVEN, DEFAULT, 0), 2) == 0.15
    assert round(model.ready(*chances[:2], 0.5), 2) == 0.60
    assert round(model.chance(1, 4), 2) == 0.98
    for f, even, scaling in ((0.5, 0.445, 0.491), (0.3, 0.329, 0.295)):
        assert round(model.chain_yield(EVEN, DEFAULT, f), 3) == even
        assert round(model.chain_yield(ONLY_SCALING, DEFAULT, f), 3) == scaling
    CHAPTER.states(
        "y_1 = y_3 = 1 - e^{-4/3} = 0.74",
        "y_2 = 1 - e^{-1/3} = 0.28",
        r"0.74 \times 0.28 \times 0.74 = 0.15",
        r"1 - (1 - 0.74 \times 0.28) \times 0.5 = 0.60",
        r"0.98 \times 0.5 = 0.49",
        "0.329",
        "0.295",
    )


def test_the_best_split_as_the_door_opens() -> None:
    middle = {f: FIGURE.results(foreign_ideas=f)["best_middle"] for f in (0.0, 0.3, 0.5, 0.55, 0.6)}
    assert middle == {0.0: 0.4, 0.3: 0.3, 0.5: 0.2, 0.55: pytest.approx(0.2, abs=0.05), 0.6: 0}
    assert FIGURE.results(foreign_ideas=0.6)["best_late"] == 1


@pytest.mark.parametrize(("f", "gain"), [(0, 72), (0.3, 23), (0.5, 12)])
def test_the_middle_matters_as_far_as_the_door_is_closed(f: float, gain: int) -> None:
    rise = model.chain_yield(EVEN, (4, 2, 4), f) / model.chain_yield(EVEN, DEFAULT, f) - 1
    assert round(100 * rise) == gain
    CHAPTER.states(str(gain))
    y1, _, y3 = (model.chance(1 / 3, k) for k in DEFAULT)
    slope = model.returns_to_effort(EVEN, DEFAULT, f)[1] / model.slope(1 / 3, DEFAULT[1])
    assert slope == pytest.approx(y3 * y1 * (1 - f))


def test_weakest_is_not_where_more_adds_most() -> None:
    values = preset("piled-up")
    results = FIGURE.results(**values)
    assert (results["weakest_stage"], results["best_return_stage"]) == ("around one", "zero to one")
    stages = FIGURE.evaluate(**values).tables["stages"].set_index("stage")
    assert list(stages["effort"]) == pytest.approx([0.1, 0.6, 0.3])
    assert values["productivity_middle"] == 0.5 and round(stages.loc["middle", "chance"], 2) == 0.26


def test_instruments_against_allocation() -> None:
    start, helped = FIGURE.results(), FIGURE.results(**preset("instruments"))
    assert [round(r, 2) for r in (start["yield"], helped["yield"], start["best_yield"])] == [0.15, 0.26, 0.16]
    assert set(preset("instruments")) == set(INSTRUMENTS)
    stages = FIGURE.evaluate(**preset("instruments")).tables["stages"].set_index("stage")
    assert list(stages["productivity"]) == [4, 2, 4]


# ---- how much hangs on the assumptions


def shares(productivities) -> tuple[float, float]:
    moved = [*productivities, P["foreign_ideas"]]
    closed = share_of("", lambda p: model.middle_gains_most(p, 0.0), moved)
    free = share_of("", lambda p: model.middle_gains_most(p, p.foreign_ideas), moved)
    return closed, free


def test_a_hard_middle_is_the_assumption_and_the_door_the_argument() -> None:
    early, middle, late = PRODUCTIVITIES
    closed, free = shares([replace(early, low=2.0), replace(middle, high=2.0), replace(late, low=2.0)])
    assert closed.share == 1
    assert 0.45 < free.share < 0.55 and free.parameter is P["foreign_ideas"] and free.above < free.below


def test_among_equals_the_closed_chain_gives_a_third() -> None:
    closed, free = shares(PRODUCTIVITIES)
    assert closed.share == pytest.approx(1 / 3, abs=0.01) and free.share < closed.share


def test_the_claim_is_about_raising_one_stage_by_half() -> None:
    class Setting:
        productivity_early, productivity_middle, productivity_late = DEFAULT

    raised = [model.chain_yield(EVEN, k, 0.2) for k in ((6, 1, 4), (4, 1.5, 4), (4, 1, 6))]
    assert model.middle_gains_most(Setting, 0.2) == (raised[1] == max(raised))


# ---- the exercises


def test_exercise_1() -> None:
    facts = load("facts").set_index("fact_id")["number"]
    assert facts["basic-share-2022"] - facts["basic-share-change-2022"] == pytest.approx(6.50, abs=0.005)
    rows = load("rd_spending").query("year == 2021 and vintage == 'communiqué'").set_index("part")["value"]
    assert rows["basic research"] == 1817.0 and rows["total"] == 27956.3
    assert round(100 * 1817.0 / 27956.3, 2) == 6.50 and round(100 * 0.07 / 6.50, 1) == 1.1


def test_exercise_2() -> None:
    factor = {k: round(k / (math.exp(k / 3) - 1), 2) for k in (0.2, 1, 4, 12)}
    assert factor == {0.2: 2.90, 1: 2.53, 4: 1.43, 12: 0.22}
    effort, k = (0.1, 0.6, 0.3), (4, 0.5, 4)
    rates = [each / (math.exp(each * x) - 1) for each, x in zip(k, effort)]
    assert [round(rate, 2) for rate in rates] == [8.13, 1.43, 1.72]
    product = model.chain_yield(effort, k, 0)
    assert round(product, 3) == 0.060
    returns = model.returns_to_effort(effort, k, 0)
    assert [round(r, 2) for r in returns] == [0.49, 0.09, 0.10]
    assert list(returns) == pytest.approx([product * rate for rate in rates])


def test_exercise_3() -> None:
    for f, even, scaling in ((0.5, 0.445, 0.491), (0.1, 0.212, 0.098)):
        assert round(FIGURE.results(foreign_ideas=f)["yield"], 3) == even
        values = {"foreign_ideas": f, "effort_early": 0.0, "effort_middle": 0.0}
        assert round(FIGURE.results(**values)["yield"], 3) == scaling
    assert model.chain_yield(EVEN, DEFAULT, 0.38) > model.chain_yield(ONLY_SCALING, DEFAULT, 0.38)
    assert model.chain_yield(EVEN, DEFAULT, 0.39) < model.chain_yield(ONLY_SCALING, DEFAULT, 0.39)
    helped = [FIGURE.results(**preset("instruments"), foreign_ideas=f)["yield"] for f in (0.0, 0.5)]
    assert [round(y, 3) for y in helped] == [0.264, 0.500]


def test_exercise_4() -> None:
    turns = []
    for k2 in (1.0, 2.0):
        step = next(step for step in range(91) if model.best_split((4.0, k2, 4.0), step / 100)["late"] == 1)
        turns.append(step / 100)
    assert turns == [0.59, 0.73]
    CHAPTER.states("f = 0.59", "f = 0.73")


# ---- the figure


def test_the_figure_gives_what_the_model_gives() -> None:
    for values in ({}, {"foreign_ideas": 0.45, "effort_early": 0.7, "effort_middle": 0.9, "ownership": "late"}):
        p, results = FIGURE.values(**values), FIGURE.results(**values)
        at_work = {stage: sum(p[name] == stage for name in INSTRUMENTS) for stage in model.STAGES}
        k = [model.raised(p[f"productivity_{s}"], at_work[s], p["instrument_size"]) for s in model.STAGES]
        early, middle = p["effort_early"], p["effort_middle"]
        efforts = (early, model.middle_counted(early, middle), model.effort_late(early, middle))
        assert results["yield"] == pytest.approx(model.chain_yield(efforts, k, p["foreign_ideas"]))
        best = model.best_split(k, p["foreign_ideas"])
        assert [results[f"best_{s}"] for s in model.STAGES] == list(best[list(model.STAGES)])
        assert results["best_yield"] == pytest.approx(best["yield"])
