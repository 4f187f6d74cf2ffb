"""Numbers that students find: checked, drawn for each, and graded."""

from __future__ import annotations

import csv
import math
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from chapters import chapter
from jointaction import check, variant
from jointaction.classroom.answers import find, settings
from jointaction.classroom.grade import grade, write
from jointaction.classroom.task import Task
from jointaction.classroom.tasks import TASKS
from jointaction.errors import InputError
from jointaction.site.contents import chapters
from jointaction.site.copies import exercises, student

EVERY = [(name, task) for name, tasks in TASKS.items() for task in tasks]
STUDENTS = [f"student-{number}@uni.example" for number in range(30)]
every_task = pytest.mark.parametrize(("name", "task"), EVERY, ids=[f"{name}-{task.number}" for name, task in EVERY])


def test_every_chapter_has_numbers_to_check() -> None:
    assert list(TASKS) == list(chapters())
    for name, tasks in TASKS.items():
        assert len({task.number for task in tasks}) == len(tasks) >= 2, name


@every_task
def test_the_answer_is_the_solution_of_the_chapter(name: str, task: Task) -> None:
    solution = exercises(chapter(name).notebook)[task.exercise - 1][2].replace("{,}", "")
    right = task.right(task.of_the_book())
    stated = f"{abs(right):.{task.digits}f}"
    stated = stated.rstrip("0").rstrip(".") if "." in stated else stated
    assert re.search(rf"(?<![\d.]){re.escape(stated)}0*(?![\d])", solution), f"{stated} is not in the solution"
    assert check(name, task.number, right).right and repr(check(name, task.number, right)).startswith("Right: ")


@every_task
def test_a_usual_error_gets_its_hint(name: str, task: Task) -> None:
    asked, right = task.of_the_book(), task.right(task.of_the_book())
    told = {said for mistake, said in task.mistakes if task.hint(float(mistake(**asked)), asked) == said}
    differ = {said for mistake, said in task.mistakes if not task.agrees(float(mistake(**asked)), right)}
    assert told and len(differ - told) <= 1, f"never told: {differ - told}"
    for said in told:
        assert said.endswith(".") and said[0].isupper()
    assert not check(name, task.number, right + 37.21).right


def test_errors_that_any_number_may_have() -> None:
    assert "percent; the exercise asks for a share" in repr(check("joint-action", "3", 94.1))
    assert "asks for percent" in repr(check("who-pays", "1", 0.531))
    assert "price s = m/(1 + m)" in repr(check("key-rd-program", 1, 0.502))
    assert "first time" in repr(check("key-rd-program", "2.1", 0.75))
    assert "sign is not" in repr(check("industrial-base", "1b", 1.16))
    assert "too small" in repr(check("compared", "3", 20.2))
    # What an exercise with several numbers wants as one is said by the check.
    assert "at a stake of 0.1 and" in repr(check("guidance-fund", "3", 391.2))
    with pytest.raises(InputError, match="in place of the dots. Asked is: How much .* at a stake of 0.1 and"):
        check("guidance-fund", "3", ...)
    assert "whole sub-funds only" in repr(check("guidance-fund", "2.1", 1170))


