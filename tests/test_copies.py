"""The copies for a class: what each holds, that it runs, and that it is where the pages say."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest
from chapters import chapter
from conftest import ROOT
from jointaction.errors import InputError
from jointaction.site import copies
from jointaction.site.contents import chapters, role

CHAPTERS = list(chapters())
every_chapter = pytest.mark.parametrize("name", CHAPTERS)


def text_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


@every_chapter
def test_a_student_finds_no_solution(name: str) -> None:
    source = chapter(name).notebook
    text = text_of(copies.student(source))
    asked = copies.exercises(source)
    solved = "\n".join(answer for _, _, answer in asked)
    code = re.findall(r"```python\n(.*?)```", solved, re.DOTALL)
    prose = re.sub(r"```python\n.*?```", "", solved, flags=re.DOTALL)
    answers = [*code, *(sentence for sentence in prose.splitlines() if len(sentence) > 30)]
    shown = re.findall(r"\{dropdown\} (?!Solution|[A-E]\. ).*\n(.*)", chapter(name).text)
    feedback = re.findall(r"^(?:Right|Not quite)\.\n(.*)", chapter(name).text, re.MULTILINE)
    assert len(answers) > 10 and len(shown) == 1 and len(feedback) >= 12
    assert not [sentence for sentence in [*answers, *shown, *feedback] if sentence in text]
    hidden = [cell.source for cell in source.cells if role(cell) == "solution"]
    assert "{dropdown}" not in text and not [part for part in hidden if part in text]
    # And everything that is asked.
    assert all(heading in text and question in text for heading, question, _ in asked)
    assert text.count("- A. ") == text.count("### Question")


@every_chapter
def test_each_exercise_has_a_place_to_answer_and_one_solution(name: str) -> None:
    source = chapter(name).notebook
    student, solution = copies.student(source), copies.solution(source)
    number = len(copies.exercises(source))
    roles = [role(cell) for cell in student.cells]
    assert re.fullmatch(
        "(exercise (answer )+)+", "".join(f"{part} " for part in roles if part not in ("", "self-check"))
    )
    assert roles.count("exercise") == number
    assert text_of(solution).count("**Solution**") == number
    headings = [re.findall(r"^### Exercise.*", text_of(each), re.MULTILINE) for each in (student, solution, source)]
    assert headings[0] == headings[1] == headings[2]
    for each in (student, solution):
        nbformat.validate(each)
        assert len({cell.id for cell in each.cells}) == len(each.cells)


@every_chapter
def test_solutions_run_from_top_to_bottom_and_print_what_the_copy_shows(name: str) -> None:
    made = copies.solution(chapter(name).notebook)
    first = next(place for place, cell in enumerate(made.cells) if role(cell) == "exercise")
    code = [cell for cell in made.cells[first:] if cell.cell_type == "code"]
    assert code
    space: dict = {}
    for cell in code:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(cell.source, name, "exec"), space)
        assert printed.getvalue() == "".join(output.text for output in cell.outputs) != ""


def test_a_draft_solution_that_fails_stops_the_build() -> None:
    text = "````{dropdown} Solution\n```python\n1 / 0\n```\n````"
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, metadata={"tags": ["solution"]})])
    with pytest.raises(ZeroDivisionError):
        copies.solution(broken)


# ---- on paper


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("copies")
    assert len(copies.write(out, ROOT, "https://example.org/team/book")) == 4 * len(CHAPTERS)
    return out


def test_a_worksheet_fills_two_sheets_of_either_size(folder: Path, browser) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")
    for path in sorted(folder.glob("*-worksheet.html")):
        page.goto(path.as_uri())
        for size in ("A4", "Letter"):
            pdf = page.pdf(format=size)
            assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2, f"{path.name} on {size}"
        over = page.evaluate(
            "() => [...document.querySelectorAll('.sheet')].map(sheet => sheet.scrollHeight - sheet.clientHeight)"
        )
        room = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('.room')].map(room => room.clientHeight))"
        )
        assert over == [0, 0] and room >= 90, (path.name, over, room)
    page.close()


def test_the_key_answers_what_the_worksheet_asks(folder: Path) -> None:
    for name in CHAPTERS:
        sheet, key = ((folder / f"{name}-{kind}.html").read_text(encoding="utf-8") for kind in ("worksheet", "key"))
        assert re.findall(r"<h2>.*?</h2>", sheet) == re.findall(r"<h2>.*?</h2>", key)
        assert "http" not in re.sub(r'xmlns="[^"]*"', "", sheet + key).replace('href="http', "")


def test_copies_say_where_the_library_is(folder: Path) -> None:
    for path in folder.glob("*.ipynb"):
        assert "git+https://example.org/team/book" in path.read_text(encoding="utf-8")


# ---- on the site


def test_the_site_offers_the_copies(site: Path) -> None:
    page = (site / "book" / "teaching" / "copies.html").read_text(encoding="utf-8")
    links = re.findall(r'href="\.\./\.\./(copies/[^"]+)"', page)
    assert len(links) == len(set(links)) == 4 * len(CHAPTERS)
    assert all((site / link).is_file() for link in links)
    offering = {
        path.stem for path in site.glob("book/*/*.html") if f"copies/{path.stem}-student" in path.read_text("utf-8")
    }
    apart = [
        path
        for path in site.glob("book/*/*.html")
        if path.parent.name != "teaching" and "-solutions.ipynb" in path.read_text("utf-8")
    ]
    assert offering == set(CHAPTERS) and not apart


def test_the_pages_show_no_cell_to_answer_in(site: Path) -> None:
    for path in site.glob("book/*/*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Your answer:" not in text and "# check(" not in text, path


@pytest.mark.parametrize(
    ("kinds", "named", "said"),
    [
        (["pupil"], "", r"no kind of copy 'pupil'; the nearest is '\w+'"),
        (["key"], "key-rd", "no chapter 'key-rd'; the nearest is 'key-rd-program'"),
    ],
)
def test_a_table_of_copies_refuses_what_is_not_there(kinds: list[str], named: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        copies.table(kinds, named)
    assert copies.table(["key"]).count("-key.html") == len(CHAPTERS)
