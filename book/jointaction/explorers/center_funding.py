"""Building an innovation center: who has paid before there are results, and what it costs the locality."""

from __future__ import annotations

import altair as alt
import pandas as pd

from jointaction.faces.controls import Column, Preset, Range, Readout, Switch
from jointaction.faces.explorer import Explorer, Panel, frame
from jointaction.faces.ops import maximum, minimum, where
from jointaction.faces.sheet import Sheet
from jointaction.faces.theme import Palette
from jointaction.models import center_funding as model

P = model.PARAMETERS
BARS = ("pledged", "paid up front")
PAYERS = ("business", "locality", "locality’s advance", "central, later", "nobody")
LETTERS = ("B", "L", "A", "C", "?")
LEGEND = tuple(f"{letter} {payer}" for letter, payer in zip(LETTERS, PAYERS))
ADVANCES = ("with an advance", "without")
GRID = 50  # steps of the line of progress


class CenterFunding(Explorer):
    name = "center-funding"
    title = "Who has paid before there are results?"
    caption = (
        "A model, not an estimate; no source found gives the shares of any innovation center. Business pays only if it can "
        "keep enough of the return; the central subsidy comes after evaluation, so somebody has to advance it. Money "
        "is in billion yuan."
    )
    controls = (
        Range(P["business_share"], main=True),
        Range(P["local_share"], main=True),
        Range(P["appropriability"], digits=3, main=True),
        Switch(
            "bridge",
            "The locality advances the central share",
            True,
            main=True,
            help="It borrows the money until the subsidy comes.",
        ),
        Range(P["total_cost"], digits=1),
        Range(P["return_multiple"]),
        Range(P["hurdle"]),
        Range(P["subsidy_probability"]),
        Range(P["interest"], digits=3),
        Range(P["years"], digits=1),
        Range(P["viable_scale"]),
    )
    presets = (
        Preset(
            "plan-2016",
            "Plan of January 2016",
            {"business_share": 14.2 / 15, "local_share": 0.8 / 15},
            "Qingdao: 14.2 of 15 billion yuan from the firm. That the rest falls to the locality is an assumption.",
        ),
        Preset(
            "locally-led",
            "An invented locally led design",
            {"business_share": 0.2, "local_share": 0.6},
            "The locality carries most of the cost; a fifth is a central subsidy after evaluation.",
        ),
    )
    readouts = (
        Readout("business_pays", "Business pays", "", None),
        Readout("progress", "Paid up front", "of the cost", 3),
        Readout("viable", "Viable", "", None),
        Readout("funding_gap", "Paid by nobody", "billion yuan", 2),
        Readout("bridge_cost", "Interest on the advance", "billion yuan", 3),
        Readout("expected_local_burden", "Expected local burden", "billion yuan", 2),
        Readout("required_appropriability", "Part business must keep to pay", "", 3),
    )
    table = (
        "parts",
        (
            Column("payer", "Who"),
            Column("bar", "When"),
            Column("share", "Share of the cost", 3),
            Column("money", "Money, billion yuan", 2),
        ),
    )
    assumptions = (
        "Reported: 14.2 billion yuan expected of CRRC over five years (the brief), 15 billion in all (a district’s "
        "plan of January 2016, in a newspaper). All else is assumed, and the locally led design is invented.",
        "Business pays if R·α ≥ 1 + h; its return comes whether or not the innovation center is viable. Progress is "
        "the money paid up front over the cost I; below the scale τ all stalls and no subsidy is paid.",
        "With an advance the locality bears x_l·I + x_c·I·((1 + r)^T − p) in expectation, without the p if the "
        "innovation center stalls. Without an advance it bears x_l·I.",
        "The central share x_c is the rest. A local share above what business leaves counts for no more than that.",
    )
    sources = ("facts",)
    models = (model,)
    lead_control, lead_readouts, lead_panel = (
        "appropriability",
        ("business_pays", "progress", "expected_local_burden"),
        "bars",
    )

    def compute(self, sheet: Sheet) -> None:
        p = sheet.p
        x_b = p.business_share
        x_l = sheet.step("usable_local_share", model.usable_local_share(x_b, p.local_share))
        x_c = sheet.step("central_share", model.central_share(x_b, x_l))
        profit = (p.return_multiple, p.appropriability, p.hurdle)
        sheet.step("business_pays", model.business_pays(*profit))
        progress = sheet.step("progress", model.progress(x_b, x_l, *profit, p.bridge))
        sheet.step("viable", model.viable(progress, p.viable_scale))
        gap = sheet.step("funding_gap", model.funding_gap(p.total_cost, progress))
        loan = (x_b, x_l, p.total_cost, p.interest)
        sheet.step("bridge_cost", model.bridge_cost(*loan, p.years, p.bridge))

        def burden(years, bridge):
            return model.expected_local_burden(
                x_b,
                x_l,
                p.total_cost,
                p.subsidy_probability,
                p.interest,
                years,
                model.viable(model.progress(x_b, x_l, *profit, bridge), p.viable_scale),
                bridge,
            )

        now_burden = sheet.step("expected_local_burden", burden(p.years, p.bridge))
        needed = sheet.step("required_appropriability", model.required_appropriability(p.return_multiple, p.hurdle))

        paid, advance = model.paid_by_business(x_b, *profit), model.advanced(x_b, x_l, p.bridge)
        self._bars(sheet, x_b, x_l, x_c, paid, advance, gap)
        self._curves(sheet, burden, now_burden, needed, progress)

    def _bars(self, sheet: Sheet, x_b, x_l, x_c, paid, advance, gap) -> None:
        p = sheet.p
        parts = sheet.table(
            "parts",
            pd.DataFrame(
                {
                    "bar": [bar for bar in BARS for _ in PAYERS],
                    "payer": list(PAYERS) * 2,
                    "who": list(LEGEND) * 2,
                    "letter": list(LETTERS) * 2,
                    "place": list(range(len(PAYERS))) * 2,
                }
            ),
        )
        before = parts["bar"] == BARS[1]
        payer, shares = (
            parts["payer"],
            {
                "business": where(before, paid, x_b),
                "locality": x_l,
                "locality’s advance": where(before, advance, 0.0),
                "central, later": where(before, 0.0, x_c),
            },
        )
        share = where(before, gap / p.total_cost, 0.0)
        for name, value in shares.items():
            share = where(payer == name, value, share)
        parts["share"] = share
        parts["money"] = parts["share"] * p.total_cost
        # Where each part of a bar begins: shares of the payers before it.
        begins, start = 0.0, 0.0
        for name, following in zip(PAYERS, PAYERS[1:]):
            begins = begins + shares[name]
            start = where(payer == following, begins, start)
        parts["start"] = start * p.total_cost
        parts["stop"] = parts["start"] + parts["money"]
        parts["label"] = where(parts["share"] >= 0.04, parts["letter"], "")
        scale = sheet.table("scale", pd.DataFrame({"label": ["viable scale"]}))
        scale["money"] = p.viable_scale * p.total_cost
        scale["late"] = p.viable_scale > 0.85

    def _curves(self, sheet: Sheet, burden, now_burden, needed, progress) -> None:
        p = sheet.p
        # The step at which business joins is drawn by two rows at the part it needs, one just short of it.
        corners = sheet.grid("corners", "part", 0.0, 1.0, GRID + 3)
        edge = minimum(needed, 1.0)
        at, last = corners["_i"], corners["_i"] == GRID + 2
        corners["part"] = where(at > GRID, edge, at / GRID)
        either_side = where(last, maximum(edge - 1e-6, 0.0), minimum(edge + 1e-6, 1.0))
        x_l = model.usable_local_share(p.business_share, p.local_share)
        corners["progress"] = model.progress(
            p.business_share, x_l, p.return_multiple, where(at > GRID, either_side, at / GRID), p.hurdle, p.bridge
        )
        corners["place"] = where(last, corners["part"] - 1e-9, corners["part"])
        corners["scale"] = p.viable_scale
        here = sheet.table("here", pd.DataFrame({"mark": ["your setting"]}))
        here["part"], here["progress"] = p.appropriability, progress
        here["years"], here["burden"] = p.years, now_burden

        for name, bridge in (("advanced", True), ("unadvanced", False)):
            line = sheet.grid(name, "years", 0.0, P["years"].high, 41)
            line["burden"] = burden(line["years"], bridge)
            line["series"] = ADVANCES[0] if bridge else ADVANCES[1]

    def panels(self, c: Palette) -> list[Panel]:
        return [
            Panel(
                "bars",
                "Pledged, and paid before there are results",
                _bars(c),
                "Two stacked bars in billion yuan: what business, locality and Beijing pledge, and what is paid up "
                "front, with a dashed line at the smallest viable scale. The data table gives every part.",
                wide=True,
                height=120,
            ),
            Panel(
                "progress",
                "When does business join?",
                _progress(c),
                "Step line of the part of the cost paid up front against the part of the return that business can "
                "keep. It rises where business joins; a dashed line marks the viable scale.",
                height=240,
            ),
            Panel(
                "burden",
                "What waiting costs the locality",
                _burden(c),
                "Two lines of the expected local burden against the years until the subsidy, with and without an "
                "advance by the locality. Your setting is marked.",
                height=240,
            ),
        ]


