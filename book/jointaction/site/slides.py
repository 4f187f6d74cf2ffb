"""Slides: a deck for each chapter, ``book/teaching/slides/CHAPTER.md``, shown by reveal.js.

A deck is read like every page, so that its facts, links, values and scenarios are checked, and written without the
book's frame: each heading begins a slide. Figures, questions, objectives and the prediction come from the chapter. The
first slide is made from the chapter's title and question. A deck is no page of the table of contents.
"""

from __future__ import annotations

import functools
import html
import importlib
import re
import shutil
from importlib.resources import files
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from jointaction.errors import InputError, nearest
from jointaction.faces.page import compiled, slide
from jointaction.faces.theme import style_sheet
from jointaction.site import contents, questions
from jointaction.site.contents import DECKS, Chapter, described
from jointaction.site.scenarios import Refusing, chapter, read

ASSETS, FACES = Path(__file__).parent / "assets", Path(__file__).parents[1] / "faces" / "assets"
FOLDER = "_static/jointaction/slides"  # of the site: what only decks need
MINUTES = 50  # of a deck's notes together
SLIDES = (12, 15)
logger = logging.getLogger(__name__)

_TOP = re.compile(r"<section[^>]*>\s*<h1>.*?</h1>(?P<notes>.*?)(?P<slides><section.*)</section>\s*$", re.DOTALL)
_EMPTY = re.compile(r"<th\b[^>]*>\s*(?:<p>\s*</p>)?\s*</th>")  # a corner of a table heads nothing
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)


class notes(nodes.General, nodes.Element):
    """What a speaker says with a slide; ``minutes`` is how long the slide takes."""


def _chapter(docname: str, root: Path) -> Chapter:
    """The chapter that a deck belongs to.

    Raises :class:`jointaction.errors.InputError` for a deck that is called like no chapter.
    """
    known = {Path(page).name: chapter for page, chapter in described(root).items()}
    name = Path(docname).name
    if name not in known:
        near = nearest(name, known)
        raise InputError(f"A deck is called as its chapter; there is no chapter {name!r}, the nearest is {near!r}.")
    return known[name]


# ---- directives


class Live(Refusing):
    """``{live} matching-ratio(2022)``: the figure over the whole slide, opened in the scenario.

    The option ``control`` names another control than the figure's own to move, ``chart`` another chart to come first,
    ``readouts`` the read-outs that answer it.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = dict.fromkeys(("control", "chart", "readouts"), directives.unchanged_required)

    def shown(self) -> list[nodes.Node]:
        scenario = read(self.arguments[0])
        name = scenario.explorer.name
        payload = type(scenario.explorer)(scenario.settings).payload()
        lead = payload["lead"] = dict(payload["lead"])
        for option, key, known in (
            ("control", "control", payload["controls"]),
            ("chart", "panel", payload["panels"]),
            ("readouts", "readouts", payload["readouts"]),
        ):
            if option not in self.options:
                continue
            names = [each["name"] for each in known]
            asked = self.options[option].split() if option == "readouts" else [self.options[option]]
            for each in asked:
                if each not in names:
                    near = nearest(each, names)
                    raise InputError(f"The figure {name} has no {option} {each!r}; the nearest is {near!r}.")
            lead[key] = asked if option == "readouts" else asked[0]
        number = self.env.temp_data["figures"] = self.env.temp_data.get("figures", 0) + 1
        self.env.temp_data["scenario"] = scenario
        home = self.env.app.builder.get_relative_uri(self.env.docname, chapter(name))
        return [nodes.raw("", slide(payload, _works(name), number, home), format="html")]


@functools.cache
def _works(name: str) -> dict:
    """A figure at the book's start values with its charts compiled."""
    return compiled(
        importlib.import_module("jointaction").explorer(name).payload()
    )  # by name: the site knows no figure


