"""The tables: what they declare, what they hold, and how a broken one is refused."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from jointaction.errors import InputError
from jointaction.sources import tables
from jointaction.sources.status import STATUSES
from jointaction.sources.tables import DataError
from test_data_second_brief import TABLES

TABLES = {
    "matching_ratio_history",
    "broadband_2018",
    "provinces",
    "provincial_st_budget",
    "national",
    "tile_grid",
    "fiscal_st",
    "recentralization_events",
    "mechanisms",
    "centers",
    "center_counts",
    "fund_rules",
    "fund_size",
    "fund_central_share",
    "nkrdp_facts",
    "facts",
    "communiques",
    "documents_to_open",
    "sub_funds",
    "fund_counts",
    "fund_texts",
    "fund_articles",
    "fiscal_powers",
    "center_totals",
    "joint_projects",
    *TABLES,  # of the second half
}
DTYPES = {
    "string": {"str"},
    "number": {"float64"},
    "integer": {"int64", "Int64"},
    "year": {"int64", "Int64"},
    "boolean": {"bool", "boolean"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may break."""
    return Path(shutil.copytree(tables.FOLDER, tmp_path / "data"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def sentence(folder: Path, name: str) -> str:
    with pytest.raises(DataError) as caught:
        tables.load(name, folder)
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".")
    return text


# ---- the package


def test_the_package_lists_every_table_and_no_other_file() -> None:
    assert set(tables.tables()) == TABLES
    assert {path.name for path in tables.FOLDER.iterdir()} == {f"{name}.csv" for name in TABLES} | {"datapackage.json"}


def test_the_package_describes_itself() -> None:
    package = json.loads((tables.FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert {"name", "title", "description", "licenses", "resources"} <= set(package)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_is_described_down_to_its_columns(name: str) -> None:
    table = tables.describe(name)
    for part in ("title", "description", "license_note"):
        assert table[part].strip()
    assert all({"name", "path"} <= set(license) for license in table["licenses"])
    assert tables.sources(name) and all(source["title"] for source in tables.sources(name))
    for field in table["schema"]["fields"]:
        assert field["description"].endswith("."), field["name"]
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", field["name"])
        # A number needs a unit, either of its column or of its row.
        if field["type"] == "number":
            assert "unit" in field or "unit" in tables.load(name).columns, field["name"]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_loads_with_its_declared_columns_and_types(name: str) -> None:
    frame = tables.load(name)
    fields = tables.describe(name)["schema"]["fields"]
    assert list(frame.columns) == [field["name"] for field in fields]
    for field in fields:
        assert str(frame[field["name"]].dtype) in DTYPES[field["type"]], field["name"]
    assert len(frame)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_file_is_plain_utf8_with_unix_line_ends(name: str) -> None:
    raw = (tables.FOLDER / f"{name}.csv").read_bytes()
    raw.decode("utf-8")
    assert b"\r" not in raw and raw.endswith(b"\n") and not raw.startswith(b"\xef\xbb\xbf")


def test_load_gives_a_fresh_copy_each_time() -> None:
    first = tables.load("matching_ratio_history")
    first.loc[0, "matching_ratio"] = 99
    assert tables.load("matching_ratio_history").loc[0, "matching_ratio"] == 0.5
    tables.describe("provinces")["title"] = "changed"
    assert tables.describe("provinces")["title"] == "Thirty-one provinces"


def test_the_data_is_found_from_any_working_directory(tmp_path: Path) -> None:
    code = "from jointaction.sources import tables; print(len(tables.load('provinces')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "31"


# ---- provenance


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_says_how_far_it_is_checked_and_where_it_comes_from(name: str) -> None:
    frame = tables.load(name)
    columns = [column for column in frame if column == "status" or column.endswith("_status")]
    assert columns and all(set(frame[column]) <= {*STATUSES, ""} for column in columns)
    for column in ("source", "source_title"):
        if column in frame:
            assert (frame[column].str.strip() != "").all()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_derived_row_gives_its_formula(name: str) -> None:
    frame = tables.load(name)
    if "formula" in frame and "status" in frame:
        assert (frame.loc[frame["status"] == "derived", "formula"] != "").all()
    else:
        assert "status" not in frame or not (frame["status"] == "derived").any()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_codebook_allows_the_six_words_and_no_other(name: str) -> None:
    package = json.loads((tables.FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert all(f"{word} (" in package["description"] for word in STATUSES)
    for field in tables.describe(name)["schema"]["fields"]:
        if field["name"] in ("status", "event_status", "date_status") and name != "tile_grid":
            assert field["constraints"]["enum"] == list(STATUSES)


def test_only_official_sites_support_the_status_official() -> None:
    for name in ("fiscal_st", "national", "centers", "recentralization_events", "fiscal_powers", "communiques"):
        frame = tables.load(name)
        status = frame["event_status"] if "event_status" in frame else frame["status"]
        official = frame.loc[(status == "official") & (frame["address"] != ""), "address"]
        assert (
            len(official) and official.str.contains(r"^https?://(?:[a-z]+\.)*(?:most|stats|gov)\.(?:gov\.)?cn/").all()
        ), name


def test_rows_stated_only_in_a_brief_name_it() -> None:
    for name in tables.tables():
        frame = tables.load(name)
        for column in {"source", "endnote"} & set(frame.columns):
            if name == "facts" and column == "endnote":
                continue
            status = frame["date_status"] if "date_status" in frame else frame["status"]
            only = frame.loc[status == "brief", column]
            assert only.str.contains(r"\(2024\)").all(), name


# ---- what the tables hold


def test_the_matching_ratio_is_the_quotient_of_the_printed_numbers() -> None:
    history = tables.load("matching_ratio_history").set_index("year")
    assert history["matching_ratio"].to_dict() == {2021: 0.5, 2022: 1.0}
    assert (history["matching_ratio"] == history["local_yuan"] / history["central_yuan"]).all()


def test_broadband_projects_add_up() -> None:
    projects = tables.load("broadband_2018")
    assert len(projects) == 24
    assert projects["central_money"].sum() == 74628
    assert projects["host_in_guangdong"].sum() == 12
    assert projects.groupby("institution_zh")["host_in_guangdong"].nunique().eq(1).all()


def test_provinces_agree_with_their_tiles() -> None:
    provinces, tiles = tables.load("provinces"), tables.load("tile_grid")
    assert len(provinces) == 31 and len(tiles) == 34
    joined = provinces.merge(tiles, on=["province", "code"])
    assert len(joined) == 31 and joined["in_31"].all()
    assert set(tiles.loc[~tiles["in_31"], "province"]) == {"Hong Kong", "Macao", "Taiwan"}
    assert not tiles.duplicated(["row", "col"]).any()


def test_provincial_columns_are_consistent() -> None:
    provinces = tables.load("provinces")
    sectors = provinces[["primary_share_2021", "secondary_share_2021", "tertiary_share_2021"]].sum(axis=1)
    assert sectors.between(99.97, 100.03).all()
    share = 100 * provinces["st_budget_2021"] / provinces["budget_expenditure_2021"]
    assert (share - provinces["st_share_of_budget_2021"]).abs().max() < 0.0051
    sufficiency = 100 * provinces["budget_revenue_2019"] / provinces["budget_expenditure_2019"]
    assert (sufficiency - provinces["fiscal_self_sufficiency_2019"]).abs().max() < 0.051
    for column, rank in (
        ("gdp_per_capita_2021_usd", "gdp_per_capita_rank_2021"),
        ("primary_share_2021", "primary_share_rank_2021"),
    ):
        assert (provinces[column].rank(ascending=False) == provinces[rank]).all()
    # R&D spending and its share of GDP come from the communiqué, GDP from elsewhere.
    intensity = 100 * provinces["rd_2021"] / provinces["gdp_2021"]
    assert (intensity - provinces["rd_intensity_2021"]).abs().max() < 0.0051
    # Two more sources for GDP: yuan from one, dollars a head and people from the other.
    dollars = provinces["gdp_per_capita_2021_usd"] * provinces["population_2021"] * 6.4515 / 100
    assert (dollars / provinces["gdp_2021"] - 1).abs().max() < 0.025


def test_provincial_sums_match_the_published_national_totals() -> None:
    sums = tables.load("provinces").sum(numeric_only=True)
    # R&D totals of the communiqués for 2021, 2022 and 2023; the parts are rounded to 0.1.
    for column, total in {"rd_2021": 27956.3, "rd_2022": 30782.9, "rd_2023": 33357.1}.items():
        assert sums[column] == pytest.approx(total, abs=0.31)
    assert sums["gdp_2021"] == pytest.approx(1137743.14, abs=0.01)
    assert sums["budget_revenue_2019"] == pytest.approx(101080.63, abs=0.01)


def test_provincial_budgets_are_the_same_in_both_tables() -> None:
    long = tables.load("provincial_st_budget").pivot(index="province", columns="year", values="value")
    wide = tables.load("provinces").set_index("province")
    assert long.shape == (31, 14) and long.notna().all().all()
    for year in (2019, 2021):
        assert (long[year] - wide[f"st_budget_{year}"]).abs().max() < 0.001


def test_the_national_primary_share_is_the_weighted_mean_of_the_provinces() -> None:
    provinces, national = tables.load("provinces"), tables.load("national").set_index("key")
    mean = (provinces["gdp_2021"] * provinces["primary_share_2021"]).sum() / provinces["gdp_2021"].sum()
    assert round(mean, 3) == 7.302
    assert national.loc["primary_share_2021", "value"] == round(mean, 1)
    assert national.loc["rd_intensity_2021", "value"] == 2.44


def spending() -> pd.DataFrame:
    return tables.load("fiscal_st").pivot(index=["caliber", "year"], columns="level", values="value")


def test_central_and_local_spending_add_up_to_the_total() -> None:
    complete = spending().dropna()
    assert len(complete) == 19
    # 2017 comes from rounded growth rates, the rest from printed figures.
    gap = (complete["central"] + complete["local"] - complete["total"]).abs()
    assert gap.drop(("broad", 2017)).max() < 0.11
    assert gap["broad", 2017] < 3.7


def test_years_without_a_source_have_no_row() -> None:
    present = {(row.year, row.caliber, row.level) for row in tables.load("fiscal_st").itertuples()}
    assert {year for year, caliber, level in present if (caliber, level) == ("broad", "total")} == set(
        range(1990, 2024)
    )
    assert not any((year, "broad", "local") in present for year in (*range(1990, 2002), 2005, *range(2007, 2017)))
    assert {year for year, caliber, level in present if (caliber, level) == ("narrow", "local")} == set(
        range(2010, 2024)
    )


def test_derived_spending_is_recomputed_from_its_formula() -> None:
    derived = tables.load("fiscal_st").query("status == 'derived'")
    budgets = tables.load("provincial_st_budget").groupby("year")["value"].sum()
    for row in derived.itertuples():
        if row.formula == "sum of provincial_st_budget":
            expected = budgets[row.year]
        else:
            assert re.fullmatch(r"[0-9.+\-*/ ]+", row.formula)
            expected = eval(row.formula)  # the pattern above lets only arithmetic through
        assert row.value == pytest.approx(expected, abs=0.051), (row.year, row.caliber, row.level)


def test_the_printed_local_line_is_the_sum_of_the_provinces() -> None:
    narrow = spending().loc["narrow", "local"]
    budgets = tables.load("provincial_st_budget").groupby("year")["value"].sum()
    assert (narrow - budgets).abs().max() < 0.031


def test_inputs_of_derived_spending_stand_in_the_table() -> None:
    values = set(tables.load("fiscal_st")["value"])
    # Increases, growth factors and the count of years are the inputs that are not levels of spending.
    others = {1134.6, 803.1, 551.3, 889.5, 1.093, 1.165, 1.252, 1.1, 1.2273, 7}
    for formula in tables.load("fiscal_st").query("status == 'derived'")["formula"]:
        for number in re.findall(r"\d+\.?\d*", formula if formula[0].isdigit() else ""):
            assert float(number) in values | others, formula


def test_events_are_written_as_precisely_as_they_are_known() -> None:
    length = {"year": 4, "month": 7, "day": 10}
    for name in ("recentralization_events", "centers", "center_counts", "fund_size"):
        frame = tables.load(name)
        assert (frame["date"].str.len() == frame["date_precision"].map(length)).all(), name
    assert tables.load("recentralization_events")["date"].is_monotonic_increasing


def test_each_mechanism_has_the_same_attributes() -> None:
    mechanisms = tables.load("mechanisms")
    assert mechanisms.groupby("mechanism")["attribute"].agg(frozenset).nunique() == 1
    start = mechanisms.query("attribute == 'start_year_checked'").set_index("mechanism")["value"]
    assert start.to_list() == ["2017", "2016", "2011"]


def test_counts_of_centers_only_grow() -> None:
    assert tables.load("center_counts")["centers"].to_list() == [1, 2, 3, 12, 19, 21, 22]
    centers = tables.load("centers")
    assert len(centers) == 21
    assert centers["type"].value_counts().to_dict() == {"sector": 18, "comprehensive": 3}


def test_the_rules_of_the_fund() -> None:
    rules = tables.load("fund_rules").set_index("rule_id")["threshold"].dropna()
    assert rules.drop("2011-modes").to_dict() == {
        "2014-stake-min": 20,
        "2014-stake-max": 30,
        "2014-not-largest": 1,
        "2021-not-largest": 1,
        "2021-stake-min": 10,
        "2021-stake-max": 30,
        "2021-three-times": 3,
        "2021-half": 50,
    }


def test_a_year_may_have_several_vintages() -> None:
    read = tables.load("communiques")
    drawn = tables.load("fiscal_st").query("caliber == 'broad'").set_index(["year", "level"])["value"]
    for row in read.query("kind == 'published'").itertuples():
        # Each figure drawn is one of those published for its year and level.
        same = read[(read["period"] == row.period) & (read["level"] == row.level)]["value"].to_list()
        assert drawn[int(row.period), row.level] in same, row.record_id
    assert (read.groupby(["period", "level"]).size() > 1).sum() == 4  # totals of 2003, 2004, 2006 and 2011
    ranges = read.dropna(subset=["low"])
    assert (ranges["low"] < ranges["high"]).all()


def test_ranges_follow_from_the_sums() -> None:
    read = tables.load("communiques").set_index("record_id")
    drawn = tables.load("fiscal_st").query("caliber == 'broad'").set_index(["year", "level"])["value"]
    six = 24200 - sum(drawn[year, "total"] for year in (2006, 2007, 2008, 2009, 2010, 2012))
    assert [round(six - 50), round(six + 50)] == read.loc["c18", ["low", "high"]].to_list()
    ahead = 24200 - drawn[2006, "total"] - 2 * (12100 - drawn[2006, "central"])
    assert [round(ahead - 150), round(ahead + 150)] == read.loc["c29", ["low", "high"]].to_list()
    for key, level, rate in (("c25", "central", 0.093), ("c26", "local", 0.165)):
        bounds = [round(drawn[2018, level] / (1 + rate + side), 1) for side in (0.0005, -0.0005)]
        assert bounds == pytest.approx(read.loc[key, ["low", "high"]].to_list(), abs=0.11)


def test_stakes_of_single_sub_funds_are_quotients() -> None:
    funds = tables.load("sub_funds").dropna(subset=["central_stake"])
    assert funds["central_stake"].to_list() == (100 * funds["guidance_fund_money"] / funds["size"]).round(1).to_list()
    assert len(funds) == 2


def test_articles_belong_to_a_text_that_was_read() -> None:
    assert set(tables.load("fund_articles")["text_id"]) <= set(tables.load("fund_texts")["text_id"])


def test_the_size_of_the_fund() -> None:
    cumulative = tables.load("fund_size").query("measure == 'cumulative'").set_index("date")
    assert cumulative["subfunds"].to_list() == [11, 21, 30, 36, 36]
    assert cumulative.loc["2021-11-03", "size"] == pytest.approx(624 - 201.93)


# ---- refusals


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(DataError, match="There is no table “province”; the nearest is “provinces”."):
        tables.load("province")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "centers.csv").unlink()
    assert "“centers”: there is no file" in sentence(folder, "centers")


def test_a_missing_column_is_named(folder: Path) -> None:
    edit(folder, "matching_ratio_history.csv", "matching_ratio,", "ratio,")
    assert sentence(folder, "matching_ratio_history") == (
        "Table “matching_ratio_history”: the column “matching_ratio” is missing."
    )


def test_an_extra_column_is_named(folder: Path) -> None:
    (folder / "fund_central_share.csv").write_text(
        "year,central_share,status,source,note,guess\n2021,20.9,brief,x,y,z\n", encoding="utf-8"
    )
    assert "the column “guess” is not declared" in sentence(folder, "fund_central_share")


def test_a_repeated_column_is_named(folder: Path) -> None:
    (folder / "fund_central_share.csv").write_text(
        "year,central_share,status,source,note,note\n2021,20.9,brief,x,y,z\n", encoding="utf-8"
    )
    assert "the column “note” appears twice" in sentence(folder, "fund_central_share")


@pytest.mark.parametrize(
    ("table", "old", "new", "row", "column", "rule"),
    [
        ("matching_ratio_history", "2021,0.5", "2021,abc", "row 1 (2021)", "matching_ratio", "“abc” is not a number"),
        ("matching_ratio_history", "2021,0.5", "2021,nan", "row 1 (2021)", "matching_ratio", "“nan” is not a number"),
        ("matching_ratio_history", "2021,0.5", "2021,1e999", "row 1 (2021)", "matching_ratio", "is not a number"),
        (
            "matching_ratio_history",
            "2021,0.5",
            "2021,-1",
            "row 1 (2021)",
            "matching_ratio",
            "-1 is below the minimum of 0",
        ),
        ("matching_ratio_history", "2022,1,", "2023,1,", "row 2 (2023)", "year", "2023 is above the maximum of 2022"),
        ("matching_ratio_history", "2022,1,", "22,1,", "row 2 (22)", "year", "“22” is not a year of four digits"),
        ("matching_ratio_history", "1,2,brief", "1.5,2,brief", "row 1", "local_yuan", "“1.5” is not a whole number"),
        (
            "matching_ratio_history",
            "1,2,brief",
            "1,2,",
            "row 1",
            "status",
            "a value is required, but the cell is empty",
        ),
        ("matching_ratio_history", "1,2,brief", "1,2,sure", "row 1", "status", "“sure” is not one of official, copy"),
        (
            "broadband_2018",
            ",true,3144",
            ",yes,3144",
            "row 6 (2018YFB1800600)",
            "host_in_guangdong",
            "“yes” is not true or false",
        ),
        ("broadband_2018", "2018YFB1800100", "YFB1800100", "row 1", "project_no", "does not match the pattern"),
        (
            "tile_grid",
            "NM,Inner Mongolia",
            "NM,Heilongjiang",
            "row 2 (NM)",
            "province",
            "must be unique, but stands in row 1 (HL) too",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_table_row_column_and_rule(
    folder: Path, table: str, old: str, new: str, row: str, column: str, rule: str
) -> None:
    edit(folder, f"{table}.csv", old, new)
    text = sentence(folder, table)
    assert text.startswith(f"Table “{table}”, {row}") and f"column “{column}”: " in text and rule in text


def test_a_repeated_key_is_refused(folder: Path) -> None:
    edit(folder, "fiscal_st.csv", "1991,broad,total", "1990,broad,total")
    assert sentence(folder, "fiscal_st") == (
        "Table “fiscal_st”, row 2 (1990, broad, total), columns “year, caliber, level”: "
        "the primary key must be unique, but an earlier row has the same."
    )


def test_a_row_of_the_wrong_length_is_refused(folder: Path) -> None:
    edit(folder, "provinces.csv", "Tianjin,", "Tianjin,,")
    assert "“provinces”, row 2: provinces.csv is malformed, with 27 values under 26 columns" in sentence(
        folder, "provinces"
    )


def test_an_open_quotation_mark_is_refused(folder: Path) -> None:
    edit(folder, "fund_central_share.csv", "Called", '"Called')
    assert "not a well-formed CSV file" in sentence(folder, "fund_central_share")


def test_an_empty_file_is_refused(folder: Path) -> None:
    (folder / "provinces.csv").write_bytes(b"")
    assert "is empty" in sentence(folder, "provinces")


def test_other_encodings_are_refused(folder: Path) -> None:
    path = folder / "provinces.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("gb18030"))
    assert "provinces.csv is not UTF-8 text, see line 2" in sentence(folder, "provinces")


def test_what_spreadsheets_write_and_the_standard_takes_is_accepted(folder: Path) -> None:
    path = folder / "broadband_2018.csv"
    plain = tables.load("broadband_2018", folder)
    text = path.read_text(encoding="utf-8").replace(",true,", ",TRUE,").replace(",false,", ",FALSE,")
    assert "TRUE" in text and "FALSE" in text
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    pd.testing.assert_frame_equal(tables.load("broadband_2018", folder), plain)


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "rule"),
    [
        ("provinces", "Beijing,北京", "Beijing,??", "province_zh", "“??” has lost characters"),
        ("provinces", "Beijing,北京", "Beijing,北\ufffd", "province_zh", "“北\ufffd” has lost characters"),
        ("provinces", "Beijing,北京", "Beijing,北?", "province_zh", "“北?” has lost characters"),
        ("provinces", "Beijing,北京", "Beijing,Peking", "province_zh", "“Peking” holds no Chinese character"),
        ("sub_funds", "北京君联成业股权投资合伙企业", "_", "name_zh", "“_” holds no Chinese character"),
        ("facts", "March 2023,", "Mar-23,", "value", "“Mar-23” is a date as spreadsheets rewrite it"),
        (
            "facts",
            'Qingdao",5 September 2016,',
            'Qingdao",5-Sep-16,',
            "value",
            "“5-Sep-16” is a date as spreadsheets rewrite it",
        ),
        ("mechanisms", "Conversion,", "Conv??sion,", "value", "“Conv??sion” has lost characters"),
    ],
)
def test_text_that_a_spreadsheet_changed_is_refused(
    folder: Path, table: str, old: str, new: str, column: str, rule: str
) -> None:
    edit(folder, f"{table}.csv", old, new)
    text = sentence(folder, table)
    assert text.startswith(f"Table “{table}”, row ") and f"column “{column}”: " in text and rule in text


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("{", "", "is not readable JSON"),
        ('"resources"', '"tables"', "lacks a part that is needed: 'resources'"),
        ('"type": "number"', '"type": "decimal"', "unknown type “decimal”"),
        ('"primaryKey": [\n          "year"', '"primaryKey": [\n          "month"', "the primary key names “month”"),
        ('"sources"', '"origins"', "datapackage.json gives it no sources"),
    ],
)
def test_a_broken_description_is_refused(folder: Path, old: str, new: str, rule: str) -> None:
    edit(folder, "datapackage.json", old, new)
    assert rule in sentence(folder, "provinces")


def test_a_missing_description_is_refused(folder: Path) -> None:
    (folder / "datapackage.json").unlink()
    assert "there is no file" in sentence(folder, "provinces")


def test_a_column_may_have_gaps_where_the_description_allows_them(folder: Path) -> None:
    edit(folder, "matching_ratio_history.csv", "0.5,1,2", "0.5,,2")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    table = next(table for table in package["resources"] if table["name"] == "matching_ratio_history")
    field = next(field for field in table["schema"]["fields"] if field["name"] == "local_yuan")
    field["constraints"] = {}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    column = tables.load("matching_ratio_history", folder)["local_yuan"]
    assert str(column.dtype) == "Int64" and column.isna().to_list() == [True, False]


def test_a_notebook_shows_an_input_error_as_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell = InteractiveShell()
    shell.run_cell("from jointaction.sources import tables\ntables.load('province')")
    shown = capsys.readouterr()
    lines = (shown.out + shown.err).strip().splitlines()
    assert lines == ["There is no table “province”; the nearest is “provinces”."]
    assert issubclass(DataError, InputError) and issubclass(InputError, ValueError)
