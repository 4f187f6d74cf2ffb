"""The form of a chapter: which parts it has, in which order, and a skeleton to fill.

``python -m jointaction.site.chapter mechanisms/new-chapter`` writes a skeleton. It has every part, and the tests
accept it; it is a draft until ``_toc.yml`` lists it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from jointaction.errors import InputError, nearest
from jointaction.site import install
from jointaction.site.contents import BOOK, markdown, role
from jointaction.site.execute import CHANGES, clean
from jointaction.sources.prose import Block, blocks

# Kind and title of each part, in order; the text between the second and the third is the chapter's own. A chapter
# without a model changes the data, and says what its figures leave out.
PARTS = (
    ("admonition", "Predict first"),
    ("admonition", "What you will be able to do"),
    ("##", "Change the model"),
    ("##", "What the model leaves out"),
    ("##", "Exercises"),
    ("##", "Check yourself"),
    ("##", "Further reading"),
)
OTHER_TITLES = {"Change the data": "Change the model", "What the figures leave out": "What the model leaves out"}
EXERCISES, QUESTIONS = (3, 5), (4, 6)
LINES = 15  # of a code cell; more belongs to the library, with a test
CHANGE_LINES = 10  # of the cell that changes a model, which a class reads together
ANSWER = "What you should see"


# ---- what is wrong with a chapter


def problems(notebook: nbformat.NotebookNode) -> list[str]:
    """What keeps a notebook from the form of a chapter, one sentence each that says what to do."""
    found = blocks(markdown(notebook))
    return [
        *_of_parts(found),
        *_of_change(notebook),
        *_of_exercises(_under(found, "Exercises")),
        *_of_questions(_under(found, "Check yourself")),
        *_of_cells(notebook),
        *_of_description(notebook),
        *_of_question(notebook),
        *_of_code(notebook),
    ]


def _named(part: tuple[str, str]) -> str:
    return f"the box “{part[1]}”" if part[0] == "admonition" else f"the heading “## {part[1]}”"


def _of_parts(found: list[Block]) -> list[str]:
    said = []
    if [block.kind for block in found].count("#") != 1 or found[0].kind != "#":
        said.append("Begin the first cell with the chapter’s title, “# Title”, and use one # nowhere else.")
    titles = [(block.kind, OTHER_TITLES.get(block.title, block.title)) for block in found]
    there = [title for title in titles if title in PARTS]
    for part in PARTS:
        if there.count(part) == 0:
            said.append(f"Add {_named(part)}; every chapter has one.")
        elif there.count(part) > 1:
            said.append(f"Keep one of {there.count(part)} times {_named(part)}.")
    # The first two stand in either order until every chapter asks before it tells.
    there = sorted(there[:2]) + there[2:]
    if sorted(there) == sorted(PARTS) and there != sorted(PARTS[:2]) + list(PARTS[2:]):
        said.append(f"Put the parts in this order: {', '.join(map(_named, PARTS))}.")
    headings = [title for title in titles if title[0] == "##"]
    if PARTS[-1] in headings and headings[-1] != PARTS[-1]:
        said.append(f"Move “## {headings[-1][1]}” before “## Further reading”, which comes last.")
    boxes = [block for block in found if block.kind == "admonition" and block.title == "Check the source"]
    if not boxes:
        said.append("Add a box “Check the source” (says, found, what would settle it) beside a passage it is about.")
    if not all(box.body.startswith(":class: check-source\n") for box in boxes):
        said.append("Write “:class: check-source” on the line under each “{admonition} Check the source”.")
    return said


def _place_of_change(place: int, cell: nbformat.NotebookNode) -> tuple[int, str] | None:
    """Where a cell ends with the part that changes the model, and the heading of that part."""
    headings = [block for block in blocks(cell.source) if block.kind == "##"] if cell.cell_type == "markdown" else []
    if headings and OTHER_TITLES.get(headings[-1].title, headings[-1].title) == "Change the model":
        return place, headings[-1].title
    return None


def _of_change(notebook: nbformat.NotebookNode) -> list[str]:
    """The cell that changes a function of the model or a table, the question before it and the answer after it."""
    cells = notebook.cells
    place, title = next(filter(None, map(_place_of_change, range(len(cells)), cells)), (None, ""))
    if place is None:
        there = any(OTHER_TITLES.get(b.title, b.title) == "Change the model" for b in blocks(markdown(notebook)))
        return ["End the cell with what stands under “## Change the model”; a code cell follows it."] if there else []
    cell = cells[place]
    asked = cell.source.rpartition(f"## {title}")[2]
    code, answer = (cells[at].source if at < len(cells) else "" for at in (place + 1, place + 2))
    said = []
    if "?" not in asked:
        said.append(f"Ask the class a question under “## {title}”, before the cell that answers it.")
    if cells[place + 1 : place + 2] == [] or cells[place + 1].cell_type != "code" or not CHANGES.search(code):
        said.append(
            f"Put a cell under “## {title}” that changes one function of the model, "
            'explorer("…", model={"…": …}), or one table, tables={"…": …}.'
        )
    elif len(code.splitlines()) > CHANGE_LINES:
        said.append(f"Shorten the cell under “## {title}” to {CHANGE_LINES} lines, so that a class can read it.")
    first = next(iter(blocks(answer)), None)
    if first is None or (first.kind, first.title) != ("dropdown", ANSWER) or not answer.startswith("```"):
        said.append(f"Begin the cell after it with the answer, as “{{dropdown}} {ANSWER}”.")
    elif not first.body.strip():
        said.append(f"Write the answer under “{{dropdown}} {ANSWER}”; it is empty.")
    return said


def _under(found: list[Block], heading: str) -> list[tuple[str, list[Block]]]:
    """Title and blocks of each ``###`` under a ``##``."""
    parts: list[tuple[str, list[Block]]] = []
    inside = False
    for block in found:
        if block.kind == "##":
            inside = block.title == heading
        elif inside and block.kind == "###":
            parts.append((block.title, []))
        elif inside and parts:
            parts[-1][1].append(block)
    return parts


