"""Questions for a learning platform and for print.

``python -m jointaction.site.exports key-rd-program`` writes a folder for one chapter, without a name for every
chapter: the page's own questions (practice) and the others (test) for Canvas, as QTI, and for Moodle, and the test as
two papers to print and a key.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from markdown_it import MarkdownIt
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from jointaction.errors import InputError, nearest
from jointaction.site.contents import ROOT
from jointaction.site.copies import page, printed
from jointaction.site.handouts import print_pages
from jointaction.site.questions import FOLDER, Option, Question, objectives, read, shuffled, title

OUT = ROOT / "_build" / "questions"

# ---- text that every platform reads: no links into the book, and maths as letters

_LETTERS = dict(
    zip(
        "alpha beta gamma theta kappa lambda rho sigma tau varphi omega times ge le to cdot approx".split(),
        "α β γ θ κ λ ρ σ τ φ ω × ≥ ≤ → · ≈".split(),
    )
)


def portable(text: str) -> str:
    """Markdown with the words of its links, and with its maths written out: ``$m^2$`` as ``m<sup>2</sup>``."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\$([^$]+)\$", lambda maths: _written(maths[1]), text)


def _written(latex: str) -> str:
    latex = re.sub(r"\\text\{([^}]*)\}", r"\1", latex).replace(r"\,", " ").replace("{,}", ",")
    latex = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1\u0302", latex)
    latex = re.sub(r"\\([a-z]+)", lambda name: _letter(name[1]), latex).replace("-", "−").replace("<", "&lt;")
    latex = re.sub(r"\^(?:\{([^}]*)\}|(.))", lambda part: f"<sup>{part[1] or part[2]}</sup>", latex)
    latex = re.sub(r"_(?:\{([^}]*)\}|(.))", lambda part: f"<sub>{part[1] or part[2]}</sub>", latex)
    return latex.replace("*", r"\*")


def _letter(name: str) -> str:
    if name not in _LETTERS:
        raise InputError(
            f"A question cannot write the formula sign \\{name}; the nearest is \\{nearest(name, _LETTERS)}."
        )
    return _LETTERS[name]


def _html(text: str) -> str:
    return MarkdownIt("commonmark").render(portable(text)).strip()


# ---- Canvas


def qti(name: str, questions: list[Question]) -> dict[str, str]:
    """The files of a QTI package (version 1.2, as Canvas reads it): name in the archive → XML."""
    quiz = QTI(Quiz(text2qti(name, questions), config=Config()))
    place = quiz.assessment_identifier
    return {
        "imsmanifest.xml": quiz.imsmanifest_xml,
        f"{place}/assessment_meta.xml": quiz.assessment_meta,
        f"{place}/{place}.xml": quiz.assessment,
    }


def text2qti(name: str, questions: list[Question]) -> str:
    """The questions as the text that text2qti reads."""
    lines = [f"Quiz title: {name}", "Shuffle answers: true", ""]
    for number, question in enumerate(questions, start=1):
        lines += [f"Title: {question.id}", _hanging(f"{number}. ", question.stem)]
        for letter, option in question.options.items():
            mark = "*" if letter == question.key else ""
            lines += [_hanging(f"{mark}{letter.lower()}) ", option.text), _hanging("... ", option.feedback)]
        lines.append("")
    return "\n".join(lines)


def _hanging(mark: str, text: str) -> str:
    return mark + portable(text).replace("\n", "\n" + " " * len(mark))


def save_qti(path: Path, name: str, questions: list[Question]) -> None:
    """Write a QTI package, the same file for the same questions."""
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in qti(name, questions).items():
            archive.writestr(zipfile.ZipInfo(inside), text, zipfile.ZIP_DEFLATED)


# ---- Moodle


def moodle(chapter: str, questions: list[Question]) -> str:
    """Moodle XML: one category for practice and one for the test; an objective is a question's general feedback."""
    quiz, aims = ElementTree.Element("quiz"), objectives(chapter)
    for kind, public in (("Practice", True), ("Test", False)):
        category = ElementTree.SubElement(quiz, "question", type="category")
        # A slash in a name is written twice; a single one begins a category within the category.
        _texts(category, category=f"$course$/top/{title(chapter).replace('/', '//')}/{kind}")
        for question in (question for question in questions if question.public == public):
            quiz.append(_multichoice(chapter, question, aims[question.objective - 1]))
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="unicode", xml_declaration=True) + "\n"


