"""How the derived facts of chapters 7 to 12 follow from the tables."""

import re
from collections.abc import Callable

import pandas as pd
from jointaction.sources.tables import describe, load

RATIOS = load("ratios")
ABROAD = RATIOS.loc[RATIOS["country"] != "China", "matching_ratio"].dropna()
PROVINCES = load("provinces")
EVENTS = load("whole_of_nation_events")
RESULTS = EVENTS[EVENTS["precedent_result"] != ""]
CALLS = load("key_rd_calls_2018")
MONEY = CALLS["money"].dropna()
YEARS = load("key_rd_years").set_index("row_id")
RD = load("rd_spending")
RD = RD[(RD["vintage"] == "communiqué") & (RD["unit"] == "100 million yuan")].set_index(["year", "part"])["value"]
SHARE = load("manufacturing_share")
SHARE = SHARE[SHARE["measure"] == "manufacturing share of GDP"].set_index("year")["value"]
DEBT = load("debt_ratios").set_index("row_id")["value"]
FACTS = load("facts").set_index("fact_id")["number"]
CLAIMS = load("claims")
BOARD = load("debate_cases")
BOARD = BOARD[BOARD["on_board"]]
WINDOW = re.search(r"(\d{4}) to (\d{4})", describe("whole_of_nation_events")["description"])


def provinces(least: float, most: float) -> int:
    """Provinces with GDP per head from ``least`` to ``most`` of the mean of all people."""
    ratio = PROVINCES["gdp_per_capita_2021_usd"] / mean()
    return int(ratio.between(least, most, inclusive="left").sum())


def mean() -> float:
    people = PROVINCES["population_2021"]
    return (PROVINCES["gdp_per_capita_2021_usd"] * people).sum() / people.sum()


def effective(money: pd.Series) -> float:
    return 1 / ((money / money.sum()) ** 2).sum()


def part(name: str, year: int) -> float:
    return 100 * RD[year, name] / RD[year, "total"]


def merged() -> pd.Series:
    return CALLS.dropna(subset=["money"]).groupby("merged_with")["money"].sum()


RECOMPUTE: dict[str, Callable[[], float | str]] = {
    "rates-abroad": lambda: len(ABROAD),
    "rates-abroad-at-least-one": lambda: (ABROAD >= 1).sum(),
    "gdp-per-capita-mean": mean,
    "provinces-below-75": lambda: provinces(0, 0.75),
    "provinces-75-to-100": lambda: provinces(0.75, 1),
    "provinces-above-100": lambda: provinces(1, 10),
    "matching-studies": lambda: len(load("matching_evidence")),
    "precedent-results": lambda: len(RESULTS),
    "precedent-results-inside": lambda: (RESULTS["brief_window"] == "inside").sum(),
    "window-first-year": lambda: WINDOW[1],
    "window-last-year": lambda: WINDOW[2],
    "calls-2018-special-projects": lambda: len(CALLS),
    "calls-2018-with-money": lambda: len(MONEY),
    "calls-2018-without-money": lambda: CALLS["money"].isna().sum(),
    "calls-2018-money": lambda: MONEY.sum() / 100000,
    "calls-2018-projects": lambda: CALLS["projects"].sum(),
    "calls-2018-projects-without-money": lambda: CALLS["projects_without_money"].sum(),
    "calls-2018-hhi": lambda: 1 / effective(MONEY),
    "calls-2018-effective": lambda: effective(MONEY),
    "calls-2018-effective-merged": lambda: effective(merged()),
    "calls-2018-merged": lambda: len(merged()),
    "calls-2018-top-ten": lambda: 100 * MONEY.nlargest(10).sum() / MONEY.sum(),
    "calls-2018-largest": lambda: MONEY.max() / 100000,
    "calls-2018-mean": lambda: MONEY.mean() / 100,
    "calls-2016-mean": lambda: 100 * YEARS.loc["KY01", "money"] / YEARS.loc["KY01", "special_projects"],
    "rail-budget-fall": lambda: 100 * (1 - YEARS.loc["KY10", "money"] / YEARS.loc["KY09", "money"]),
    **{
        f"rd-share-{key}-2022": lambda name=name: part(name, 2022)
        for key, name in {
            "firms": "firms",
            "institutes": "government institutes",
            "universities": "universities",
            "others": "others",
        }.items()
    },
    **{
        f"basic-share-{year}": lambda year=year: part("basic research", year)
        for year in (2001, 2012, 2018, 2021, 2022, 2023, 2024)
    },
    "development-share-2022": lambda: part("experimental development", 2022),
    "applied-share-2022": lambda: part("applied research", 2022),
    "rd-parts-gap-2021": lambda: (
        sum(RD[2021, name] for name in ("basic research", "applied research", "experimental development"))
        - RD[2021, "total"]
    ),
    "manufacturing-share-2004": lambda: 100 * 51748.5 / 159878.3,
    "manufacturing-2008-points": lambda: SHARE[2020] + FACTS["manufacturing-decline"],
    "manufacturing-2008-percent": lambda: SHARE[2020] / (1 - FACTS["manufacturing-decline"] / 100),
    "manufacturing-change-2023": lambda: SHARE[2023] - SHARE[2022],
    "manufacturing-gain-2021-2022": lambda: SHARE[2022] - SHARE[2020],
    "debt-2022-revised": lambda: DEBT["CL20"] - FACTS["debt-rise-2023"],
    "claims-count": lambda: len(CLAIMS),
    "claims-without-endnote": lambda: (CLAIMS["brief_support"] == "no endnote").sum(),
    "cases-count": lambda: len(BOARD),
    "cases-state": lambda: (BOARD["verdict_side"] == "state").sum(),
    "cases-retrospective": lambda: (BOARD["verdict_tense"] == "retrospective").sum(),
}