def _of_count(what: str, count: int, limits: tuple[int, int]) -> list[str]:
    low, high = limits
    return [] if low <= count <= high else [f"Write {low} to {high} {what}; there are {count}."]


def _of_exercises(exercises: list[tuple[str, list[Block]]]) -> list[str]:
    said = _of_count("exercises, each under “### Exercise 1: …”", len(exercises), EXERCISES)
    for number, (title, inside) in enumerate(exercises, start=1):
        if not re.match(rf"Exercise {number}\b", title):
            said.append(f"Call the exercise under “### {title}” “Exercise {number}”.")
        solutions = [block for block in inside if block.kind == "dropdown" and block.title.startswith("Solution")]
        if [block.kind for block in inside].count("dropdown") != 1 or len(solutions) != 1:
            said.append(f"Give exercise {number} one solution, as “{{dropdown}} Solution”, and no other dropdown.")
        elif not solutions[0].body.strip():
            said.append(f"Write the solution of exercise {number}; it is empty.")
    return said


def _of_questions(questions: list[tuple[str, list[Block]]]) -> list[str]:
    said = _of_count("questions, each under “### Question 1”", len(questions), QUESTIONS)
    for number, (title, options) in enumerate(questions, start=1):
        if title != f"Question {number}":
            said.append(f"Call the question under “### {title}” “Question {number}”.")
        letters = [option.title[:3] for option in options]
        if {option.kind for option in options} != {"dropdown"} or letters != ["A. ", "B. ", "C. ", "D. ", "E. "][
            : len(options)
        ]:
            said.append(f"Write the answers to question {number} as dropdowns, “{{dropdown}} A. …”, “B. …” and so on.")
            continue
        verdicts = [re.match(r"(Right|Not quite)\.\s+\S", option.body) for option in options]
        if not all(verdicts):
            said.append(f"Begin each answer to question {number} with “Right.” or “Not quite.” and say why.")
        elif [verdict[1] for verdict in verdicts].count("Right") != 1 or len(options) < 2:
            said.append(f"Give question {number} one right answer and at least one other.")
    return said


def _of_cells(notebook: nbformat.NotebookNode) -> list[str]:
    """Exercise, answer, solution and self-check in cells of their own: whoever opens one in class shows no other."""
    said, cells = [], notebook.cells
    for place, cell in enumerate(cells):
        found = blocks(cell.source) if cell.cell_type == "markdown" else ()
        for number in (re.match(r"Exercise (\d+)\b", block.title) for block in found if block.kind == "###"):
            alone = found[0].kind == "###" and "dropdown" not in [block.kind for block in found]
            if number and not (
                alone and re.match("exercise( answer)+ solution", " ".join(map(role, cells[place : place + 4])))
            ):
                said.append(
                    f"Give exercise {number[1]} cells of their own with the tags “exercise”, “answer” and “solution”: "
                    "the question, an empty cell, the dropdown."
                )
        headings = [block.title for block in found if block.kind in ("#", "##")]
        if "Check yourself" in headings and (role(cell) != "self-check" or len(headings) > 1):
            said.append("Give “## Check yourself” a cell of its own with the tag “self-check”.")
    return said


def _of_description(notebook: nbformat.NotebookNode) -> list[str]:
    description = notebook.metadata.get("myst", {}).get("html_meta", {}).get("description", "")
    if description.endswith("."):
        return []
    return [
        'Describe the chapter in one sentence in the notebook’s metadata: {"myst": {"html_meta": {"description": "…"}}}.'
    ]


def _of_question(notebook: nbformat.NotebookNode) -> list[str]:
    told = notebook.metadata.get("chapter", {})
    if told.get("question", "").endswith("?") and told.get("figure"):
        return []
    return [
        "Give the chapter’s question and the figure that stands for it in the notebook’s metadata: "
        '{"chapter": {"question": "…?", "figure": "name-of-a-figure"}}.'
    ]


def _of_code(notebook: nbformat.NotebookNode) -> list[str]:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        f"Shorten the code cell that begins “{cell.source.splitlines()[0]}” to {LINES} lines; move the rest to the library."
        for cell in cells
        if len(cell.source.splitlines()) > LINES
    ]


