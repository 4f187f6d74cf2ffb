"""The tables of chapters 7 to 12: ratios, lists of priorities, R&D, manufacturing, evidence and claims."""

import re

import pytest
from jointaction.sources.tables import describe, load

RATIOS = load("ratios").set_index("ratio_id", drop=False)
EVENTS = load("whole_of_nation_events").set_index("event_id", drop=False)
ITEMS = load("priority_items")
LISTS = load("priority_lists").set_index("list_id", drop=False)
CALLS = load("key_rd_calls_2018")
RD = load("rd_spending")
MANUFACTURING = load("manufacturing_share").set_index("row_id", drop=False)
EVIDENCE = load("debate_evidence").set_index("evidence_id", drop=False)
CASES = load("debate_cases").set_index("case_id", drop=False)
CLAIMS = load("claims").set_index("claim_id", drop=False)
TABLES = (
    "ratios",
    "contracts",
    "matching_evidence",
    "whole_of_nation_events",
    "priority_lists",
    "priority_items",
    "key_rd_calls_2018",
    "key_rd_years",
    "rd_spending",
    "rd_intensity",
    "manufacturing_share",
    "debt_ratios",
    "export_discipline",
    "sport_system",
    "debate_cases",
    "debate_evidence",
    "productivity_studies",
    "debate_measures",
    "claims",
)


# ---- text and provenance


@pytest.mark.parametrize("name", TABLES)
def test_no_character_was_lost_and_chinese_columns_hold_chinese(name: str) -> None:
    frame = load(name)
    for column in frame.select_dtypes("str"):
        assert not frame[column].str.contains(r"\?\?|\ufffd").any(), column
        if column.endswith("_zh"):
            filled = frame.loc[frame[column] != "", column]
            assert len(filled) and filled.str.contains(r"[\u4e00-\u9fff]").all(), column


@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_was_read_somewhere_says_where(name: str) -> None:
    frame = load(name)
    if "address" in frame:
        written = frame[frame["address"] != ""]
        assert written["address"].str.fullmatch(r"https?://\S+").all()
        # A figure in a copy is only as good as the copy that a reader can open.
        unofficial = frame[frame["status"] == "unofficial"]
        assert (unofficial["address"] != "").all()


def test_only_issuing_bodies_support_the_status_official() -> None:
    bodies = (
        r"^https?://(?:[a-z0-9-]+\.)*(?:gov\.cn|stats\.gov\.cn|scio\.gov\.cn|ustr\.gov|nsf\.gov|nccommerce\.com|"
        r"innovation\.ca|gwk-bonn\.de|berlin\.de|ec\.europa\.eu)/"
    )
    for name in TABLES:
        frame = load(name)
        if "address" in frame:
            official = frame.loc[frame["status"] == "official", "address"]
            assert official.str.contains(bodies).all(), name


# ---- matching elsewhere


def test_a_matching_ratio_is_the_lower_share_over_the_upper() -> None:
    rated = RATIOS.dropna(subset=["matching_ratio"])
    assert len(rated) == 27
    # Shares and ratios are rounded, to a tenth of a percent and to three digits.
    least = (rated["lower_share"] - 0.05) / (rated["upper_share"] + 0.05) - 0.0005
    most = (rated["lower_share"] + 0.05) / (rated["upper_share"] - 0.05) + 0.0005
    assert rated["matching_ratio"].between(least, most).all()
    whole = rated[["upper_share", "lower_share", "other_share"]].sum(axis=1)
    assert (whole - 100).abs().max() < 0.051


def test_nine_of_the_rates_abroad_ask_the_lower_level_for_at_least_as_much() -> None:
    abroad = RATIOS.loc[RATIOS["country"] != "China", "matching_ratio"].dropna()
    assert len(abroad) == 24 and (abroad >= 1).sum() == 9


def test_the_ratios_of_the_joint_projects_are_those_of_their_history() -> None:
    history = load("matching_ratio_history").set_index("year")["matching_ratio"]
    assert (
        RATIOS.loc["RT01", "matching_ratio"] == history[2021] and RATIOS.loc["RT02", "matching_ratio"] == history[2022]
    )


def test_every_ratio_with_a_number_has_a_setting_of_influence_and_its_reason() -> None:
    rated = RATIOS["matching_ratio"].notna()
    assert (RATIOS["influence"].notna() == rated).all()
    assert ((RATIOS["influence_reason"] != "") == rated).all()


def test_contracts_name_every_ratio_once_but_for_the_highways() -> None:
    named = " ".join(load("contracts")["ratio_ids"]).split()
    assert sorted(named) == sorted(set(RATIOS["ratio_id"]) - {"RT23"})


# ---- the idea


def test_events_are_dated_as_precisely_as_they_are_known() -> None:
    length = {"decade": 4, "year": 4, "month": 7, "day": 10, "": 0}
    for row in EVENTS.itertuples():
        assert len(row.date) == length[row.date_precision], row.event_id
        assert (row.date != "") == (row.date_status != ""), row.event_id
        assert row.end_date == "" or row.end_date > row.date[:4], row.event_id


