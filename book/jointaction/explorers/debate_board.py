"""A blank board: ten technologies that the reader codes before the brief's verdicts are shown."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Readout, Switch
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, any_of, negate, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import debate_board as model
from jointaction.sources.tables import load, remembered

# case of the table: name of its control, name on the board
CASES = {
    "DE10": ("artificial_intelligence", "Artificial intelligence"),
    "DE01": ("atomic_bombs", "Atomic bombs"),
    "DE11": ("c919_airliner", "C919 airliner"),
    "DE09": ("digital_platforms", "Digital platforms"),
    "DE07": ("electric_vehicles", "Electric vehicles"),
    "DE12": ("mobile_5g", "5G mobile internet"),
    "DE04": ("high_speed_rail", "High-speed rail"),
    "DE05": ("lithography", "Lithography"),
    "DE02": ("navigation_satellites", "Navigation satellites"),
    "DE06": ("solar_panels", "Solar panels"),
    "DE03": ("space_stations", "Space stations"),
    "DE08": ("telecommunications", "Telecom equipment"),
}
ANSWERS = {"": "not coded", "0": "0", "0.5": "½", "1": "1", "unknown": "cannot tell"}
ON_AXIS = ("not coded", "cannot tell", "0", "½", "1")
QUESTIONS = {
    "emulate": "Was there something to emulate?",
    "buyer": "Is the state the main buyer?",
    "system": "Is it one integrated system?",
    "owner": "Is the leading firm private?",
}
HIDDEN = "hidden"
SIDES = {
    "hidden": "verdict hidden",
    "state": "brief: the state",
    "entrepreneurs": "brief: entrepreneurs",
    "beside": "beside the ten",
}


@remembered
def cases() -> pd.DataFrame:
    """The twelve cases in the order of the alphabet, which says nothing about the verdicts.

    Columns: key (name of the control), case, label, verdict (the brief's, in words), state_led, on_board (one
    of the ten that count), quotations (as shown beside the answer).

    The verdicts travel with the page, which has no server to ask for them, and are shown only on demand. That keeps
    a reader from seeing them by chance; the chapter itself prints them after the board.
    """
    rows = load("debate_cases").set_index("case_id").loc[list(CASES)]
    return pd.DataFrame(
        {
            "key": [key for key, _ in CASES.values()],
            "case": rows["case"].to_list(),
            "label": [label for _, label in CASES.values()],
            "verdict": rows["brief_verdict"].to_list(),
            "state_led": (rows["verdict_side"] == "state").to_list(),
            "on_board": rows["on_board"].to_list(),
            "quotations": [_quotations(case) for case in CASES],
        }
    )


@remembered
def ten_cases() -> pd.DataFrame:
    """The ten that count."""
    return cases()[cases()["on_board"]]


def _shown_evidence(case: str) -> pd.DataFrame:
    """The quotations of a case that do not give the verdict away; the brief's own words would."""
    rows = load("debate_evidence")
    return rows[
        (rows["case_id"] == case) & ~rows["reveals_verdict"] & (rows["side"] != "brief") & (rows["quote"] != "")
    ]


def _quotations(case: str) -> str:
    """What the reader sees beside the answer to a case: each quotation with its id and status."""
    parts = []
    for row in _shown_evidence(case).itertuples():
        gloss = f"{row.claim} " if re.search("[\u4e00-\u9fff]", row.quote) else ""
        later = ", later than the brief" if row.after_brief else ""
        parts.append(f"{gloss}“{row.quote}” ({row.evidence_id}, {row.status}{later})")
    if not parts:
        (did,) = load("debate_cases").query("case_id == @case")["state_did"]
        parts.append(f"No quotation without the verdict. {did}")
    return " · ".join(parts)


