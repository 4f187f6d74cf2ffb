"""A figure whose parts name what is not there is refused with one sentence: whole figures, each broken once."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from jointaction.errors import InputError
from jointaction.explorers import EXPLORERS, explorer
from jointaction.explorers.delegation import Delegation
from jointaction.faces.controls import Column, Preset, Range, Readout, Switch
from jointaction.faces.explorer import Panel, frame
from jointaction.faces.live import figure
from jointaction.faces.parameters import Parameter


def broken(**parts: object) -> type[Delegation]:
    """The figure on delegation with some parts replaced."""
    return type("Broken", (Delegation,), parts)


def refusal(**parts: object) -> str:
    """The sentence with which the figure is refused, at the latest when it is shown."""
    with pytest.raises(InputError) as refused:
        broken(**parts)().payload()
    message = str(refused.value)
    assert "The explorer delegation" in message or "of the explorer delegation" in message
    assert message.endswith(".") and "\n" not in message
    return message


def drawn(chart: alt.TopLevelMixin) -> dict:
    """A part that draws one chart, in place of the figure's own."""
    return {"panels": lambda self, c: [Panel("loss", "Loss", chart, "A chart.")]}


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_figures_of_the_book_pass(name: str) -> None:
    assert explorer(name).payload()["name"] == name


# ---- settings


@pytest.mark.parametrize("use", ["constructor", "values", "evaluate", "results"])
@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("beta", "'local_value_share' (β)"),
        ("β", "'local_value_share' (β)"),
        ("theta", "'influence' (θ)"),
        ("omega_1", "'opportunity_cost' (ω₁)"),
        ("M", "'matching_ratio' (m)"),
        ("influense", "'influence'"),
        ("matching", "'matching_ratio'"),
    ],
)
def test_an_unknown_control_is_refused_everywhere_by_name_and_symbol(use: str, given: str, meant: str) -> None:
    with pytest.raises(InputError) as refused:
        if use == "constructor":
            explorer("matching-ratio", **{given: 0.5})
        else:
            getattr(explorer("matching-ratio"), use)(**{given: 0.5})
    assert str(refused.value) == f"The explorer matching-ratio has no control {given!r}; the nearest is {meant}."


def test_a_figure_without_controls_takes_none() -> None:
    with pytest.raises(InputError, match="fund-structure has no controls, so it takes no 'stake'"):
        explorer("fund-structure").results(stake=0.1)


def test_a_value_is_checked_wherever_it_is_given() -> None:
    for use in (
        explorer("delegation").values,
        explorer("delegation").results,
        lambda **given: explorer("delegation", **given),
    ):
        with pytest.raises(
            InputError, match="local_weight must be from 0 to 1, but is 2; the nearest allowed value is 1"
        ):
            use(local_weight=2)


# ---- what a class states


def test_a_preset_names_known_controls_and_values_in_range() -> None:
    unknown = refusal(presets=(Preset("a", "A", {"local_wait": 0.5}),))
    assert "preset 'a'" in unknown and "no control 'local_wait'; the nearest is 'local_weight'" in unknown
    out_of_range = refusal(presets=(Preset("a", "A", {"local_weight": 1.5}),))
    assert "preset 'a'" in out_of_range and "nearest allowed value is 1" in out_of_range


def test_lead_parts_exist() -> None:
    assert "no control; the nearest is 'local_weight'" in refusal(lead_control="local_wait")
    assert "no control" in refusal(lead_control="")
    assert "no read-out; the nearest is 'best_weight'" in refusal(lead_readouts=("best_wait",))
    assert "0 lead_readouts" in refusal(lead_readouts=())
    assert "4 lead_readouts" in refusal(lead_readouts=tuple(r.name for r in Delegation.readouts[:4]))
    assert "no panel; the nearest is 'loss'" in refusal(lead_panel="lost")


def test_names_are_fresh_identifiers() -> None:
    weight = Delegation.controls[2]
    assert "two controls called 'local_weight'" in refusal(controls=(*Delegation.controls, weight))
    spaced = Range(Parameter("local share", "Share", 0.5, 0.0, 1.0, 0.1))
    assert "no identifier; the nearest is 'local_share'" in refusal(controls=(*Delegation.controls, spaced))
    assert "every drawing uses for itself" in refusal(controls=(*Delegation.controls, Switch("width", "Wide")))
    assert "two presets called '2021'" in refusal(presets=Delegation.presets[:1] * 2)
    assert "two read-outs called" in refusal(readouts=Delegation.readouts[:1] * 2)


def test_every_figure_has_a_table() -> None:
    assert "has no table" in refusal(table=None)
    assert "no table; the nearest is 'weights'" in refusal(table=("weight", Delegation.table[1]))
    assert "no column of weights; the nearest is 'weight'" in refusal(table=("weights", (Column("wait", "Weight"),)))


def test_hover_names_a_control_and_a_column() -> None:
    assert "no control; the nearest is 'local_weight'" in refusal(hover=("local_wait", "weight"))
    assert "no column of a table that a panel draws; the nearest is 'weight'" in refusal(hover=("local_weight", "wait"))


# ---- what a figure computes