def test_three_of_the_five_results_fall_in_the_window_of_the_brief() -> None:
    results = EVENTS[EVENTS["precedent_result"] != ""]
    assert len(results) == 5
    years = results["date"].str[:4].astype(int)
    assert (results["brief_window"] == "inside").eq(years.between(1966, 1973)).all()
    assert (results["brief_window"] == "inside").sum() == 3


def test_events_after_the_brief_are_marked() -> None:
    later = EVENTS["date"].str[:7] > "2024-02"
    assert (EVENTS.loc[later, "bearing"] == "after the brief").all() and later.sum() == 2
    assert set(LISTS.loc[LISTS["after_brief"], "list_id"]) == set(LISTS.loc[LISTS["date"] > "2024-02-29", "list_id"])


# ---- lists of priorities


def test_a_list_has_the_named_entries_that_it_says() -> None:
    assert set(ITEMS["list_id"]) <= set(LISTS["list_id"])
    counted = ITEMS["list_id"].value_counts().to_dict() | {"key-rd-2018": len(CALLS)}
    for row in LISTS.itertuples():
        assert row.named == counted.get(row.list_id, 0) <= row.entries, row.list_id


def test_thirteen_megaprojects_of_sixteen_are_named() -> None:
    megaprojects = ITEMS[ITEMS["kind"] == "megaproject"]
    assert megaprojects["number"].to_list() == list(range(1, 14))
    assert LISTS.loc["megaprojects-2006", "entries"] == 16
    assert not megaprojects["name_en"].str.contains("BeiDou|navigation").any()


def test_numbers_on_a_list_are_given_once_and_only_where_read() -> None:
    numbered = ITEMS.dropna(subset=["number"])
    assert not numbered.duplicated(["list_id", "number"]).any()
    reports = ITEMS[ITEMS["list_id"] == "stranglehold-2018"]
    assert len(reports) == 30 and reports["number"].dropna().to_list() == list(range(1, 11))


def test_the_calls_of_2018_have_an_effective_number_of_42_special_projects() -> None:
    assert len(CALLS) == 65 and CALLS["projects"].sum() == 1373 and CALLS["projects_without_money"].sum() == 140
    money = CALLS["money"].dropna()
    assert len(money) == 60 and money.sum() == pytest.approx(2389118.36)
    index = ((money / money.sum()) ** 2).sum()
    assert index == pytest.approx(0.02392, abs=5e-6) and 1 / index == pytest.approx(41.8, abs=0.05)
    assert money.nlargest(10).sum() / money.sum() == pytest.approx(0.352, abs=5e-4)
    merged = CALLS.dropna(subset=["money"]).groupby("merged_with")["money"].sum()
    assert len(merged) == 58 and 1 / ((merged / merged.sum()) ** 2).sum() == pytest.approx(40.5, abs=0.05)


def test_a_special_project_without_money_has_no_project_with_money() -> None:
    without = CALLS["money"].isna()
    assert (CALLS.loc[without, "projects"] == CALLS.loc[without, "projects_without_money"]).all()
    assert (CALLS.loc[~without, "projects"] > CALLS.loc[~without, "projects_without_money"]).all()


def test_the_year_2018_is_the_sum_of_its_calls() -> None:
    year = load("key_rd_years").set_index("row_id").loc["KY06"]
    assert year["money"] == pytest.approx(CALLS["money"].sum() / 10000)
    assert year["projects"] == (CALLS["projects"] - CALLS["projects_without_money"]).sum()
    assert year["special_projects"] == CALLS["money"].notna().sum()


def test_the_broadband_call_is_the_same_in_both_tables() -> None:
    call = CALLS.set_index("special_project_zh").loc["宽带通信和新型网络"]
    projects = load("broadband_2018")
    assert (call["projects"], call["money"]) == (len(projects), projects["central_money"].sum())


# ---- research and manufacturing


def spending(vintage: str, breakdown: str) -> dict[int, float]:
    rows = RD[(RD["vintage"] == vintage) & (RD["breakdown"] == breakdown) & (RD["unit"] == "100 million yuan")]
    return rows.groupby("year")["value"].sum().to_dict()


@pytest.mark.parametrize(("vintage", "tolerance"), [("communiqué", 0.31), ("yearbook", 0.021)])
def test_types_of_research_add_up_but_for_2021(vintage: str, tolerance: float) -> None:
    total, parts = spending(vintage, "total"), spending(vintage, "type")
    gaps = {year: part - total[year] for year, part in parts.items()}
    # The bureau's own parts of 2021 exceed its total by two.
    assert gaps.pop(2021) == pytest.approx(2.0, abs=0.04)
    assert all(abs(gap) <= tolerance for gap in gaps.values()), gaps
    assert 2009 not in total and (2007 in total) == (vintage == "communiqué")