class DebateBoard(Explorer):
    name = "debate-board"
    title = "Code first, then look"
    caption = (
        "A blank board, not a fit: it holds no codes but yours. Choose one question, answer it for each technology from "
        "the quotations alone, and only then show the verdicts of the brief."
    )
    controls = (
        Choice(
            "question",
            "Your question",
            QUESTIONS,
            "emulate",
            "To emulate: an established technology abroad. A yes to the last question speaks for entrepreneurs, and is "
            "their verdict in other words; a yes to the others speaks for the state. Answer one question at a time.",
            main=True,
        ),
        Choice("cut", "Your cut", {"0.5": "½ and 1 count as yes", "1": "only 1 counts as yes"}, "0.5", main=True),
        Switch("reveal", "Show the verdicts", False, "After all answers: a verdict seen cannot be unseen.", main=True),
        *(Choice(key, label, ANSWERS, "", _quotations(case)) for case, (key, label) in CASES.items()),
    )
    readouts = (
        Readout("coded", "Coded", "of 12 technologies"),
        Readout("matched", "Verdicts matched", "at your cut"),
        Readout("of", "Out of", "coded of the ten"),
        Readout("left_out_matched", "Matched when left out", "cut chosen on the others"),
        Readout("baseline", "Calling all alike", "verdicts matched"),
        Readout("luck", "A blind ranking does as well", "percent of the time", 1),
    )
    table = (
        "cases",
        (
            Column("case", "Technology"),
            Column("quotations", "Quotations, with id and status"),
            Column("answer", "Your answer"),
            Column("reads", "Read as"),
            Column("shown_verdict", "Verdict of the brief"),
            Column("result", "Result"),
        ),
    )
    table_open = True
    assumptions = (
        "Data: the quotations and the verdicts of the brief (tables debate_evidence and debate_cases). Most quotations "
        "show that the state or firms took part, not that this worked.",
        "The ten are those of the brief’s Conclusion. The C919 and 5G stand beside them and do not count.",
        "Matched when left out: for each technology in turn the better of the two cuts is chosen on all the others; "
        "where both do equally well, yours is kept.",
        "A blind ranking puts the coded technologies in random order and is cut where it does best.",
        "All ten are successes or under way, so the board can show who led, not where a system works.",
    )
    sources = ("debate_cases", "debate_evidence")
    models = (model,)
    more_title = "Your answers"
    more_open = True
    lead_control, lead_readouts, lead_panel = "question", ("coded", "matched", "left_out_matched"), "board"

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, cases()
        points_to_state = p.question != "owner"
        first, second = model.CUTS
        cut = where(p.cut == "1", second, first)
        other = where(p.cut == "1", first, second)

        def is_coded(answer: Any) -> Any:
            return any_of(answer == "0", answer == "0.5", answer == "1")

        def number(answer: Any) -> Any:
            return where(answer == "1", 1.0, where(answer == "0.5", 0.5, 0.0))

        def match(row: Any, at: Any) -> Any:
            return model.matches(number(getattr(p, row.key)), at, bool(row.state_led), points_to_state)

        def count(frame_: pd.DataFrame, term: Any) -> Any:
            """Add ``term(row)`` over the technologies that the reader has coded."""
            return sheet.sum(frame_, lambda row: where(is_coded(getattr(p, row.key)), term(row), 0))

        ten = ten_cases()
        sheet.step("coded", count(rows, lambda row: 1))
        of = sheet.step("of", count(ten, lambda row: 1))
        at_cut = sheet.step("matched_at_cut", count(ten, lambda row: match(row, cut)))
        at_other = sheet.step("matched_at_other", count(ten, lambda row: match(row, other)))
        left_out = count(ten, lambda row: model.left_out_match(match(row, cut), match(row, other), at_cut, at_other))
        state_led = sheet.step("state_led", count(ten, lambda row: int(row.state_led)))
        for name, value in (
            ("matched", at_cut),
            ("left_out_matched", left_out),
            ("baseline", model.baseline(of, state_led)),
            ("luck", 100 * model.luck(of, state_led, at_cut)),
        ):
            sheet.step(name, where(p.reveal, value, HIDDEN))

        table = sheet.table("cases", rows)
        code = ""
        for row in rows.itertuples():
            code = where(table["key"] == row.key, getattr(p, row.key), code)
        table["code"] = code
        coded = is_coded(table["code"])
        answer = ANSWERS[""]
        for value, word in ANSWERS.items():
            answer = where(table["code"] == value, word, answer)
        table["answer"] = answer
        predicted = model.predicts_state(number(table["code"]), cut, points_to_state)
        table["reads"] = where(coded, where(predicted, "led by the state", "led by entrepreneurs"), "")
        table["shown_verdict"] = where(p.reveal, table["verdict"], HIDDEN)
        table["side"] = where(
            negate(p.reveal),
            SIDES["hidden"],
            where(
                negate(table["on_board"]),
                SIDES["beside"],
                where(table["state_led"], SIDES["state"], SIDES["entrepreneurs"]),
            ),
        )
        judged = all_of(p.reveal, coded, table["on_board"])
        right = model.matches(number(table["code"]), cut, table["state_led"], points_to_state)
        table["result"] = where(judged, where(right >= 1, "match", where(right > 0, "in part", "miss")), "")

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "board",
                "The board",
                _board(c),
                "A board with one row for each of twelve technologies and one column for each answer: not coded, "
                "cannot tell, 0, one half, 1. A mark stands at your answer. Once the verdicts are shown, color and shape "
                "give the verdict of the brief, and a word says whether your answer matches it.",
                wide=True,
                height=324,
            ),
        ]


def _board(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "answer:O",
        title=None,
        sort=list(ON_AXIS),
        scale=alt.Scale(domain=list(ON_AXIS)),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            grid=True,
            ticks=False,
            domain=False,
            offset=20,
            labelExpr="split(datum.label, ' ')",
        ),
    )
    names = [label for _, label in CASES.values()]
    y = alt.Y("label:O", sort=names, axis=alt.Axis(title=None, labels=False, grid=True, ticks=False, domain=False))
    sides = list(SIDES.values())
    legend = alt.Legend(title=None, columns=2, columnPadding=24)
    base = alt.Chart(frame("cases"))
    marks = base.mark_point(filled=True, size=120, opacity=1).encode(
        x=x,
        y=y,
        color=alt.Color(
            "side:N", legend=legend, scale=alt.Scale(domain=sides, range=[c.ink, c.fourth, c.business, c.muted])
        ),
        shape=alt.Shape(
            "side:N", legend=legend, scale=alt.Scale(domain=sides, range=["circle", "square", "triangle-up", "diamond"])
        ),
        tooltip=[
            alt.Tooltip("case:N", title="Technology"),
            alt.Tooltip("answer:N", title="Your answer"),
            alt.Tooltip("shown_verdict:N", title="Verdict of the brief"),
        ],
    )
    # Names stand on their lines, inside the chart, so that it fills a phone.
    labels = base.mark_text(align="left", baseline="bottom", dy=-7, fontSize=11).encode(
        x=alt.value(0), y=y, text="label:N", color=alt.value(c.muted)
    )
    # The word stands beside its mark, on the side where there is room.
    words = base.transform_filter("datum.result !== ''")
    left = words.transform_filter("datum.answer === '1'").mark_text(align="right", dx=-10, fontWeight=600)
    right = words.transform_filter("datum.answer !== '1'").mark_text(align="left", dx=10, fontWeight=600)
    return alt.layer(
        labels,
        marks,
        *(
            text.encode(
                x=x,
                y=y,
                text="result:N",
                color=alt.condition("datum.result === 'match'", alt.value(c.ink), alt.value(c.accent)),
            )
            for text in (left, right)
        ),
    )