def test_thirty_students_have_thirty_exercises_and_each_can_be_solved() -> None:
    texts = set()
    for who in STUDENTS:
        mine = variant(who, "key-rd-program")
        texts.add(repr(mine).partition("\n")[2])
        assert repr(variant(f" {who.upper()}", "key-rd-program")).partition("\n")[2] == repr(mine).partition("\n")[2]
    assert len(texts) == len(STUDENTS)
    parts = [settings(STUDENTS[0], "joint-action", find("joint-action", part)) for part in ("1a", "1b", "1c")]
    assert parts[0] == parts[1] == parts[2]
    for name, task in EVERY:
        drawn = [settings(who, name, task) for who in STUDENTS]
        assert all(each != task.of_the_book() for each in drawn)
        apart = {str(each): each for each in drawn}
        assert len(apart) >= 3, f"{name} {task.number}"
        for each in list(apart.values())[:6]:
            right = task.right(each)
            assert math.isfinite(right) and task.hint(right, each) == "" and "{" not in task.text(each)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: check("key-rd", 1, 1.0), "There is no chapter 'key-rd'.* the nearest is 'key-rd-program'"),
        (
            lambda: check("key-rd-program", 2.2, 1.0),
            "Exercise '2.2' of 'key-rd-program' has no number.* nearest is '2.3'",
        ),
        (lambda: check("key-rd-program", 1, "one"), "must be a number, such as 0.5, but is 'one'"),
        (lambda: check("key-rd-program", 1, True), "must be a number"),
        (lambda: check("key-rd-program", 1, 10**400), "must be a number"),
        (lambda: check("key-rd-program", 1, math.nan), "must be a number"),
        (lambda: variant(" "), "A variant needs a name"),
        (lambda: variant("jane", "ideas"), "the nearest is 'idea'"),
    ],
)
def test_bad_input_gets_one_sentence(call, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        call()
    assert str(caught.value).count(". ") == 0 and str(caught.value).endswith(".")


# ---- grading


def handed_in(folder: Path, name: str, *cells: str, outputs: object = None) -> Path:
    """A notebook with these code cells; the last one has the output of a verdict, if one is given."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    if outputs is not None:
        data = outputs._repr_mimebundle_()
        notebook.cells[-1].outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=1)]
    nbformat.write(notebook, folder / name)
    return folder / name


def test_notebooks_are_graded_without_running_them(tmp_path: Path) -> None:
    right = find("key-rd-program", 1).right(settings("jane@uni", "key-rd-program", find("key-rd-program", 1)))
    handed_in(
        tmp_path,
        "jane.ipynb",
        "%pip list\nme = variant('Jane@uni')",
        f"x = 2 * {right}\nme.check('key-rd-program', 1, x / 2)",
        "me.check('compared', '1.1', 1e308 * 10)\nme.check('compared', '3', 10**9**9)\nraise SystemExit",
    )
    handed_in(tmp_path, "=sum.ipynb", "check('key-rd-program', '2.1', 0.75)\ncheck('key-rd-program', '9', 1)")
    handed_in(tmp_path, "ran.ipynb", "check('debate', 1, f())", outputs=check("debate", 1, 0.8))
    for folder in ("lee", "wang"):  # one chapter, one name, two folders
        (tmp_path / folder).mkdir()
        handed_in(tmp_path / folder, "debate.ipynb", "check('debate', 1, 0.8)")
    handed_in(tmp_path, "not-run.ipynb", "check('debate', 1, f())")
    handed_in(tmp_path, "nothing.ipynb", "1 +")
    (tmp_path / "broken.ipynb").write_text('{"cells": [{"cell_type": "code"', encoding="utf-8")
    (tmp_path / "old.ipynb").write_bytes(b"\xff\xfe\x00")
    table = tmp_path / "grades.csv"
    count, said = write(tmp_path, table)
    assert count == 9 and len(said) == 3 and all(re.fullmatch(r"[^\n]+\.", sentence) for sentence in said)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["name", "exercise", "given", "expected", "right", "hint"]
    found = {(row["name"], row["exercise"]): row for row in rows}
    jane = found["Jane@uni", "key-rd-program 1"]
    assert jane["right"] == "yes" and float(jane["expected"]) == pytest.approx(right, abs=1e-4)
    assert found["Jane@uni", "compared 1.1"]["hint"].startswith("The answer must be a number")
    assert found["Jane@uni", "compared 3"]["hint"].startswith("The answer cannot be read")
    peak = found["'=sum", "key-rd-program 2.1"]
    assert peak["right"] == "no" and "first time" in peak["hint"] and float(peak["expected"]) == 0.2
    assert "the nearest is" in found["'=sum", "key-rd-program 9"]["hint"]
    assert found["ran", "debate 1"]["given"] == "0.8" and "chance" in found["ran", "debate 1"]["hint"]
    assert [name for name, _ in found if name.endswith("/debate")] == ["lee/debate", "wang/debate"]
    assert found["not-run", "debate 1"]["hint"].startswith("The answer cannot be read")
    assert "cannot be read as a notebook" in found["broken", ""]["hint"]


def test_a_student_notebook_as_handed_out_has_no_answer_yet(tmp_path: Path) -> None:
    path = tmp_path / "mine.ipynb"
    made = student(chapter("key-rd-program").notebook)
    nbformat.write(made, path)
    with pytest.raises(InputError, match="no cell calls check"):
        grade(path)
    stub = next(cell for cell in made.cells if '# check("key-rd-program", "1", ...)' in cell.source)
    stub.source = stub.source.replace("# check", "check").replace("...", "1.009")
    nbformat.write(made, path)
    assert [(row.exercise, row.right) for row in grade(path)] == [("key-rd-program 1", "yes")]


def test_the_command_answers_in_sentences(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jointaction.classroom.grade"]
    refused = subprocess.run([*command, str(tmp_path / "none")], capture_output=True, text=True)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr and refused.stderr.count("\n") == 1


@pytest.mark.parametrize("name", TASKS)
def test_each_exercise_has_a_line_for_each_of_its_numbers(name: str) -> None:
    text, asked = {}, 0
    for cell in chapter(name).notebook.cells:
        tags = cell.metadata.get("tags", [])
        asked += "exercise" in tags
        if "answer" in tags and cell.cell_type == "code":
            text[asked] = text.get(asked, "") + cell.source
    for task in TASKS[name]:
        assert f'# check("{name}", "{task.number}", ...)' in text.get(task.exercise, ""), task.number
    assert "\n".join(text.values()).count("# check(") == len(TASKS[name])
