"""Steps of recentralization, 1994 to 2023: a timeline with a source for each event."""

from __future__ import annotations

import calendar
from datetime import date

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import any_of, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.status import READ
from jointaction.sources.tables import load, remembered

KINDS = ("leadership", "strategy", "division of powers", "joint projects", "centers", "fund")
BOTH, ONE, LESS = (
    "event and date read outside the briefs",
    "only one of the two read outside the briefs",
    "brief or unofficial page only",
)
EVIDENCE = (BOTH, ONE, LESS)
# Where the axis begins and ends, and where an earlier event stands, with its year.
FIRST, LAST, EDGE = 2010.0, 2024.0, 2010.4


def date_text(text: str) -> str:
    """A date of the data as a reader sees it: 2011-07-04 is 4 July 2011, 2023-03 is March 2023."""
    year, *rest = text.split("-")
    parts = [str(int(day)) for day in rest[1:]] + [calendar.month_name[int(month)] for month in rest[:1]]
    return " ".join([*parts, year])


def span(text: str) -> tuple[float, float]:
    """First and last moment that a date may mean, in years: a whole year, a month or a day."""
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else 1
    day = rest[1] if len(rest) > 1 else 1
    last_month = rest[0] if rest else 12
    last_day = rest[1] if len(rest) > 1 else calendar.monthrange(year, last_month)[1]
    days = 366 if calendar.isleap(year) else 365
    start = (date(year, month, day) - date(year, 1, 1)).days
    stop = (date(year, last_month, last_day) - date(year, 1, 1)).days + 1
    return year + start / days, year + stop / days


def _source(row) -> str:
    """Title, publisher and place in the brief; the place alone where the brief is the source."""
    if row.endnote.startswith(row.source_title):
        return row.endnote
    return f"{row.source_title} ({row.publisher})" + (f"; {row.endnote}" if row.endnote else "")


@remembered
def events() -> pd.DataFrame:
    """The events in order of time.

    Columns: event_id, number, date_text, event, kind, starts, stops and middle (in years, of which middle is
    where the mark stands), whole_year, early (before the axis begins), below (its number stands below), evidence (one of EVIDENCE), event_status,
    date_status, source (title, publisher and place in the brief as one text), note.
    """
    rows = load("recentralization_events")
    spans = rows["date"].map(span)
    rows = rows.assign(
        starts=spans.str[0],
        stops=spans.str[1],
        middle=(spans.str[0] + spans.str[1]) / 2,
        date_text=rows["date"].map(date_text),
        evidence=[_evidence(*pair) for pair in zip(rows["event_status"], rows["date_status"])],
        source=[_source(row) for row in rows.itertuples()],
    ).sort_values(["starts", "stops"], ascending=[True, False], ignore_index=True)
    rows["number"] = [str(n) for n in range(1, len(rows) + 1)]
    rows["early"] = rows["starts"] < FIRST
    rows["middle"] = rows["middle"].where(~rows["early"], EDGE)
    rows["whole_year"] = (rows["date_precision"] == "year") & ~rows["early"]
    rows["below"] = [_inside_a_bar(rows, row) for row in rows.itertuples()]
    rows["label"] = rows["number"].where(~rows["early"], rows["number"] + " (" + rows["date"] + ")")
    return rows[
        [
            "event_id",
            "number",
            "label",
            "date_text",
            "event",
            "kind",
            "starts",
            "stops",
            "middle",
            "whole_year",
            "early",
            "below",
            "evidence",
            "event_status",
            "date_status",
            "source",
            "note",
        ]
    ]


def _inside_a_bar(rows: pd.DataFrame, row) -> bool:
    """Whether a dated event falls into the bar of another one of its strand, whose number stands above it."""
    bars = rows[rows["whole_year"] & (rows["kind"] == row.kind)]
    return not row.whole_year and bool(((bars["starts"] <= row.starts) & (row.stops <= bars["stops"])).any())


def _evidence(event_status: str, date_status: str) -> str:
    return (LESS, ONE, BOTH)[(event_status in READ) + (date_status in READ)]


def _options() -> dict[str, str]:
    return {r.event_id: f"{r.number}. {r.date_text}: {r.event}" for r in events().itertuples()}


