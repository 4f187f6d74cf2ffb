"""The fifteen claims of the second brief, filtered and sorted by a reader."""

from __future__ import annotations

import functools
from typing import Any

import altair as alt
import pandas as pd

from jointaction.faces.controls import Choice, Column, Preset, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, any_of, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.sources.tables import load, remembered

ANY = "any"
SHORT = {
    "C01": "Precedent",
    "C02": "Against reform",
    "C03": "Export test",
    "C04": "No shortlist",
    "C05": "Fifty too many",
    "C06": "Megaprojects",
    "C07": "Papers, growth",
    "C08": "Around the one",
    "C09": "Basic research",
    "C10": "Slow reform",
    "C11": "Fall arrested",
    "C12": "Debts balloon",
    "C13": "Volume",
    "C14": "Emulation",
    "C15": "Founders",
}
KINDS = ("description", "judgment", "cause", "absence", "inference", "forecast")
SUPPORT = (
    "no endnote",
    "endnote, not read",
    "endnote, not verified",
    "endnote bears in part",
    "endnote does not bear",
)
CHAPTERS = {
    "idea": "The idea",
    "concentration": "Too many stakeholders",
    "innovation-chain": "The innovation chain",
    "industrial-base": "The industrial base",
    "debate": "The debate",
}
ITEMS = ("for", "against or qualifying")
ASPECTS = {
    "evidence": "evidence, by id",
    "strong_form": "its strongest form",
    "place": "where it stands in the brief",
    "weakest_link": "its weakest link",
    "would_change": "what would change one’s mind",
}


@remembered
def claims() -> pd.DataFrame:
    """One row for each claim, with counts of the items for and against it and keys to sort by."""
    rows = load("claims")
    items = {side: rows[f"evidence_{side}"].str.split() for side in ("for", "against")}
    count = {side: ids.str.len().astype(int) for side, ids in items.items()}
    number = rows["claim_id"].str[1:].astype(int)
    return pd.DataFrame(
        {
            "number": number,
            "claim_id": rows["claim_id"],
            "short": [f"{n} {SHORT[key]}" for n, key in zip(number, rows["claim_id"])],
            "claim": rows["claim"],
            "kind": rows["kind"],
            "support": rows["brief_support"],
            "chapter": rows["chapter"],
            "items_for": items["for"].str.join(", "),
            "items_against": items["against"].str.join(", "),
            "evidence": [
                f"For: {', '.join(pro) or 'none found'}. Against or qualifying: {', '.join(con) or 'none looked for or found'}. "
                f"At most it shows: {shows}."
                for pro, con, shows in zip(items["for"], items["against"], rows["shows"])
            ],
            "strong_form": rows["strong_form"],
            "place": [
                f"{section}{f', endnote {note}' if note else ''}. “{words}”. {about}."
                for section, note, words, about in zip(
                    rows["section"],
                    rows["endnotes"],
                    rows["sentence"].str.rstrip("."),
                    rows["support_note"].str.rstrip("."),
                )
            ],
            "weakest_link": rows["weakest_link"],
            "would_change": rows["would_change"],
            "count_for": count["for"],
            "count_against": count["against"],
            "by_number": number,
            "by_kind": rows["kind"].map(KINDS.index) * 100 + number,
            "by_support": rows["brief_support"].map(SUPPORT.index) * 100 + number,
            "by_against": (99 - count["against"]) * 100 + number,
        }
    )


@remembered
def parts() -> dict[str, pd.DataFrame]:
    """The claims that a read-out counts, by its name."""
    rows = claims()
    return {
        "claims_shown": rows,
        "without_endnote": rows[rows["support"] == SUPPORT[0]],
        "nothing_for": rows[rows["count_for"] == 0],
        "nothing_against": rows[rows["count_against"] == 0],
    }


