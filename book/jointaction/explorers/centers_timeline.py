"""The national technology innovation centers whose names were found: when, where and led by whom."""

from __future__ import annotations

import calendar
import datetime

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, any_of, total, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.status import READ
from jointaction.sources.tables import load, remembered

ANY = "any"
NOT_KNOWN = "not known"
LEADS = {
    "business": "B",
    "local government": "L",
    "research or university": "R",
    "mixed": "M",
    NOT_KNOWN: "?",
}
PERIODS = {
    "2016–2020": "to 2020",
    "2021–2023": "2021 to September 2023",
    "2024": "after the brief’s count",
    "no date": "date not found",
}
KINDS = {
    "approved": "approved",
    "approval announced": "approved",
    "unveiled": "unveiled",
    "unveiled by": "latest date",
    "operating by": "latest date",
    "named by": "latest date",
    "expert review": "expert review",
}
KIND_SHAPES = {"approved": "circle", "unveiled": "square", "latest date": "triangle-left", "expert review": "cross"}
UNDATED_EVENTS = ("named by", "expert review")  # neither says when the center began
REGULATION, BRIEF_COUNT = 2021 + 40 / 365, 2023.75  # 10 February 2021 and the end of September 2023
FIRST_YEAR, LAST_YEAR = 2016, 2025
SHADES = ("0", "1", "2", "3 or more")
SHORT = {
    "Jing-Jin-Ji (Beijing-Tianjin-Hebei)": "Jing-Jin-Ji",
    "Third-Generation Semiconductors": "Semiconductors",
    "Intelligent Design and Numerical Control": "Intelligent design",
    "Biopharmaceuticals": "Biopharma",
    "Electronic Design Automation (EDA)": "Chip design (EDA)",
    "Green Low-Carbon Building": "Green building",
    "Guangdong-Hong Kong-Macao Greater Bay Area": "Greater Bay Area",
    "Saline-Alkali Tolerant Rice": "Saline rice",
    "Saline-Alkali Land Use": "Saline land",
    "Strategic Rare Metal Minerals": "Rare minerals",
    "New Energy Vehicle": "New energy cars",
}


STATED, DERIVED, WEAK = "stated in a copy", "derived, at least", "brief or unofficial"


@remembered
def centers() -> pd.DataFrame:
    """The centers in order of date, with what the figure needs.

    ``first`` and ``last`` bound the date as decimal years, ``at`` is where its mark stands (the last day where
    the source gives only the latest possible date), ``dated`` says whether approval, unveiling or work is known
    to the month or better, ``firm`` whether it was read so in an official text or a copy too, and ``period``
    groups by year.
    """
    rows = load("centers")
    spans = [_span(date) for date in rows["date"]]
    latest = rows["event"].isin(["unveiled by", "operating by", "named by"])
    undated = rows["event"].isin(UNDATED_EVENTS)
    frame_ = pd.DataFrame(
        {
            "name": rows["name_en"],
            "short": rows["name_en"].map(lambda name: SHORT.get(name, name)),
            "name_zh": rows["name_zh"],
            "kind_of_center": rows["type"],
            "city": rows["host_city"].where(rows["host_city"] != "", NOT_KNOWN),
            "province": rows["province"].where(rows["province"] != "", NOT_KNOWN),
            "event": rows["event"],
            "date": rows["date"],
            "precision": rows["date_precision"],
            "lead": rows["lead"].where(rows["lead"] != "", NOT_KNOWN),
            "organization": rows["lead_organization"].where(rows["lead_organization"] != "", NOT_KNOWN),
            "status": rows["status"],
            "kind": rows["event"].map(KINDS),
            "first": [first for first, _ in spans],
            "last": [last for _, last in spans],
            "at": [last if by else (first + last) / 2 for (first, last), by in zip(spans, latest)],
            "dated": ~undated & (rows["date_precision"] != "year"),
            "period": [_period(date, no) for date, no in zip(rows["date"], undated)],
        }
    )
    frame_["firm"] = frame_["dated"] & frame_["status"].isin(READ)
    frame_["letter"] = frame_["lead"].map(LEADS)
    frame_ = frame_.sort_values(["at", "name"], ignore_index=True)
    return frame_.assign(place=range(len(frame_)))


