"""The chapter on the innovation centers: every number follows from data or model."""

from __future__ import annotations

import pytest
from chapters import chapter
from jointaction import explorer
from jointaction.explorers.centers_timeline import centers, counts
from jointaction.faces.robustness import share_of
from jointaction.models import center_funding as model
from jointaction.sources.tables import load

CHAPTER = chapter("innovation-centers")
FACTS = load("facts").set_index("fact_id")
LOCALLY_LED = {"business_share": 0.2, "local_share": 0.6}


def results(**changes):
    return explorer("center-funding").results(**changes)


# ---- what the prose says about the list


def test_the_list_adds_up() -> None:
    rows = centers()
    assert len(rows) == 21 == FACTS.loc["centers-named", "number"]
    assert rows["dated"].sum() == 16
    by_count = rows[rows["dated"] & (rows["last"] <= 2023.75)]
    assert len(by_count) == 15
    assert by_count["date"].str[:4].isin(["2021", "2022"]).sum() == 10
    undated = rows[rows["period"] == "no date"]
    assert sorted(undated["event"]) == ["expert review", "named by", "named by", "named by"]
    year_only = rows[~rows["dated"] & (rows["period"] != "no date")]
    assert list(year_only["precision"]) == ["year"] and year_only["name"].item() == "Third-Generation Semiconductors"
    assert year_only["date"].item() == FACTS.loc["semiconductors-center-year", "value"]
    assert year_only["lead"].item() == "local government"


def test_dates_of_the_list_are_the_facts() -> None:
    rows = centers().set_index("name")
    for name, fact_id, date in (
        ("High-Speed Train", "first-center-date", "2016-09-05"),
        ("Sichuan-Tibet Railway", "sichuan-tibet-date", "2021-05-23"),
        ("Strategic Rare Metal Minerals", "rare-minerals-date", "2024-07-09"),
        ("New Display", "display-center-date", "2021-03-08"),
        ("Fuel Cells", "fuel-cell-center-date", "2021-04-16"),
    ):
        assert rows.loc[name, "date"] == date
        year, month, day = date.split("-")
        assert FACTS.loc[fact_id, "value"].startswith(f"{int(day)} ") and FACTS.loc[fact_id, "value"].endswith(year)


def test_marks_lie_in_the_time_that_the_source_leaves_open() -> None:
    rows = centers()
    assert (rows["first"] < rows["last"]).all()
    assert ((rows["at"] >= rows["first"]) & (rows["at"] <= rows["last"])).all()
    assert rows["at"].is_monotonic_increasing
    years = rows[rows["precision"] == "year"]
    assert (years["last"] - years["first"] == 1).all()


def test_the_four_that_lead_and_the_inland_ones() -> None:
    hosts = explorer("centers-timeline").evaluate().tables["tiles"].set_index("province")["centers"]
    assert set(hosts[hosts == hosts.max()].index) == {"Beijing", "Shandong", "Jiangsu", "Guangdong"}
    for province in ("Inner Mongolia", "Hubei", "Hunan", "Sichuan", "Chongqing"):
        assert hosts[province] > 0
    assert hosts["Zhejiang"] == 0


def test_counts_are_those_of_the_facts() -> None:
    assert list(counts()["label"]) == ["1", "2", "3", "12", "19", "≥21", "22"]
    assert list(counts()["basis"][-2:]) == ["derived, at least", "brief or unofficial"]


def test_business_led_after_the_change() -> None:
    figure = explorer("centers-timeline")
    preset = next(p for p in figure.presets if p.label == "Led by business, after the change")
    assert f"*{preset.label}*" in CHAPTER.text
    shown = figure.evaluate(**preset.values).tables["centers"]
    assert set(shown["name"]) == {"New Display", "Fuel Cells", "Green Low-Carbon Building"}
    assert figure.results(**preset.values)["centers_shown"] == 3


def test_the_figure_shows_one_local_lead_more_than_the_ten() -> None:
    figure = explorer("centers-timeline")
    later = figure.results(period="2021–2023")
    assert (later["centers_shown"], later["centers_dated"], later["government_led"]) == (12, 11, 3)
    known = figure.evaluate(period="2021–2023").tables["centers"].query("lead != 'not known'")
    assert len(known) == 11 and (known["lead"] == "local government").sum() == 3


def test_filters_of_the_list() -> None:
    figure = explorer("centers-timeline")
    assert figure.results() == {"centers_shown": 21, "centers_dated": 16, "business_led": 6, "government_led": 3}
    assert figure.results(type="comprehensive")["centers_shown"] == 3
    assert figure.results(type="comprehensive", lead="business")["centers_shown"] == 0
    assert len(figure.evaluate(period="no date").tables["centers"]) == 4


def test_the_greater_bay_area_is_the_third_comprehensive_one() -> None:
    rows = centers()
    assert list(rows.loc[rows["kind_of_center"] == "comprehensive", "name"].str[:9]) == [
        "Jing-Jin-",
        "Yangtze R",
        "Guangdong",
    ]
    assert rows.iloc[-1]["event"] == "named by" and rows.iloc[-1]["date"] == "2024-09"