class RecentralizationTimeline(Explorer):
    name = "recentralization-timeline"
    title = "Steps of recentralization, 1994 to 2023"
    caption = (
        "Each mark is one event of the table, with its number. A bar spans a whole year where no closer date is "
        "known. An event and its date are checked apart: a solid mark has both from outside the briefs, a pale one "
        "only one of the two, a hollow one rests on a brief or an unofficial page. Two marks stand for one "
        "step: the briefs date Xi Jinping’s coming to power to different years."
    )
    controls = (
        Choice("kind", "Strand", {"all": "all strands", **{kind: kind for kind in KINDS}}, "all", main=True),
        Choice("chosen_event", "Event to read", {"": "none", **_options()}, "science-commission", main=True),
    )
    presets = (
        Preset("strategy", "Strategy only", {"kind": "strategy"}),
        Preset("powers", "Who answers for what", {"kind": "division of powers", "chosen_event": "powers-plan"}),
        Preset("fund", "The fund’s rules", {"kind": "fund", "chosen_event": "fund-measures"}),
    )
    readouts = (
        Readout("event_date", "Date", digits=None),
        Readout("event_text", "Event", digits=None),
        Readout("event_source", "Source", digits=None),
        Readout("event_evidence", "Evidence", digits=None),
    )
    table = (
        "events",
        (
            Column("number", "No."),
            Column("date_text", "Date"),
            Column("event", "Event"),
            Column("source", "Source"),
            Column("event_status", "Event checked"),
            Column("date_status", "Date checked"),
            Column("note", "Note"),
        ),
    )
    table_open = True
    hover = ("chosen_event", "event_id")
    assumptions = (
        "All dates are data, at the precision at which they are known. The choice of events is the book’s.",
        "A date taken from an endnote, a notice or a press report is the date of that document. What it reports may be "
        "older, and a rule may take effect later.",
        "The axis begins in 2011; the event of 1994 stands on its left edge.",
    )
    sources = ("recentralization_events",)
    lead_control, lead_readouts, lead_panel = "chosen_event", ("event_date", "event_text"), "timeline"

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, events()

        def of_chosen(column: str):
            text = "none chosen"
            for row in rows.to_dict("records"):
                text = where(p.chosen_event == row["event_id"], row[column], text)
            return text

        sheet.step("event_date", of_chosen("date_text"))
        sheet.step("event_text", of_chosen("event"))
        sheet.step("event_source", of_chosen("source"))
        sheet.step("event_evidence", of_chosen("evidence"))
        shown = sheet.table("events", rows)
        shown.keep(any_of(p.kind == "all", shown["kind"] == p.kind))
        shown["chosen"] = shown["event_id"] == p.chosen_event

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "timeline",
                "Dated steps in six strands",
                _timeline(c),
                "Timeline from 2011 to 2023, with one event of 1994 at its left edge and one row for each strand: "
                "leadership, strategy, division of powers, joint projects, centers and fund. Events carry the "
                "numbers of the table below, which gives date, event, evidence and source.",
                wide=True,
                height=290,
            ),
        ]


def _timeline(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "middle:Q",
        title=None,
        scale=alt.Scale(domain=[FIRST, LAST], nice=False),
        axis=alt.Axis(format="d", values=list(range(2011, 2025)), grid=True, labelFlush=False),
    )
    y = alt.Y(
        "kind:N",
        title=None,
        sort=list(KINDS),
        scale=alt.Scale(domain=list(KINDS)),
        axis=alt.Axis(domain=False, ticks=False, grid=True, minExtent=84),
    )
    inside = alt.Fill(
        "evidence:N",
        scale=alt.Scale(domain=list(EVIDENCE), range=[c.ink, c.line, c.paper]),
        legend=alt.Legend(title=None, columns=1, symbolType="circle", symbolStrokeColor=c.ink, symbolStrokeWidth=1.6),
    )
    line = alt.condition("datum.chosen", alt.value(c.accent), alt.value(c.ink))
    thick = alt.condition("datum.chosen", alt.value(3), alt.value(1.6))
    tip = [
        alt.Tooltip("date_text:N", title="Date"),
        alt.Tooltip("event:N", title="Event"),
        alt.Tooltip("source:N", title="Source"),
    ]
    data = alt.Chart(frame("events"))
    years = data.transform_filter("datum.whole_year")
    days = data.transform_filter("!datum.whole_year")
    bars = years.mark_bar(height=14, cornerRadius=3).encode(
        x=alt.X("starts:Q", scale=alt.Scale(domain=[FIRST, LAST], nice=False)),
        x2="stops:Q",
        y=y,
        fill=inside,
        stroke=line,
        strokeWidth=thick,
        tooltip=tip,
    )
    points = days.mark_point(filled=True, opacity=1, size=120).encode(
        x=x, y=y, fill=inside, stroke=line, strokeWidth=thick, tooltip=tip
    )
    numbers = [
        data.transform_filter(test)
        .mark_text(dy=dy, fontSize=11, fontWeight=600)
        .encode(
            x=x,
            y=y,
            text="label:N",
            color=alt.condition("datum.chosen", alt.value(c.accent), alt.value(c.ink)),
            tooltip=tip,
        )
        for test, dy in (("!datum.below", -15), ("datum.below", 17))
    ]
    return alt.layer(bars, points, *numbers)