class Predict(Refusing):
    """``{predict}``: what the chapter lets its readers predict."""

    def shown(self) -> list[nodes.Node]:
        path = contents.ROOT / f"{_chapter(self.env.docname, contents.ROOT).page}.ipynb"
        self.env.note_dependency(str(path))
        outputs = (out for cell in nbformat.read(path, as_version=4).cells for out in cell.get("outputs", []))
        shown = (str(out.get("data", {}).get("text/html", "")) for out in outputs)
        forms = [text for text in shown if text.startswith('<form class="ja-predict"')]
        if not forms:
            raise InputError(f"The chapter {path.name} asks for no prediction, so its deck has nothing to show here.")
        return [nodes.raw("", "".join(forms), format="html")]


class Ask(Refusing):
    """``{ask} 3``: the third of the chapter's public questions; its answer with the reason comes a key press later."""

    required_arguments = 1

    def shown(self) -> list[nodes.Node]:
        name = _chapter(self.env.docname, contents.ROOT).page.rpartition("/")[2]
        self.env.note_dependency(str(questions.FOLDER / f"{name}.yaml"))
        known = [question for question in questions.read(name) if question.public]
        if self.arguments[0] not in map(str, range(1, len(known) + 1)):
            asked = self.arguments[0]
            raise InputError(f"There is no public question {asked} in {name}.yaml; choose one from 1 to {len(known)}.")
        question = known[int(self.arguments[0]) - 1]
        options = nodes.enumerated_list(enumtype="upperalpha", prefix="", suffix=".")
        for letter, option in question.options.items():
            classes = ["ja-right"] if letter == question.key else []
            options += nodes.list_item("", *self.parse_text_to_nodes(option.text), classes=classes)
        reason = self.parse_text_to_nodes(f"**{question.key}.** {question.right.feedback}")
        answer = nodes.container("", *reason, classes=["fragment", "ja-answer"])
        return [nodes.container("", *self.parse_text_to_nodes(question.stem), options, answer, classes=["ja-question"])]


class Notes(Refusing):
    """``{notes} 4``: what the speaker says with this slide, and for how many minutes."""

    required_arguments = 1
    has_content = True

    def shown(self) -> list[nodes.Node]:
        if not re.fullmatch(r"[1-9]\d?", self.arguments[0]):
            raise InputError(f"Notes begin with the slide’s minutes, such as {{notes}} 4, not {self.arguments[0]!r}.")
        return [notes("", *self.parse_content_to_nodes(), minutes=int(self.arguments[0]))]


def _open_notes(translator, node: notes) -> None:
    minutes = f"{node['minutes']} minute{'' if node['minutes'] == 1 else 's'}"
    translator.body.append(
        f'<aside class="notes" data-minutes="{node["minutes"]}"><p class="ja-minutes">{minutes}</p>\n'
    )


def _close_notes(translator, node: notes) -> None:
    translator.body.append("</aside>\n")


# ---- a deck


def _let_in(app: Sphinx, config: Config) -> None:
    """Read the decks too, which the table of contents does not name."""
    config.exclude_patterns = [each for each in config.exclude_patterns if not each.startswith(f"{DECKS}/")]


def _arrange(app: Sphinx, doctree: nodes.document) -> None:
    """Put the notes at each slide's end and what waits for a key press into fragments; refuse a deck out of shape."""
    docname = app.env.docname
    if not docname.startswith(f"{DECKS}/"):
        return
    app.env.metadata[docname]["orphan"] = True
    try:
        _chapter(docname, Path(app.srcdir))
        _in_shape(doctree)
    except InputError as error:
        logger.warning(str(error), location=docname)


