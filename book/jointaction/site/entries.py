"""A page for every fact and every work, for readers of a notebook in JupyterLab or on a code host.

The site leads from a number to its place in the codebook. JupyterLab has no such page, and jumps to no place
within one; so there a number leads to a small file of its own, ``book/reference/entries/fact-….md``, and a work to
``cite-….md``. ``python make.py notebooks`` writes these files and turns ``(#fact-…)`` into links to them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pybtex.database import parse_file
from pybtex.plugin import find_plugin

from jointaction.site.contents import BOOK
from jointaction.sources import tables
from jointaction.sources.status import STATUSES

FOLDER = BOOK / "reference" / "entries"
_SHORT = re.compile(r"\]\(#((?:fact|cite)-[\w.:-]+)\)")
_LONG = re.compile(r"\]\((?:[\w./-]*/)?entries/((?:fact|cite)-[\w.:-]+)\.md\)")


def long_links(markdown: str, folder: Path) -> str:
    """The text of a page in ``folder`` with links to entries as links to their files."""
    up = Path(os.path.relpath(FOLDER, folder)).as_posix()
    return _SHORT.sub(rf"]({up}/\1.md)", markdown)


def short_links(markdown: str) -> str:
    """The text with links to entries as the site resolves them, ``(#fact-…)`` and ``(#cite-…)``."""
    return _LONG.sub(r"](#\1)", markdown)


def entries() -> dict[str, str]:
    """File name → Markdown of every entry."""
    facts = {f"fact-{row['fact_id']}.md": _fact(row) for row in tables.load("facts").to_dict("records")}
    style = find_plugin("pybtex.style.formatting", "plain")()
    text = find_plugin("pybtex.backends", "text")()
    works = parse_file(BOOK / "references.bib")
    return facts | {
        f"cite-{entry.key}.md": _page(works.entries[entry.key].fields["title"].strip("{}"), [entry.text.render(text)])
        for entry in style.format_bibliography(works)
    }


def write(folder: Path = FOLDER) -> None:
    """Write every entry's file that is new or changed, and delete those of entries that are gone."""
    folder.mkdir(exist_ok=True)
    pages = entries()
    for path in folder.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def _fact(row: dict) -> str:
    text = {key: "" if value != value else str(value) for key, value in row.items()}
    parts = [
        text["statement"],
        f"Status: {text['status']}, that is, {STATUSES[text['status']]}",
        f"Source: {text['source']}",
    ]
    parts += [f"{name.capitalize()}: {text[name]}" for name in ("formula", "check") if text[name]]
    return _page(f"{text['value']} {text['unit']}".strip(), parts)


def _page(title: str, parts: list[str]) -> str:
    return "\n\n".join([f"# {_plain(title)}", *(_plain(_sentence(part)) for part in parts)]) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _plain(text: str) -> str:
    """The text with nothing left that Markdown would read as markup; addresses stay as they are."""
    return re.sub(
        r"https?://\S+|[\\`*_{}\[\]<>$|~@#]", lambda m: m[0] if m[0].startswith("http") else f"\\{m[0]}", text
    )
