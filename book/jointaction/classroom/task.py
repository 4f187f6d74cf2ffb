"""What an exercise asks for as a number, and what may be wrong with an answer."""

from __future__ import annotations

import hashlib
import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Settings = Mapping[str, Any]
TRIES = 200
# What goes wrong everywhere, after a task's own mistakes: how the given number would come about, and what to say.
USUAL: tuple[tuple[Callable[[float], float], str], ...] = (
    (lambda right: 100 * right, "This is in percent; the exercise asks for a share or a ratio."),
    (lambda right: right / 100, "This is a share; the exercise asks for percent."),
    (lambda right: -right, "The size is right and the sign is not."),
    (lambda right: 1 / right if right else math.inf, "This is one over the answer: the two sides have changed places."),
    (lambda right: 10 * right, "This is ten times the answer; look at the unit."),
    (lambda right: right / 10, "This is a tenth of the answer; look at the unit."),
)


@dataclass(frozen=True)
class Task:
    """A number that an exercise asks for.

    ``number`` is that of the exercise, with a letter or a part where it asks for several. ``settings`` gives for
    each name in ``ask`` the values it may take, the book's own first; ``answer`` and the functions of ``mistakes``
    take them by name. ``digits`` is how many decimals the solution states.
    """

    number: str
    ask: str
    answer: Callable[..., float]
    settings: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    digits: int = 2
    mistakes: Sequence[tuple[Callable[..., float], str]] = ()

    @property
    def exercise(self) -> int:
        """The number of the exercise, without its part."""
        return int("".join(itertools.takewhile(str.isdigit, self.number)))

    def of_the_book(self) -> dict[str, Any]:
        """The settings that the chapter's own exercise has."""
        return {name: values[0] for name, values in self.settings.items()}

    def drawn(self, seed: str) -> dict[str, Any]:
        """Settings other than the book's that have an answer; the same for the same seed, on every machine.

        A task without settings has the book's for everybody.
        """
        source = random.Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()))
        for _ in range(TRIES if self.settings else 0):
            found = {name: source.choice(values) for name, values in self.settings.items()}
            if found != self.of_the_book() and math.isfinite(self.right(found)):
                return found
        return self.of_the_book()

    def text(self, settings: Settings) -> str:
        """What is asked, with these settings in it."""
        return self.ask.format(**settings)

    def right(self, settings: Settings) -> float:
        """The answer, computed by the book's models from these settings; not a number where there is none."""
        return float(self.answer(**settings))

    def agrees(self, given: float, right: float) -> bool:
        """Whether two numbers are the same as far as rounding goes: half of the last decimal, and 0.2 percent."""
        relative = 0.002 * abs(right) if self.digits else 0.0
        return abs(given - right) <= (0.5 + 1e-6) * 10.0**-self.digits + relative

    def hint(self, given: float, settings: Settings) -> str:
        """What is wrong with the given number, or "" for one that is right."""
        right = self.right(settings)
        if self.agrees(given, right):
            return ""
        for mistake, said in self.mistakes:
            if self.agrees(given, float(mistake(**settings))):
                return said
        for mistake, said in USUAL:
            wrong = mistake(right)
            if abs(given - wrong) <= 0.005 * abs(wrong):
                return said
        return f"The number is too {'large' if given > right else 'small'}. Asked is: {self.text(settings)}"