# ---- a skeleton

OPENING = """# {title}

```{{admonition}} Predict first
Ask something that the chapter will answer, and give nothing away.
Write down your answer before you read on.
```

```{{admonition}} What you will be able to do
- Name three things that a reader can do after this chapter and could not do before.

Time: about half an hour to read, and as long again for the exercises.
```

## What happened

Tell the story.
Show a figure with `explorer("name-of-a-figure")` in a code cell.
"""

CHANGE = """## Change the model

Say in a sentence what is put in place of what, and that it is an invention.

**Before you run the cell:** what will follow from it?
"""
CHANGE_CODE = """def changed(value):
    return -value


# explorer("name-of-a-figure", model={"name_of_a_function": changed})"""

CLOSING = """```{dropdown} What you should see
Say what follows from the change, and what does not.
```

```{admonition} Check the source
:class: check-source
**Says:** what a source says.

**Found:** what another source says.

**What would settle it:** what to look for.
```

## What the model leaves out

- **One thing.** And why it matters.
"""
EXERCISE = "### Exercise {number}: {kind}\n\nAsk."
SOLUTION = "```{dropdown} Solution\nAnswer.\n```"
TEXT_ANSWER, CODE_ANSWER = "*Your answer:*", "# Your answer"
QUESTION = (
    "### Question {number}\n\nAsk.\n\n```{{dropdown}} A. One answer.\nNot quite.\nSay why.\n```\n\n"
    "```{{dropdown}} B. Another answer.\nRight.\nSay why.\n```\n\n"
)
DESCRIPTION = "One sentence that says what the chapter is about."
CHAPTER = {"question": "What does the chapter ask?", "figure": "name-of-a-figure"}


def skeleton(title: str) -> nbformat.NotebookNode:
    """A chapter that has every part and says nothing yet."""
    v4 = nbformat.v4
    questions = "".join(QUESTION.format(number=n) for n in range(1, QUESTIONS[0] + 1))
    cells = [
        v4.new_markdown_cell(OPENING.format(title=title).rstrip()),
        v4.new_code_cell("from jointaction import explorer, load, table"),
        v4.new_markdown_cell(CHANGE.rstrip()),
        v4.new_code_cell(CHANGE_CODE),
        v4.new_markdown_cell(CLOSING.rstrip()),
        v4.new_markdown_cell("## Exercises"),
        *_exercises(),
        _tagged(v4.new_markdown_cell(f"## Check yourself\n\n{questions}".rstrip()), "self-check"),
        v4.new_markdown_cell("## Further reading\n\n- A work, and what to read it for."),
    ]
    notebook = v4.new_notebook(
        cells=cells, metadata={"myst": {"html_meta": {"description": DESCRIPTION}}, "chapter": CHAPTER}
    )
    install.add(notebook)
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
    clean(notebook)
    return notebook


def _exercises() -> Iterator[nbformat.NotebookNode]:
    """For each exercise the question, a cell to answer in and the solution."""
    for number, kind in enumerate(("by hand", "with the explorer", "in code", "to discuss"), start=1):
        v4 = nbformat.v4
        yield _tagged(v4.new_markdown_cell(EXERCISE.format(number=number, kind=kind)), "exercise")
        answer = v4.new_code_cell(CODE_ANSWER) if kind == "in code" else v4.new_markdown_cell(TEXT_ANSWER)
        yield _tagged(answer, "answer")
        yield _tagged(v4.new_markdown_cell(SOLUTION), "solution")


def _tagged(cell: nbformat.NotebookNode, tag: str) -> nbformat.NotebookNode:
    cell.metadata["tags"] = [tag]
    return cell


def write(name: str, book: Path = BOOK) -> Path:
    """Write a skeleton to ``book``/``name``.ipynb, with ``name`` as in ``mechanisms/new-chapter``.

    Raises :class:`jointaction.errors.InputError` for a name of another shape and for one that is taken.
    """
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9]+(-[a-z0-9]+)*", name):
        raise InputError(
            f"A chapter needs its folder and a name of small letters, such as mechanisms/new-chapter, not {name!r}."
        )
    folder, _, stem = name.partition("/")
    if not (book / folder).is_dir():
        near = nearest(folder, sorted({path.parent.name for path in book.glob("*/*.ipynb")}))
        raise InputError(f"There is no folder book/{folder}; make it first, or use the nearest, {near}.")
    if taken := [path for path in book.rglob("*.ipynb") if path.stem == stem]:
        raise InputError(f"There is a chapter {stem!r} already, {taken[0].relative_to(book)}; choose another name.")
    path = book / folder / f"{stem}.ipynb"
    nbformat.write(skeleton(stem.replace("-", " ").capitalize()), path)
    return path


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make.py chapter", description="Write the skeleton of a chapter.")
    parser.add_argument("name", help="folder and file name, for example mechanisms/new-chapter")
    try:
        path = write(parser.parse_args(arguments).name)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    place = path.relative_to(BOOK.parent)
    print(f"Wrote {place}, a draft that passes the tests. When it is ready, add {place.with_suffix('')} to _toc.yml.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