def test_performers_add_up_and_firms_do_more_than_three_quarters() -> None:
    performers = RD[RD["breakdown"] == "performer"].set_index("part")["value"]
    total = spending("communiqué", "total")[2022]
    assert performers.sum() == pytest.approx(total, abs=0.051)
    assert 100 * performers["firms"] / total == pytest.approx(77.6, abs=0.05)


def test_vintages_of_one_year_differ() -> None:
    intensity = load("rd_intensity").pivot(index="year", columns="vintage", values="intensity").loc[2018]
    assert intensity["first release"] == 2.19 and intensity["revised a year later"] == 2.14
    assert intensity["World Bank, September 2021"] > 2.18 > 2.11 > intensity["World Bank, mid-2026"]


def test_the_share_of_manufacturing_moves_as_the_brief_says_and_then_falls() -> None:
    share = MANUFACTURING[MANUFACTURING["measure"] == "manufacturing share of GDP"].set_index("year")["value"]
    assert share[2021] - share[2020] == pytest.approx(1.1) and share[2022] - share[2021] == pytest.approx(0.3)
    assert share[2023] == 26.2 < share[2020]
    assert set(share.index) == {2004, 2006, 2019, 2020, 2021, 2022, 2023}


@pytest.mark.parametrize("name", TABLES)
def test_a_derived_value_follows_from_its_formula(name: str) -> None:
    frame = load(name)
    if "formula" not in frame:
        return
    for row in frame[frame["status"] == "derived"].itertuples():
        assert re.fullmatch(r"[0-9.+\-*/ ]+", row.formula)
        value = row.money if name == "key_rd_years" else row.value
        assert value == pytest.approx(eval(row.formula), abs=0.051)  # only arithmetic gets here


# ---- the debate


def test_ten_cases_lie_five_on_each_side_and_eight_look_back() -> None:
    board = CASES[CASES["on_board"]]
    assert len(board) == 10 and board["verdict_side"].value_counts().to_dict() == {"state": 5, "entrepreneurs": 5}
    back = board[board["verdict_tense"] == "retrospective"]
    assert len(back) == 8 and (back["verdict_side"] == "state").sum() == 4


def test_every_case_has_evidence_on_both_sides_and_in_the_words_of_the_brief() -> None:
    for case in CASES.index:
        sides = set(EVIDENCE.loc[EVIDENCE["case_id"] == case, "side"])
        assert sides >= ({"for", "against", "brief"} if CASES.loc[case, "on_board"] else {"for"}), case
    letter = {"for": "f", "against": "a", "brief": "b"}
    assert (EVIDENCE["evidence_id"] == EVIDENCE["case_id"] + EVIDENCE["side"].map(letter)).all()
    assert (EVIDENCE.loc[EVIDENCE["side"] == "brief", "status"] == "brief").all()


def test_no_quotation_on_a_case_shows_an_effect() -> None:
    # A sentence that the chapter states; it fails when better evidence comes in.
    assert set(EVIDENCE["shows"]) == {"presence", "sequence", "judgment"}


KEYS = {
    "ratios": "ratio_id",
    "matching_evidence": "study_id",
    "whole_of_nation_events": "event_id",
    "priority_lists": "list_id",
    "priority_items": "item_id",
    "key_rd_years": "row_id",
    "rd_spending": "row_id",
    "manufacturing_share": "row_id",
    "debt_ratios": "row_id",
    "export_discipline": "item_id",
    "sport_system": "item_id",
    "debate_evidence": "evidence_id",
    "productivity_studies": "study_id",
    "debate_measures": "measure_id",
}


def test_every_id_belongs_to_one_row_of_one_table() -> None:
    ids = [(key, name) for name, column in KEYS.items() for key in load(name)[column]]
    assert len({key for key, _ in ids}) == len(ids)


def test_evidence_for_and_against_a_claim_can_be_found() -> None:
    known = {key for name, column in KEYS.items() for key in load(name)[column]}
    assert CLAIMS.index.to_list() == [f"C{number:02}" for number in range(1, 16)]
    for row in CLAIMS.itertuples():
        for side in (row.evidence_for, row.evidence_against):
            assert set(side.split()) <= known, row.claim_id


def test_a_claim_without_an_endnote_says_so() -> None:
    assert ((CLAIMS["endnotes"] == "") == (CLAIMS["brief_support"] == "no endnote")).all()
    assert (CLAIMS["brief_support"] == "no endnote").sum() == 7


def test_claims_belong_to_chapters_and_kinds_that_the_package_lists() -> None:
    fields = {field["name"]: field for field in describe("claims")["schema"]["fields"]}
    for column in ("chapter", "kind", "brief_support", "shows"):
        assert set(CLAIMS[column]) == set(fields[column]["constraints"]["enum"]), column
