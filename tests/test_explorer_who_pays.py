"""The two figures of the first chapter: what they show, what they leave open, and the page's arithmetic."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from jointaction import explorer
from jointaction.errors import InputError
from jointaction.explorers.recentralization_timeline import BOTH, LESS, ONE, date_text, events, span
from jointaction.explorers.who_pays import HOLLOW, SOLID, series, six_years
from jointaction.sources.tables import load

SPENDING = load("fiscal_st").set_index(["caliber", "level", "year"])["value"] / 10  # billion yuan
YEARS = range(1990, 2024)
FIGURE, TIMELINE = explorer("who-pays"), explorer("recentralization-timeline")


# ---- who spends


@pytest.mark.parametrize("caliber", ["broad", "narrow"])
@pytest.mark.parametrize("year", YEARS)
def test_a_year_reads_as_the_data_say_or_not_available(caliber: str, year: int) -> None:
    results = FIGURE.results(caliber=caliber, chosen_year=float(year))
    texts = {r.name: r.text(results[r.name]) for r in FIGURE.readouts}
    for level in ("total", "central", "local"):
        value = SPENDING.get((caliber, level, year))
        if value is None:
            assert texts[level] == "not available"
        else:
            assert results[level] == pytest.approx(value)
    if {(caliber, "local", year), (caliber, "total", year)} <= set(SPENDING.index):
        share = 100 * SPENDING[caliber, "local", year] / SPENDING[caliber, "total", year]
        assert results["local_share"] == pytest.approx(share)
    else:
        assert texts["local_share"] == "not available"


def test_the_years_of_the_communiques_are_reproduced() -> None:
    shares = {2018: 60.7, 2019: 61.1, 2020: 62.8, 2021: 64.8, 2022: 65.8, 2023: 66.9}
    for year, share in shares.items():
        assert round(FIGURE.results(chosen_year=float(year))["local_share"], 1) == share


@pytest.mark.parametrize(("year", "read"), [(2020.49, 2020), (2020.5, 2021), (1990.0, 1990), (2023.0, 2023)])
def test_a_year_between_two_is_rounded(year: float, read: int) -> None:
    assert FIGURE.evaluate(chosen_year=year).steps["year_read"] == read


@pytest.mark.parametrize("name", ["first_year", "last_year", "chosen_year"])
@pytest.mark.parametrize("value", [1989.0, 2024.0, math.nan])
def test_a_year_out_of_range_is_refused_by_name_value_and_range(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{name} must be from 1990 to 2023, but is {value:g}"):
        FIGURE.results(**{name: value})


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(InputError, match="view must be one of 'level', 'share', but is 'shares'"):
        FIGURE.results(view="shares")


def test_a_line_never_crosses_a_missing_year() -> None:
    for _, run in series().groupby("segment"):
        assert run[["view", "caliber", "series"]].drop_duplicates().shape[0] == 1
        assert (run["year"].diff().dropna() == 1).all()
    for _, line in series().groupby(["view", "caliber", "series"]):
        gaps = int((line["year"].diff().dropna() > 1).sum())
        assert line["segment"].nunique() == gaps + 1


def test_every_value_of_the_data_is_drawn_once_and_nothing_else() -> None:
    levels = series().query("view == 'level'")
    assert len(levels) == len(SPENDING)
    drawn = levels.assign(level=levels["series"].str.lower()).set_index(["caliber", "level", "year"])["value"]
    pd.testing.assert_series_equal(drawn.sort_index(), SPENDING.sort_index(), check_names=False)
    assert (levels["value"] > 0).all()  # the read-outs take a sum of nothing as "no value"
    assert series()["value"].notna().all()


def test_only_what_was_read_in_an_official_text_or_a_copy_is_solid() -> None:
    read = load("fiscal_st").set_index(["caliber", "level", "year"])["status"].isin(["official", "copy"])
    for row in series().query("view == 'level'").itertuples():
        assert (row.mark == SOLID) == read[row.caliber, row.series.lower(), row.year]
    for row in series().query("view == 'share'").itertuples():
        assert (row.mark == SOLID) == all(read[row.caliber, level, row.year] for level in ("local", "total"))
    hollow = series().query("view == 'share' and caliber == 'broad' and year == 2006")
    assert hollow["mark"].to_list() == [HOLLOW]  # an examination site


def test_the_bar_over_six_years_is_what_the_rounding_leaves_open() -> None:
    lowest, highest = six_years()
    total, central = 24200 - 1688.5, 12100 - 1009.7
    assert lowest == pytest.approx(100 - 100 * (central + 50) / (total - 50))
    assert highest == pytest.approx(100 - 100 * (central - 50) / (total + 50))
    assert 50 < lowest < highest
    share = {"view": "share", "first_year": 2002.0, "last_year": 2018.0}
    assert len(FIGURE.evaluate(**share).tables["six"]) == 1
    for changes in ({"caliber": "narrow"}, {"view": "level"}, {"last_year": 2011.0}):
        assert FIGURE.evaluate(**{**share, **changes}).tables["six"].empty


def test_the_new_classes_stand_between_2006_and_2007() -> None:
    assert FIGURE.evaluate().tables["classes"]["year"].to_list() == [2006.5]
    assert FIGURE.evaluate(first_year=2007.0).tables["classes"].empty
    assert FIGURE.evaluate(last_year=2006.0).tables["classes"].empty


def test_the_span_may_be_given_in_either_order() -> None:
    there = FIGURE.evaluate(first_year=2002.0, last_year=2008.0)
    back = FIGURE.evaluate(first_year=2008.0, last_year=2002.0)
    pd.testing.assert_frame_equal(there.tables["shown"], back.tables["shown"])
    assert there.tables["shown"]["year"].between(2002, 2008).all()


def test_a_span_without_values_says_so() -> None:
    empty = FIGURE.evaluate(caliber="narrow", last_year=2009.0)
    assert len(empty.tables["shown"]) == 0
    assert (empty.tables["words"]["none_found"] == "No value was found for these years").all()
    assert FIGURE.evaluate().tables["words"]["none_found"].eq("").all()


def test_the_chosen_year_is_marked_only_inside_the_span() -> None:
    assert len(FIGURE.evaluate(chosen_year=2005.0).tables["now"]) == 1
    assert len(FIGURE.evaluate(chosen_year=2005.0, first_year=2010.0).tables["now"]) == 0


def test_the_caption_does_not_take_spending_for_paying() -> None:
    assert "who spends, not of who pays" in FIGURE.caption and "endnote 8" in FIGURE.caption
    assert "Who pays" not in FIGURE.title


# ---- the timeline


@pytest.mark.parametrize(
    ("text", "shown", "first", "last"),
    [
        ("2016", "2016", 2016.0, 2017.0),
        ("2023-03", "March 2023", 2023 + 59 / 365, 2023 + 90 / 365),
        ("2016-09-05", "5 September 2016", 2016 + 248 / 366, 2016 + 249 / 366),
        ("2018-12-31", "31 December 2018", 2018 + 364 / 365, 2019.0),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(text: str, shown: str, first: float, last: float) -> None:
    assert date_text(text) == shown
    assert span(text) == pytest.approx((first, last))


def test_every_event_stands_in_the_timeline_with_its_source() -> None:
    rows = events()
    assert set(rows["event_id"]) == set(load("recentralization_events")["event_id"])
    assert rows["starts"].is_monotonic_increasing and (rows["source"] != "").all()
    assert rows["middle"].min() > 2010 and rows["stops"].max() <= 2024
    assert rows.query("early")["label"].to_list() == ["1 (1994)"]


def test_an_event_and_its_date_are_checked_apart() -> None:
    rows = events().set_index("event_id")
    for event, evidence in (
        ("first-center", BOTH),
        ("powers-plan", BOTH),
        ("fund-measures", BOTH),
        ("fund-subfund-rules", BOTH),
        ("center-measures", ONE),
        ("term-limits", LESS),
        ("fund-first-subfunds", LESS),
    ):
        assert rows.loc[event, "evidence"] == evidence, event
    data = load("recentralization_events").set_index("event_id")
    one = data.loc[rows.query("evidence == @ONE").index, ["event_status", "date_status"]]
    assert (one.isin(["official", "copy"]).sum(axis=1) == 1).all()
    assert TIMELINE.table_open


@pytest.mark.parametrize("event_id", sorted(load("recentralization_events")["event_id"]))
def test_a_chosen_event_is_read_out(event_id: str) -> None:
    row = events().set_index("event_id").loc[event_id]
    results = TIMELINE.results(chosen_event=event_id)
    expected = [row["date_text"], row["event"], row["source"], row["evidence"]]
    assert [results[r.name] for r in TIMELINE.readouts] == expected


def test_a_strand_shows_its_own_events_only() -> None:
    assert len(TIMELINE.evaluate().tables["events"]) == len(events())
    for kind in events()["kind"].unique():
        assert set(TIMELINE.evaluate(kind=kind).tables["events"]["kind"]) == {kind}
