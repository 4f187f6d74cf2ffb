"""The face of every figure in a kernel, without a browser: traits, messages, changed models."""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator

import ipywidgets
import numpy as np
import pytest
from jointaction import load
from jointaction.errors import InputError
from jointaction.explorers import explorer
from jointaction.faces.live import FIGURE_MIME, STATIC_VARIABLE, WIDGET_MIME, Figure
from jointaction.faces.predict import code, predict
from jointaction.faces.sheet import json_value
from settings import MOVING, same, settings, sheets, unlike


class Browser:
    """What a browser would hold of a figure after the messages it has been sent."""

    def __init__(self, figure: Figure, monkeypatch: pytest.MonkeyPatch):
        self.tables: dict[str, dict[str, list]] = {}
        self.answers: list[dict] = []
        self.figure = figure
        monkeypatch.setattr(type(figure), "comm", object(), raising=False)
        monkeypatch.setattr(figure, "send", self.take, raising=False)
        figure._shown = True
        figure._asked(None, {"need": "figure", "id": "1"}, [])

    def take(self, message: dict, buffers: list[bytes]) -> None:
        self.answers.append(message)
        for name, table in message["tables"].items():
            kept = self.tables.get(name, {})
            if any(len(values) != table["rows"] for values in kept.values()):
                kept = {}
            for column in table["columns"]:
                if "buffer" in column:
                    kept[column["name"]] = list(struct.unpack(f"<{table['rows']}d", buffers[column["buffer"]]))
                else:
                    kept[column["name"]] = column["values"]
            self.tables[name] = kept

    def move(self, **values: object) -> dict:
        """Move controls as one message of a browser does, and give the read-outs of the last answer."""
        self.figure.set_state(values)
        return self.readouts()

    def readouts(self) -> dict:
        return {
            name: float(value["number"]) if isinstance(value, dict) else value
            for name, value in self.answers[-1]["readouts"].items()
        }


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """Show a figure to a browser that takes its messages."""
    monkeypatch.setattr(ipywidgets.Widget, "send_state", lambda *_, **__: None)
    monkeypatch.setattr(ipywidgets.Widget, "_send", lambda *_, **__: None)
    return lambda figure: Browser(figure, monkeypatch)


@pytest.mark.parametrize("name", MOVING)
def test_kernel_agrees_with_python(name: str, shown) -> None:
    """Read-outs and traits after each move, and the tables put together from all that was sent."""
    figure, given = explorer(name), []
    browser = shown(figure)
    for setting, sheet in zip(settings(name), sheets(name)):
        given.append(browser.move(**setting))
        assert all(same(getattr(figure, readout), value) for readout, value in given[-1].items())
        assert browser.tables.keys() == sheet.columns.keys()
        for table, arrays in sheet.columns.items():
            sent = browser.tables[table]
            assert sent.keys() == arrays.keys()
            for column, array in arrays.items():
                whole = (
                    array if array.dtype.kind == "f" else np.array([json_value(v) for v in array.tolist()], array.dtype)
                )
                got = np.array(sent[column], whole.dtype)
                assert np.array_equal(got, whole, equal_nan=array.dtype.kind == "f"), (setting, table, column)
    assert unlike(name, given) == []


def test_only_what_changed_is_sent(shown) -> None:
    browser = shown(explorer("matching-ratio"))
    browser.move(matching_ratio=0.95)
    sent = browser.answers[-1]["tables"]
    assert "curve" not in sent and {c["name"] for c in sent["provinces"]["columns"]} <= {
        "outcome",
        "band",
        "shade",
        "followed",
    }
    count = len(browser.answers)
    browser.move(matching_ratio=0.95)
    assert len(browser.answers) == count