def _bars(c: Palette) -> alt.LayerChart:
    fills = [c.business, c.local, c.seq2, c.central, c.paper]
    ink = [c.paper, c.paper, c.on_seq2, c.paper, c.ink]
    x = alt.X("start:Q", title="Billion yuan", scale=alt.Scale(zero=True, nice=False))
    y = alt.Y(
        "bar:N",
        title=None,
        sort=list(BARS),
        scale=alt.Scale(paddingInner=0.25, paddingOuter=0.15),
        axis=alt.Axis(minExtent=88),
    )
    base = alt.Chart(frame("parts")).encode(y=y)
    tip = [
        alt.Tooltip("bar:N", title="When"),
        alt.Tooltip("payer:N", title="Who"),
        alt.Tooltip("share:Q", title="Share", format=".3f"),
        alt.Tooltip("money:Q", title="Billion yuan", format=".2f"),
    ]
    bars = (
        base.transform_filter("datum.money > 0")
        .mark_bar(strokeWidth=1)
        .encode(
            x=x,
            x2="stop:Q",
            tooltip=tip,
            stroke=alt.value(c.line),
            fill=alt.Fill(
                "who:N",
                scale=alt.Scale(domain=list(LEGEND), range=fills),
                legend=alt.Legend(
                    title=None,
                    columns=2,
                    columnPadding=16,
                    symbolType="square",
                    symbolStrokeWidth=1,
                    symbolStrokeColor=c.line,
                ),
            ),
        )
    )
    letters = base.mark_text(fontWeight=600, align="left", dx=5).encode(
        x=alt.X("start:Q"),
        text="label:N",
        tooltip=tip,
        fill=alt.Fill("who:N", scale=alt.Scale(domain=list(LEGEND), range=ink), legend=None),
    )
    scale = alt.Chart(frame("scale")).encode(x=alt.X("money:Q"))
    rule = scale.mark_rule(strokeDash=[5, 3], strokeWidth=2, color=c.accent)
    # At the right end the name stands to the left of its line, so that nothing is cut off.
    names = [
        scale.transform_filter(f"datum.late === {late}")
        .mark_text(align=align, baseline="bottom", dy=-3, color=c.accent, fontWeight=600)
        .encode(y=alt.value(0), text="label:N")
        for late, align in (("false", "center"), ("true", "right"))
    ]
    return alt.layer(bars, letters, rule, *names).resolve_scale(fill="independent")