class DebateClaims(Explorer):
    name = "debate-claims"
    title = "Fifteen claims of the second brief"
    caption = (
        "Choose claims by kind, by what the brief offers for them, or by chapter. The bars count the items of this book "
        "for and against each; one item can be worth more than five."
    )
    controls = (
        Choice("kind", "Kind of claim", {ANY: "all", **{kind: kind for kind in KINDS}}, ANY, main=True),
        Choice("support", "What the brief offers", {ANY: "all", **{text: text for text in SUPPORT}}, ANY, main=True),
        Choice("chapter", "Chapter", {ANY: "all", **CHAPTERS}, ANY, main=True),
        Choice(
            "evidence",
            "Evidence found",
            {
                ANY: "all",
                "nothing-for": "nothing for it",
                "nothing-against": "nothing against it",
                "both": "both sides",
            },
            ANY,
            main=True,
        ),
        Choice(
            "order",
            "Sort by",
            {
                "number": "number",
                "kind": "kind",
                "support": "what the brief offers",
                "against": "most items against first",
            },
            "number",
            main=True,
        ),
        Choice("aspect", "Read about each claim", ASPECTS, "evidence", main=True),
    )
    presets = (
        Preset("causes", "Causes", {"kind": "cause"}, "Claims that one thing brought about another."),
        Preset("no-endnote", "No endnote", {"support": "no endnote"}, "Claims that stand in the brief without a note."),
        Preset("forecasts", "Forecasts", {"kind": "forecast"}, "Claims that time will test."),
    )
    readouts = (
        Readout("claims_shown", "Claims shown", "of 15"),
        Readout("without_endnote", "Without an endnote", "of those shown"),
        Readout("nothing_for", "Nothing found for", "of those shown"),
        Readout("nothing_against", "Nothing found against", "of those shown"),
    )
    table = (
        "claims",
        (
            Column("number", "No.", 0),
            Column("claim", "Claim"),
            Column("chosen", "What you chose to read"),
            Column("kind", "Kind"),
            Column("support", "The brief offers"),
        ),
    )
    table_open = True
    assumptions = (
        "The claims are the brief’s, in the book’s words. Strongest form, weakest link and test are the book’s reading.",
        "Ids name rows, listed with their sources on the page of rows. Other names are rows of priority_lists and "
        "matching_evidence.",
        "“Not read” means that the cited work was not read for this book; it says nothing about the work.",
        "An empty side means that nothing was found or nothing was looked for.",
    )
    sources = ("claims",)
    lead_control, lead_readouts, lead_panel = "kind", ("claims_shown", "without_endnote", "nothing_for"), "items"

    def compute(self, sheet: Sheet) -> None:
        p, rows = sheet.p, claims()

        def is_shown(row: Any) -> Any:
            """Whether a claim is shown; ``row`` gives a column, or the value of one row, by name."""
            return all_of(
                any_of(p.kind == ANY, row("kind") == p.kind),
                any_of(p.support == ANY, row("support") == p.support),
                any_of(p.chapter == ANY, row("chapter") == p.chapter),
                any_of(
                    p.evidence == ANY,
                    all_of(p.evidence == "nothing-for", row("count_for") == 0),
                    all_of(p.evidence == "nothing-against", row("count_against") == 0),
                    all_of(p.evidence == "both", row("count_for") > 0, row("count_against") > 0),
                ),
            )

        for name, part in parts().items():
            sheet.step(name, sheet.sum(part, lambda row: where(is_shown(functools.partial(getattr, row)), 1, 0)))

        table = sheet.table("claims", rows)
        table.keep(is_shown(table.__getitem__))
        key = table["by_number"]
        for order in ("kind", "support", "against"):
            key = where(p.order == order, table[f"by_{order}"], key)
        table["sort_key"] = key
        chosen_text = table["evidence"]
        for aspect in list(ASPECTS)[1:]:
            chosen_text = where(p.aspect == aspect, table[aspect], chosen_text)
        table["chosen"] = chosen_text
        table.sort("sort_key")

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "items",
                "Items against (left) and for (right)",
                _items(c),
                "Bar chart with one row for each claim shown: to the right the number of items for it, to the left the "
                "number against or qualifying it. The data table below names every item.",
                wide=True,
                height=330,
            ),
        ]


def _items(c: Palette) -> alt.Chart:
    legend = alt.Legend(title=None, columnPadding=16)
    return (
        alt.Chart(frame("claims"))
        .transform_fold(["count_for", "count_against"], as_=["key", "items"])
        .transform_calculate(
            side=f"datum.key === 'count_for' ? '{ITEMS[0]}' : '{ITEMS[1]}'",
            to="datum.key === 'count_for' ? datum.items : -datum.items",
        )
        .mark_bar()
        .encode(
            x=alt.X(
                "to:Q",
                title="Items",
                axis=alt.Axis(format="d", labelExpr="abs(datum.value)", tickMinStep=1),
                scale=alt.Scale(domain=[-7, 7]),
            ),
            y=alt.Y(
                "short:N",
                title=None,
                sort=alt.EncodingSortField("sort_key", op="min"),
                axis=alt.Axis(minExtent=98, labelLimit=104, ticks=False, domain=False),
            ),
            color=alt.Color("side:N", legend=legend, scale=alt.Scale(domain=list(ITEMS), range=[c.ink, c.fourth])),
            tooltip=[
                alt.Tooltip("claim:N", title="Claim"),
                alt.Tooltip("items_for:N", title="For"),
                alt.Tooltip("items_against:N", title="Against or qualifying"),
            ],
        )
    )