def _span(date: str) -> tuple[float, float]:
    """First and last moment of a date written YYYY, YYYY-MM or YYYY-MM-DD, as decimal years."""
    year, *rest = map(int, date.split("-"))
    if not rest:
        return float(year), float(year + 1)
    days = 366 if calendar.isleap(year) else 365
    day = datetime.date(year, rest[0], rest[1] if len(rest) > 1 else 1).timetuple().tm_yday - 1
    length = 1 if len(rest) > 1 else calendar.monthrange(year, rest[0])[1]
    return year + day / days, year + (day + length) / days


def _period(date: str, undated: bool) -> str:
    year = int(date[:4])
    return "no date" if undated else "2016–2020" if year <= 2020 else "2021–2023" if year <= 2023 else "2024"


@remembered
def counts() -> pd.DataFrame:
    """How many centers sources state, and when: decimal year, number, label and kind of statement."""
    rows = load("center_counts")
    at_least = rows["bound"] == "at least"
    return pd.DataFrame(
        {
            "at": [_span(date)[1] for date in rows["date"]],
            "centers": rows["centers"].astype(float),
            "label": [f"≥{n}" if low else str(n) for n, low in zip(rows["centers"], at_least)],
            "basis": [
                STATED if status in READ else DERIVED if low else WEAK for low, status in zip(at_least, rows["status"])
            ],
            "date": rows["date"],
            "source": rows["source"],
        }
    )


@remembered
def parts() -> dict[str, pd.DataFrame]:
    """The centers that a read-out counts, by its name."""
    rows = centers()
    return {
        "centers_shown": rows,
        "centers_dated": rows[rows["dated"]],
        "business_led": rows[rows["lead"] == "business"],
        "government_led": rows[rows["lead"] == "local government"],
    }


@remembered
def provinces() -> tuple[pd.DataFrame, list[tuple]]:
    """The map's tiles, and the rows of the centers, one for each known host province."""
    grid = load("tile_grid")
    hosted = centers().assign(host=centers()["province"].str.split(" and ")).explode("host")
    hosted = hosted[hosted["host"] != NOT_KNOWN]
    return grid[grid["in_31"]][["code", "province", "row", "col"]], list(hosted.itertuples(index=False))


@remembered
def path() -> pd.DataFrame:
    """How many dated centers there were by each date, to the end of the last year: decimal year and number."""
    dated = centers()[centers()["dated"]]
    steps = pd.DataFrame({"at": dated["last"], "centers": range(1, len(dated) + 1)})
    end = pd.DataFrame({"at": [float(LAST_YEAR)], "centers": [len(dated)]})
    return pd.concat([steps, end], ignore_index=True).astype(float)


