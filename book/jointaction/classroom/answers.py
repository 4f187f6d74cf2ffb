"""A number checked, and the numbers of a student's own: ``check`` and ``variant``."""

from __future__ import annotations

import contextlib
import math
import numbers
import reprlib
from dataclasses import dataclass
from typing import Any

from jointaction.classroom.task import Task
from jointaction.classroom.tasks import TASKS
from jointaction.errors import InputError, nearest

MIME = "application/vnd.jointaction.answer+json"


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a hint where it is not."""

    chapter: str
    number: str
    given: float
    right: bool
    hint: str
    student: str = ""

    def __repr__(self) -> str:
        said = "Right" if self.right else "Not yet"
        return f"{said}: {self.given:g}." if self.right else f"{said}: {self.given:g}. {self.hint}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # What make.py grade reads where it cannot read the answer from the cell.
        found = {"student": self.student, "chapter": self.chapter, "number": self.number, "given": self.given}
        return {"text/plain": repr(self), MIME: found}


def find(chapter: str, number: object) -> Task:
    """The task of a chapter by its number, such as 1, "2.1" or "1a".

    Raises :class:`jointaction.errors.InputError` for a chapter or a number that has none.
    """
    if chapter not in TASKS:
        raise InputError(
            f"There is no chapter {chapter!r} with numbers to check; the nearest is {nearest(chapter, TASKS)!r}."
        )
    known = {task.number: task for task in TASKS[chapter]}
    if str(number) not in known:
        raise InputError(
            f"Exercise {str(number)!r} of {chapter!r} has no number to check; the nearest is {nearest(number, known)!r}."
        )
    return known[str(number)]


def check(chapter: str, number: object, answer: float, student: str = "") -> Verdict:
    """Check a number that an exercise asks for: ``check("key-rd-program", "2.1", 0.2)``.

    ``number`` is that of the exercise, with its part where it has several. With ``student`` the exercise has the
    settings of :func:`variant`, without it those of the book. Raises :class:`jointaction.errors.InputError` for an
    unknown chapter or number, and for an answer that is no number; for the dots ``...`` it says what is asked.
    """
    task = find(chapter, number)
    own = settings(student, chapter, task)
    if answer is ...:
        raise InputError(f"The answer must be a number in place of the dots. Asked is: {task.text(own)}")
    given = _number(answer)
    hint = task.hint(given, own)
    return Verdict(chapter, task.number, given, not hint, hint, student)


def _number(answer: object) -> float:
    if isinstance(answer, numbers.Real) and not isinstance(answer, bool):
        with contextlib.suppress(OverflowError):
            if math.isfinite(answer):
                return float(answer)
    raise InputError(f"The answer must be a number, such as 0.5, but is {reprlib.repr(answer)}.")


def settings(student: str, chapter: str, task: Task) -> dict[str, Any]:
    """The settings of a task for a student, or the book's for nobody in particular."""
    # One seed for all parts of an exercise, so that parts with the same settings draw the same.
    return task.drawn(f"{_same(student)}/{chapter}/{task.exercise}") if student else task.of_the_book()


def _same(student: str) -> str:
    """Small letters without spaces at the ends, so that a name typed in two ways is one student."""
    return student.strip().casefold()


@dataclass(frozen=True)
class Variant:
    """The numeric exercises with settings of a student's own. Printed, it is what is asked of the student."""

    student: str
    chapters: tuple[str, ...]

    def task(self, chapter: str, number: object) -> str:
        """What one exercise asks of this student."""
        task = find(chapter, number)
        return task.text(settings(self.student, chapter, task))

    def check(self, chapter: str, number: object, answer: float) -> Verdict:
        """Check the student's answer; see :func:`check`."""
        return check(chapter, number, answer, self.student)

    def __repr__(self) -> str:
        lines = [f"Exercises of {self.student}. Settings other than the chapters’ own are made up for practice."]
        for chapter in self.chapters:
            lines += ["", chapter, *(f"  {task.number:<5}{self.task(chapter, task.number)}" for task in TASKS[chapter])]
        return "\n".join(lines)


def variant(student: str, chapter: str = "") -> Variant:
    """The numeric exercises of all chapters, or of one, with a province and settings of the student's own.

    ``variant("jane@uni")`` is the same on every machine and in every year; capital letters make no difference.
    Nothing is stored or sent. Raises :class:`jointaction.errors.InputError` for an empty name and an unknown chapter.
    """
    if not isinstance(student, str) or not student.strip():
        raise InputError(f"A variant needs a name, such as variant('jane@uni'), but got {student!r}.")
    if chapter and chapter not in TASKS:
        raise InputError(
            f"There is no chapter {chapter!r} with numbers to check; the nearest is {nearest(chapter, TASKS)!r}."
        )
    return Variant(student.strip(), (chapter,) if chapter else tuple(TASKS))