def test_one_message_with_several_controls_is_one_move(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = explorer("matching-ratio")
    browser, count = shown(figure), []
    monkeypatch.setattr(type(figure.explorer), "compute", _counted(type(figure.explorer).compute, count))
    browser.move(matching_ratio=0.5, agricultural_focus=0.2, influence=0.5)
    assert len(count) == 1


def _counted(function, calls: list):
    def counted(*args):
        calls.append(1)
        return function(*args)

    return counted


def test_traits_are_set_observed_and_linked() -> None:
    figure = explorer("matching-ratio", matching_ratio=0.5)
    assert (figure.joining, figure.pool) == (25, 37.5)
    seen = []
    figure.observe(lambda change: seen.append(change["new"]), "pool")
    figure.matching_ratio = 1
    assert seen == [42.0]
    slider = ipywidgets.FloatSlider(min=0, max=5, value=0.25)
    ipywidgets.link((slider, "value"), (figure, "matching_ratio"))
    assert figure.joining == 28
    slider.value = 2
    assert figure.matching_ratio == 2.0
    with pytest.raises(InputError, match="matching_ratio must be from 0 to 2, but is 3"):
        figure.matching_ratio = 3
    assert figure.matching_ratio == 2.0
    with pytest.raises(InputError, match="province must be one of"):
        figure.province = "Atlantis"
    with pytest.raises(AttributeError):
        figure.no_such_name  # noqa: B018


def test_interact_moves_a_figure() -> None:
    figure = explorer("delegation")

    def move(weight: float = 0.5) -> None:
        figure.local_weight = weight

    controls = ipywidgets.interactive(move, weight=(0.0, 1.0, 0.25))
    controls.children[0].value = 0.75
    controls.update()
    assert figure.local_weight == 0.75 and figure.loss_joint == explorer("delegation", local_weight=0.75).loss_joint


@pytest.mark.parametrize("number", [{}, {"low": 0.0, "high": 2.0, "step": 0.05, "unit": "times"}])
def test_the_code_of_a_prediction_says_which_answer_was_given(number: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipywidgets.Widget, "_send", lambda *_, **__: None)
    asked = predict("tested", "Which?", () if number else ("More", "Less & less", "The same"), **number)
    codes = {code(asked.name, place): answer for place, answer in enumerate(asked.answers)}
    assert len(codes) == len(asked.answers) >= 3
    given = []
    for answer in asked.answers:
        _, field, button, kept = asked._widget().children
        field.value = float(answer.split()[0]) if number else answer
        button.click()
        assert field.disabled and html.escape(answer) in kept.value
        given.append(codes[re.search(r"Code for a class: ([A-Z]{6})$", kept.value)[1]])
    assert given == asked.answers
    assert asked.reveal("More")._repr_html_().count(html.escape(given[-1])) == 1


def test_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that is saved for everybody holds text, a picture and the figure's name, and no random id."""
    monkeypatch.setenv(STATIC_VARIABLE, "1")
    first, second = (explorer("delegation", local_bias=2.0)._repr_mimebundle_() for _ in range(2))
    assert first == second and WIDGET_MIME not in first
    assert first[FIGURE_MIME] == {"name": "delegation", "start": {"local_bias": 2.0}}
    assert first["image/svg+xml"].startswith("<svg") and "var(" not in first["image/svg+xml"]
    monkeypatch.delenv(STATIC_VARIABLE)
    assert explorer("delegation")._repr_mimebundle_()[WIDGET_MIME]["model_id"]


# Another model ----------------------------------------------------------------------------------------------


def needy(primary_relative, rd_relative, agricultural_focus):
    if primary_relative > 1:
        return 2 * primary_relative
    return max(rd_relative, 0.2)


def test_a_plain_function_with_if_and_max(shown) -> None:
    figure = explorer("matching-ratio", model={"fit": needy})
    browser = shown(figure)
    assert browser.answers[-1]["note"] == "changed model: fit"
    rows = figure.evaluate().tables["provinces"]
    expected = [needy(a, t, 0.8) for a, t in zip(rows["primary_relative"], rows["rd_relative"])]
    assert np.allclose(rows["fit"], expected)
    assert figure.joining != explorer("matching-ratio").joining
    figure.original()
    assert figure.joining == explorer("matching-ratio").joining and browser.answers[-1]["note"] == ""


def test_a_changed_rule_moves_what_follows_from_it() -> None:
    """With another rule of participation the leaving ratio is searched for, and agrees with who joins."""

    def eager(primary_relative, rd_relative, matching_ratio, *rest):
        return matching_ratio <= 0.3 + 0.5 * rd_relative

    figure = explorer("matching-ratio", model={"willing": eager}, ability_share=1.0)
    rows = figure.evaluate().tables["provinces"]
    wanted = 0.3 + 0.5 * rows["rd_relative"]
    near = wanted < 2
    assert np.allclose(rows["leaving_ratio"][near], np.minimum(wanted, rows["st_budget"])[near], atol=1e-6)
    for ratio in (0.5, 1.0, 1.7):
        at = figure.evaluate(matching_ratio=ratio).tables["provinces"]
        assert ((at["outcome"] == "joins") == (at["leaving_ratio"] >= ratio)).all()


def test_what_a_function_raises_appears_in_the_figure(shown) -> None:
    def broken(primary_relative, rd_relative, agricultural_focus):
        return 1 / (agricultural_focus - agricultural_focus)

    figure = explorer("matching-ratio", model={"fit": broken})
    browser = shown(figure)
    error = browser.answers[-1]["error"]
    assert error.startswith("fit raised ZeroDivisionError") and "primary_relative = " in error
    assert set(browser.readouts().values()) == {None} and "fit raised" in repr(figure)
    figure.change(fit=lambda a, t, focus: None)
    assert browser.answers[-1]["error"] == "fit must return a number or True or False, but returned None."


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ({"fitt": needy}, "no function 'fitt'; the nearest is 'fit'"),
        ({"fit": lambda a: a}, "the right form is def fit(primary_relative, rd_relative, agricultural_focus)"),
        ({"fit": 3}, "fit must be a function, but is 3"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(model: dict, said: str) -> None:
    with pytest.raises(InputError) as refused:
        explorer("matching-ratio", model=model)
    assert said in str(refused.value)


def test_another_table() -> None:
    mine = load("provinces").assign(st_budget_2021=0.0)
    figure = explorer("matching-ratio", tables={"provinces": mine})
    assert figure.joining == 0 and figure.changed == "changed table: provinces"
    assert explorer("matching-ratio").joining == 21
    with pytest.raises(InputError, match="the column “st_budget_2021” is missing"):
        explorer("matching-ratio", tables={"provinces": load("provinces").drop(columns="st_budget_2021")})
    with pytest.raises(InputError, match="There is no table “province”"):
        explorer("matching-ratio", tables={"province": mine})