def also(name: str) -> dict:
    """A part that computes one more step."""

    def compute(self, sheet) -> None:
        Delegation.compute(self, sheet)
        sheet.step(name, 1)

    return {"compute": compute}


def test_a_readout_is_a_step() -> None:
    parts = {"readouts": (*Delegation.readouts, Readout("best_wait", "Wait"))}
    assert "no step; the nearest is 'best_weight'" in refusal(**parts)
    with pytest.raises(InputError, match="no step; the nearest is 'best_weight'"):
        broken(**parts)().results()


def test_a_step_is_a_fresh_identifier() -> None:
    assert "two steps called 'best_weight'" in refusal(**also("best_weight"))
    assert "'local_weight', which is the name of a control" in refusal(**also("local_weight"))
    assert "no identifier; the nearest is 'best_local_weight'" in refusal(**also("best local weight"))
    assert "every drawing uses for itself" in refusal(**also("datum"))


def test_a_table_is_made_once() -> None:
    def compute(self, sheet) -> None:
        Delegation.compute(self, sheet)
        sheet.table("marks", pd.DataFrame({"x": [1]}))

    assert "two tables called 'marks'" in refusal(compute=compute)


# ---- what a figure draws

CURVE = alt.Chart(frame("curve"))


def test_a_panel_draws_tables_of_the_sheet() -> None:
    line = alt.Chart(frame("curv")).mark_line().encode(x="weight:Q")
    for chart in (line, alt.layer(line, CURVE.mark_line()), alt.vconcat(alt.hconcat(line))):
        assert "panel loss draws 'curv', which is no table; the nearest is 'curve'" in refusal(**drawn(chart))


@pytest.mark.parametrize(
    "chart",
    [
        CURVE.mark_line().encode(x="wait:Q"),
        CURVE.mark_line().encode(x="weight:Q", tooltip=["loss:Q", "wait:Q"]),
        CURVE.mark_line().encode(color=alt.condition("datum.wait > 1", alt.value("red"), alt.value("blue"))),
        CURVE.mark_line(size=alt.expr("datum['wait']")),
        CURVE.mark_line().encode(x=alt.X("weight:N", sort=alt.EncodingSortField("wait"))),
        CURVE.transform_filter("datum.wait > 1").mark_line(),
        CURVE.transform_filter(alt.FieldOneOfPredicate("wait", [1])).mark_line(),
        CURVE.transform_calculate(y="datum.wait + 1").mark_line(),
        CURVE.transform_fold(["wait"]).mark_line(),
        CURVE.transform_aggregate(top="max(wait)", groupby=["weight"]).mark_line(),
        CURVE.transform_aggregate(top="max(weight)", groupby=["loss"]).mark_line().encode(x="wait:Q"),
        CURVE.transform_window(rank="rank(wait)").mark_line(),
        alt.layer(CURVE.mark_line(), CURVE.mark_point()).encode(x="wait:Q"),
        CURVE.mark_line().facet("wait:N"),
    ],
)
def test_a_panel_draws_columns_that_exist(chart: alt.TopLevelMixin) -> None:
    assert "panel loss draws 'wait', which is no column" in refusal(**drawn(chart))


@pytest.mark.parametrize(
    "chart",
    [
        CURVE.transform_calculate(wait="datum.weight + 1").mark_line().encode(x="wait:Q"),
        CURVE.transform_fold(["weight", "loss"]).mark_line().encode(x="key:N", y="value:Q"),
        CURVE.transform_fold(["weight", "loss"], as_=["what", "much"]).mark_line().encode(x="what:N", y="much:Q"),
        CURVE.transform_aggregate(wait="max(loss)", groupby=["weight"]).mark_line().encode(x="weight:Q", y="wait:Q"),
        CURVE.transform_window(wait="rank(loss)").transform_filter("datum.wait < 3").mark_line().encode(x="wait:Q"),
        CURVE.transform_lookup("weight", alt.LookupData(frame("weights"), "weight", ["overstated"]))
        .mark_line()
        .encode(y="overstated:Q"),
        CURVE.transform_density("loss", as_=["loss", "wait"]).mark_line().encode(y="wait:Q"),
        CURVE.mark_line().encode(
            x=alt.X("weight:Q", axis=alt.Axis(labelExpr="datum.value + datum.label")), y="count():Q"
        ),
        alt.layer(CURVE.mark_line(), alt.Chart(frame("line")).mark_line()).encode(x="weight:Q"),
    ],
)
def test_a_column_may_be_made_by_the_chart(chart: alt.TopLevelMixin) -> None:
    broken(**drawn(chart))().payload()


def test_a_notebook_refuses_what_a_page_refuses() -> None:
    wrong = broken(**drawn(alt.Chart(frame("curv")).mark_line().encode(x="weight:Q")))()
    with pytest.raises(InputError, match="no table; the nearest is 'curve'"):
        figure(wrong)._repr_mimebundle_()


def test_panels_have_names_of_their_own() -> None:
    panel = Panel("loss", "Loss", CURVE.mark_line(), "A chart.")
    assert "two panels called 'loss'" in refusal(panels=lambda self, c: [panel, panel])
