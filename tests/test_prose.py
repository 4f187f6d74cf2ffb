"""What holds for the prose of every page: numbers, citations, links, and the parts of a chapter."""

from __future__ import annotations

import copy
import re

import pytest
from chapters import Page, pages, read
from jointaction import load
from jointaction.errors import nearest
from jointaction.explorers import EXPLORERS
from jointaction.site import contents, install
from jointaction.site.chapter import problems
from jointaction.site.contents import BOOK
from jointaction.site.execute import clean
from jointaction.sources.facts import check_text, unlinked_numbers
from jointaction.sources.prose import links, markup
from pybtex.database import parse_file

# A draft, which the table of contents does not list yet, must be true and well kept; it need not be complete.
PAGES = pages()
FINISHED = [page for page in PAGES if not page.draft]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
every_notebook = pytest.mark.parametrize("page", [p for p in PAGES if p.notebook], ids=lambda page: page.name)
every_finished_page = pytest.mark.parametrize("page", FINISHED, ids=lambda page: page.name)
every_chapter = pytest.mark.parametrize("page", [p for p in FINISHED if p.notebook], ids=lambda page: page.name)


def test_the_table_of_contents_lists_pages_that_exist_and_every_page_that_is_no_draft() -> None:
    there = {page.listed for page in PAGES}
    missing = [
        f"There is no page {page}; write it or take it out of _toc.yml."
        for page in contents.listed()
        if page not in there
    ]
    pages = {page.listed for page in FINISHED} - set(contents.decks().values())
    unlisted = [
        f"Add {page} to _toc.yml; only a notebook may be a draft." for page in sorted(pages - set(contents.listed()))
    ]
    assert not missing + unlisted, "\n".join(missing + unlisted)


def test_chapters_have_names_of_their_own() -> None:
    names = [page.path.stem for page in PAGES if page.notebook]
    assert sorted(names) == sorted(set(names)), "A fact names its chapter by file name, so no two may share one."


# ---- numbers

ALLOWED = {
    "reference/reading.md": {"4.0"},  # the version of the license CC BY 4.0
    # Years of figures that the page links where it states them.
    "whole-of-nation/concentration.ipynb": {"2016", "2018", "2025", "5"},  # 5 is the one in 5G
    "whole-of-nation/innovation-chain.ipynb": {"2014", "2018", "2021", "2022"},
    "whole-of-nation/industrial-base.ipynb": {"2020", "2022", "2023", "2024", "2035"},
    "whole-of-nation/debate.ipynb": {"2006", "2024"},
}


@every_page
def test_numbers_agree_with_their_facts(page: Page) -> None:
    assert check_text(page.text) == []


@every_finished_page
def test_no_number_stands_without_its_fact(page: Page) -> None:
    text = re.sub(r"^### (Exercise|Question) \d+", r"### \1", page.text, flags=re.MULTILINE)
    # Numbers about machines and the book's own dates are no facts about China.
    about_machines = page.name.startswith(("teaching/", "reference/changes"))
    assert about_machines or unlinked_numbers(text, ALLOWED.get(page.name, ())) == []


def unlinked_facts(pages: list[Page]) -> list[str]:
    """The facts marked as stated that the chapter they belong to, one of these pages, does not link to."""
    linked = {page.path.stem: {link.target for link in links(page.text)} for page in pages if page.notebook}
    facts = load("facts")
    due = facts[(facts["use"] == "stated") & facts["chapter"].isin(linked)]
    return [row.fact_id for row in due.itertuples() if f"#fact-{row.fact_id}" not in linked[row.chapter]]


def test_every_fact_names_a_chapter() -> None:
    known = {page.path.stem for page in PAGES if page.notebook} | {"none"}
    wrong = [
        f"The fact {row.fact_id} names the chapter {row.chapter!r}, which is none; the nearest is {nearest(row.chapter, known)!r}."
        for row in load("facts").itertuples()
        if row.chapter not in known
    ]
    assert not wrong, "\n".join(wrong)


def test_every_stated_fact_is_linked_in_its_chapter() -> None:
    assert unlinked_facts(FINISHED) == []


def test_a_fact_that_a_page_links_is_marked_as_stated() -> None:
    unused = set(load("facts").query("use != 'stated'")["fact_id"])
    wrong = [
        f"{page.name} states {link.target.removeprefix('#fact-')}: its row in data/facts.csv has use stated and no reason."
        for page in PAGES
        for link in links(page.text)
        if link.target.removeprefix("#fact-") in unused
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


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


def test_the_bibliography_is_read_to_its_end() -> None:
    assert sorted(parse_file(str(BOOK / "references.bib")).entries) == sorted(WORKS)


@every_page
def test_citations_name_author_and_year_of_a_work_in_the_bibliography(page: Page) -> None:
    wrong = []
    for text, target in links(page.text):
        if not target.startswith("#cite-"):
            continue
        author, year = WORKS.get(target.removeprefix("#cite-"), ("", ""))
        named = author and re.search(rf"\b{re.escape(author)}\b", text)
        if not named or re.findall(r"\d+", text) != [year]:
            wrong.append(f"[{text}]({target}): {author} {year}")
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
    assert [link for link in links(page.text) if not leads_somewhere(page, link.target)] == []


# ---- notebooks as they are kept


@every_notebook
def test_a_notebook_is_as_a_clean_run_leaves_it(page: Page) -> None:
    cleaned = copy.deepcopy(page.notebook)
    clean(cleaned)
    counts = [cell.execution_count for cell in page.code]
    ran = counts == list(range(1, len(counts) + 1)) and "error" not in {
        o.output_type for c in page.code for o in c.outputs
    }
    assert ran and page.notebook == cleaned, (
        f"Run “python make.py notebooks {page.path.stem}”, which executes and cleans it."
    )


@every_notebook
def test_a_notebook_says_how_to_get_the_library(page: Page) -> None:
    assert page.notebook.cells[install.PLACE].source == install.CODE, (
        f"Run “python make.py notebooks {page.path.stem}”."
    )


@every_chapter
def test_a_chapter_has_its_form(page: Page) -> None:
    said = problems(page.notebook)
    assert not said, f"{page.name} is listed in _toc.yml and is not in the form of a chapter:\n" + "\n".join(said)


@pytest.mark.parametrize("page", [page for page in PAGES if not page.notebook], ids=lambda page: page.name)
def test_a_page_has_a_description(page: Page) -> None:
    front = re.match(r'---\nmyst:\n  html_meta:\n    description: "([^"\n]+)\."\n---\n', page.text)
    assert front, f"Begin {page.name} with a description, one sentence, as index.md does."


@every_notebook
def test_markup_is_what_jupyterlab_shows_too(page: Page) -> None:
    foreign = set(markup(page.text)) - {"```{admonition}", "```{dropdown}"}
    assert not foreign, (
        f"JupyterLab does not show {', '.join(sorted(foreign))}; use ```{{admonition}} or ```{{dropdown}}."
    )
