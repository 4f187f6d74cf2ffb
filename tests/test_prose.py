"""What holds for the prose of every page: numbers, citations, links, and the parts of a chapter."""

from __future__ import annotations

import copy
import re
from typing import NamedTuple

import pytest
from chapters import Page, pages, read
from conftest import ROOT

from jointaction import load
from jointaction.site.execute import BOOK, clean
from jointaction.explorers import EXPLORERS
from jointaction.sources.facts import check_text, unlinked_numbers

PAGES = pages()
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
every_chapter = pytest.mark.parametrize("page", [p for p in PAGES if p.notebook], ids=lambda page: page.name)


def without_code(text: str) -> str:
    """Drop blocks of code such as ```` ```python ````; directives stay."""
    return re.sub(r"^(`{3,})\w.*?^\1 *$", "", text, flags=re.MULTILINE | re.DOTALL)


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = re.findall(r"(?:root|file): book/(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name.rpartition(".")[0] for page in PAGES)


# ---- numbers

ALLOWED = {
    "index.md": {"4.0"},  # the version of the license CC BY 4.0
    # Years of figures that the page links where it states them.
    "whole-of-nation/industrial-base.ipynb": {"2020", "2022", "2023", "2024", "2035"},
    "whole-of-nation/debate.ipynb": {"2006", "2024"},
}


@every_page
def test_numbers_agree_with_their_facts(page: Page) -> None:
    assert check_text(page.text) == []


@every_page
def test_no_number_stands_without_its_fact(page: Page) -> None:
    text = re.sub(r"^### (Exercise|Question) \d+", r"### \1", page.text, flags=re.MULTILINE)
    assert unlinked_numbers(text, ALLOWED.get(page.name, ())) == []


def unlinked_facts(pages: list[Page]) -> list[str]:
    """The facts marked as stated that the chapter they belong to does not link to."""
    texts = {page.path.stem: page.text for page in pages}
    facts = load("facts")
    due = facts[facts["use"] == "stated"]
    return [row.fact_id for row in due.itertuples() if f"](#fact-{row.fact_id})" not in texts.get(row.chapter, "")]


def test_every_stated_fact_is_linked_in_its_chapter() -> None:
    assert unlinked_facts(PAGES) == []


# ---- citations and links


def works() -> dict[str, tuple[str, str]]:
    """First author's last name and year of each work, by key."""
    found = {}
    for entry in (BOOK / "references.bib").read_text(encoding="utf-8").split("\n@")[1:]:
        key = re.match(r"\w+\{([^,]+),", entry)[1]
        person, body = re.search(r"^ *author *= \{(?:([^{,]+)|\{([^}]+)\})", entry, re.MULTILINE).groups()
        year = re.search(r"^ *year *= \{(\d{4})\}", entry, re.MULTILINE)[1]
        found[key] = ((person or body).replace("\\", ""), year)
    return found


WORKS = works()


@every_page
def test_citations_name_author_and_year_of_a_work_in_the_bibliography(page: Page) -> None:
    wrong = []
    for text, key in re.findall(r"\[([^\]]*)\]\(#cite-([^)]*)\)", without_code(page.text)):
        author, year = WORKS.get(key, ("", ""))
        named = author and re.search(rf"\b{re.escape(author)}\b", " ".join(text.split()))
        if not named or re.findall(r"\d+", text) != [year]:
            wrong.append(f"[{text}](#cite-{key}): {author} {year}")
    assert wrong == []


def leads_somewhere(page: Page, target: str) -> bool:
    """Tell whether a link finds its file and, in it, its anchor. Facts and citations are looked up elsewhere."""
    if re.match(r"https?://|#fact-|#cite-", target):
        return True
    path, mark, anchor = target.partition("#")
    file = page.path.parent / path if path else page.path
    if not file.is_file():
        return False
    name = anchor.removeprefix("explorer-")
    shown = (page if not path else read(file)).code if mark else []
    return not mark or (
        name != anchor and name in EXPLORERS and any(f'explorer("{name}"' in cell.source for cell in shown)
    )


@every_page
def test_links_lead_somewhere(page: Page) -> None:
    targets = re.findall(r"\]\(([^)]*)\)", without_code(page.text))
    assert [target for target in targets if not leads_somewhere(page, target)] == []


# ---- notebooks as they are kept


@every_chapter
def test_code_cells_are_short_hidden_and_executed(page: Page) -> None:
    assert [cell.execution_count for cell in page.code] == list(range(1, len(page.code) + 1))
    for cell in page.code:
        assert len(cell.source.splitlines()) <= 15, cell.id
        assert cell.metadata.get("tags") == ["hide-input"], cell.id
        assert all(output.output_type != "error" for output in cell.outputs), cell.id


@every_chapter
def test_metadata_is_what_a_clean_run_leaves(page: Page) -> None:
    cleaned = copy.deepcopy(page.notebook)
    clean(cleaned)
    assert page.notebook == cleaned


@every_page
def test_a_page_has_a_description(page: Page) -> None:
    if page.notebook:
        description = page.notebook.metadata.get("myst", {}).get("html_meta", {}).get("description", "")
    else:
        front = re.match(r'---\nmyst:\n  html_meta:\n    description: "([^"\n]+)"\n---\n', page.text)
        description = front[1] if front else ""
    assert description.endswith(".")


@every_chapter
def test_markup_is_what_jupyterlab_shows_too(page: Page) -> None:
    text = without_code(page.text)
    directives = set(re.findall(r"^ *(`{3,}|:{3,}|~{3,}) *\{([^}]*)\}", text, re.MULTILINE))
    assert {(mark[0], name) for mark, name in directives} <= {("`", "admonition"), ("`", "dropdown")}
    assert re.findall(r"(?<![`\w])\{[\w:.+-]+\}`[^`\s][^`]*`", text) == []  # roles


# ---- the parts of a chapter


class Block(NamedTuple):
    """A heading (kind ``#``, ``##``, …), a directive (its name) or a block of code (``code``)."""

    kind: str
    title: str
    body: str = ""


BLOCK = re.compile(
    r"^(?P<mark>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=mark) *$|^(?P<level>#+) +(?P<heading>[^\n]+)$",
    re.MULTILINE | re.DOTALL,
)


def blocks(page: Page) -> list[Block]:
    """Headings and fenced blocks in order; what stands inside a fenced block is its body."""
    found = []
    for match in BLOCK.finditer(page.text):
        if match["level"]:
            found.append(Block(match["level"], match["heading"]))
        else:
            directive = re.match(r"\{(\w+)\} *(.*)", match["info"])
            found.append(Block(*(directive.groups() if directive else ("code", match["info"])), match["body"]))
    return found


def parts_of(page: Page, heading: str) -> list[tuple[str, list[Block]]]:
    """Title and blocks of each part (``###``) under a heading (``##``)."""
    parts, inside = [], False
    for block in blocks(page):
        if block.kind == "##":
            inside = block.title == heading
        elif inside and block.kind == "###":
            parts.append((block.title, []))
        elif inside and parts:
            parts[-1][1].append(block)
    return parts


PARTS = [
    ("admonition", "Predict first"),
    ("admonition", "What you will be able to do"),
    ("##", "What the model leaves out"),
    ("##", "Exercises"),
    ("##", "Check yourself"),
    ("##", "Further reading"),
]


@every_chapter
def test_the_parts_stand_in_the_agreed_order(page: Page) -> None:
    found = blocks(page)
    assert [block.kind for block in found].count("#") == 1 and found[0].kind == "#"
    titles = [(block.kind, re.sub("^What the figures leave", "What the model leaves", block.title)) for block in found]
    parts = [title for title in titles if title in PARTS]
    # The first two stand in either order until every chapter asks before it tells.
    assert sorted(parts[:2]) == PARTS[:2] and parts[2:] == PARTS[2:]
    assert [title for title in titles if title[0] == "##"][-1] == PARTS[-1]
    boxes = [block for block in found if block.kind == "admonition" and block.title == "Check the source"]
    assert boxes and all(box.body.startswith(":class: check-source\n") for box in boxes)


@every_chapter
def test_each_exercise_has_its_solution(page: Page) -> None:
    exercises = parts_of(page, "Exercises")
    assert 3 <= len(exercises) <= 5
    for number, (title, inside) in enumerate(exercises, start=1):
        assert re.match(rf"Exercise {number}\b", title)
        (solution,) = [block for block in inside if block.kind == "dropdown"]
        assert solution.title.startswith("Solution") and solution.body.strip(), title


@every_chapter
def test_each_question_tells_of_every_answer_whether_it_is_right(page: Page) -> None:
    questions = parts_of(page, "Check yourself")
    assert 4 <= len(questions) <= 6
    for number, (title, options) in enumerate(questions, start=1):
        assert title == f"Question {number}"
        assert {block.kind for block in options} == {"dropdown"}, title
        assert [option.title[:3] for option in options] == ["A. ", "B. ", "C. ", "D. ", "E. "][: len(options)], title
        verdicts = [re.match(r"(Right|Not quite)\.\s+\S", option.body) for option in options]
        assert all(verdicts), title
        assert [verdict[1] for verdict in verdicts].count("Right") == 1 < len(options), title