class CentersTimeline(Explorer):
    name = "centers-timeline"
    title = "The centers, when and where"
    caption = (
        "A partial list: 21 names were found, the brief counts 22. The shape of a mark says what its date stands for; "
        "hollow marks have no date to the month, or have it from a page that nobody answers for. "
        "Letters name the lead: B business, L local government, R research or university, M mixed, ? not known."
    )
    controls = (
        Choice("type", "Type", {ANY: "all", "comprehensive": "comprehensive", "sector": "sector"}, ANY, main=True),
        Choice(
            "lead",
            "Led by",
            {ANY: "anyone", **{lead: lead for lead in LEADS}},
            ANY,
            main=True,
            help="Coded by the book from the organization that the source names.",
        ),
        Choice("period", "Period", {ANY: "all", **PERIODS}, ANY, main=True),
    )
    presets = (
        Preset("early", "To 2020", {"period": "2016–2020"}, "The years the brief calls business-led."),
        Preset(
            "later",
            "2021 to September 2023",
            {"period": "2021–2023"},
            "After the change, to the brief’s count; semiconductors, dated to the year only, are among them.",
        ),
        Preset(
            "later-business",
            "Led by business, after the change",
            {"period": "2021–2023", "lead": "business"},
            "Centers that business leads although they came after the change.",
        ),
    )
    readouts = (
        Readout("centers_shown", "Centers shown", "of 21 named"),
        Readout("centers_dated", "Dated to the month or better"),
        Readout("business_led", "Led by business"),
        Readout("government_led", "Led by local government"),
    )
    table = (
        "centers",
        (
            Column("name", "Center"),
            Column("name_zh", "Chinese name"),
            Column("kind_of_center", "Type"),
            Column("event", "Event"),
            Column("date", "Date"),
            Column("precision", "Date known to the"),
            Column("lead", "Led by"),
            Column("organization", "Leading organization"),
            Column("city", "City"),
            Column("province", "Province"),
            Column("status", "Checked"),
        ),
    )
    assumptions = (
        "A filled mark has a date to the month or better, read in an official text or a copy. A bar spans the time "
        "that the source leaves open. A triangle is the latest possible date, with dots over the time before. A hollow "
        "mark stands for a year only, "
        "an expert review, a list of names or an unofficial page.",
        "A center with two host provinces counts in both. The province of two centers was not found.",
        "The dashed lines are the regulation of February 2021 and the brief’s count of September 2023.",
    )
    sources = ("centers", "center_counts", "tile_grid")
    lead_control, lead_readouts, lead_panel = "period", ("centers_shown", "business_led", "government_led"), "timeline"

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, centers()

        def shown(row):
            return all_of(
                any_of(p.type == ANY, p.type == row.kind_of_center),
                any_of(p.lead == ANY, p.lead == row.lead),
                any_of(p.period == ANY, p.period == row.period),
            )

        for name, part in parts().items():
            sheet.step(name, sheet.sum(part, lambda row: where(shown(row), 1, 0)))

        table = sheet.table("centers", rows)
        table.keep(
            all_of(
                any_of(p.type == ANY, table["kind_of_center"] == p.type),
                any_of(p.lead == ANY, table["lead"] == p.lead),
                any_of(p.period == ANY, table["period"] == p.period),
            )
        )
        table.sort("place")
        sheet.table("lines", pd.DataFrame({"at": [REGULATION, BRIEF_COUNT], "label": ["2021 rules", "brief’s count"]}))

        grid, hosted = provinces()
        tiles = sheet.table("tiles", grid)
        tiles["centers"] = total(where(all_of(shown(row), tiles["province"] == row.host), 1, 0) for row in hosted)
        tiles["shade"] = where(
            tiles["centers"] == 0,
            SHADES[0],
            where(tiles["centers"] == 1, SHADES[1], where(tiles["centers"] == 2, SHADES[2], SHADES[3])),
        )

        sheet.table("counts", counts())
        sheet.table("path", path())

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "timeline",
                "When each center was approved or unveiled",
                _timeline(c),
                "Timeline of the named centers from 2016 to 2024, one row each. Marks show approval, unveiling, a "
                "latest possible date or an expert review; hollow marks have no date to the month or an unofficial source. A letter names "
                "the lead. The data table lists every center.",
                wide=True,
                height=400,
            ),
            Panel(
                "map",
                "Where the centers shown are",
                _map(c),
                "Tile map of 31 provinces, shaded by the number of centers shown that a province hosts.",
                height=330,
            ),
            Panel(
                "counts",
                "How many centers, and when",
                _counts(c),
                "Numbers of centers that sources state: 1, 2, 3, 12, 19, at least 21, and 22 in the brief. A step "
                "line counts the dated centers of this list, which runs below them from 2021 on.",
                height=290,
            ),
        ]


def _timeline(c: Palette) -> alt.LayerChart:
    years = alt.Scale(domain=[FIRST_YEAR, LAST_YEAR], nice=False, zero=False)
    x = alt.X("at:Q", title=None, scale=years, axis=alt.Axis(format="d", tickCount=10))
    y = alt.Y(
        "short:N",
        title=None,
        sort=alt.EncodingSortField("place", op="min"),
        axis=alt.Axis(labelLimit=140, minExtent=125, grid=True, ticks=False),
    )
    tip = [
        alt.Tooltip("name:N", title="Center"),
        alt.Tooltip("event:N", title="Event"),
        alt.Tooltip("date:N", title="Date"),
        alt.Tooltip("lead:N", title="Led by"),
        alt.Tooltip("organization:N", title="Organization"),
        alt.Tooltip("city:N", title="City"),
    ]
    base = alt.Chart(frame("centers")).encode(y=y)
    bars = base.mark_rule(strokeWidth=5, opacity=0.35, color=c.muted).encode(
        x=alt.X("first:Q", title=None, scale=years, axis=alt.Axis(format="d", tickCount=10)), x2="last:Q", tooltip=tip
    )
    # By that day at the latest: the beginning may lie anywhere before.
    open_ = (
        base.transform_filter("datum.kind === 'latest date'")
        .transform_calculate(start=str(FIRST_YEAR))
        .mark_rule(strokeDash=[1, 4], color=c.muted)
        .encode(x=alt.X("start:Q", title=None, scale=years), x2="first:Q", tooltip=tip)
    )
    color = alt.Color(
        "lead:N",
        scale=alt.Scale(domain=list(LEADS), range=[c.business, c.local, c.fourth, c.ink, c.muted]),
        legend=None,
    )
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(KIND_SHAPES), range=list(KIND_SHAPES.values())),
        legend=alt.Legend(title=None, columns=2, columnPadding=16, symbolFillColor=c.muted, symbolStrokeColor=c.muted),
    )
    firm = base.transform_filter("datum.firm").mark_point(filled=True, opacity=1, size=90)
    loose = base.transform_filter("!datum.firm").mark_point(filled=False, opacity=1, size=80, strokeWidth=1.5)
    marks = [layer.encode(x=x, color=color, shape=shape, tooltip=tip) for layer in (firm, loose)]
    letters = base.mark_text(align="left", dx=8, fontWeight=600).encode(x=x, text="letter:N", color=color)
    lines = alt.Chart(frame("lines")).encode(x=x)
    rules = lines.mark_rule(strokeDash=[5, 3], color=c.accent)
    # The lines stand close together, so one name ends at its line and the other begins there.
    names = [
        lines.transform_filter(f"datum.at {side} {BRIEF_COUNT}")
        .mark_text(align=align, baseline="bottom", dx=dx, dy=-3, color=c.accent, fontWeight=600)
        .encode(y=alt.value(0), text="label:N")
        for side, align, dx in (("<", "right", 4), (">=", "center", 12))
    ]
    return alt.layer(open_, bars, rules, *marks, letters, *names)


