"""The tally of a class's predictions: every code of the book with its question and answer, for a script to count."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from jointaction.faces.predict import Prediction, code
from jointaction.site import contents


def questions(root: Path = contents.ROOT) -> list[dict]:
    """Each chapter's prediction, from the outputs of its notebook: chapter, question, answers, and what is true."""
    found = []
    for page in contents.listed(root):
        if page not in contents.described(root):
            continue
        notebook = nbformat.read(root / f"{page}.ipynb", as_version=4)
        shown = "".join(
            output.get("data", {}).get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", ())
        )
        page_ = BeautifulSoup(shown, "html.parser")
        for form in page_.select("form.ja-predict"):
            asked = _read(form)
            truth = page_.select_one(f'div.ja-reveal[data-predict="{asked.name}"]')
            found.append(
                {
                    "chapter": contents.described(root)[page].title,
                    "question": asked.question,
                    "answers": asked.answers,
                    "codes": [code(asked.name, place) for place in range(len(asked.answers))],
                    "truth": truth.find_all("p")[1].get_text(" ").removeprefix("Answer").strip() if truth else "",
                }
            )
    return found


def _read(form: Tag) -> Prediction:
    name, question = form["data-predict"], form.legend.get_text()
    number = form.select_one("input[type=number]")
    if not number:
        return Prediction(name, question, [option["value"] for option in form.select("input[type=radio]")])
    low, high, step = (float(number[field]) for field in ("min", "max", "step"))
    unit = number.find_next_sibling(string=True) or ""
    return Prediction(name, question, low=low, high=high, step=step, unit=unit.strip())


class Tally(SphinxDirective):
    """``{tally}``: a field for the codes of a class, and what its script needs to count them."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        for path in contents.notebooks(root):
            self.env.note_dependency(str(path))
        data = json.dumps(questions(root), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return [
            nodes.raw(
                "",
                '<form class="ja-tally"><label for="ja-codes">Codes of the class, one a line or with commas between'
                '</label>\n<textarea id="ja-codes" rows="8" spellcheck="false" autocomplete="off"></textarea>\n'
                '<button type="submit">Count</button> '
                '<p role="status" class="ja-unread"></p></form>\n<div class="ja-counts"></div>\n'
                f'<script type="application/json" class="ja-questions">{data}</script>\n',
                format="html",
            )
        ]
