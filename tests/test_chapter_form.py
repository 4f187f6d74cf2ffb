"""The skeleton of a chapter passes as it is; each part taken out or broken is asked for in a sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from chapters import read
from conftest import ROOT
from jointaction.errors import InputError
from jointaction.site.chapter import problems, skeleton, write
from jointaction.site.contents import chapters, is_draft
from jointaction.site.execute import chosen, clean, execute
from jointaction.sources.facts import check_text, unlinked_numbers
from jointaction.sources.prose import markup


def changed(old: str, new: str, count: int = -1) -> list[str]:
    """What is asked for when a text of the skeleton is replaced."""
    notebook = skeleton("New chapter")
    assert any(old in cell.source for cell in notebook.cells), old
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new, count)
    said = problems(notebook)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in said)
    return said


def test_the_skeleton_has_the_form_of_a_chapter() -> None:
    notebook = skeleton("New chapter")
    assert problems(notebook) == []
    text = "\n\n".join(cell.source for cell in notebook.cells)
    assert check_text(text) == []
    assert unlinked_numbers(re.sub(r"### (Exercise|Question) \d", "", text)) == []
    assert set(markup(text)) == {"```{admonition}", "```{dropdown}"}


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("# New chapter", "## New chapter", "Begin the first cell with the chapter’s title"),
        ("## What happened", "# What happened", "use one # nowhere else"),
        ("{admonition} Predict first", "{admonition} Guess", "Add the box “Predict first”"),
        ("{admonition} What you will be able to do", "{note} Aims", "Add the box “What you will be able to do”"),
        ("## What the model leaves out", "## Limits", "Add the heading “## What the model leaves out”"),
        ("## What happened", "## Exercises", "Keep one of 2 times the heading “## Exercises”"),
        ("## Change the model", "## Another model", "Add the heading “## Change the model”"),
        ("what will follow from it?", "look.", "Ask the class a question under “## Change the model”"),
        (", model={", ", start={", "Put a cell under “## Change the model” that changes one function of the model"),
        ("def changed", "\n" * 6 + "def changed", "Shorten the cell under “## Change the model” to 10 lines"),
        ("{dropdown} What you should see", "{dropdown} Answer", "Begin the cell after it with the answer, as “{dropd"),
        ("Say what follows from the change, and what does not.", "", "Write the answer under “{dropdown} What you"),
        ("## Further reading", "## Reading", "Add the heading “## Further reading”"),
        ("- A work, and", "## More\n- A work, and", "Move “## More” before “## Further reading”"),
        ("{admonition} Check the source", "{admonition} Source", "Add a box “Check the source”"),
        (":class: check-source\n", "", "Write “:class: check-source” on the line under"),
        ("### Exercise 3", "### Task 3", "Call the exercise under “### Task 3: in code” “Exercise 3”"),
        ("### Exercise 4", "### Exercise 5", "Call the exercise under “### Exercise 5: to discuss” “Exercise 4”"),
        ("{dropdown} Solution", "{dropdown} Answer", "Give exercise 1 one solution"),
        ("{dropdown} Solution\nAnswer.", "{dropdown} Solution", "Write the solution of exercise 2; it is empty"),
        ("### Question 2", "### Second question", "Call the question under “### Second question” “Question 2”"),
        ("{dropdown} B. ", "{dropdown} C. ", "Write the answers to question 1 as dropdowns"),
        ("Right.\n", "Yes.\n", "Begin each answer to question 1 with “Right.” or “Not quite.”"),
        ("Not quite.\n", "Right.\n", "Give question 1 one right answer and at least one other"),
    ],
)
def test_a_missing_part_is_asked_for(old: str, new: str, asked: str) -> None:
    assert any(sentence.startswith(asked) or asked in sentence for sentence in changed(old, new))


def test_too_few_and_too_many_are_counted() -> None:
    assert "Write 3 to 5 exercises, each under “### Exercise 1: …”; there are 0." in changed(
        "### Exercise", "#### Exercise"
    )
    assert "Write 4 to 6 questions, each under “### Question 1”; there are 3." in changed("### Question 4", "#### More")


def test_parts_out_of_order_are_told_the_order() -> None:
    notebook = skeleton("New chapter")
    swapped = {"## Exercises": "## Check yourself", "## Check yourself": "## Exercises"}
    for cell in notebook.cells:
        cell.source = re.sub("|".join(swapped), lambda heading: swapped[heading[0]], cell.source)
    assert any(sentence.startswith("Put the parts in this order") for sentence in problems(notebook))


def test_a_double_click_in_class_shows_no_solution() -> None:
    notebook = skeleton("New chapter")
    place = next(at for at, cell in enumerate(notebook.cells) if cell.source.startswith("### Exercise 2"))
    answer, solution = (notebook.cells.pop(place + 1) for _ in range(2))
    asked = ["Give exercise 2 cells of their own with the tags “exercise”, “answer” and “solution”: "]
    assert [said[: len(asked[0])] for said in problems(notebook)[-1:]] == asked
    notebook.cells[place].source += f"\n\n{solution.source}"
    notebook.cells[place + 1 : place + 1] = [answer, solution]
    assert any(said.startswith(asked[0]) for said in problems(notebook))
    notebook = skeleton("New chapter")
    quiz = next(cell for cell in notebook.cells if "self-check" in cell.metadata.get("tags", []))
    quiz.source += "\n\n## More"
    assert "Give “## Check yourself” a cell of its own with the tag “self-check”." in problems(notebook)


def test_description_and_short_cells_are_asked_for() -> None:
    notebook = skeleton("New chapter")
    notebook.metadata["myst"]["html_meta"]["description"] = ""
    notebook.cells[1].source = "\n".join(["x = 1"] * 16)
    described, shortened = problems(notebook)
    assert described.startswith("Describe the chapter") and shortened.startswith(
        "Shorten the code cell that begins “x = 1”"
    )


# ---- writing one


def book(folder: Path) -> Path:
    """A book with one part and one chapter."""
    (folder / "book" / "tea").mkdir(parents=True)
    nbformat.write(skeleton("Green tea"), folder / "book" / "tea" / "green.ipynb")
    (folder / "book" / "index.md").write_text("# Tea\n", encoding="utf-8")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n- caption: Tea\n  chapters:\n  - file: book/tea/green\n",
        encoding="utf-8",
    )
    return folder / "book"


def test_a_new_chapter_is_a_draft_until_the_contents_list_it(tmp_path: Path) -> None:
    path = write("tea/black-tea", book(tmp_path))
    notebook = read_notebook(path)
    assert problems(notebook) == [] and notebook.cells[0].source.startswith("# Black tea\n")
    assert is_draft(path, tmp_path) and chapters(tmp_path) == {"green": "Green tea"}
    toc = tmp_path / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8") + "  - file: book/tea/black-tea\n", encoding="utf-8")
    assert not is_draft(path, tmp_path) and chapters(tmp_path) == {"green": "Green tea", "black-tea": "Black tea"}


def read_notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_a_new_chapter_passes_the_linter_and_a_run_changes_nothing_in_it(tmp_path: Path) -> None:
    path = write("tea/black-tea", book(tmp_path))
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), str(path)]
    linted = subprocess.run(command, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout
    before = path.read_bytes()
    execute(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("black-tea", "needs its folder"),
        ("tea/Black tea", "needs its folder"),
        ("te/black", "the nearest, tea"),
        ("tea/green", "a chapter 'green' already"),
    ],
)
def test_a_name_that_will_not_do_is_refused(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        write(name, book(tmp_path))


def test_code_is_folded_away_and_nothing_else_is_kept() -> None:
    notebook = skeleton("New chapter")
    notebook.cells[0].metadata = nbformat.from_dict({"tags": ["mine"], "editable": True})
    notebook.cells[2].metadata = nbformat.from_dict({"collapsed": True})
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1", metadata={"tags": ["solution", "mine"]}))
    clean(notebook)
    exercise = [["exercise"], ["answer", "remove-cell"], ["solution"]]
    kept = [None, ["remove-cell"], ["hide-input"], None, None, None, None, *4 * exercise, ["self-check"], None]
    kept.append(["solution", "remove-cell"])
    assert [cell.metadata for cell in notebook.cells] == [{"tags": tags} if tags else {} for tags in kept]


# ---- the commands


def test_commands_answer_in_sentences() -> None:
    for module in ("execute", "chapter"):
        command = [sys.executable, "-m", f"jointaction.site.{module}"]
        helped = subprocess.run([*command, "--help"], capture_output=True, text=True)
        assert helped.returncode == 0 and helped.stdout.startswith("usage: make.py")
        refused = subprocess.run([*command, "book/mechanisms/compare.ipynb"], capture_output=True, text=True)
        assert refused.returncode == 1 and "Traceback" not in refused.stderr
        assert refused.stderr.endswith(".\n") and refused.stderr.count("\n") == 1


def test_notebooks_are_meant_by_path_or_name() -> None:
    path = ROOT / "book" / "mechanisms" / "compared.ipynb"
    assert chosen(["compared"]) == chosen([str(path)]) == chosen(["compared.ipynb"]) == [path]
    assert len(chosen([])) > 5
    with pytest.raises(InputError, match="no notebook compare; the nearest is book/mechanisms/compared.ipynb"):
        chosen(["compare"])


def test_a_chapter_of_the_book_that_loses_its_solution_is_told_so() -> None:
    page = read(ROOT / "book" / "mechanisms" / "compared.ipynb")
    assert problems(page.notebook) == []
    for cell in page.notebook.cells:
        cell.source = cell.source.replace("{dropdown} Solution", "{dropdown} Result")
    assert len(problems(page.notebook)) >= 3
