"""How far the guidance fund's money reaches, and what its rules ask, at each stake."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.charts import SOLID, amount, here, lines, span, tip
from jointaction.faces.controls import Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import maximum, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import fund_leverage as model
from jointaction.sources.tables import load, remembered

P = model.PARAMETERS
LOW, HIGH = P["stake"].low, P["stake"].high
REST = "High-tech fields"
SHARES = ("Floor", REST)
COUNTS = ("Central money allows", "Partners allow")
YOURS = "your setting"
STAKE_SCALE = alt.Scale(domain=[LOW, HIGH], nice=False)


@remembered
def bands() -> pd.DataFrame:
    """The legal range of the central stake under each set of rules: year, low and high as fractions, label."""
    rules = load("fund_rules").set_index("rule_id")["threshold"] / 100
    return pd.DataFrame(
        [
            (year, rules[f"{year}-stake-min"], rules[f"{year}-stake-max"], note, order)
            for year, note, order in (("2021", "from 2021", 1), ("2014", "from 2014, brief and one copy", 2))
        ],
        columns=["year", "low", "high", "label", "order"],
    )


@remembered
def stakes() -> pd.DataFrame:
    """The rows of the data table: the stake that the reader set, and stakes that the rules single out."""
    share = load("fund_central_share")["central_share"].item() / 100
    rows = [
        (YOURS, share),
        ("5%, below both ranges", 0.05),
        ("10%, lowest from 2021", 0.1),
        ("1/6, three times which is half", 1 / 6),
        ("20%, lowest from 2014", 0.2),
        ("20.9%, reported for 2021", share),
        ("30%, highest", 0.3),
        ("1/3, three times which is all", 1 / 3),
        ("35%, above both ranges", 0.35),
    ]
    return pd.DataFrame(rows, columns=["label", "stake"])


class FundLeverage(Explorer):
    name = "fund-leverage"
    title = "How far does a central yuan reach?"
    caption = (
        "A model, not an estimate. The first chart shows the part of a sub-fund that the rules of 2021 tie to publicly "
        "funded results; the rest is for high-tech fields that the state supports. The second shows how many sub-funds "
        "the two budgets can fill. Money is in 100 million yuan."
    )
    controls = (
        Range(P["stake"], digits=3, main=True),
        Range(P["partner_budget"], digits=1, main=True),
        Range(P["central_budget"], digits=1),
        Range(P["sub_fund_size"], digits=1),
    )
    presets = (
        Preset(
            "2021-share",
            "20.9%: reported for 2021",
            {"stake": P["stake"].default},
            "The central share of that year, known from the brief only.",
        ),
        Preset("2021-low", "10%: lowest from 2021", {"stake": 0.1}, "The lower end of the range of 2021."),
        Preset(
            "2014-low",
            "20%: lowest from 2014",
            {"stake": 0.2},
            "The lower end of the range of 2014, from the brief and one garbled copy.",
        ),
        Preset("high", "30%: highest", {"stake": 0.3}, "The upper end of both ranges."),
    )
    readouts = (
        Readout("leverage", "Sub-fund yuan per central yuan", "times", 3),
        Readout("sub_funds", "Sub-funds set up"),
        Readout("partner_money", "Partner money in them", "100 million yuan", 1),
        Readout("commercialization_floor", "Commercialization floor", "of the sub-fund", 3),
        Readout("high_tech_share", "Left for high-tech fields", "of the sub-fund", 3),
        Readout("best_stake", "Stake at which both budgets run out", "", 3),
        Readout("use_rule", "Rules on use at this stake", "", None),
    )
    table = (
        "stakes",
        (
            Column("label", "Central stake"),
            Column("leverage", "Sub-fund yuan per central yuan", 2),
            Column("floor", "Floor, share of sub-fund", 3),
            Column("high_tech", "Left for high-tech fields", 3),
            Column("use_rule", "Rules on use"),
            Column("central_allows", "Central money allows, sub-funds", 1),
            Column("partners_allow", "Partners allow, sub-funds", 1),
            Column("sub_funds", "Sub-funds set up", 0),
            Column("partner_money", "Partner money in them, 100 million yuan", 1),
            Column("central_idle", "Central money left over, 100 million yuan", 1),
        ),
    )
    assumptions = (
        "Data: the limits of 2021 (a copy of the measures, Articles 9 and 10). The range of 2014 is known from the "
        "brief and one garbled copy, the share of 20.9% in 2021 from the brief only.",
        "The start values rest on an assumption: 36 sub-funds with 62.4 billion yuan, and a central stake of 20.9% "
        "in all of them. Central money (13.0416 billion yuan) and partner money (the rest) are worked out from it, "
        "so the stake at which both run out together, 0.209, is built in and not a result.",
        "Assumed: all sub-funds are of one size and have the same stake, and partner money does not depend on it.",
        "Floor: the larger of three times the stake and half of the sub-fund; results of local programs count as "
        "well. Above a third it cannot be met, because it would be more than the sub-fund. What the floor leaves is "
        "tied to high-tech fields that the state supports (Article 10), so no yuan is free.",
        "A last sub-fund counts only when it is full; what cannot fill one is left over.",
    )
    sources = ("fund_rules", "fund_size", "fund_central_share")
    models = (model,)
    lead_control, lead_readouts, lead_panel = (
        "stake",
        ("commercialization_floor", "sub_funds", "partner_money"),
        "counts",
    )

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        budgets = (p.sub_fund_size, p.central_budget, p.partner_budget)

        def word(stake):
            return where(model.rule_can_be_met(stake), "can be met", "cannot be met")

        sheet.step("leverage", model.leverage(p.stake))
        count = sheet.step("sub_funds", model.sub_funds(p.stake, *budgets))
        sheet.step("partner_money", model.partner_money(count, p.stake, p.sub_fund_size))
        floor = sheet.step("commercialization_floor", model.commercialization_floor(p.stake))
        rest = sheet.step("high_tech_share", model.high_tech_share(p.stake))
        sheet.step("best_stake", model.best_stake(p.central_budget, p.partner_budget))
        use_rule = sheet.step("use_rule", word(p.stake))

        rows = sheet.table("stakes", stakes())
        rows["stake"] = stake = where(rows["label"] == YOURS, p.stake, rows["stake"])
        rows["leverage"] = model.leverage(stake)
        rows["floor"] = model.commercialization_floor(stake)
        rows["high_tech"] = model.high_tech_share(stake)
        rows["use_rule"] = word(stake)
        rows["central_allows"] = model.central_allows(stake, p.sub_fund_size, p.central_budget)
        rows["partners_allow"] = model.partners_allow(stake, p.sub_fund_size, p.partner_budget)
        rows["sub_funds"] = model.sub_funds(stake, *budgets)
        rows["partner_money"] = model.partner_money(rows["sub_funds"], stake, p.sub_fund_size)
        used = model.central_money(rows["sub_funds"], stake, p.sub_fund_size)
        rows["central_idle"] = maximum(0, p.central_budget - used)

        curve = sheet.grid("curve", "stake", LOW, HIGH, 301)
        curve["Floor"] = model.commercialization_floor(curve["stake"])
        curve[REST] = model.high_tech_share(curve["stake"])
        curve[COUNTS[0]] = model.central_allows(curve["stake"], p.sub_fund_size, p.central_budget)
        curve[COUNTS[1]] = model.partners_allow(curve["stake"], p.sub_fund_size, p.partner_budget)
        curve["sub_funds"] = model.sub_funds(curve["stake"], *budgets)

        sheet.table("bands", bands())
        sheet.table("whole", pd.DataFrame({"label": ["the whole sub-fund"]}))
        kink = model.kink()
        marks = sheet.table("kink", pd.DataFrame({"stake": [kink], "share": [model.HALF], "label": ["kink at 1/6"]}))
        marks.keep(kink == kink)  # not a number where the floor has no such kink
        now = sheet.table("now", pd.DataFrame({"series": list(SHARES)}))
        now["stake"] = p.stake
        now["share"] = where(now["series"] == "Floor", floor, rest)
        now["use_rule"] = use_rule
        now["sub_funds"] = count

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "floor",
                "What the rules of 2021 ask",
                _floor(c),
                "Line chart over central stakes from 5 to 35 percent. The commercialization floor is half of the "
                "sub-fund up to a stake of one sixth, then three times the stake; above a third it is more than "
                "the whole. What is left for high-tech fields falls from half to nothing. Two bars show the legal "
                "ranges of the stake: 10 to 30 percent from 2021, 20 to 30 percent from 2014 (brief and one copy).",
                height=290,
            ),
            Panel(
                "counts",
                "How many sub-funds?",
                _counts(c),
                "Line chart over central stakes. The number of sub-funds that central money allows falls as the "
                "stake rises, the number that partner money allows rises, and the whole number that both allow "
                "peaks where the two lines cross. A line far above that number is left out.",
                height=290,
            ),
        ]


def _stake_axis() -> alt.X:
    return alt.X(
        "stake:Q", title="Central stake in a sub-fund", axis=alt.Axis(format="%", tickCount=7), scale=STAKE_SCALE
    )


def _floor(c: Palette) -> alt.LayerChart:
    x = _stake_axis()
    y = alt.Y(
        "share:Q",
        title="Share of the sub-fund",
        scale=span(0, 1.36),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    kinds = lines("series", dict(zip(SHARES, [(c.ink, SOLID), (c.fourth, [5, 3])])))
    shares = (
        alt.Chart(frame("curve"))
        .transform_fold(list(SHARES), as_=["series", "share"])
        .mark_line()
        .encode(x=x, y=y, **kinds)
    )
    whole = alt.Chart(frame("whole")).mark_rule(strokeWidth=1).encode(y=alt.datum(1), color=alt.value(c.line))
    whole_label = (
        alt.Chart(frame("whole"))
        .mark_text(align="left", baseline="bottom", dx=3, dy=-1)
        .encode(x=alt.value(0), y=alt.datum(1), text="label:N", color=alt.value(c.muted))
    )
    legal = alt.Chart(frame("bands")).transform_calculate(
        share="1.05 + 0.12 * datum.order", label_at="datum.order === 1 ? datum.high : datum.low"
    )
    bars = legal.mark_bar(height=13, strokeWidth=1.2).encode(
        x=alt.X("low:Q", scale=STAKE_SCALE),
        x2="high:Q",
        y=y,
        color=alt.value(c.central),
        fill=alt.condition("datum.order === 1", alt.value(c.seq2), alt.value(c.paper)),
        stroke=alt.value(c.central),
        strokeDash=alt.condition("datum.order === 1", alt.value([1, 0]), alt.value([3, 2])),
    )
    names = legal.mark_text(align="right", dx=-4, fontSize=11.5).encode(
        x=alt.X("label_at:Q", scale=STAKE_SCALE),
        y=y,
        text="label:N",
        color=alt.condition("datum.order === 1", alt.value(c.on_seq2), alt.value(c.ink)),
    )
    kink = alt.Chart(frame("kink"))
    knot = kink.mark_point(shape="diamond", filled=True, size=70, opacity=1).encode(x=x, y=y, color=alt.value(c.ink))
    knot_label = kink.mark_text(align="right", dx=-4, dy=-11).encode(x=x, y=y, text="label:N", color=alt.value(c.ink))
    now = alt.Chart(frame("now"))
    dots = now.mark_point(filled=True, size=80, opacity=1).encode(
        x=x,
        y=y,
        color=kinds["color"],
        tooltip=tip(("series", "Share"), ("stake", "Stake", ".1%"), ("share", "Of the sub-fund", ".1%")),
    )
    refusal = (
        now.transform_filter("datum.series === 'Floor' && datum.use_rule === 'cannot be met'")
        .mark_text(align="right", dx=-8, fontWeight=600)
        .encode(x=x, y=alt.datum(0.5), text=alt.value("cannot be met"), color=alt.value(c.accent))
    )
    return alt.layer(whole, whole_label, bars, names, shares, knot, knot_label, here(now, x, c.accent), dots, refusal)


def _counts(c: Palette) -> alt.LayerChart:
    x = _stake_axis()
    y = amount("count", "Sub-funds")
    kinds = dict(zip([*COUNTS, "Set up"], [(c.central, [6, 3]), (c.fourth, [2, 2]), (c.ink, SOLID)]))
    # A line that runs far above the number set up is left out there, so that the crossing stays readable.
    counts = (
        alt.Chart(frame("curve"))
        .transform_calculate(**{"Set up": "datum.sub_funds"})
        .transform_fold(list(kinds), as_=["series", "count"])
        .transform_filter("datum.count <= 2.5 * datum.sub_funds + 10")
        .mark_line(strokeWidth=1.8)
        .encode(x=x, y=y, **lines("series", kinds, columns=2))
    )
    now = (
        alt.Chart(frame("now"))
        .transform_filter("datum.series === 'Floor'")
        .transform_calculate(
            label="datum.sub_funds + (datum.sub_funds === 1 ? ' sub-fund' : ' sub-funds')", count="datum.sub_funds"
        )
    )
    dot = now.mark_point(filled=True, size=90, opacity=1).encode(
        x=x, y=y, color=alt.value(c.ink), tooltip=tip(("stake", "Stake", ".1%"), ("count", "Sub-funds", "d"))
    )
    left = now.transform_filter("datum.stake > 0.25").mark_text(align="right", dx=-7, fontWeight=600)
    right = now.transform_filter("datum.stake <= 0.25").mark_text(align="left", dx=7, fontWeight=600)
    labels = [
        side.encode(x=x, y=alt.value({"expr": "height - 22"}), text="label:N", color=alt.value(c.ink))
        for side in (left, right)
    ]
    return alt.layer(counts, here(now, x, c.accent), dot, *labels)