def test_the_three_totals() -> None:
    totals = load("center_totals").query("center_id == 'nt01'")["total"]
    assert [round(100 * 14.2 / total) for total in totals] == [95, 47, 24]
    assert [FACTS.loc[f"qingdao-total-{name}", "number"] for name in ("2016", "core", "2030")] == list(totals)


# ---- what the prose says about the model


def test_the_plan_of_2016() -> None:
    r = results()
    assert 1.6 * 0.5 == pytest.approx(0.8)
    assert not r["business_pays"] and not r["viable"]
    assert r["progress"] == pytest.approx(0.8 / 15) and round(r["progress"], 3) == 0.053
    assert r["required_appropriability"] == pytest.approx(0.675)
    assert r["expected_local_burden"] == pytest.approx(0.8)
    CHAPTER.states("0.8", "1.08", "0.053", r"\alpha^* = 1.08/1.6 = 0.675", "I = 15", "14.2")


def test_the_invented_locally_led_design() -> None:
    r = results(**LOCALLY_LED)
    assert not r["business_pays"] and r["viable"]
    assert r["progress"] == pytest.approx(0.8) and r["funding_gap"] / 15 == pytest.approx(0.2)
    assert round(r["bridge_cost"], 3) == 0.375 and round(r["expected_local_burden"], 2) == 9.97
    without = results(**LOCALLY_LED, bridge=False)
    assert without["progress"] == pytest.approx(0.6) and not without["viable"]
    higher = results(**LOCALLY_LED, viable_scale=0.85)
    assert not higher["viable"] and round(higher["expected_local_burden"], 1) == 12.4
    alone = results(business_share=0.0, local_share=1.0)
    assert alone["expected_local_burden"] == pytest.approx(15)
    CHAPTER.states("x_b = 0.2", "x_l = 0.6", "x_c = 0.2", "9.97", "0.6", "12.4", "15")


def test_the_buttons_are_the_two_cases() -> None:
    figure = explorer("center-funding")
    assert [figure.results(**p.values) for p in figure.presets] == [results(), results(**LOCALLY_LED)]
    assert f"*{figure.presets[1].label}*" in CHAPTER.text


def test_how_much_hangs_on_the_assumptions() -> None:
    parameters = [model.PARAMETERS[name] for name in ("return_multiple", "appropriability", "hurdle", "viable_scale")]

    def withholds(p):
        return ~model.business_pays(p.return_multiple, p.appropriability, p.hurdle)

    def plan_stalls(p):
        paid = model.progress(14.2 / 15, 0.8 / 15, p.return_multiple, p.appropriability, p.hurdle)
        return ~model.viable(paid, p.viable_scale)

    firm, plan = share_of("firm", withholds, parameters), share_of("plan", plan_stalls, parameters)
    assert firm.parameter.name == plan.parameter.name == "appropriability"
    # Where the firm withholds, the plan stalls but for the lowest scales.
    assert firm.share - 0.06 < plan.share < firm.share


def test_exercise_1() -> None:
    shares = {"business_share": 0.2, "local_share": 0.6, "total_cost": 10.0, "interest": 0.04, "years": 3.0}
    assert round(model.bridge_cost(**shares), 3) == 0.25
    burden = [model.expected_local_burden(**shares, subsidy_probability=0.8, is_viable=v) for v in (True, False)]
    assert [round(b, 2) for b in burden] == [6.65, 8.25]
    assert 1.04**3 == pytest.approx(1.124864)


def test_exercise_2() -> None:
    def viable(**changes):
        return results(**{**LOCALLY_LED, "bridge": False, **changes})["viable"]

    assert not viable()
    assert viable(appropriability=0.675) and not viable(appropriability=0.67)
    assert viable(viable_scale=0.6)
    assert viable(return_multiple=2.16) and not viable(return_multiple=2.14)
    assert not viable(years=0.0, interest=0.0, subsidy_probability=1.0)


def test_exercise_3() -> None:
    even = 1.04**3 - 1
    assert round(even, 3) == 0.125
    advancing = results(**LOCALLY_LED, subsidy_probability=even)["expected_local_burden"]
    assert advancing == pytest.approx(results(business_share=0.2, local_share=0.8)["expected_local_burden"])


def test_exercise_4() -> None:
    known = centers().query("dated and lead != 'not known'")
    found = known.groupby(["period", "lead"]).size()
    assert found["2016–2020"]["business"] == 2 and found["2016–2020"].sum() == 3
    later = found["2021–2023"]
    assert later.to_dict() == {"business": 3, "local government": 2, "mixed": 2, "research or university": 3}
    assert known.set_index("name").loc["Sichuan-Tibet Railway", ["lead", "period"]].tolist() == ["mixed", "2021–2023"]
    assert (~known.query("period == '2021–2023'")["firm"]).sum() == 3


def test_questions_3_and_4() -> None:
    for chance in (0.5, 1.0):
        assert results(**LOCALLY_LED, subsidy_probability=chance)["progress"] == pytest.approx(0.8)
    assert not results(business_share=0.9, local_share=0.1)["business_pays"]
    assert not results(**LOCALLY_LED, years=10.0)["business_pays"]
    assert results(**LOCALLY_LED, appropriability=0.7)["business_pays"]
