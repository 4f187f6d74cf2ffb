"""A question to answer before reading on: the reader commits, and the answer section shows both side by side.

On the page the prediction is kept for the visit only, by the script of the figures; without scripts it is a plain
question. In a kernel it is a widget, and the kernel keeps it.
"""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from typing import Any

import ipywidgets

from jointaction.errors import InputError
from jointaction.faces.live import STATIC_VARIABLE, WIDGET_MIME

_made: dict[str, str] = {}  # what has been predicted in this kernel, by name

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # none that is easily taken for another or for a digit


def code(name: str, answer: int) -> str:
    """Six letters that say which answer a reader gave: two for the question, two for the answer, two to check them.

    ``answer`` counts a question's answers from 0 and is at most 528. The script of the figures makes the same code.
    """
    base, question = len(LETTERS), 0
    for letter in name:
        question = (131 * question + ord(letter)) % base**2
    digits = [*divmod(question, base), *divmod(answer, base)]
    digits += [sum(place**power * digit for place, digit in enumerate(digits, 1)) % base for power in (1, 2)]
    return "".join(LETTERS[digit] for digit in digits)


class Prediction:
    """A question with options to choose from, or a number to set between ``low`` and ``high``."""

    def __init__(
        self,
        name: str,
        question: str,
        options: Sequence[str] = (),
        low: float | None = None,
        high: float | None = None,
        step: float = 1.0,
        unit: str = "",
    ):
        number = low is not None and high is not None
        if bool(options) == number:
            raise InputError(f"The prediction {name!r} needs either options, or low and high.")
        if number and not low < high:
            raise InputError(f"The prediction {name!r} must have low below high, but has {low:g} and {high:g}.")
        self.name, self.question, self.options = name, question, tuple(options)
        self.low, self.high, self.step, self.unit = low, high, step, unit

    @property
    def answers(self) -> list[str]:
        """All answers that can be given, in the order in which codes count them."""
        if self.options:
            return list(self.options)
        steps = round((self.high - self.low) / self.step)
        return [f"{self.low + self.step * step:g} {self.unit}".strip() for step in range(steps + 1)]

    def reveal(self, answer: str) -> Answer:
        """The answer beside what the reader predicted, to be shown where the chapter answers the question."""
        return Answer(self.name, answer)

    def __repr__(self) -> str:
        choices = [f"  ( ) {option}" for option in self.options]
        return "\n".join(
            [self.question, *(choices or [f"  a number from {self.low:g} to {self.high:g} {self.unit}".rstrip()])]
        )

    def _fields(self) -> str:
        if self.options:
            return "".join(
                f'<label><input type="radio" name="{self.name}" value="{html.escape(option)}" required> {html.escape(option)}</label>'
                for option in self.options
            )
        middle = (self.low + self.high) / 2
        return (
            f'<label>Your number <input type="number" name="{self.name}" min="{self.low:g}" max="{self.high:g}" '
            f'step="{self.step:g}" placeholder="{middle:g}" required> {html.escape(self.unit)}</label>'
        )

    def _repr_html_(self) -> str:
        return (
            f'<form class="ja-predict" data-predict="{self.name}"><fieldset><legend>{html.escape(self.question)}</legend>'
            f'{self._fields()}</fieldset><button type="submit" hidden>This is my prediction</button>'
            '<p class="ja-predicted" role="status"></p></form>'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if not os.environ.get(STATIC_VARIABLE):
            bundle[WIDGET_MIME] = self._widget()._repr_mimebundle_()[WIDGET_MIME]
        return bundle

    def _widget(self) -> ipywidgets.VBox:
        field = (
            ipywidgets.RadioButtons(options=self.options, value=None, layout={"width": "max-content"})
            if self.options
            else ipywidgets.BoundedFloatText(
                value=(self.low + self.high) / 2,
                min=self.low,
                max=self.high,
                step=self.step,
                description=self.unit,
                style={"description_width": "initial"},
            )
        )
        button, kept = (
            ipywidgets.Button(description="This is my prediction", layout={"width": "auto"}),
            ipywidgets.HTML(),
        )

        def commit(_: Any) -> None:
            if field.value is None:
                kept.value = "Choose an answer first."
                return
            _made[self.name] = f"{field.value:g} {self.unit}".strip() if isinstance(field.value, float) else field.value
            field.disabled = button.disabled = True
            said = f"Your prediction: {html.escape(_made[self.name])}. The chapter answers further down."
            place = self.answers.index(_made[self.name]) if _made[self.name] in self.answers else None
            kept.value = said if place is None else f"{said} Code for a class: {code(self.name, place)}"

        button.on_click(commit)
        return ipywidgets.VBox([ipywidgets.HTML(f"<b>{html.escape(self.question)}</b>"), field, button, kept])


class Answer:
    """The answer to a prediction, shown beside it."""

    def __init__(self, name: str, answer: str):
        self.name, self.answer = name, answer

    def __repr__(self) -> str:
        return f"Answer: {self.answer}"

    def _html(self, yours: str) -> str:
        return (
            f'<div class="ja-reveal" data-predict="{self.name}"><p><b>Your prediction</b> <span class="ja-yours">'
            f"{html.escape(yours)}</span></p><p><b>Answer</b> {html.escape(self.answer)}</p></div>"
        )

    def _repr_html_(self) -> str:
        static = bool(os.environ.get(STATIC_VARIABLE))
        return self._html("none yet" if static else _made.get(self.name, "none yet"))


def predict(name: str, question: str, options: Sequence[str] = (), **number: Any) -> Prediction:
    """A question that the reader answers before reading on.

    ``options`` are the answers to choose from; without them ``low``, ``high``, ``step`` and ``unit`` describe a
    number to set. ``name`` is unique in the book. Show ``predict(...).reveal("the answer")`` where it is answered.
    Raises :class:`jointaction.errors.InputError` for a question with neither options nor a range.
    """
    return Prediction(name, question, options, **number)
