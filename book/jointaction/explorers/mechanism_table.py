"""Table 1 of the brief as a figure: three programs, filtered by phase and instrument, sorted as a reader likes."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, any_of, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.tables import load, remembered

ANY = "any"
SHORT = {
    "National Key R&D Program": "Key R&D Program",
    "National Centers of Technological Innovation": "Innovation centers",
    "National Guidance Fund": "Guidance Fund",
}
PHASES = ("idea generation", "conversion", "diffusion")
INSTRUMENTS = {
    "ratio": ("National Key R&D Program", "matching ratio"),
    "evaluation": ("National Centers of Technological Innovation", "projects and subsidy after evaluation"),
    "limits": ("National Guidance Fund", "limits on stake and use"),
}
QUESTIONS = {
    "innovation_phase": "Innovation phase",
    "implementation_form": "Form",
    "trend": "Where it is heading",
    "start_year_brief": "Start, in the brief",
    "start_year_checked": "Start, checked",
    "steering_instrument": "What Beijing steers with",
    "who_pays": "Who pays",
    "who_decides": "Who decides",
    "paid_when": "When central money is paid",
}
IN_TABLE_1 = ("innovation_phase", "implementation_form", "trend", "start_year_brief")
STATUSES = {
    "official": "official text",
    "copy": "copy or report",
    "unofficial": "unofficial page",
    "derived": "derived",
    "brief": "brief only",
    "illustrative": "the book’s reading",
}


@remembered
def programs() -> pd.DataFrame:
    """The three programs: name, short name, start years as numbers, instrument and the phases each covers."""
    wide = load("mechanisms").pivot(index="mechanism", columns="attribute", values="value").loc[list(SHORT)]
    instrument = {name: key for key, (name, _) in INSTRUMENTS.items()}
    covers = {phase: wide["innovation_phase"].str.lower().str.contains(phase) for phase in PHASES}
    return pd.DataFrame(
        {
            "program": wide.index,
            "short": wide.index.map(SHORT),
            "start": wide["start_year_checked"].astype(int).to_numpy(),
            "start_brief": wide["start_year_brief"].astype(int).to_numpy(),
            "instrument": wide.index.map(instrument),
            "place": range(len(wide)),
            **{f"covers_{place}": covers[phase].to_numpy() for place, phase in enumerate(PHASES)},
        }
    )


@remembered
def statements() -> pd.DataFrame:
    """One row for each program and question, with the answer, how far it is checked and sorting keys."""
    rows = load("mechanisms").merge(programs(), left_on="mechanism", right_on="program")
    question = rows["attribute"].map({name: place for place, name in enumerate(QUESTIONS)})
    names = sorted(SHORT.values())
    return pd.DataFrame(
        {
            "question": rows["attribute"].map(QUESTIONS),
            "program": rows["short"],
            "value": rows["value"],
            "status": rows["status"].map(STATUSES),
            "note": rows["note"],
            "attribute": rows["attribute"],
            "in_table_1": rows["attribute"].isin(IN_TABLE_1),
            "instrument": rows["instrument"],
            **{f"covers_{place}": rows[f"covers_{place}"] for place in range(len(PHASES))},
            "by_question": question * 10 + rows["place"],
            "by_program": rows["short"].map(names.index) * 100 + question,
            "by_start": rows["start"] * 100 + question,
            "by_phase": rows["place"] * 100 + question,
        }
    ).sort_values("by_question", ignore_index=True)


@remembered
def _cells() -> pd.DataFrame:
    """One row for each program and phase: whether the program aims at it, and the label to write there."""
    columns = pd.DataFrame({"phase": PHASES, "column": range(len(PHASES))})
    cells = programs().merge(columns, how="cross")
    covers = [getattr(row, f"covers_{row.column}") for row in cells.itertuples()]
    return cells.assign(
        covers=covers,
        label=[str(row.start) if here else "" for row, here in zip(cells.itertuples(), covers)],
        brief=[
            f"brief: {row.start_brief}" if here and row.start != row.start_brief else ""
            for row, here in zip(cells.itertuples(), covers)
        ],
        by_program=cells["short"].map(sorted(SHORT.values()).index),
    )


class MechanismTable(Explorer):
    name = "mechanism-table"
    title = "Three mechanisms of central-local joint action"
    caption = (
        "The brief’s Table 1, and what its text adds. Choose a phase of innovation, an instrument or a question, "
        "and the order of the rows."
    )
    controls = (
        Choice("phase", "Innovation phase", {ANY: "all", **{phase: phase for phase in PHASES}}, ANY, main=True),
        Choice(
            "instrument",
            "Steering instrument",
            {ANY: "all", **{key: label for key, (_, label) in INSTRUMENTS.items()}},
            ANY,
            main=True,
        ),
        Choice(
            "question",
            "Question (rows of the table)",
            {
                "table-1": "the four of Table 1",
                ANY: "all",
                **{name: text.lower() for name, text in QUESTIONS.items()},
            },
            "table-1",
            main=True,
        ),
        Choice(
            "order",
            "Sort by",
            {"question": "question", "program": "program", "start": "start year, checked", "phase": "innovation phase"},
            "question",
            main=True,
        ),
    )
    readouts = (Readout("programs_shown", "Programs shown", "of 3"), Readout("rows_shown", "Rows shown", "of 27"))
    table = (
        "statements",
        (
            Column("question", "Question"),
            Column("program", "Program"),
            Column("value", "Answer"),
            Column("status", "Checked"),
            Column("note", "Note"),
        ),
    )
    table_open = True
    assumptions = (
        "Answers are in the book’s words. “Brief only” means that no other source was found; “copy or report” that "
        "the text was read in a copy or a report of it.",
        "The start of the centers is 2017 in the brief, but the first center was approved in 2016.",
    )
    sources = ("mechanisms",)
    lead_control, lead_readouts, lead_panel = "question", ("programs_shown", "rows_shown"), "phases"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p

        def program_shown(row):
            """Works on a row of constants and on a table's columns alike: ``row`` gives a column by name."""
            in_phase = [all_of(p.phase == phase, row(f"covers_{place}")) for place, phase in enumerate(PHASES)]
            return all_of(
                any_of(p.phase == ANY, *in_phase),
                any_of(p.instrument == ANY, row("instrument") == p.instrument),
            )

        def asked(row):
            return any_of(
                p.question == ANY,
                all_of(p.question == "table-1", row("in_table_1")),
                row("attribute") == p.question,
            )

        def counted(rows, condition):
            return sheet.sum(rows, lambda row: where(condition(lambda name: getattr(row, name)), 1, 0))

        sheet.step("programs_shown", counted(programs(), program_shown))
        sheet.step("rows_shown", counted(statements(), lambda row: all_of(program_shown(row), asked(row))))

        table = sheet.table("statements", statements())
        table.keep(all_of(program_shown(table.__getitem__), asked(table.__getitem__)))
        key = table["by_question"]
        for order in ("program", "start", "phase"):
            key = where(p.order == order, table[f"by_{order}"], key)
        table["sort_key"] = key
        table.sort("sort_key")

        # One cell for each program and phase; the programs keep the reader's order.
        cells = sheet.table("cells", _cells())
        cells.keep(program_shown(cells.__getitem__))
        by_start = where(p.order == "start", cells["start"], cells["place"])
        cells["rank"] = 10 * where(p.order == "program", cells["by_program"], by_start) + cells["column"]
        cells.sort("rank")

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "phases",
                "Phases of innovation that each program aims at, with its first year",
                _phases(c),
                "Grid of the programs shown against the phases idea generation, conversion and diffusion; filled "
                "cells are phases a program aims at, with the year it started as found here, and that of Table 1 where it differs.",
                wide=True,
                height=156,
            ),
        ]


