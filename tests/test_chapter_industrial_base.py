"""The chapter on the industrial base: every number it states follows from the model or the data."""

from __future__ import annotations

import pytest
from chapters import chapter
from jointaction import explorer, load
from jointaction.errors import InputError
from jointaction.explorers.industrial_base import LESS, READ, SHARES, WORLD_START, announced
from jointaction.models import industrial_base as model

CHAPTER = chapter("industrial-base")
FIGURE = explorer("industrial-base")
ROWS = load("manufacturing_share").set_index("row_id")
FACTS = load("facts").set_index("fact_id")
START, GROWTH, YEARS = 27.7, 0.045, 13.0


def preset(name: str) -> dict:
    return dict(next(p.values for p in FIGURE.presets if p.id == name))


# ---- the share as announced


def test_the_announced_shares_are_those_of_the_table_and_no_year_is_filled_in() -> None:
    shown = announced().set_index("year")
    assert list(shown.index) == [2004, 2006, 2019, 2020, 2021, 2022, 2023]
    assert {2022: START, 2023: 26.2} == SHARES and WORLD_START == 30
    assert set(shown.index[shown["mark"] == LESS]) == {2006, 2020}  # about; known from the brief only
    assert set(shown["mark"]) == {READ, LESS}


def test_percent_and_points() -> None:
    assert 26.3 + 1.1 == pytest.approx(27.4) and 27.4 + 0.3 == pytest.approx(27.7)
    assert round(100 * 1.1 / 26.3, 1) == 4.2
    CHAPTER.states("1.1", "4.2", "26.3 + 1.1 + 0.3 = 27.7")
    assert FACTS.loc["manufacturing-2008-points", "number"] == pytest.approx(26.3 + 6)
    assert FACTS.loc["manufacturing-2008-percent", "number"] == pytest.approx(26.3 / 0.94, abs=1e-3)
    assert round(32 - 9.3) == 23  # what the abstract's fall would leave of about 32


def test_the_debt_ratios_and_what_their_sources_name() -> None:
    debt = load("debt_ratios").set_index("row_id")
    quarter = debt[debt["period"] == "2023-Q1"]["value"]
    assert sorted(quarter) == [279.7, 281.8, 289.6]
    assert not debt["cause_named"].str.contains("manufactur", case=False).any()
    assert debt.loc["CL20", "value"] - debt.loc["CL20c", "value"] == pytest.approx(
        FACTS.loc["debt-rise-2023", "number"]
    )


# ---- the case in words and numbers


def test_the_case_in_words_and_numbers() -> None:
    drift = model.manufacturing_growth(0.045, -0.01)
    assert round(model.share(START, GROWTH, drift, 1.0), 1) == 27.4
    assert round(model.share(START, GROWTH, drift, YEARS), 1) == 24.3
    assert model.share(START, GROWTH, drift, 5.0) == pytest.approx(START * 0.99**5)
    assert round(100 * (1.045**YEARS - 1)) == 77
    assert round(100 * (1.045 / 0.99 - 1), 1) == 5.6
    CHAPTER.states("0.99", "27.4", "24.3", "77", "1.045/0.99 - 1 = 5.6")
    assert round(model.world_share(30.0, GROWTH, 0.025, YEARS), 1) == 38.6
    CHAPTER.states(r"30 \times (1.045/1.025)^{13} = 38.6")
    home = model.home_demand(START, GROWTH, 6.0, 0.035, YEARS)
    assert round(START - 6, 1) == 21.7 and round(home, 1) == 19.2
    assert round(model.net_exports_needed(START, START, GROWTH, 6.0, 0.035, YEARS), 1) == 8.5
    CHAPTER.states("z = 6", "21.7", r"21.7 \times (1.035/1.045)^{13} = 19.2", "8.5")


def test_the_figure_opens_with_that_case() -> None:
    results = FIGURE.results()
    assert results["share_end"] == pytest.approx(24.3073, abs=5e-5)
    assert results["required_growth"] == pytest.approx(GROWTH)
    assert results["world_share_if_held"] == pytest.approx(38.5676, abs=5e-5)
    assert results["net_exports_needed"] == pytest.approx(8.5498, abs=5e-5)
    assert results["gap_to_target"] == pytest.approx(START - results["share_end"])


def test_faster_and_smaller() -> None:
    settings = preset("faster-cheaper")
    assert settings == {"quantity_growth": 0.065, "relative_price": -0.03}
    assert round(FIGURE.results(**settings)["share_end"], 1) == 23.9
    assert 1.065**YEARS > 2
    CHAPTER.states("6.5", "23.9")


def test_who_makes_room() -> None:
    def rest(end: float) -> float:
        return (1 + GROWTH) * ((100 - end) / (100 - START)) ** (1 / YEARS) - 1

    slower = FIGURE.results(**preset("slower"))["share_end"]
    assert round(slower, 1) == 24.4 and round(100 * rest(slower), 1) == 4.9
    assert 100 * rest(START) == pytest.approx(4.5)
    CHAPTER.states("24.4", "4.9")


