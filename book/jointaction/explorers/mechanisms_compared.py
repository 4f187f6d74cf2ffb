"""One central budget through three mechanisms, and through one of the reader's own."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.models import mechanisms_compared as model
from jointaction.faces.ops import all_of, negate, shown, text, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette

P = model.PARAMETERS
MECHANISMS = {
    "joint_projects": "Joint projects", "guidance_fund": "Guidance fund",
    "innovation_center": "Innovation center", "own_design": "Your design",
}  # fmt: skip
NO_CENTRAL = "no central money"
MONEY = ("Central money", "Money from others")
SHARES = ("Steered by Beijing", "Paid before results")


def _choose(key: Any, values: dict[str, Any]) -> Any:
    """The value of the mechanism ``key``."""
    *rest, last = values
    chosen = values[last]
    for name in reversed(rest):
        chosen = where(key == name, values[name], chosen)
    return chosen


def _readouts() -> tuple[Readout, ...]:
    kinds = (
        ("mobilized", "yuan from others per central yuan", "", 2),
        ("steered_centrally", "steered by Beijing", "of the pool", 3),
        ("paid_before_results", "paid before results", "of the cost", 2),
    )
    return tuple(
        Readout(f"{key}_{kind}", f"{name}: {label}", unit, digits)
        for key, name in MECHANISMS.items()
        for kind, label, unit, digits in kinds
    )


class MechanismsCompared(Explorer):
    name = "mechanisms-compared"
    title = "One central budget, four mechanisms"
    caption = (
        "A model, not an estimate. The same central money goes through each mechanism at its own setting, and through "
        "a fourth that you design. Settings, not mechanisms, make much of the difference. Money is in 100 million yuan."
    )
    controls = (
        Range(P["matching_ratio"], main=True),
        Range(P["stake"], digits=3, main=True),
        Range(P["central_share"], main=True),
        Range(P["influence"]),
        Range(P["central_budget"], digits=0),
        Range(P["design_mobilized"], digits=1),
        Range(P["design_local_say"]),
        Range(P["design_paid_first"]),
    )
    presets = (
        Preset("2021", "Settings of 2021", {"matching_ratio": 0.5, "stake": 0.209},
               "One local yuan for two central ones, and the stake reported for 2021."),
        Preset("2022", "One for one, 10% stake", {"matching_ratio": 1.0, "stake": 0.1},
               "The ratio of 2022 and the lowest stake that the rules of 2021 allow."),
        Preset("business", "No central money for centers", {"central_share": 0.0},
               "As under the business-led design of 2017 to 2020."),
        Preset("design", "A design that pays late", {
            "design_mobilized": 4.0, "design_local_say": 0.2, "design_paid_first": 0.3},
               "Much from others, little local say, most of it paid after evaluation. Who would join?"),
    )  # fmt: skip
    readouts = _readouts()
    table = ("mechanisms", (
        Column("mechanism", "Mechanism"),
        Column("mobilized_text", "From others, yuan per central yuan"),
        Column("steered", "Steered by Beijing, share of pool", 3),
        Column("paid_first", "Paid before results", 2),
        Column("pool_text", "Pool, 100 million yuan"),
        Column("steered_text", "Steered money, 100 million yuan"),
    ))  # fmt: skip
    assumptions = (
        "Data: the ratios 0.5 (2021) and 1 (2022) and the share of 20.9% (2021) are known from the brief only; the "
        "range of the stake and the rules on use are from a copy of the measures of 2021.",
        "Assumed: every other setting, among them a center’s central share of 0.2.",
        "“Steered” does not mean the same everywhere: in joint projects the part of the pool that provinces have not "
        "bought a say in, in a sub-fund the part that Article 10 ties to publicly funded results, in a center the "
        "part that Beijing pays.",
        "Joint projects and stakes are counted as paid in full before results, a center’s central share as paid "
        "after them. That a stake is paid in at the start is the book’s reading.",
        "Partners are assumed to bring what each setting asks, whatever it is.",
    )
    sources = ("mechanisms", "fund_rules", "fund_central_share", "matching_ratio_history")
    models = (model,)
    lead_control, lead_readouts, lead_panel = "matching_ratio", ("joint_projects_mobilized", "joint_projects_steered_centrally"), "pool"

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        funded = model.has_central_money(p.central_share)
        mobilized = {
            "joint_projects": model.joint_projects_mobilized(p.matching_ratio),
            "guidance_fund": model.guidance_fund_mobilized(p.stake),
            "innovation_center": where(funded, model.innovation_center_mobilized(p.central_share), NO_CENTRAL),
            "own_design": p.design_mobilized,
        }
        steered = {
            "joint_projects": model.joint_projects_steered(p.matching_ratio, p.influence),
            "guidance_fund": model.guidance_fund_steered(p.stake),
            "innovation_center": model.innovation_center_steered(p.central_share),
            "own_design": model.own_design_steered(p.design_local_say),
        }
        paid_first = {
            "joint_projects": model.PAID_FIRST,
            "guidance_fund": model.PAID_FIRST,
            "innovation_center": model.innovation_center_paid_first(p.central_share),
            "own_design": p.design_paid_first,
        }
        for key in MECHANISMS:
            mobilized[key] = sheet.step(f"{key}_mobilized", mobilized[key])
            steered[key] = sheet.step(f"{key}_steered_centrally", steered[key])
            paid_first[key] = sheet.step(f"{key}_paid_before_results", paid_first[key])

        # For the arithmetic, a center without central money counts as mobilizing nothing; it is named in words.
        ratio = {**mobilized, "innovation_center": where(funded, mobilized["innovation_center"], 0.0)}
        listed = pd.DataFrame({"key": list(MECHANISMS), "mechanism": list(MECHANISMS.values())})
        rows = sheet.table("mechanisms", listed)
        key = rows["key"]
        rows["paid"] = any_money = _choose(key, {**dict.fromkeys(MECHANISMS, True), "innovation_center": funded})
        rows["mobilized"] = _choose(key, ratio)
        rows["steered"] = _choose(key, steered)
        rows["paid_first"] = _choose(key, paid_first)
        rows["pool"] = model.pool(p.central_budget, rows["mobilized"])
        rows["steered_money"] = rows["steered"] * rows["pool"]
        rows["mobilized_text"] = where(any_money, shown(rows["mobilized"], 2), NO_CENTRAL)
        rows["pool_text"] = where(any_money, shown(rows["pool"], 1), NO_CENTRAL)
        rows["steered_text"] = where(any_money, shown(rows["steered_money"], 1), NO_CENTRAL)
        told = text(": pool ", shown(rows["pool"], 0), ", steered ", shown(rows["steered_money"], 0))
        rows["told"] = text(rows["mechanism"], where(any_money, told, text(": ", NO_CENTRAL)))

        money = sheet.table("money", pd.DataFrame(
            [(k, name, kind) for k, name in MECHANISMS.items() for kind in MONEY], columns=["key", "mechanism", "kind"]
        ))  # fmt: skip
        money["ratio"] = _choose(money["key"], ratio)
        money["amount"] = p.central_budget * where(money["kind"] == MONEY[0], 1, money["ratio"])
        unfunded = all_of(money["key"] == "innovation_center", negate(funded))
        money["amount"] = where(unfunded, 0, money["amount"])

        shares = sheet.table("shares", pd.DataFrame(
            [(k, name, kind) for k, name in MECHANISMS.items() for kind in SHARES], columns=["key", "mechanism", "kind"]
        ))  # fmt: skip
        shares["share"] = where(
            shares["kind"] == SHARES[0], _choose(shares["key"], steered), _choose(shares["key"], paid_first)
        )

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel("pool", "The pool from one central budget", _pool(c),
                  "Stacked bars, one for each mechanism: the same central money, and the money from others that its "
                  "setting brings. A tick marks how much of the pool Beijing steers.", height=280),
            Panel("shares", "Steered by Beijing, paid before results", _shares(c),
                  "Paired bars for each mechanism: the share of the pool that Beijing steers, and the share of "
                  "the cost that is paid before results are known.", height=280),
        ]  # fmt: skip


def _rows(**scale: float) -> alt.Y:
    """One band for each mechanism; its name is written above the bars."""
    return alt.Y("mechanism:N", axis=None, sort=list(MECHANISMS.values()), scale=alt.Scale(**scale))


def _pool(c: Palette) -> alt.LayerChart:
    y = _rows()
    bars = alt.Chart(frame("money")).mark_bar(height=22, stroke=c.line, strokeWidth=0.8, yOffset=8).encode(
        x=alt.X("amount:Q", title="100 million yuan (tick: steered by Beijing)", stack=True,
                axis=alt.Axis(tickCount=5)),
        y=y, order=alt.Order("kind:N"),
        color=alt.Color("kind:N", legend=alt.Legend(title=None, symbolType="square", columnPadding=20), scale=alt.Scale(
            domain=list(MONEY), range=[c.central, c.seq1])),
        tooltip=[alt.Tooltip("mechanism:N", title="Mechanism"), alt.Tooltip("kind:N", title="Money"),
                 alt.Tooltip("amount:Q", title="100 million yuan", format=",.1f")],
    )  # fmt: skip
    rows = alt.Chart(frame("mechanisms"))
    steered = rows.transform_filter("datum.paid").mark_tick(thickness=4, size=32, opacity=1, yOffset=8).encode(
        x="steered_money:Q", y=y, color=alt.value(c.accent), tooltip=[
            alt.Tooltip("mechanism:N", title="Mechanism"),
            alt.Tooltip("steered_money:Q", title="Steered by Beijing", format=",.1f"),
        ],
    )  # fmt: skip
    names = rows.mark_text(align="left", dy=-16, fontWeight=600).encode(
        x=alt.value(0), y=y, text="told:N", color=alt.value(c.ink)
    )
    return alt.layer(bars, steered, names)


def _shares(c: Palette) -> alt.LayerChart:
    y = _rows(paddingInner=0.45, paddingOuter=0.3)
    x = alt.X("share:Q", title="Share", axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
              scale=alt.Scale(domain=[0, 1.12], nice=False))  # fmt: skip
    offset = alt.YOffset("kind:N", sort=list(SHARES))
    base = alt.Chart(frame("shares"))
    bars = base.mark_bar(stroke=c.line, strokeWidth=0.8).encode(
        x=x, y=y, yOffset=offset,
        color=alt.Color("kind:N", legend=alt.Legend(title=None, symbolType="square", columnPadding=20), scale=alt.Scale(
            domain=list(SHARES), range=[c.central, c.seq2])),
        tooltip=[alt.Tooltip("mechanism:N", title="Mechanism"), alt.Tooltip("kind:N", title="Share"),
                 alt.Tooltip("share:Q", title="Value", format=".1%")],
    )  # fmt: skip
    numbers = base.mark_text(align="left", dx=3, fontSize=10).encode(
        x=x, y=y, yOffset=offset, text=alt.Text("share:Q", format=".0%"), color=alt.value(c.ink)
    )
    names = alt.Chart(frame("mechanisms")).mark_text(align="left", dy=-28, fontWeight=600).encode(
        x=alt.value(0), y=y, text="mechanism:N", color=alt.value(c.ink)
    )
    return alt.layer(bars, numbers, names)
