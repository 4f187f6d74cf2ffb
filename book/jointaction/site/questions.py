"""Questions with answers to choose from: one file a chapter, ``book/teaching/questions/CHAPTER.yaml``.

Those with ``public: true`` are the self-check of the chapter's page, which ``python make.py notebooks`` writes from
the file. The others are for a test in class and stand on no page. ``jointaction.site.exports`` writes both for
Canvas, for Moodle and for print.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path

import nbformat
import yaml

from jointaction.errors import InputError, nearest
from jointaction.site.contents import BOOK, chapters, markdown
from jointaction.sources.prose import blocks

FOLDER = BOOK / "teaching" / "questions"
TAG = "self-check"  # of the cell that the page's questions stand in
HEADING = "## Check yourself"
LETTERS = "ABCDE"
LIMIT = 0.4  # of a set of questions: the largest part in which one letter, or the longest option, is right


@dataclass(frozen=True)
class Option:
    """One answer to choose. ``misconception`` says what a wrong one shows; the right one has none."""

    text: str
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class Question:
    """One question. ``objective`` counts the chapter's objectives from 1; texts are Markdown."""

    id: str
    public: bool
    objective: int
    stem: str
    key: str
    options: dict[str, Option]

    @property
    def right(self) -> Option:
        """The right option."""
        return self.options[self.key]

    @property
    def wrong(self) -> list[Option]:
        """The other options."""
        return [option for letter, option in self.options.items() if letter != self.key]


def read(chapter: str, folder: Path = FOLDER) -> list[Question]:
    """The questions of a chapter, in the order of its file.

    Raises :class:`jointaction.errors.InputError` for a chapter without a file and for a question of another form.
    """
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if chapter not in known:
        raise InputError(f"There are no questions for a chapter {chapter!r}; the nearest is {nearest(chapter, known)}.")
    try:
        rows = yaml.safe_load((folder / f"{chapter}.yaml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InputError(f"The file {chapter}.yaml is not YAML: {' '.join(str(error).split())}.") from None
    return [_question(row, f"Question {place} of {chapter}.yaml") for place, row in enumerate(rows, start=1)]


def _question(row: dict, place: str) -> Question:
    if not isinstance(row, dict) or not isinstance(row.get("options"), dict):
        raise InputError(f"{place} needs id, public, objective, stem, key and options.")
    options = {letter: _fill(Option, option, f"{place}, option {letter},") for letter, option in row["options"].items()}
    question = _fill(Question, {**row, "options": options}, place)
    letters = LETTERS[: len(options)]
    if "".join(map(str, options)) != letters or len(options) < 3:
        raise InputError(f"{place} needs three to five options, called {', '.join(LETTERS)} in this order.")
    if question.key not in options:
        raise InputError(f"{place} has the key {question.key!r}; it must be one of {', '.join(letters)}.")
    for letter, option in options.items():
        if bool(option.misconception) == (letter == question.key):
            raise InputError(f"{place} needs a misconception for each wrong option, and none for the right one.")
    return question


_KINDS = {"str": (str, "a text"), "bool": (bool, "true or false"), "int": (int, "a whole number")}


def _fill(kind: type, row: dict, place: str):
    """A question or an option from a row of the file, each field of its type."""
    types = {field.name: field for field in fields(kind)}
    for name in row:
        if name not in types:
            raise InputError(f"{place} has no field {name!r}; the nearest is {nearest(name, types)}.")
    for name, field in types.items():
        if name not in row and name != "misconception":
            raise InputError(f"{place} needs {name}.")
        wanted, called = _KINDS.get(field.type, (dict, "options"))
        if name in row and (type(row[name]) is not wanted or row[name] == ""):
            raise InputError(f"{place} needs {called} as {name}, not {row[name]!r}.")
    return kind(**row)


def objectives(chapter: str) -> list[str]:
    """What a reader will be able to do after a chapter, as its page says it."""
    path = next(BOOK.rglob(f"{chapter}.ipynb"))
    box = next(
        block
        for block in blocks(markdown(nbformat.read(path, as_version=4)))
        if block.title == "What you will be able to do"
    )
    return [line.removeprefix("- ") for line in box.body.splitlines() if line.startswith("- ")]


def title(chapter: str) -> str:
    """The title of a chapter."""
    return chapters()[chapter]


# ---- on the page


def page(questions: list[Question]) -> str:
    """The self-check as the Markdown of a cell, with links to entries as ``(#fact-…)``."""
    return "\n\n".join([HEADING, *(_block(n, q) for n, q in enumerate((q for q in questions if q.public), start=1))])


def _block(number: int, question: Question) -> str:
    options = (
        f"```{{dropdown}} {letter}. {option.text}\n{'Right.' if letter == question.key else 'Not quite.'}\n"
        f"{option.feedback}\n```"
        for letter, option in question.options.items()
    )
    return "\n\n".join([f"### Question {number}", question.stem, *options])


def fill(notebook: nbformat.NotebookNode, path: Path, folder: Path = FOLDER) -> None:
    """Write the self-check of the chapter in ``path`` from its questions; a chapter without a file keeps its own."""
    if not (folder / f"{path.stem}.yaml").exists():
        return
    for cell in notebook.cells:
        if TAG in cell.metadata.get("tags", []):
            cell.source = page(read(path.stem, folder))


# ---- fair sets


def unfair(questions: list[Question]) -> list[str]:
    """What helps a guesser in a set of questions, one sentence each: letters and lengths of the right options."""
    most = LIMIT * len(questions)
    keys = Counter(question.key for question in questions)
    said = [f"{letter} is right in {times} of {len(questions)}." for letter, times in keys.items() if times > most]
    for name, sign in (("longest", 1), ("shortest", -1)):
        times = sum(
            all(sign * len(question.right.text) > sign * len(other.text) for other in question.wrong)
            for question in questions
        )
        if times > most:
            said.append(f"The right option is the {name} in {times} of {len(questions)}.")
    return said


def shuffled(questions: list[Question], seed: str) -> list[Question]:
    """The questions in another order, each with its options in another order, the same for the same seed.

    No question keeps its place together with its key, and no letter is right too often.
    """
    for attempt in count():
        chance = random.Random(f"{seed} {attempt}")
        order = [_reordered(question, chance) for question in chance.sample(questions, len(questions))]
        keys = Counter(question.key for question in order)
        moved = all(new.id != old.id and new.key != old.key for new, old in zip(order, questions))
        if moved and max(keys.values()) <= max(LIMIT * len(order), 1):
            return order
    raise AssertionError  # count() has no end


def _reordered(question: Question, chance: random.Random) -> Question:
    letters = chance.sample(list(question.options), len(question.options))
    options = {new: question.options[old] for new, old in zip(LETTERS, letters)}
    return Question(**{**vars(question), "options": options, "key": LETTERS[letters.index(question.key)]})