def _map(c: Palette) -> alt.LayerChart:
    fill = alt.Scale(domain=list(SHADES), range=[c.paper, c.seq1, c.seq3, c.seq5])
    text = alt.Scale(domain=list(SHADES), range=[c.muted, c.on_seq1, c.on_seq3, c.on_seq5])
    base = alt.Chart(frame("tiles")).encode(
        x=alt.X("col:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        tooltip=[alt.Tooltip("province:N", title="Province"), alt.Tooltip("centers:Q", title="Centers shown")],
    )
    tiles = base.mark_rect(cornerRadius=3, strokeWidth=0.8).encode(
        fill=alt.Fill(
            "shade:N",
            scale=fill,
            legend=alt.Legend(title="Centers shown", columns=4, symbolType="square", symbolStrokeWidth=1),
        ),
        stroke=alt.value(c.line),
    )
    names = base.mark_text(fontSize=11, fontWeight=600, dy=-5).encode(
        text="code:N", fill=alt.Fill("shade:N", scale=text, legend=None)
    )
    number = (
        base.transform_filter("datum.centers > 0")
        .mark_text(fontSize=11, dy=8)
        .encode(text="centers:Q", fill=alt.Fill("shade:N", scale=text, legend=None))
    )
    return alt.layer(tiles, names, number).resolve_scale(fill="independent")


def _counts(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[FIRST_YEAR, LAST_YEAR], nice=False),
        axis=alt.Axis(format="d", tickCount=5),
    )
    y = alt.Y("centers:Q", title="Centers", scale=alt.Scale(domain=[0, 24], nice=False))
    path = alt.Chart(frame("path"))
    line = path.mark_line(interpolate="step-after", color=c.muted, strokeDash=[4, 2], strokeWidth=1.5).encode(x=x, y=y)
    name = (
        path.transform_filter(f"datum.at === {LAST_YEAR}")
        .mark_text(align="right", baseline="top", dy=84, color=c.muted)
        .encode(x=x, y=y, text=alt.value("dated on this list"))
    )
    kinds = [STATED, DERIVED, WEAK]
    points = alt.Chart(frame("counts")).encode(x=x, y=y)
    marks = points.mark_point(size=80, opacity=1, strokeWidth=1.5).encode(
        shape=alt.Shape(
            "basis:N",
            legend=alt.Legend(title=None, columns=2, columnPadding=18),
            scale=alt.Scale(domain=kinds, range=["circle", "triangle-up", "diamond"]),
        ),
        stroke=alt.value(c.ink),
        fill=alt.Fill(
            "basis:N",
            legend=alt.Legend(title=None, columns=2, columnPadding=18),
            scale=alt.Scale(domain=kinds, range=[c.ink, c.paper, c.paper]),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Centers"),
            alt.Tooltip("date:N", title="Date"),
            alt.Tooltip("source:N", title="Source"),
        ],
    )
    labels = points.mark_text(align="right", dx=-8, fontWeight=600).encode(text="label:N", color=alt.value(c.ink))
    return alt.layer(line, name, marks, labels)
