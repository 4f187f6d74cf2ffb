"""The first chapter: every number that it works out follows from the data."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from chapters import chapter
from jointaction import explorer
from jointaction.explorers.recentralization_timeline import BOTH, ONE, events
from jointaction.sources.tables import load

CHAPTER = chapter("who-pays")
SPENDING = load("fiscal_st").set_index(["caliber", "level", "year"])["value"]
NATIONAL = load("national").set_index("key")["value"]


def stated(*numbers: str) -> None:
    """The maths of the chapter holds these numbers as written."""
    maths = " ".join(re.findall(r"\$([^$\n]+)\$", CHAPTER.text))
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", maths), number


# ---- what the text says


def test_a_share_of_spending_is_never_called_paying() -> None:
    assert "They do not tell us who pays" in CHAPTER.text
    text = " ".join(CHAPTER.text.split())
    assert not re.search(r"local(ities| governments)? (pay|paid) (\[|\d)", text)


def test_the_buttons_named_in_the_text_exist() -> None:
    labels = {p.label for p in explorer("who-pays").presets}
    assert set(re.findall(r"press \*([^*]+)\*", CHAPTER.text, re.IGNORECASE)) <= labels


# ---- numbers worked out in the text


def shown_by(code: str) -> str:
    """What the one data cell with this code shows, as text."""
    (cell,) = [cell for cell in CHAPTER.code if code in cell.source]
    return cell.outputs[0]["data"]["text/plain"]


def test_the_localities_led_in_at_least_one_of_six_years() -> None:
    central = NATIONAL["central_st_2006_2012"] - SPENDING["broad", "central", 2006]
    total = NATIONAL["total_st_2006_2012"] - SPENDING["broad", "total", 2006]
    shares = [100 * (central + up) / (total - up) for up in (-50, 0, 50)]
    assert [round(share, 1) for share in shares] == [48.9, 49.3, 49.6]
    assert max(shares) < 50
    assert all(number in shown_by("Local less central") for number in ("18.1", "33.1", "48.1"))


def test_one_year_on_both_calibers() -> None:
    broad, narrow = (explorer("who-pays").results(caliber=c, chosen_year=2021.0) for c in ("broad", "narrow"))
    assert [round(broad[name], 1) for name in ("total", "central", "local", "local_share")] == [
        1076.7,
        379.5,
        697.2,
        64.8,
    ]
    assert round(narrow["local"], 1) == 646.4 and round(narrow["local_share"], 1) == 66.8
    # What only the broad caliber counts is central for the larger part.
    assert broad["central"] - narrow["central"] > broad["local"] - narrow["local"]
    stated("697.2", "1076.7", "64.8")


def test_the_finance_ministrys_sum_fits_the_narrow_caliber() -> None:
    narrow = [SPENDING["narrow", "total", year] for year in (2016, 2018, 2019, 2020)]
    left = NATIONAL["total_st_2016_2020"] - sum(narrow)
    assert narrow[0] < left < narrow[1]
    broad = sum(SPENDING["broad", "total", year] for year in range(2016, 2021))
    assert broad > 1.1 * NATIONAL["total_st_2016_2020"]


def test_the_data_cells_show_what_the_text_says() -> None:
    several = shown_by("Years for which more than one total was read")
    assert all(number in several for number in ("97.55", "94.46", "116.86", "109.53", "479.70", "482.7", "492.7"))
    assert len(shown_by("Every year for which a split was found").splitlines()) - 2 == 19
    powers = shown_by("Which level answers for what")
    assert "venture capital" in powers and "not read" in powers and "official" in powers


def test_the_narrow_line_between_its_two_leads() -> None:
    figure = explorer("who-pays")
    for year in range(2012, 2016):
        results = figure.results(caliber="narrow", chosen_year=float(year))
        assert results["local"] > 0 and pd.isna(results["local_share"])
    assert pd.isna(figure.results(caliber="narrow", chosen_year=2017.0)["local_share"])


def test_what_the_budget_reports_add() -> None:
    money = {year: NATIONAL[f"central_st_with_transfers_{year}"] for year in (2010, 2011, 2012, 2013)}
    spent = {year: SPENDING["narrow", "local", year] for year in money}
    # A rate with one decimal leaves about one part in two thousand open.
    assert money[2012] == pytest.approx(NATIONAL["central_st_budget_2013"] / 1.104, abs=0.05)
    assert money[2013] == pytest.approx(NATIONAL["central_st_budget_2014"] / 1.089, abs=0.05)
    assert 1.001 * money[2013] < spent[2013], "in 2013 the localities led, whatever Beijing passed on"
    assert all(0.999 * money[year] > spent[year] for year in (2010, 2011, 2012)), "Beijing paid more in these years"
    assert 0 < money[2012] - spent[2012] < NATIONAL["central_transfers_2011"], "who spent more in 2012 is open"


def test_transfers_moved_from_spender_to_payer() -> None:
    central, local = SPENDING["narrow", "central", 2011], SPENDING["narrow", "local", 2011]
    moved = NATIONAL["central_transfers_2011"]
    assert central + moved == pytest.approx(NATIONAL["central_st_with_transfers_2011"])
    shares = [100 * part / (central + local) for part in (central + moved, central, local - moved)]
    assert [round(share, 1) for share in shares] == [53.1, 50.7, 46.9]
    stated("194.214", "9.192", "203.406", "382.802", "53.1", "50.7", "46.9")


def test_the_solution_in_code_finds_the_falls() -> None:
    source = re.search(r"```python\n(.*?)```", CHAPTER.text, re.DOTALL)[1]
    source = source.replace("print(", "falls = (")
    space: dict = {"load": load}
    exec(source, space)  # the chapter’s own code
    falls = space["falls"].set_index(["caliber", "level", "year"])["change"]
    assert len(falls) == 7 and (falls.index.get_level_values("year") == 2020).sum() == 6
    narrow = [falls["narrow", level, 2020] for level in ("total", "central", "local")]
    assert narrow == [-4.8, -8.5, -2.6]
    assert falls["narrow", "central", 2021] == -0.3
    stated("7", "4.8", "8.5", "2.6", "0.3")


def test_a_share_can_rise_while_an_amount_falls() -> None:
    before, after = (explorer("who-pays").results(chosen_year=year) for year in (2019.0, 2020.0))
    assert all(after[level] < before[level] for level in ("total", "central", "local"))
    assert after["local_share"] > before["local_share"]


def test_what_the_timeline_is_said_to_show() -> None:
    rows = events().set_index("event_id")
    assert rows["evidence"].value_counts()[[BOTH, ONE]].to_list() == [13, 1] and len(rows) == 22
    assert rows.loc["fund-regulation", "starts"] < rows.loc["xi-power-2012", "starts"]
    same_year = rows.loc[["center-measures", "fund-measures", "matching-1-2"], "starts"] // 1
    assert same_year.nunique() == 1
    assert rows.loc["term-limits", "evidence"] not in (BOTH, ONE)
    assert rows.loc["center-measures", "evidence"] == ONE
    assert (
        rows.loc["fund-regulation", "starts"] < rows.loc["powers-plan", "starts"] < rows.loc["fund-measures", "starts"]
    )
