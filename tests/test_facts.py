"""The facts: complete, sourced, recomputable, and compared with the text that states them."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import second_brief
from jointaction.errors import InputError
from jointaction.sources import tables
from jointaction.sources.facts import check_text, fact, unlinked_numbers

FACTS = tables.load("facts").set_index("fact_id", drop=False)

# The statements of the first brief that are more than the date or page of a work it cites.
BRIEF_IDS = {f"A{number:03}" for number in (*range(1, 70), 79, 82, *range(103, 107))}
# All statements of the second brief, its citations too.
SECOND_IDS = {f"B{number:03}" for number in range(1, 101)}


# ---- completeness and provenance


def test_every_statement_of_the_briefs_has_one_fact() -> None:
    ids = FACTS.loc[FACTS["brief_id"] != "", "brief_id"]
    assert ids.is_unique
    assert len(BRIEF_IDS) == 75 and BRIEF_IDS | SECOND_IDS <= set(ids)


def test_every_fact_has_status_source_and_value() -> None:
    for column in ("statement", "value", "status", "source", "chapter", "use"):
        assert (FACTS[column].str.strip() != "").all(), column


def test_a_fact_kept_for_the_codebook_says_why_and_only_it_does() -> None:
    assert ((FACTS["use"] == "codebook") == (FACTS["reason"] != "")).all()


def test_dollar_amounts_and_biography_stay_in_the_codebook() -> None:
    dollars = FACTS[FACTS["unit"] == "billion US dollars"]
    assert len(dollars) == 3 and (dollars["use"] == "codebook").all()
    assert fact("author-degree-year").use == "codebook"


def test_facts_of_the_brief_name_its_section() -> None:
    for brief, name in {"A": "Xiao and Xu", "B": "Groenewegen-Lau"}.items():
        stated = FACTS[FACTS["brief_id"].str.startswith(brief)]
        assert stated["source"].str.startswith(f"{name} (2024), ").all()


def test_facts_with_an_endnote_name_it() -> None:
    noted = FACTS[FACTS["endnote"] != ""]
    assert all("endnote" in row.source or row.brief_id == "B007" for row in noted.itertuples())


def test_a_source_that_is_a_table_exists() -> None:
    for source in FACTS["source"]:
        for name in re.findall(r"\b([a-z_]+) tables?\b", source):
            assert name in tables.tables(), source


def test_the_shown_value_is_the_rounded_number() -> None:
    for row in FACTS[FACTS["number"].notna()].itertuples():
        if row.value != "1:1":
            decimals = len(row.value.partition(".")[2])
            assert abs(float(row.value) - row.number) <= 0.5 * 10**-decimals + 1e-9, row.fact_id


def test_each_fact_agrees_with_its_own_value() -> None:
    for row in FACTS.itertuples():
        assert check_text(f"[{row.value} {row.unit}](#fact-{row.fact_id})") == [], row.fact_id


# ---- recomputation

SPENDING = tables.load("fiscal_st").set_index(["caliber", "level", "year"])["value"]
NATIONAL = tables.load("national").set_index("key")["value"]
PROVINCES = tables.load("provinces").set_index("province")
BROADBAND = tables.load("broadband_2018")
CENTERS = tables.load("centers")
FUND = tables.load("fund_size").set_index(["date", "measure"])
RULES = tables.load("fund_rules").set_index("rule_id")["threshold"]
RATIO = tables.load("matching_ratio_history").set_index("year")["matching_ratio"]
NAMED = tables.load("sub_funds").set_index("subfund_id")
STAKE = tables.load("fund_central_share")["central_share"].item()
PROGRAM = tables.load("nkrdp_facts").set_index("key")["value"]


def share(caliber: str, level: str, year: int) -> float:
    return 100 * SPENDING[caliber, level, year] / SPENDING[caliber, "total", year]


def fall(level: str) -> float:
    return 100 * (1 - SPENDING["broad", level, 2020] / SPENDING["broad", level, 2019])


def split_years(caliber: str) -> list[int]:
    return [
        year
        for year in range(1990, 2024)
        if {(caliber, "central", year), (caliber, "local", year)} <= set(SPENDING.index)
    ]


def leads(caliber: str, level: str) -> list[int]:
    other = {"central": "local", "local": "central"}[level]
    return [year for year in split_years(caliber) if SPENDING[caliber, level, year] > SPENDING[caliber, other, year]]


def later_share(central: float, total: float) -> float:
    """Central share of 2007-2012, from the seven-year sums with their rounding moved as given."""
    central += NATIONAL["central_st_2006_2012"] - SPENDING["broad", "central", 2006]
    total += NATIONAL["total_st_2006_2012"] - SPENDING["broad", "total", 2006]
    return 100 * central / total


def second_vintage(rounding: float) -> float:
    """The total of 2011 that the seven-year sum leaves, in whole hundred millions."""
    others = sum(SPENDING["broad", "total", year] for year in (2006, 2007, 2008, 2009, 2010, 2012))
    return round(NATIONAL["total_st_2006_2012"] + rounding - others)


def local_ahead(rounding: float) -> float:
    """Local less central spending of 2007-2012 together."""
    central = NATIONAL["central_st_2006_2012"] - SPENDING["broad", "central", 2006]
    return NATIONAL["total_st_2006_2012"] - SPENDING["broad", "total", 2006] - 2 * central + rounding


def rank_correlation(one: str, other: str) -> float:
    return PROVINCES[one].rank().corr(PROVINCES[other].rank())


def floor(stake: float) -> float:
    return max(RULES["2021-three-times"] * stake, RULES["2021-half"])


def sums_of_the_calls() -> list[float]:
    """Money of all calls of 2016 to 2018 in billion yuan, for each way to put the counts together."""
    calls = tables.load("key_rd_years").query("scope == 'all'")
    both = list(calls.query("end_year == 2017")["money"] / 10)
    by_year = {year: list(rows["money"] / 10) for year, rows in calls[calls["end_year"].isna()].groupby("year")}
    two_years = [first + second for first in by_year[2016] for second in by_year[2017]] + both
    return [first + last for first in two_years for last in by_year[2018]]


def dated(cutoff: str = "9999", start: str = "0000") -> int:
    known = CENTERS[~CENTERS["event"].isin(["expert review", "named by"]) & (CENTERS["date_precision"] != "year")]
    return int((known["date"].str[:7].between(start, cutoff)).sum())


def business_led() -> int:
    return int(((CENTERS["lead"] == "business") & CENTERS["date"].str[:7].between("2021", "2023-09")).sum())


GUANGDONG = BROADBAND[BROADBAND["host_in_guangdong"]]
BUDGETS = PROVINCES["st_budget_2021"]
TOTALS = tables.load("center_totals").query("center_id == 'nt01'")["total"].astype(int)
FIGURE_1 = range(int(FACTS.loc["figure-1-first-year", "value"]), int(FACTS.loc["figure-1-last-year", "value"]) + 1)

RECOMPUTE: dict[str, Callable[[], float | str]] = {
    **{
        f"local-share-{year}": lambda year=year: share("broad", "local", year)
        for year in (2002, 2003, 2004, 2006, *range(2017, 2024))
    },
    **{
        f"central-share-{year}": lambda year=year: share("broad", "central", year)
        for year in (2003, 2006, *range(2018, 2024))
    },
    **{
        f"narrow-local-share-{year}": lambda year=year: share("narrow", "local", year)
        for year in (2011, 2016, *range(2018, 2024))
    },
    **{
        f"narrow-local-{year}": lambda year=year: SPENDING["narrow", "local", year]
        for year in (2010, 2011, 2012, 2013, 2016)
    },
    "central-with-transfers-2012": lambda: NATIONAL["central_st_budget_2013"] / 1.104,
    "central-with-transfers-2013": lambda: NATIONAL["central_st_budget_2014"] / 1.089,
    "transfers-to-lead-2012": lambda: NATIONAL["central_st_budget_2013"] / 1.104 - SPENDING["narrow", "local", 2012],
    **{f"narrow-central-{year}": lambda year=year: SPENDING["narrow", "central", year] for year in (2016, 2021, 2023)},
    "local-fall-2020": lambda: fall("local"),
    "central-fall-2020": lambda: fall("central"),
    "total-fall-2020": lambda: fall("total"),
    "local-per-central-yuan-2023": lambda: SPENDING["broad", "local", 2023] / SPENDING["broad", "central", 2023],
    "central-share-2007-2012": lambda: later_share(0, 0),
    "central-share-2007-2012-low": lambda: later_share(-50, 50),
    "central-share-2007-2012-high": lambda: later_share(50, -50),
    "transfers-share-2011": lambda: (
        100 * NATIONAL["central_transfers_2011"] / NATIONAL["central_st_with_transfers_2011"]
    ),
    "figure-1-years": lambda: len(FIGURE_1),
    "figure-1-years-split-broad": lambda: len(set(split_years("broad")) & set(FIGURE_1)),
    "figure-1-years-split-narrow": lambda: len(set(split_years("narrow")) & set(FIGURE_1)),
    **{
        f"last-central-lead-{caliber}": lambda caliber=caliber: str(max(leads(caliber, "central")))
        for caliber in ("broad", "narrow")
    },
    **{
        f"first-local-lead-{caliber}": lambda caliber=caliber: str(min(leads(caliber, "local")))
        for caliber in ("broad", "narrow")
    },
    "caliber-difference-2021": lambda: SPENDING["broad", "total", 2021] - SPENDING["narrow", "total", 2021],
    **{f"st-total-{year}": lambda year=year: SPENDING["broad", "total", year] for year in (2005, 2011)},
    "st-total-2011-low": lambda: second_vintage(-50),
    "st-total-2011-high": lambda: second_vintage(50),
    "local-ahead-2007-2012-low": lambda: round(local_ahead(-150)),
    "local-ahead-2007-2012-high": lambda: round(local_ahead(150)),
    "broad-gap-years": lambda: len(set(range(2007, 2017)) - set(split_years("broad"))),
    "first-year-both-calibers": lambda: str(min(set(split_years("broad")) & set(split_years("narrow")))),
    "st-total-2016-2020": lambda: sum(SPENDING["broad", "total", year] for year in range(2016, 2021)) / 10000,
    "narrow-total-four-years": lambda: (
        sum(SPENDING["narrow", "total", year] for year in (2016, 2018, 2019, 2020)) / 10000
    ),
    "narrow-total-left-2017": lambda: (
        4.12 - sum(SPENDING["narrow", "total", year] for year in (2016, 2018, 2019, 2020)) / 10000
    ),
    "sdic-guangdong-stake": lambda: 100 * NAMED["guidance_fund_money"]["sf06"] / NAMED["size"]["sf06"],
    "jianhua-stake": lambda: 100 * NAMED["guidance_fund_money"]["sf05"] / NAMED["size"]["sf05"],
    "sdic-share-of-batch": lambda: (
        100 * NAMED["size"]["sf06"] / FUND.loc[("2021-11-04", "proposed in the year"), "size"]
    ),
    "others-2021-stake-implied": lambda: (
        100
        * (
            STAKE / 100 * FUND.loc[("2021-11-04", "proposed in the year"), "size"]
            - NAMED["guidance_fund_money"]["sf06"]
        )
        / (FUND.loc[("2021-11-04", "proposed in the year"), "size"] - NAMED["size"]["sf06"])
    ),
    "fund-share-proposed-2021": lambda: (
        1000 * fact("fund-money-proposed-2021").number / FUND.loc[("2021-11-04", "proposed in the year"), "size"]
    ),
    "fund-stake-implied-2022": lambda: 100 / fact("fund-leverage-may-2022").number,
    "st-growth-from-2006": lambda: (
        100 * ((SPENDING["broad", "total", 2012] / SPENDING["broad", "total", 2006]) ** (1 / 6) - 1)
    ),
    **{
        f"local-budget-share-{year}": lambda year=year: (
            100 * NATIONAL[f"budget_local_{year}"] / NATIONAL[f"budget_total_{year}"]
        )
        for year in (1978, 1980, 1985)
    },
    **{f"matching-ratio-{year}": lambda year=year: RATIO[year] for year in (2021, 2022)},
    **{
        f"matching-local-share-{year}": lambda year=year: 100 * RATIO[year] / (1 + RATIO[year]) for year in (2021, 2022)
    },
    "nkrdp-money-per-program": lambda: fact("nkrdp-central-money-13fyp").number / fact("nkrdp-programs-13fyp").number,
    "nkrdp-mean-project-2017": lambda: 100 * PROGRAM["central_money_2017"] / PROGRAM["projects_2017"],
    "broadband-2018-projects": lambda: len(BROADBAND),
    "broadband-2018-money": lambda: BROADBAND["central_money"].sum() / 10000,
    "broadband-2018-guangdong-projects": lambda: len(GUANGDONG),
    "broadband-2018-other-projects": lambda: len(BROADBAND) - len(GUANGDONG),
    "broadband-2018-guangdong-money": lambda: GUANGDONG["central_money"].sum() / 10000,
    "broadband-2018-guangdong-share": lambda: 100 * GUANGDONG["central_money"].sum() / BROADBAND["central_money"].sum(),
    "broadband-2018-guangdong-hosts": lambda: GUANGDONG["institution_zh"].nunique(),
    "broadband-2018-mean": lambda: BROADBAND["central_money"].mean() / 100,
    "broadband-2018-largest": lambda: BROADBAND["central_money"].max() / 100,
    "joint-projects-found": lambda: len(tables.load("joint_projects")),
    "provinces-count": lambda: len(PROVINCES),
    "primary-share-national-2021": lambda: round(
        (PROVINCES["gdp_2021"] * PROVINCES["primary_share_2021"]).sum() / PROVINCES["gdp_2021"].sum(), 1
    ),
    "top-five-st-budget-share": lambda: 100 * BUDGETS.nlargest(5).sum() / BUDGETS.sum(),
    "guangdong-st-budget-share": lambda: 100 * BUDGETS["Guangdong"] / BUDGETS.sum(),
    "local-st-budget-sum-2021": lambda: BUDGETS.sum(),
    "spearman-primary-gdp": lambda: rank_correlation("primary_share_2021", "gdp_per_capita_2021_usd"),
    "spearman-primary-rd": lambda: rank_correlation("primary_share_2021", "rd_intensity_2021"),
    "spearman-budget-rd": lambda: rank_correlation("st_share_of_budget_2021", "rd_intensity_2021"),
    **{
        f"{name.lower()}-self-sufficiency-2019": lambda name=name: round(
            100 * PROVINCES.loc[name, "budget_revenue_2019"] / PROVINCES.loc[name, "budget_expenditure_2019"], 1
        )
        for name in ("Shanghai", "Guangdong", "Gansu", "Tibet")
    },
    "centers-count-end-2022": lambda: 19 + (CENTERS["date"] == "2022-12-30").sum(),
    "calls-2016-2018-money-low": lambda: min(sums_of_the_calls()),
    "calls-2016-2018-money-high": lambda: max(sums_of_the_calls()),
    "centers-named": lambda: len(CENTERS),
    "centers-dated": dated,
    "centers-dated-by-cutoff": lambda: dated("2023-09"),
    "centers-dated-2021-2022": lambda: dated("2022-12", "2021-01"),
    "business-led-after-2020": business_led,
    **{
        f"crrc-share-of-{total}": lambda total=total: round(100 * fact("crrc-planned-investment").number / total, 4)
        for total in TOTALS
    },
    "crrc-investment-per-year": lambda: fact("crrc-planned-investment").number / fact("crrc-plan-years").number,
    "subfunds-early-2017": lambda: (
        FUND.loc[("2016", "approved in the year"), "subfunds"]
        + FUND.loc[("2017-03", "approved in the year"), "subfunds"]
    ),
    "subfunds-before-2021-batch": lambda: (
        FUND.loc[("2021-12-31", "cumulative"), "subfunds"]
        - FUND.loc[("2021-11-04", "proposed in the year"), "subfunds"]
    ),
    "fund-capacity-before-2021-batch": lambda: (
        (FUND.loc[("2021-12-31", "cumulative"), "size"] - FUND.loc[("2021-11-04", "proposed in the year"), "size"]) / 10
    ),
    **{
        f"fund-mean-size-{year}": lambda year=year: (
            FUND.loc[(f"{year}-12-31", "cumulative"), "size"]
            / FUND.loc[(f"{year}-12-31", "cumulative"), "subfunds"]
            / 10
        )
        for year in (2018, 2022)
    },
    "fund-floor-2021-share": lambda: floor(STAKE),
    "fund-floor-10": lambda: floor(RULES["2021-stake-min"]),
    "fund-floor-30": lambda: floor(RULES["2021-stake-max"]),
    "fund-floor-kink": lambda: RULES["2021-half"] / RULES["2021-three-times"],
    "fund-stake-ceiling-three-times": lambda: 100 / RULES["2021-three-times"],
    "fund-leverage-10": lambda: 100 / RULES["2021-stake-min"],
    "fund-leverage-20": lambda: 100 / RULES["2014-stake-min"],
    "fund-leverage-30": lambda: 100 / RULES["2021-stake-max"],
    "fund-leverage-2021-share": lambda: 100 / STAKE,
    "fund-central-money-assumed": lambda: STAKE / 100 * FUND.loc[("2022-12-31", "cumulative"), "size"] / 10,
    "implied-exchange-rate": lambda: (
        fact("nkrdp-central-money-13fyp").number / fact("nkrdp-central-money-13fyp-usd").number
    ),
    "fund-partner-yuan-2021-share": lambda: (100 - STAKE) / STAKE,
    "fund-partner-yuan-10": lambda: (100 - RULES["2021-stake-min"]) / RULES["2021-stake-min"],
    "fund-partner-yuan-30": lambda: (100 - RULES["2021-stake-max"]) / RULES["2021-stake-max"],
    **second_brief.RECOMPUTE,
}


def test_every_derived_fact_can_be_recomputed() -> None:
    computed = FACTS[FACTS["status"].isin(["derived", "illustrative"])]
    assert set(computed["fact_id"]) == set(RECOMPUTE)
    assert (computed["formula"] != "").all()


@pytest.mark.parametrize("fact_id", sorted(RECOMPUTE))
def test_a_derived_fact_follows_from_the_tables(fact_id: str) -> None:
    expected = RECOMPUTE[fact_id]()
    if isinstance(expected, str):
        assert FACTS.loc[fact_id, "value"] == expected
    else:
        assert FACTS.loc[fact_id, "number"] == pytest.approx(float(expected), abs=0.00006)


SLUG = {
    "primary-share-2021": "primary_share_2021",
    "gdp-per-capita-2021": "gdp_per_capita_2021_usd",
    "rd-intensity-2021": "rd_intensity_2021",
    "st-budget-2021": "st_budget_2021",
}


def test_facts_read_from_a_table_repeat_it() -> None:
    seen = 0
    for row in FACTS.itertuples():
        if match := re.fullmatch(r"fiscal_st table, (\w+), (\w+), (\d{4})", row.source):
            assert row.number == SPENDING[match[1], match[2], int(match[3])], row.fact_id
        elif match := re.fullmatch(r"provinces table, ([\w ]+), (\w+)", row.source):
            assert row.number == PROVINCES.loc[match[1], match[2]], row.fact_id
        elif match := re.fullmatch(r"national table, (\w+)", row.source):
            scale = 10000 if row.unit == "trillion yuan" else 1
            assert row.number == pytest.approx(NATIONAL[match[1]] / scale), row.fact_id
        elif match := re.fullmatch(r"fund_size table, ([\d-]+), ([\w ]+)", row.source):
            if row.unit:
                column, scale = ("subfunds", 1) if row.unit == "sub-funds" else ("size", 10)
                assert row.number == pytest.approx(FUND.loc[(match[1], match[2]), column] / scale), row.fact_id
        elif match := re.fullmatch(r"nkrdp_facts table, (\w+)", row.source):
            if row.unit:
                assert row.number == PROGRAM[match[1]], row.fact_id
        elif match := re.match(r"centers table, (nt\d+)", row.source):
            assert row.value == long_date(CENTERS.set_index("center_id").loc[match[1], "date"]), row.fact_id
        else:
            continue
        seen += 1
    assert seen > 90


KEYS = {
    "ratios": "ratio_id",
    "matching_evidence": "study_id",
    "whole_of_nation_events": "event_id",
    "priority_lists": "list_id",
    "export_discipline": "item_id",
    "sport_system": "item_id",
    "debate_evidence": "evidence_id",
    "debate_measures": "measure_id",
    "productivity_studies": "study_id",
    "rd_spending": "row_id",
    "manufacturing_share": "row_id",
    "debt_ratios": "row_id",
    "key_rd_years": "row_id",
}
# Tables whose column value is a number.
VALUED = {"rd_spending", "manufacturing_share", "debt_ratios"}
# Numbers that a row gives as a word.
WORDS = {3: "three", 6: "six", 7: "seven", 9: "nine", 10: "ten", 11: "eight north-eastern and three"}


def test_facts_of_one_row_stand_in_that_row() -> None:
    seen = 0
    for row in FACTS.itertuples():
        match = re.fullmatch(r"(\w+) table, ([\w-]+)(?:, (\w+))?", row.source)
        if not match or match[1] not in KEYS or row.status == "derived":
            continue
        source = tables.load(match[1]).set_index(KEYS[match[1]]).loc[match[2]]
        assert row.status in (source["status"], source.get("date_status")), row.fact_id
        text = " ".join(str(value) for value in source).replace(",", "")
        seen += 1
        numeral = rf"(?<![\d.]){re.escape(row.value)}(?!\d|\.\d)"
        if match[3]:
            assert row.number == source[match[3]], row.fact_id
        elif pd.isna(row.number):
            dates = {long_date(date) for date in re.findall(r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?(?!\d)", text)}
            span = re.fullmatch(r"(\d{4})-(\d{4})", row.value)
            shown = row.value.replace(",", "") in text or row.value in dates
            assert shown or span and span[1] in text and span[2] in text, row.fact_id
        elif row.number != abs(source.get("value", float("nan")) if match[1] in VALUED else float("nan")):
            word = WORDS.get(row.number)
            assert re.search(numeral, text) or word and word in text.lower(), row.fact_id
    assert seen > 150


MONTHS = "January February March April May June July August September October November December".split()


def long_date(date: str) -> str:
    year, *rest = date.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(MONTHS[int(month) - 1] for month in rest[:1]), year])


def test_facts_of_events_agree_with_the_timeline() -> None:
    events = tables.load("recentralization_events").set_index("event_id")["date"]
    for event, fact_id in {
        "fund-regulation": "fund-regulation-date",
        "xi-power-2012": "xi-came-to-power",
        "xi-office-2013": "xi-took-office",
        "fund-subfund-rules": "fund-subfund-rules-date",
        "idds": "idds-outline-date",
        "idds-proposed": "idds-proposed",
        "tax-sharing": "tax-sharing-year",
        "program-merger": "program-merger-date",
        "powers-guideline": "powers-guideline-date",
        "powers-plan": "powers-plan-date",
        "program-management": "program-management-date",
        "first-center": "first-center-date",
        "fund-first-subfunds": "first-subfunds-year",
        "joint-pilot": "guangdong-agreement-date",
        "term-limits": "term-limits-date",
        "whole-of-nation": "fourth-plenum-date",
        "center-measures": "centers-regulation-date",
        "fund-measures": "fund-2021-measures-date",
        "science-commission": "science-commission",
    }.items():
        assert FACTS.loc[fact_id, "value"] == long_date(events[event]), event


# ---- looking a fact up


def test_fact_gives_one_row() -> None:
    money = fact("nkrdp-central-money-13fyp")
    assert (money.value, money.number, money.unit, money.status) == ("76", 76.0, "billion yuan", "brief")
    assert fact("science-commission").number is None


def test_an_unknown_fact_names_the_nearest() -> None:
    with pytest.raises(InputError, match="There is no fact “fund-half”; the nearest is “fund-half-rule”."):
        fact("fund-half")


def test_a_fact_can_come_from_another_folder(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tables.FOLDER, tmp_path / "data"))
    path = folder / "facts.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",76,76,billion yuan,", ",77,77,billion yuan,"), encoding="utf-8")
    assert fact("nkrdp-central-money-13fyp", folder).number == 77
    assert check_text("[76 billion yuan](#fact-nkrdp-central-money-13fyp)", folder)


# ---- comparing text with facts


@pytest.mark.parametrize(
    "link",
    [
        "[76 billion yuan](#fact-nkrdp-central-money-13fyp)",
        "[**76**\nbillion](#fact-nkrdp-central-money-13fyp)",
        "[76 billion yuan in the 13th Five-Year Plan](#fact-nkrdp-central-money-13fyp)",
        "[56.4%](#fact-broadband-2018-guangdong-share)",
        "[56 percent](#fact-broadband-2018-guangdong-share)",
        "[half](#fact-fund-half-rule)",
        "[Three](#fact-programs-analyzed)",
        "[twelve projects](#fact-broadband-2018-guangdong-projects)",
        "[one yuan for every two](#fact-matching-ratio-2021)",
        "[1:2](#fact-matching-ratio-2021)",
        "[half a yuan](#fact-matching-ratio-2021)",
        "[one-for-one](#fact-matching-ratio-2022)",
        "[10,766.7](#fact-st-total-2021)",
        "[697 billion yuan](#fact-st-local-2021)",
        "[6,971.8 (100 million yuan)](#fact-st-local-2021)",
        "[7.46 亿元](#fact-broadband-2018-money)",
        "[746 million yuan](#fact-broadband-2018-money)",
        "[−0.82](#fact-spearman-primary-gdp)",
        "[-0.8](#fact-spearman-primary-gdp)",
        "[September 5, 2016](#fact-first-center-date)",
        "[September 2016](#fact-first-center-date)",
        "[2016](#fact-first-center-date)",
        "[2021–2022](#fact-centers-main-years)",
        "[annually](#fact-pool-contribution-frequency)",
        "`[1](#fact-no-such-fact)`",
        "```\n[1](#fact-no-such-fact)\n```",
        "[76](https://example.org)",
    ],
)
def test_texts_that_agree(link: str) -> None:
    assert check_text(f"Before {link} after.") == [] if "```" not in link else check_text(link) == []


@pytest.mark.parametrize(
    "link",
    [
        "[77 billion yuan](#fact-nkrdp-central-money-13fyp)",
        "[76 million yuan](#fact-nkrdp-central-money-13fyp)",
        "[a great sum](#fact-nkrdp-central-money-13fyp)",
        "[76 of 80](#fact-nkrdp-central-money-13fyp)",
        "[57 percent](#fact-broadband-2018-guangdong-share)",
        "[56.3 percent](#fact-broadband-2018-guangdong-share)",
        "[56.40 percent](#fact-broadband-2018-guangdong-share)",
        "[half](#fact-broadband-2018-guangdong-share)",
        "[half of 40](#fact-fund-half-rule)",
        "[one for one](#fact-matching-ratio-2021)",
        "[two for one](#fact-matching-ratio-2021)",
        "[thirteen projects](#fact-broadband-2018-guangdong-projects)",
        "[0.82](#fact-spearman-primary-gdp)",
        "[6 September 2016](#fact-first-center-date)",
        "[5 October 2016](#fact-first-center-date)",
        "[September](#fact-first-center-date)",
        "[2012 or 2013](#fact-xi-came-to-power)",
        "[monthly](#fact-pool-contribution-frequency)",
    ],
)
def test_texts_that_disagree(link: str) -> None:
    (problem,) = check_text(f"Before {link} after.")
    assert "does not agree with the fact" in problem and problem.endswith(".") and "\n" not in problem


def test_a_link_to_an_unknown_fact_is_one_problem() -> None:
    (problem,) = check_text("[76](#fact-nkrdp-central-mony-13fyp) and [69](#fact-nkrdp-programs-13fyp)")
    assert problem == (
        "The link “76” cannot be resolved: There is no fact “nkrdp-central-mony-13fyp”; "
        "the nearest is “nkrdp-central-money-13fyp”."
    )


# ---- numerals without a fact


@pytest.mark.parametrize(
    "markdown",
    [
        "[76 billion](#fact-nkrdp-central-money-13fyp)",
        "inline $x = 3$ and $$\ny = 4\n$$ maths",
        "`code 5` and ``6 ` 7``",
        "```python\nx = 8\n```",
        "```{code-cell} ipython3\n:tags: [a9]\nx = 10\n```",
        "```{math}\nx = 11\n```",
        "````{note} Title\n:name: 12\n```python\nx = 13\n```\nText.\n````",
        ":::{figure} 14.png\n:name: fig15\nCaption.\n:::",
        "{cite}`author2024` and [@author2024, sec. 3] and @author2024 and {ref}`fig-16`",
        "[a page](https://example.org/17) <https://example.org/18> https://example.org/19",
        "<img src='x' width='20'> <!-- 21 -->",
        "(label-22)=\n# Heading",
        "## 3. Heading\n\n### 3.1 Heading",
        "1. item\n2) item",
        "model M2, a note[^4]",
        "Endnote 7 and endnotes 12, 13 and 14; Article 10, Articles 10-12; Figure 6 and Table 1",
        "[90 percent from 2021](#fact-fund-floor-30), by the measures of 2021; see Exercise 4",
        "---\nkernel: 23\n---\nText",
        "no numbers at all",
    ],
)
def test_numerals_that_need_no_fact(markdown: str) -> None:
    assert unlinked_numbers(markdown) == []


@pytest.mark.parametrize(
    ("markdown", "numerals"),
    [
        ("In 2007 and 1,942.14 of 3.2%", ["2007", "1,942.14", "3.2"]),
        ("1990–2021 and 2016-2020", ["1990", "2021", "2016", "2020"]),
        ("It fell by -4 in the 13th plan", ["-4", "13"]),
        ("[Picture 1](fig.html)", ["1"]),
        ("```{note} Box 5\nText 6\n```\nText 7", ["5", "6", "7"]),
        (":::{figure} img.png\nCaption 8\n:::", ["8"]),
        ("## Part 9", ["9"]),
        ("endnote 7 of 2023, 3 endnotes, Article 10 says 4", ["2023", "3", "4"]),
        ("the batch of 2021, [90 percent](#fact-fund-floor-30)", ["2021"]),
        ("cost \\$3 or $4 a head and $5 a tail", ["3", "4", "5"]),
        ("a{sub}`10` but 11", ["11"]),
    ],
)
def test_numerals_that_need_a_fact(markdown: str, numerals: list[str]) -> None:
    assert [problem.split(" ")[0] for problem in unlinked_numbers(markdown)] == numerals


def test_allowed_numerals_and_the_line_of_the_others() -> None:
    markdown = "In 2007.\n\nThen 1,000 and 31."
    assert unlinked_numbers(markdown, allow={2007, "1,000"}) == ["31 (line 3: Then 1,000 and 31.)"]
