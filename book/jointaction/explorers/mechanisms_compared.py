"""One central budget through three mechanisms, and through one of the reader's own."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, negate, shown, text, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import mechanisms_compared as model

P = model.PARAMETERS
MECHANISMS = {
    "joint_projects": "Joint projects",
    "guidance_fund": "Guidance fund",
    "innovation_center": "Innovation center",
    "own_design": "Your design",
}
NO_CENTRAL, CANNOT = "no central money", "cannot be met"
MONEY = ("Central money", "Additional, from others", "From others anyway")
SHARES = ("Directed by Beijing", "Tied to results", "Not contingent on evaluation")


def _choose(key: Any, values: dict[str, Any]) -> Any:
    """The value of the mechanism ``key``."""
    *rest, last = values
    chosen = values[last]
    for name in reversed(rest):
        chosen = where(key == name, values[name], chosen)
    return chosen


def _readouts() -> tuple[Readout, ...]:
    kinds = (
        ("accompanying", "from others, per central yuan", "yuan", "From others, per central yuan"),
        ("additional", "of this additional", "yuan", "Of this additional"),
        ("directed", "directed by Beijing", "of the pool", "Directed by Beijing"),
        ("not_contingent", "not contingent on evaluation", "of the cost", "Not contingent on evaluation"),
    )
    other = {("guidance_fund", "directed"): "tied, not directed"}
    return tuple(
        Readout(
            f"{key}_{kind}",
            f"{name}: {other.get((key, kind), label)}",
            unit,
            2,
            cell=(name, column),
            note=other.get((key, kind), ""),
        )
        for key, name in MECHANISMS.items()
        for kind, label, unit, column in kinds
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
        Range(P["additionality"], main=True),
        Range(P["influence"]),
        Range(P["central_budget"], digits=0),
        Range(P["design_accompanying"], digits=1),
        Range(P["design_local_influence"]),
        Range(P["design_not_contingent"]),
    )
    presets = (
        Preset(
            "2021",
            "Settings of 2021",
            {"matching_ratio": 0.5, "stake": 0.209},
            "One local yuan for two central ones, and the stake reported for 2021.",
        ),
        Preset(
            "2022",
            "One for one, 10% stake",
            {"matching_ratio": 1.0, "stake": 0.1},
            "The ratio of 2022 and the lowest stake that the rules of 2021 allow.",
        ),
        Preset(
            "business",
            "No central money for innovation centers",
            {"central_share": 0.0},
            "A limit of the arithmetic: no source found says that the central share of any innovation center was 0.",
        ),
        Preset(
            "half",
            "Half would have come anyway",
            {"additionality": 0.5},
            "An invented setting: of each yuan from others, half is additional.",
        ),
        Preset(
            "design",
            "A design that pays late",
            {"design_accompanying": 4.0, "design_local_influence": 0.2, "design_not_contingent": 0.3},
            "Much from others, little local influence, most of it paid after evaluation. Who would join?",
        ),
    )
    readouts = _readouts()
    table = (
        "mechanisms",
        (
            Column("mechanism", "Mechanism"),
            Column("accompanying_text", "From others, yuan per central yuan"),
            Column("additional_text", "Additional, yuan per central yuan"),
            Column("directed_text", "Directed by Beijing, share of pool"),
            Column("not_contingent", "Not contingent on evaluation", 2),
            Column("pool_text", "Pool, 100 million yuan"),
            Column("money_text", "Directed or tied, 100 million yuan"),
        ),
    )
    assumptions = (
        "Data: the ratios 0.5 (2021) and 1 (2022) and the share of 20.9% (2021) are known from the brief only; the "
        "range of the stake and the rules on use are from a copy of the measures of 2021.",
        "Assumed: every other setting, among them an innovation center’s central share of 0.2. No Chinese evidence "
        "fixes additionality.",
        "“Directed” is by definition the part that provinces have not bought in joint projects, and the part that "
        "Beijing pays in an innovation center. In a sub-fund it is not defined: what Article 10 ties to publicly funded "
        "results is shown instead, and results of local programs count as well.",
        "Joint projects and stakes are counted as not contingent on evaluation, an innovation center’s central share "
        "as contingent. That the first two are paid before results is the book’s reading.",
        "Partners are assumed to bring what each setting asks, whatever it is.",
    )
    sources = ("mechanisms", "fund_rules", "fund_central_share", "matching_ratio_history")
    models = (model,)
    lead_control, lead_readouts, lead_panel = (
        "matching_ratio",
        ("joint_projects_accompanying", "joint_projects_directed"),
        "pool",
    )

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        funded = model.has_central_money(p.central_share)
        met = model.guidance_fund_can_comply(p.stake)
        # For the arithmetic, an innovation center without central money is accompanied by nothing; words say so.
        others = {
            "joint_projects": model.joint_projects_accompanying(p.matching_ratio),
            "guidance_fund": model.guidance_fund_accompanying(p.stake),
            "innovation_center": where(funded, model.innovation_center_accompanying(p.central_share), 0.0),
            "own_design": p.design_accompanying,
        }
        share = {
            "joint_projects": model.joint_projects_directed(p.matching_ratio, p.influence),
            "guidance_fund": model.guidance_fund_tied(p.stake),
            "innovation_center": model.innovation_center_directed(p.central_share),
            "own_design": model.own_design_directed(p.design_local_influence),
        }
        unconditional = {
            "joint_projects": model.NOT_CONTINGENT,
            "guidance_fund": model.NOT_CONTINGENT,
            "innovation_center": model.innovation_center_not_contingent(p.central_share),
            "own_design": p.design_not_contingent,
        }
        for key in MECHANISMS:
            others[key] = sheet.step(f"{key}_others", others[key])
            extra = model.additional(others[key], p.additionality)
            named = {f"{key}_accompanying": others[key], f"{key}_additional": extra}
            for name, value in named.items():
                sheet.step(name, where(funded, value, NO_CENTRAL) if key == "innovation_center" else value)
            share[key] = sheet.step(f"{key}_share", share[key])
            sheet.step(f"{key}_directed", where(met, share[key], CANNOT) if key == "guidance_fund" else share[key])
            unconditional[key] = sheet.step(f"{key}_not_contingent", unconditional[key])

        listed = pd.DataFrame({"key": list(MECHANISMS), "mechanism": list(MECHANISMS.values())})
        rows = sheet.table("mechanisms", listed)
        key = rows["key"]
        rows["paid"] = any_money = _choose(key, {**dict.fromkeys(MECHANISMS, True), "innovation_center": funded})
        rows["fund"] = fund = key == "guidance_fund"
        rows["legal"] = legal = _choose(key, {**dict.fromkeys(MECHANISMS, True), "guidance_fund": met})
        rows["others"] = _choose(key, others)
        rows["share"] = _choose(key, share)
        rows["not_contingent"] = _choose(key, unconditional)
        rows["pool"] = model.pool(p.central_budget, rows["others"])
        rows["money"] = rows["share"] * rows["pool"]
        rows["accompanying_text"] = where(any_money, shown(rows["others"], 2), NO_CENTRAL)
        extra = model.additional(rows["others"], p.additionality)
        rows["additional_text"] = where(any_money, shown(extra, 2), NO_CENTRAL)
        tied = text("not defined; ", shown(rows["share"], 2), " tied to results")
        rows["directed_text"] = where(
            fund, where(legal, tied, text("not defined; rules ", CANNOT)), shown(rows["share"], 2)
        )
        rows["pool_text"] = where(any_money, shown(rows["pool"], 1), NO_CENTRAL)
        rows["money_text"] = where(legal, where(any_money, shown(rows["money"], 1), NO_CENTRAL), CANNOT)
        amount = where(legal, shown(rows["money"], 0), CANNOT)
        told = text(": pool ", shown(rows["pool"], 0), where(fund, ", tied ", ", directed "), amount)
        rows["told"] = text(rows["mechanism"], where(any_money, told, text(": ", NO_CENTRAL)))

        money = sheet.table(
            "money",
            pd.DataFrame(
                [(k, name, kind, i) for k, name in MECHANISMS.items() for i, kind in enumerate(MONEY)],
                columns=["key", "mechanism", "kind", "place"],
            ),
        )
        ratio = _choose(money["key"], others)
        extra = model.additional(ratio, p.additionality)
        anyway = model.from_others_anyway(p.central_budget, ratio, p.additionality)
        parts = dict(zip(MONEY, (p.central_budget, p.central_budget * extra, anyway)))
        money["amount"] = _choose(money["kind"], parts)
        unfunded = all_of(money["key"] == "innovation_center", negate(funded))
        money["amount"] = where(unfunded, 0, money["amount"])

        kinds = {k: (SHARES[1] if k == "guidance_fund" else SHARES[0], SHARES[2]) for k in MECHANISMS}
        shares = sheet.table(
            "shares",
            pd.DataFrame(
                [(k, name, kind, place) for k, name in MECHANISMS.items() for place, kind in enumerate(kinds[k])],
                columns=["key", "mechanism", "kind", "place"],
            ),
        )
        shares["share"] = where(
            shares["kind"] == SHARES[2], _choose(shares["key"], unconditional), _choose(shares["key"], share)
        )
        shares["legal"] = where(shares["kind"] == SHARES[1], met, True)

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "pool",
                "The pool from one central budget",
                _pool(c),
                "Stacked bars, one for each mechanism: the same central money, the money from others that is "
                "additional, and what would have come anyway. A tick marks how much Beijing directs; a sub-fund has "
                "none.",
                height=280,
            ),
            Panel(
                "shares",
                "Directed by Beijing, not contingent on evaluation",
                _shares(c),
                "Paired bars for each mechanism: the share of the pool that Beijing directs, or that the rules tie in "
                "a sub-fund, and the share of the cost that does not wait for an evaluation.",
                height=280,
            ),
        ]


def _rows(**scale: float) -> alt.Y:
    """One band for each mechanism, with room above for its name however low the chart is."""
    return alt.Y("mechanism:N", axis=None, sort=list(MECHANISMS.values()), scale=alt.Scale(**scale))


def _names(c: Palette, y: alt.Y, words: str) -> alt.Chart:
    return (
        alt.Chart(frame("mechanisms"))
        .mark_text(align="left", baseline="bottom", dy=-3, fontWeight=600)
        .encode(x=alt.value(0), y=y.bandPosition(0), text=f"{words}:N", color=alt.value(c.ink))
    )


def _pool(c: Palette) -> alt.LayerChart:
    y = _rows(paddingInner=0.6, paddingOuter=0.4)
    bars = (
        alt.Chart(frame("money"))
        .mark_bar(stroke=c.line, strokeWidth=0.8)
        .encode(
            x=alt.X(
                "amount:Q", title="100 million yuan (tick: directed by Beijing)", stack=True, axis=alt.Axis(tickCount=5)
            ),
            y=y,
            order=alt.Order("place:Q"),
            color=alt.Color(
                "kind:N",
                legend=alt.Legend(title=None, symbolType="square", columns=2, columnPadding=20),
                scale=alt.Scale(domain=list(MONEY), range=[c.central, c.fourth, c.surface]),
            ),
            tooltip=[
                alt.Tooltip("mechanism:N", title="Mechanism"),
                alt.Tooltip("kind:N", title="Money"),
                alt.Tooltip("amount:Q", title="100 million yuan", format=",.1f"),
            ],
        )
    )
    directed = (
        alt.Chart(frame("mechanisms"))
        .transform_filter("datum.paid && !datum.fund")
        .mark_rule(strokeWidth=4, opacity=1)
        .encode(
            x="money:Q",
            y=y.bandPosition(-0.15),
            y2=alt.Y2("mechanism:N", bandPosition=1.15),
            color=alt.value(c.accent),
            tooltip=[
                alt.Tooltip("mechanism:N", title="Mechanism"),
                alt.Tooltip("money:Q", title="Directed by Beijing", format=",.1f"),
            ],
        )
    )
    return alt.layer(bars, directed, _names(c, y, "told"))


def _shares(c: Palette) -> alt.LayerChart:
    y = _rows(paddingInner=0.45, paddingOuter=0.3)
    x = alt.X(
        "share:Q",
        title="Share",
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        scale=alt.Scale(domain=[0, 1.12], nice=False),
    )
    offset = alt.YOffset("place:O")
    base = alt.Chart(frame("shares")).transform_filter("datum.legal")
    bars = base.mark_bar(stroke=c.line, strokeWidth=0.8).encode(
        x=x,
        y=y,
        yOffset=offset,
        color=alt.Color(
            "kind:N",
            legend=alt.Legend(title=None, symbolType="square", columns=2, columnPadding=20),
            scale=alt.Scale(domain=list(SHARES), range=[c.central, c.fourth, c.surface]),
        ),
        tooltip=[
            alt.Tooltip("mechanism:N", title="Mechanism"),
            alt.Tooltip("kind:N", title="Share"),
            alt.Tooltip("share:Q", title="Value", format=".1%"),
        ],
    )
    numbers = base.mark_text(align="left", dx=3, fontSize=11).encode(
        x=x, y=y, yOffset=offset, text=alt.Text("share:Q", format=".0%"), color=alt.value(c.ink)
    )
    return alt.layer(bars, numbers, _names(c, y, "mechanism"))
