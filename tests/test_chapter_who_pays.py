"""The first chapter: every number it states follows from the data, and every statement has its link."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from jointaction import explorer
from jointaction.data import load
from jointaction.explorers.recentralization import ELSEWHERE, events
from jointaction.facts import check_text, unlinked_numbers

ROOT = Path(__file__).parents[1]
CHAPTER = ROOT / "book" / "recentralization" / "who-pays.ipynb"
NOTEBOOK = nbformat.read(CHAPTER, as_version=4)
PROSE = "\n\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
FACTS = load("facts").set_index("fact_id")
SPENDING = load("fiscal_st").set_index(["caliber", "level", "year"])["value"]
NATIONAL = load("national").set_index("key")["value"]


def stated(*numbers: str) -> None:
    """The maths of the chapter holds these numbers as written."""
    maths = " ".join(re.findall(r"\$([^$\n]+)\$", PROSE))
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", maths), number


# ---- what a chapter must have


def test_numbers_and_dates_agree_with_their_facts() -> None:
    assert check_text(PROSE) == []


def test_no_number_stands_without_its_fact() -> None:
    found = [n for n in unlinked_numbers(PROSE) if not re.search(r"### (Exercise|Question) \d", n)]
    assert found == []


def test_every_statement_of_the_brief_for_this_chapter_is_linked() -> None:
    mine = FACTS[(FACTS["chapter"] == "who-pays") & (FACTS["brief_id"] != "") & (FACTS["use"] == "stated")]
    linked = set(re.findall(r"\(#fact-([^)]+)\)", PROSE))
    assert set(mine.index) - linked == set()


def test_citations_and_links_lead_somewhere() -> None:
    keys = set(re.findall(r"@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8")))
    assert {k for keys_ in re.findall(r"\{cite:[tp]\}`([^`]+)`", PROSE) for k in keys_.split(",")} <= keys
    planned = {"joint-action.ipynb"} | {
        f"../mechanisms/{name}.ipynb" for name in ("key-rd-program", "innovation-centers", "guidance-fund", "compared")
    }
    assert set(re.findall(r"\]\(([^#)]+)\)", PROSE)) <= planned


def test_code_cells_are_short_and_folded() -> None:
    for cell in CODE:
        assert len(cell.source.splitlines()) <= 12
        assert cell.metadata["tags"] == ["hide-input"]


def test_the_parts_stand_in_the_agreed_order() -> None:
    parts = ["What you will be able to do", "Predict first", "## What the figures leave out", "## Exercises",
             "## Check yourself", "## Further reading"]  # fmt: skip
    places = [PROSE.index(part) for part in parts]
    assert places == sorted(places)
    assert "check-source" in PROSE


def test_a_share_of_spending_is_never_called_paying() -> None:
    assert "They do not tell us who pays" in PROSE
    text = " ".join(PROSE.split())
    assert not re.search(r"local(ities| governments)? (pay|paid) (\[|\d)", text)


def test_the_buttons_named_in_the_text_exist() -> None:
    labels = {p.label for p in explorer("who-pays").presets}
    assert set(re.findall(r"press \*([^*]+)\*", PROSE, re.IGNORECASE)) <= labels


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
    texts = [cell.outputs[0]["data"]["text/plain"] for cell in CODE]
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
    source = re.search(r"```python\n(.*?)```", PROSE, re.DOTALL)[1]
    source = source.replace("print(", "falls = (")
    space: dict = {"load": load}
    exec(source, space)  # noqa: S102  (the chapter's own code)
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
    assert len(rows) == 15 and (rows["evidence"] == ELSEWHERE).sum() == 4
    assert rows.loc["fund-regulation", "starts"] < rows.loc["xi-power-2012", "starts"]
    same_year = rows.loc[["centre-measures", "fund-measures", "matching-1-2"], "starts"] // 1
    assert same_year.nunique() == 1
    assert rows.loc["term-limits", "evidence"] != ELSEWHERE