def _phases(c: Palette) -> alt.LayerChart:
    base = alt.Chart(frame("cells")).encode(
        x=alt.X(
            "phase:N",
            title=None,
            sort=list(PHASES),
            scale=alt.Scale(domain=list(PHASES), paddingInner=0.04),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "short:N",
            title=None,
            sort=alt.EncodingSortField("rank", op="min"),
            scale=alt.Scale(paddingInner=0.12),
            axis=alt.Axis(labelLimit=150, minExtent=120, ticks=False, domain=False),
        ),
        tooltip=[
            alt.Tooltip("short:N", title="Program"),
            alt.Tooltip("phase:N", title="Phase"),
            alt.Tooltip("covers:N", title="Aims at it"),
        ],
    )
    cells = base.mark_rect(cornerRadius=3, stroke=c.line, strokeWidth=0.8).encode(
        fill=alt.condition("datum.covers", alt.value(c.seq4), alt.value(c.paper))
    )
    years = base.mark_text(fontWeight=600, fontSize=12).encode(text="label:N", color=alt.value(c.on_seq4))
    # What the brief says stands on a line of its own, small enough for a phone's cells.
    brief = base.mark_text(fontSize=11, dy=14).encode(text="brief:N", color=alt.value(c.on_seq4))
    return alt.layer(cells, years, brief)