def _in_shape(doctree: nodes.document) -> None:
    top = next(iter(doctree.findall(nodes.section)), None)
    slides = [child for child in top or [] if isinstance(child, nodes.section)]
    if not slides:
        raise InputError(
            "A deck begins with one heading, “# Slides: …”, and has slides below it, each with its “## …”."
        )
    if not any(isinstance(child, notes) for child in top):
        top.insert(1, notes("", nodes.paragraph(text="Say what the class is about, and read the question."), minutes=1))
    for part in slides:
        told = [child for child in part if isinstance(child, notes)]
        if len(told) != 1:
            raise InputError(f"The slide “{part[0].astext()}” needs its notes once, not {len(told)} times.")
        rest = [child for child in part.children if child is not told[0]]
        part.children = []
        part += [*_fragments(rest), told[0]]
    count = 1 + len(slides)
    if not SLIDES[0] <= count <= SLIDES[1]:
        raise InputError(f"A deck has {SLIDES[0]} to {SLIDES[1]} slides with its first; this one has {count}.")
    minutes = sum(told["minutes"] for told in doctree.findall(notes))
    if minutes != MINUTES:
        raise InputError(
            f"The minutes of a deck’s notes add up to {MINUTES} with its first slide; these add up to {minutes}."
        )


def _fragments(children: list[nodes.Node]) -> list[nodes.Node]:
    """What follows each ``+++`` as one fragment."""
    kept: list[nodes.Node] = []
    place = kept
    for child in children:
        if isinstance(child, nodes.comment) and "block_break" in child["classes"]:
            place = nodes.container(classes=["fragment"])
            kept.append(place)
        else:
            place.append(child)
    return kept


def page(app: Sphinx, docname: str, context: dict) -> str | None:
    """Make a deck's page of its text, and name the template for it; None for every other page."""
    if not docname.startswith(f"{DECKS}/") or docname not in app.env.found_docs:
        return None
    told = _chapter(docname, Path(app.srcdir))
    found = _TOP.search(_EMPTY.sub("<td></td>", _PERMALINK.sub("", context["body"])))
    uri = functools.partial(app.builder.get_relative_uri, docname)
    context |= {
        "title": f"Slides: {told.title}",
        "chapter": told,
        "chapter_page": uri(told.page),
        "class_page": uri(f"book/teaching/{Path(docname).name}"),
        "first_notes": found["notes"] if found else "",
        "slides": found["slides"] if found else "",
    }
    return "deck.html"


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Lead from the page of a class to its slides."""
    name = Path(docname).name
    if (
        docname != f"book/teaching/{name}"
        or name not in contents.decks(Path(app.srcdir))
        or app.builder.format != "html"
    ):
        return
    address = app.builder.get_relative_uri(docname, f"{DECKS}/{name}")
    text = (
        f'<p class="ja-slides-link"><a href="{html.escape(address)}">Slides for projecting</a>: {MINUTES} minutes, with '
        f"the figures live; the key S opens the notes in a window of their own. "
        f'<a href="{html.escape(address)}?notes">Slides with their notes</a>, to read or to print.</p>'
    )
    title = next(iter(doctree.findall(nodes.title)))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", text, format="html"))


def write_assets(app: Sphinx) -> None:
    """Put reveal.js and what is our own of a deck into the site."""
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    theirs = Path(str(files("sphinx_revealjs"))) / "_static" / "revealjs"
    for file in (theirs / "dist" / "reveal.js", theirs / "dist" / "reveal.css", theirs / "LICENSE"):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(text.replace("//# sourceMappingURL=reveal.js.map", ""), encoding="utf-8")
    sheets = (FACES / "figure.css", ASSETS / "slides.css")
    style = style_sheet() + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    (folder / "slides.css").write_text(style, encoding="utf-8")
    shutil.copyfile(ASSETS / "slides.js", folder / "slides.js")


def setup(app: Sphinx) -> None:
    app.add_node(notes, html=(_open_notes, _close_notes))
    for name, directive in (("live", Live), ("predict", Predict), ("ask", Ask), ("notes", Notes)):
        app.add_directive(name, directive)
    app.connect("config-inited", _let_in, priority=901)  # after the table of contents has shut others out
    app.connect("doctree-read", _arrange)
    app.connect("doctree-resolved", link)