def _multichoice(chapter: str, question: Question, aim: str) -> ElementTree.Element:
    element = ElementTree.Element("question", type="multichoice")
    _texts(element, name=f"{chapter}: {question.id}")
    _texts(element, "html", questiontext=_html(question.stem), generalfeedback=_html(aim))
    for name, value in (
        ("defaultgrade", "1"),
        ("penalty", "0"),
        ("hidden", "0"),
        ("idnumber", f"{chapter}-{question.id}"),
        ("single", "true"),
        ("shuffleanswers", "true"),
        ("answernumbering", "ABCD"),
    ):
        ElementTree.SubElement(element, name).text = value
    for letter, option in question.options.items():
        grade = "100" if letter == question.key else "0"
        answer = ElementTree.SubElement(element, "answer", fraction=grade, format="html")
        ElementTree.SubElement(answer, "text").text = _html(option.text)
        _texts(answer, "html", feedback=_html(option.feedback))
    return element


def _texts(parent: ElementTree.Element, format_: str = "", **texts: str) -> None:
    for name, text in texts.items():
        element = ElementTree.SubElement(parent, name, **({"format": format_} if format_ else {}))
        ElementTree.SubElement(element, "text").text = text


# ---- print


def paper(chapter: str, letter: str, questions: list[Question]) -> str:
    """A test to print, as a page of HTML that needs no other file."""
    body = [f"<h1>{escape(title(chapter))}</h1>", f'<p class="name">Test, paper {letter}. Name <span></span></p>']
    for number, question in enumerate(questions, start=1):
        options = "".join(f"<li>{printed(option.text, inline=True)}</li>" for option in question.options.values())
        body.append(f"<section><h2>Question {number}</h2>{printed(question.stem)}<ol>{options}</ol></section>")
    return page(f"{title(chapter)}, paper {letter}", f'<div class="test">{"".join(body)}</div>')


def key(chapter: str, papers: dict[str, list[Question]]) -> str:
    """The key of the papers: the right letters, and for each question what a wrong answer shows."""
    aims = objectives(chapter)
    body = [f"<h1>{escape(title(chapter))}: key of the test</h1>"]
    for letter, questions in papers.items():
        body.append(f"<p>Paper {letter}: {' '.join(f'{n}{q.key}' for n, q in enumerate(questions, start=1))}</p>")
    names = "".join(f"<th>{name}</th>" for name in papers)
    for question in next(iter(papers.values())):
        places = {name: [q.id for q in questions].index(question.id) for name, questions in papers.items()}
        heading = ", ".join(f"paper {name} question {place + 1}" for name, place in places.items())
        rows = []
        for option in question.options.values():
            letters = "".join(f"<th>{_letter_of(option, papers[name][place])}</th>" for name, place in places.items())
            texts = (option.text, option.misconception or "(right)", option.feedback)
            rows.append(f"<tr>{letters}{''.join(f'<td>{printed(text, inline=True)}</td>' for text in texts)}</tr>")
        body.append(
            f"<section><h2>{heading[0].upper()}{heading[1:]}</h2>{printed(question.stem)}"
            f"<p>Objective: {printed(aims[question.objective - 1], inline=True)}</p>"
            f"<table><tr>{names}<th>Answer</th><th>Shows</th><th>Feedback</th></tr>{''.join(rows)}</table></section>"
        )
    return page(f"{title(chapter)}, key", f'<div class="key">{"".join(body)}</div>')


def _letter_of(option: Option, question: Question) -> str:
    return next(letter for letter, other in question.options.items() if other == option)


# ---- the command


def write(chapter: str, out: Path = OUT) -> Path:
    """Write all copies of a chapter's questions to a folder of its name in ``out``, and return that folder."""
    questions = read(chapter)
    folder = out / chapter
    folder.mkdir(parents=True, exist_ok=True)
    test = [question for question in questions if not question.public]
    practice = [question for question in questions if question.public]
    for name, chosen in (("practice", practice), ("test", test)):
        save_qti(folder / f"{name}-canvas.zip", f"{title(chapter)}: {name}", chosen)
    papers = {"A": test, "B": shuffled(test, chapter)}
    texts = {f"paper-{letter.lower()}.html": paper(chapter, letter, order) for letter, order in papers.items()}
    for name, text in {"moodle.xml": moodle(chapter, questions), "key.html": key(chapter, papers), **texts}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make.py questions", description="Write the questions of chapters for Canvas, Moodle and print."
    )
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="a chapter’s name; all if none is given")
    names = parser.parse_args(arguments).chapters or sorted(path.stem for path in FOLDER.glob("*.yaml"))
    try:
        folders = [write(name) for name in names]
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    pdf = print_pages([path for folder in folders for path in sorted(folder.glob("*.html"))])
    print(f"Wrote the questions of {len(folders)} chapters into {OUT}.")
    print(f"Printed {len(pdf)} PDF files." if pdf else "No browser was found to print the papers as PDF.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
