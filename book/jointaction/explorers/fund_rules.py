"""A sub-fund described by the reader, tested rule by rule."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.charts import points, span, tip
from jointaction.faces.controls import Choice, Column, Preset, Range, Readout
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import all_of, maximum, minimum, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import fund_rules as model
from jointaction.sources.tables import load, remembered

P = model.PARAMETERS
RESULTS = ("passes", "fails")
KEEPS, BREAKS, DEPENDS, IMPOSSIBLE = "keeps the rules", "breaks the rules", "depends on the reading", "cannot exist"
HOLDERS = ("Guidance fund", "Largest other", "Other investors")
USES = ("Commercialization", "Other investments")
CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"


KNOWN_FROM = {"official": "", "copy": "", "brief": ": the brief says", "unofficial": ": one copy says"}


@remembered
def rules() -> pd.DataFrame:
    """The rules that limit a number, in reading order.

    Columns: rule_id, rule_year, article (in words, with where it is known from unless that is a copy with a
    publisher), disputed (one unofficial page alone has it), subject, operator, threshold, required (in words),
    short (a few words for the chart), order (from 1 in each year).
    """
    rows = load("fund_rules").query("subject in @model.SUBJECTS").copy()
    rows["rank"] = rows["subject"].map({model.STAKE: 1, model.RANK: 2, model.MULTIPLE: 3, model.SHARE: 4})
    rows = rows.sort_values(["year", "rank", "threshold"], ignore_index=True)
    year = rows["year"].astype(str)
    return pd.DataFrame(
        {
            "rule_id": rows["rule_id"],
            "rule_year": year,
            "article": [
                f"{y}{f', Article {a}' if a else ''}{KNOWN_FROM[status]}"
                for y, a, status in zip(year, rows["article"], rows["status"])
            ],
            "disputed": rows["status"] == "unofficial",
            "subject": rows["subject"],
            "operator": rows["operator"],
            "threshold": rows["threshold"].astype(float),
            "required": [_required(row) for row in rows.itertuples()],
            "short": [_short(row) for row in rows.itertuples()],
            "order": rows.groupby("year").cumcount() + 1,
        }
    )


def _required(rule) -> str:
    limit = f"at {'least' if rule.operator == '>=' else 'most'} {rule.threshold:g}"
    return {
        model.STAKE: f"The guidance fund’s stake is {limit}% of the sub-fund",
        model.RANK: "The guidance fund is not the largest holder",
        model.MULTIPLE: f"Commercialization gets {limit} times the guidance fund’s money",
        model.SHARE: f"Commercialization gets {limit}% of the sub-fund",
    }[rule.subject]


def _short(rule) -> str:
    sign = {">=": "at least", "<=": "at most", "!=": ""}[rule.operator]
    return {
        model.STAKE: f"Stake {sign} {rule.threshold:g}%",
        model.RANK: "Not the largest holder",
        model.MULTIPLE: f"Commercialization {sign} {rule.threshold:g} times the stake",
        model.SHARE: f"Commercialization {sign} {rule.threshold:g}%",
    }[rule.subject]


class FundRules(Explorer):
    name = "fund-rules"
    title = "Does this sub-fund keep the rules?"
    caption = (
        "Describe a sub-fund and see each rule pass or fail, with the article and the nearest change that would make "
        "it pass. The sub-fund is the reader’s; the rules are those that limit a number. Money is in 100 million yuan."
    )
    controls = (
        Choice(
            "rule_set", "Rules", {"2021": "Measures of 2021", "2014": "Rules of 2014 (two readings)"}, "2021", main=True
        ),
        Range(P["stake"], digits=3, main=True),
        Range(P["largest_other_share"], main=True),
        Range(P["commercialization_money"], digits=1, main=True),
        Range(P["sub_fund_size"], digits=1),
    )
    presets = (
        Preset(
            "limits",
            "At every limit",
            {"stake": 0.1, "largest_other_share": 0.11, "commercialization_money": 10.0},
            "A stake of exactly 10 percent, and exactly half of the money in commercialization.",
        ),
        Preset(
            "top",
            "Stake of 30%",
            {"stake": 0.3, "largest_other_share": 0.31, "commercialization_money": 18.0},
            "Exactly three times the guidance fund’s money: nine tenths of the sub-fund.",
        ),
        Preset(
            "too-large",
            "Stake of 35%",
            {"stake": 0.35, "commercialization_money": 20.0},
            "Three times the guidance fund’s money is more than the sub-fund has.",
        ),
        Preset(
            "2014",
            "15% under the rules of 2014",
            {"rule_set": "2014", "stake": 0.15},
            "Too small a stake in 2014, allowed from 2021.",
        ),
        Preset(
            "2014-rank",
            "Largest holder in 2014",
            {"rule_set": "2014", "stake": 0.25, "largest_other_share": 0.1},
            "Inside the range that the brief gives, but the largest holder: one copy of the rules forbids it.",
        ),
    )
    readouts = (
        Readout("verdict", "This sub-fund", "", None),
        Readout("rules_passed", "Rules passed"),
        Readout("rules_tested", "Rules tested"),
    )
    table = (
        "rules",
        (
            Column("required", "What is required"),
            Column("result", "Result"),
            Column("value", "This sub-fund"),
            Column("change", "Nearest change that would pass (money in 100 million yuan)"),
            Column("article", "Rule"),
        ),
    )
    table_open = True
    assumptions = (
        "Data: the rules of the table fund_rules. Those of 2021 were read in a copy of the measures. Of 2014 the range "
        "is known from the brief, and the rule on rank from one garbled copy; a sub-fund that breaks only the latter "
        "“depends on the reading”. Other rules of 2014 may exist that are not tested here.",
        "The sub-fund is the reader’s own and stands for no real one.",
        "A value that equals its limit passes. Where the guidance fund and another investor hold the same, the fund "
        "counts as the largest: the cautious reading, since the article is silent on ties.",
        "Not tested: rules without a number, such as the high-tech fields to which other investments must go "
        "(2021, Article 10), and penalties.",
        "Commercialization means investment in firms that turn publicly funded results to use (Article 10).",
    )
    sources = ("fund_rules",)
    models = (model,)
    lead_control, lead_readouts, lead_panel = "stake", ("verdict", "rules_passed"), "verdicts"

    def compute(self, sheet: Sheet) -> None:
        p, listed = sheet.p, rules()
        described = (p.sub_fund_size, p.stake, p.largest_other_share, p.commercialization_money)

        def kept(subject, operator, threshold):
            return model.keeps(model.measured(subject, *described), operator, threshold)

        def count(rows, condition):
            return sheet.sum(rows, lambda rule: where(all_of(p.rule_set == rule.rule_year, condition(rule)), 1, 0))

        def passes(rule):
            return kept(rule.subject, rule.operator, rule.threshold)

        passed = sheet.step("rules_passed", count(listed, passes))
        tested = sheet.step("rules_tested", count(listed, lambda rule: True))
        agreed = listed[~listed["disputed"]]
        keeps_agreed = count(agreed, passes) == count(agreed, lambda rule: True)
        sheet.step(
            "verdict",
            where(
                model.can_exist(*described),
                where(passed == tested, KEEPS, where(keeps_agreed, DEPENDS, BREAKS)),
                IMPOSSIBLE,
            ),
        )

        table = sheet.table("rules", listed)
        table.keep(table["rule_year"] == p.rule_set)
        subject, operator, threshold = table["subject"], table["operator"], table["threshold"]
        table["value"] = model.value_in_words(subject, *described)
        table["result"] = where(kept(subject, operator, threshold), *RESULTS)
        table["change"] = where(
            table["result"] == RESULTS[0],
            "none needed",
            model.nearest_change(subject, operator, threshold, *described),
        )

        # The sub-fund as two bars, and the limits that the rules put on each.
        bars = sheet.table(
            "parts",
            pd.DataFrame(
                {
                    "bar": ["holders"] * 3 + ["uses"] * 2,
                    "part": [*HOLDERS, *USES],
                    "place": [1, 2, 3, 4, 5],
                }
            ),
        )
        place = bars["place"]
        both = minimum(1, p.stake + p.largest_other_share)
        used = minimum(1, p.commercialization_money / p.sub_fund_size)
        bars["low"] = where(place == 2, p.stake, where(place == 3, both, where(place == 5, used, 0)))
        bars["high"] = where(place == 1, p.stake, where(place == 2, both, where(place == 4, used, 1)))
        bars["share"] = maximum(0, bars["high"] - bars["low"])

        limits = sheet.table("limits", listed[listed["subject"] != model.RANK])
        limits.keep(limits["rule_year"] == p.rule_set)
        limits["at"] = model.limit_as_share(limits["subject"], limits["threshold"], p.stake)
        limits["bar"] = where(limits["subject"] == model.STAKE, "holders", "uses")
        limits.keep(limits["at"] <= 1 + model.TOLERANCE)

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "sub-fund",
                "The sub-fund and its limits",
                _bars(c),
                "Two bars, each the whole sub-fund. The first shows who holds it: the guidance fund, the largest "
                "other investor, the others. The second shows how much goes to commercialization. Ticks mark the limits of the rules chosen.",
                height=250,
            ),
            Panel(
                "verdicts",
                "Rule by rule",
                _verdicts(c),
                "A list of the rules with a circle where the sub-fund passes and a cross where it fails. The data "
                "table below has the same rows with article and nearest change.",
                height=250,
            ),
        ]


def _bars(c: Palette) -> alt.LayerChart:
    x = alt.X(
        "low:Q",
        title="Share of the sub-fund",
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        scale=alt.Scale(domain=[0, 1]),
    )
    y = alt.Y("bar:N", axis=None, sort=["holders", "uses"], scale=alt.Scale(paddingInner=0.62, paddingOuter=0.55))
    fill = alt.Fill(
        "part:N",
        legend=None,
        scale=alt.Scale(domain=[*HOLDERS, *USES], range=[c.central, c.fourth, c.seq1, c.muted, c.surface]),
    )
    base = alt.Chart(frame("parts"))
    bars = base.mark_bar(strokeWidth=1).encode(
        x=x,
        x2="high:Q",
        y=y,
        fill=fill,
        stroke=alt.value(c.line),
        tooltip=tip(("part", "Part"), ("share", "Of the sub-fund", ".1%")),
    )
    names = (
        base.transform_filter("datum.share >= (datum.place === 4 ? 0.3 : 0.15)")
        .transform_calculate(
            middle="(datum.low + datum.high) / 2",
            words="split(datum.part, ' ')",
            on="datum.place === 3 ? 'third' : datum.place === 5 ? 'free' : 'strong'",
        )
        .mark_text(fontSize=11, lineHeight=12, dy=-5)
        .encode(
            x=alt.X("middle:Q", scale=alt.Scale(domain=[0, 1])),
            y=y,
            text="words:N",
            color=alt.Color(
                "on:N",
                legend=None,
                scale=alt.Scale(domain=["strong", "third", "free"], range=[c.paper, c.on_seq1, c.ink]),
            ),
        )
    )
    heads = (
        base.transform_filter("datum.place === 1 || datum.place === 4")
        .transform_calculate(
            head="datum.place === 1 ? 'Who holds it: guidance fund, largest other, rest'"
            " : 'Where its money goes (left: commercialization)'"
        )
        .mark_text(align="left", fontWeight=600, dy=-50)
        .encode(x=alt.value(0), y=y, text="head:N", color=alt.value(c.ink))
    )
    at = alt.X("at:Q", scale=alt.Scale(domain=[0, 1]))
    limits = alt.Chart(frame("limits"))
    ticks = limits.mark_tick(thickness=3, size=60, opacity=1).encode(
        x=at, y=y, color=alt.value(c.accent), tooltip=tip(("short", "Limit"), ("at", "At", ".1%"))
    )
    # The ticks stand behind the bars and show above and below them, clear of the names.
    # The share limit is named below its bar, the others above, so that two close limits stay readable.
    above = (
        limits.transform_filter(f"datum.subject !== '{model.SHARE}'")
        .transform_calculate(
            word=f"datum.subject === '{model.MULTIPLE}' ? datum.threshold + ' × stake'"
            " : (datum.operator === '>=' ? 'min ' : 'max ') + datum.threshold + '%'"
        )
        .mark_text(dy=-36, fontSize=11)
        .encode(x=at, y=y, text="word:N", color=alt.value(c.accent))
    )
    below = (
        limits.transform_filter(f"datum.subject === '{model.SHARE}'")
        .transform_calculate(word="'min ' + datum.threshold + '%'")
        .mark_text(dy=36, fontSize=11)
        .encode(x=at, y=y, text="word:N", color=alt.value(c.accent))
    )
    return alt.layer(ticks, bars, names, heads, above, below).resolve_scale(color="independent")


def _verdicts(c: Palette) -> alt.LayerChart:
    y = alt.Y("order:Q", axis=None, scale=span(0.5, 5.5, reverse=True))
    base = alt.Chart(frame("rules"))
    marks = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=alt.value(14),
        y=y,
        **points("result", dict(zip(RESULTS, [(c.ink, "circle"), (c.accent, CROSS)]))),
        tooltip=tip(("required", "Rule"), ("article", "Source"), ("value", "This sub-fund"), ("result", "Result")),
    )
    rule = base.mark_text(align="left", dy=-8, fontWeight=600).encode(
        x=alt.value(34), y=y, text="short:N", color=alt.value(c.ink)
    )
    value = base.mark_text(align="left", dy=9).encode(
        x=alt.value(34), y=y, text=alt.Text("verdict_line:N"), color=alt.value(c.muted)
    )
    return alt.layer(marks, rule, value.transform_calculate(verdict_line="datum.value + ': ' + datum.result"))