def test_who_abroad() -> None:
    held = model.world_share(30.0, GROWTH, 0.025, YEARS)
    abroad = 1.025 * ((100 - held) / 70) ** (1 / YEARS) - 1
    assert round(100 * abroad, 1) == 1.5
    assert model.world_share(30.0, GROWTH, 0.045, YEARS) == pytest.approx(30)
    CHAPTER.states("1.5")


# ---- the figure


def test_paths_end_where_the_read_outs_say() -> None:
    for setting in ({}, {"start": "2023", "years": 7.0, "target_share": 30.0}, {"years": 1.0}, {"years": 30.0}):
        sheet = FIGURE.evaluate(**setting)
        path, values = sheet.tables["path"], FIGURE.values(**setting)
        assert len(path) == int(values["years"]) + 1
        first, last = path.iloc[0], path.iloc[-1]
        assert first["year"] == int(values["start"]) and first["share"] == SHARES[int(values["start"])]
        assert last["year"] == int(values["start"]) + values["years"]
        assert last["share"] == pytest.approx(sheet.steps["share_end"])
        assert last["share_reached"] == pytest.approx(values["target_share"])
        assert last["world_share_reached"] == pytest.approx(sheet.steps["world_share_if_held"])
        assert last["net_exports_needed"] == pytest.approx(sheet.steps["net_exports_needed"])


def test_years_between_two_whole_ones_end_before_the_end() -> None:
    assert FIGURE.evaluate(years=12.5).tables["path"]["after"].max() == 12


def test_the_areas_are_named_where_they_can_hold_a_name() -> None:
    assert list(FIGURE.evaluate().tables["names"]["name"]) == ["taken up at home", "net exports"]
    assert list(FIGURE.evaluate(net_exports=0.0, home_demand_growth=0.08).tables["names"]["name"]) == [
        "taken up at home",
        "net imports",
    ]
    assert list(FIGURE.evaluate(net_exports=0.0, home_demand_growth=0.045).tables["names"]["name"]) == [
        "taken up at home"
    ]


def test_a_start_that_no_source_gives_is_refused() -> None:
    with pytest.raises(InputError, match="start must be one of '2022', '2023', but is '2021'"):
        explorer("industrial-base", start="2021")


# ---- exercises


def test_exercise_1() -> None:
    growth = model.required_growth(27.7, 26.2, GROWTH, 1.0)
    assert round(100 * growth, 2) == -1.16 and round(1 + growth, 4) == 0.9884
    assert round(100 * ((1 + growth) / 0.97 - 1), 1) == 1.9
    assert round(100 * 1.5 / 27.7, 1) == 5.4
    CHAPTER.states(r"1 + g_m = 1.045 \times 26.2/27.7 = 0.9884", "0.9884/0.97 - 1 = 1.9", "1.5/27.7 = 5.4")


def test_exercise_2() -> None:
    hold = preset("hold")
    assert FIGURE.results(**hold)["share_end"] == pytest.approx(START)
    assert round(FIGURE.results(**hold)["world_share_if_held"], 1) == 38.6
    assert FIGURE.results(**hold, world_growth=0.045)["world_share_if_held"] == pytest.approx(30)
    back = preset("back")
    assert round(FIGURE.results(**back)["required_growth"], 4) == 0.0499
    assert round(FIGURE.results(**back, target_share=25.8)["required_growth"], 4) == 0.0437
    low, high = (FACTS.loc[f"desirable-share-2035-{end}", "number"] for end in ("low", "high"))
    assert (low + high) / 2 == pytest.approx(25.8)
    CHAPTER.states("0.0499", "0.0437", "25.8")


def test_exercise_3() -> None:
    quote = ROWS.loc["CL15", "quote"]
    assert quote in CHAPTER.text and ROWS.loc["CL15b", "quote"] == quote
    assert "占GDP比重26.2%" in quote and "占全球比重约30%" in quote


def test_exercise_4() -> None:
    rates = [round(model.required_growth(27.7, 26.2, g, 1.0), 4) for g in (0.03, 0.045, 0.05)]
    assert rates == [-0.0258, -0.0116, -0.0069]
    assert round(27.7 / 26.2 - 1, 4) == 0.0573
    assert model.required_growth(27.7, 26.2, 27.7 / 26.2 - 1, 1.0) == pytest.approx(0, abs=1e-12)
    CHAPTER.states("-0.0258", "-0.0116", "-0.0069", "27.7/26.2 - 1 = 0.0573")


# ---- check yourself


def test_questions() -> None:
    assert round(100 * 1.1 / 26.3, 1) == 4.2  # 2
    # 5: home demand that keeps pace leaves net exports where they are, while the share of the world rises.
    settings = {"relative_price": 0.0, "home_demand_growth": GROWTH, "world_growth": 0.03}
    results = FIGURE.results(**settings)
    assert results["net_exports_needed"] == pytest.approx(6) and results["world_share_if_held"] > 30


# ---- how much hangs on the assumptions


def test_the_growth_of_gdp_decides_the_three_claims() -> None:
    (cell,) = [cell for cell in CHAPTER.code if "robustness(" in cell.source]
    shown: dict = {}
    exec(cell.source.replace("robustness({", "result = robustness({"), shown)
    shares = shown["result"].shares
    assert [share.parameter.name for share in shares] == ["growth"] * 3
    for share in shares:
        assert 0 < share.share < 1 and share.above > share.below