def _mark(c: Palette, x: alt.X, y: alt.Y, tip: list[alt.Tooltip]) -> alt.Chart:
    return (
        alt.Chart(frame("here"))
        .mark_point(filled=True, size=120, opacity=1, shape="diamond", color=c.accent)
        .encode(x=x, y=y, tooltip=tip)
    )


def _progress(c: Palette) -> alt.LayerChart:
    x = alt.X("part:Q", title="Part of the return business keeps, α", scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("progress:Q", title="Paid up front, share of cost", scale=alt.Scale(domain=[0, 1], padding=6, nice=False))
    corners = alt.Chart(frame("corners"))
    line = corners.mark_line(color=c.business).encode(x=x, y=y, order="place:Q")
    scale = corners.mark_line(color=c.accent, strokeDash=[5, 3], strokeWidth=1.5).encode(
        x=x, y="scale:Q", order="place:Q"
    )
    name = (
        corners.transform_filter(f"datum._i === {GRID}")
        .mark_text(align="right", baseline="bottom", dy=-3, color=c.accent)
        .encode(x=x, y="scale:Q", text=alt.value("viable scale"))
    )
    mark = _mark(
        c,
        x,
        y,
        [
            alt.Tooltip("part:Q", title="Part kept", format=".2f"),
            alt.Tooltip("progress:Q", title="Paid up front", format=".3f"),
        ],
    )
    return alt.layer(line, scale, name, mark)


def _burden(c: Palette) -> alt.LayerChart:
    x = alt.X("years:Q", title="Years until the subsidy, T", scale=alt.Scale(domain=[0, P["years"].high], nice=False))
    y = alt.Y("burden:Q", title="Expected burden, billion yuan", scale=alt.Scale(zero=True))
    legend = alt.Legend(title=None, symbolType="stroke", symbolSize=500, symbolStrokeWidth=2, columnPadding=20)
    color = alt.Color("series:N", legend=legend, scale=alt.Scale(domain=list(ADVANCES), range=[c.local, c.muted]))
    dash = alt.StrokeDash("series:N", legend=legend, scale=alt.Scale(domain=list(ADVANCES), range=[[1, 0], [5, 3]]))
    lines = [
        alt.Chart(frame(name)).mark_line().encode(x=x, y=y, color=color, strokeDash=dash)
        for name in ("advanced", "unadvanced")
    ]
    mark = _mark(
        c,
        x,
        y,
        [
            alt.Tooltip("years:Q", title="Years", format=".1f"),
            alt.Tooltip("burden:Q", title="Billion yuan", format=".2f"),
        ],
    )
    return alt.layer(*lines, mark)
