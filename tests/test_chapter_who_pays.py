"""The first chapter: every number that it works out follows from the data."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from chapters import chapter

from jointaction import explorer
from jointaction.sources.tables import load
from jointaction.explorers.recentralization_timeline import BOTH, DAY_ONLY, events

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


def test_two_levels_over_six_years() -> None:
    central = NATIONAL["central_st_2006_2012"] - SPENDING["broad", "central", 2006]
    total = NATIONAL["total_st_2006_2012"] - SPENDING["broad", "total", 2006]
    assert (central, total) == pytest.approx((11090.3, 22511.5))
    shares = [100 * (central + up) / (total - up) for up in (-50, 0, 50)]
    assert [round(share, 1) for share in shares] == [48.9, 49.3, 49.6]
    assert max(shares) < 50  # so the localities were ahead in at least one of the years
    stated("12100", "1009.7", "11090.3", "24200", "1688.5", "22511.5", "49.3")


def test_the_data_cells_show_what_the_text_says() -> None:
    texts = [cell.outputs[0]["data"]["text/plain"] for cell in CHAPTER.code]
    assert all(value in texts[1] for value in ("48.9", "49.3", "49.6"))
    assert len(texts[2].splitlines()) - 2 == 19


def test_the_narrow_line_between_its_two_leads() -> None:
    figure = explorer("who-pays")
    for year in range(2012, 2016):
        results = figure.results(caliber="narrow", chosen_year=float(year))
        assert results["local"] > 0 and pd.isna(results["local_share"])
    assert pd.isna(figure.results(caliber="narrow", chosen_year=2017.0)["local_share"])


def test_transfers_moved_from_spender_to_payer() -> None:
    central, local = SPENDING["narrow", "central", 2011], SPENDING["narrow", "local", 2011]
    moved = NATIONAL["central_transfers_2011"]
    assert central + moved == pytest.approx(NATIONAL["central_st_with_transfers_2011"])
    shares = [100 * part / (central + local) for part in (central + moved, central, local - moved)]
    assert [round(share, 1) for share in shares] == [53.1, 50.7, 46.9]
    stated("1942.14", "91.92", "2034.06", "3828.02", "53.1", "50.7", "46.9")


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
    assert rows["evidence"].value_counts()[[BOTH, DAY_ONLY]].to_list() == [11, 2] and len(rows) == 22
    assert rows.loc["fund-regulation", "starts"] < rows.loc["xi-power-2012", "starts"]
    same_year = rows.loc[["center-measures", "fund-measures", "matching-1-2"], "starts"] // 1
    assert same_year.nunique() == 1
    assert rows.loc["term-limits", "evidence"] not in (BOTH, DAY_ONLY)
