"""The build-side half of the library: what turns notebooks into self-contained static pages."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from docutils import nodes
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from jointaction.faces.live import STATIC_VARIABLE
from jointaction.faces.page import charts_script, tools_script
from jointaction.faces.theme import style_sheet
from jointaction.site import (
    cards,
    copies,
    door,
    figures,
    frame,
    head,
    language,
    launch,
    math,
    policy,
    published,
    scenarios,
    search,
    sheets,
    slides,
    slim,
)
from jointaction.site.codebook import Codebook, check_facts, link_codes
from jointaction.site.contents import DECKS
from jointaction.site.tally import Tally
from jointaction.sources.tables import FOLDER

LIBRARY = Path(__file__).parents[1]
ASSETS, FACES = LIBRARY / "site" / "assets", LIBRARY / "faces" / "assets"
logger = logging.getLogger(__name__)


# Extensions that Jupyter Book always loads and no page here uses; they would add scripts to every page.
UNUSED = ("sphinx_thebe", "sphinx_togglebutton", "sphinx_comments")
UNUSED_FILES = ("thebe", "togglebutton", "toggleHint", "toggleOpen", "design-tabs", "sphinx_highlight")


# Extensions of Jupyter Book that do not say whether pages may be read side by side: they act before and after that.
SILENT = ("sphinx_jupyterbook_latex", "sphinx_multitoc_numbering")

# Copy buttons, with what marks the pages that need them at once: code.js fetches them where it shows code.
COPYING, AT_ONCE = ("clipboard", "copybutton"), r'\A(?!.*class="[^"]*above-input).*class="highlight'

# Our scripts, each with what marks the pages that need it.
SCRIPTS = {
    "figure.js": 'class="(explorer[ "]|ja-predict"|ja-reveal")',
    "cards.js": 'id="ja-cards"',
    "code.js": 'class="[^"]*above-input',
    "tally.js": 'class="ja-tally"',
    "codebook.js": 'class="ja-fold"',
    "menu.js": "",  # every page
}


# Until a reader chooses light or dark, a page follows the system, and does so before anything is drawn.
FIRST_VISIT = """<script>try {
  const kept = localStorage, dark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (!kept.getItem("mode")) kept.setItem("mode", "auto");
  if (kept.getItem("mode") === "auto") kept.setItem("theme", dark ? "dark" : "light");
} catch (error) { /* a frame without storage */ }</script>"""


def setup(app: Sphinx) -> dict:
    os.environ[STATIC_VARIABLE] = "1"  # kernels inherit it: no widgets in built outputs
    app.add_html_math_renderer("mathml", (math.inline, None), (math.display, None))
    app.add_directive("codebook", Codebook)
    app.add_directive("copies", copies.Copies)
    app.add_directive("launch", launch.Launch)
    app.add_directive("tally", Tally)
    app.add_directive("small-figure", door.SmallFigure)
    app.add_directive("chapters", door.Chapters)
    scenarios.setup(app)
    sheets.setup(app)
    slides.setup(app)
    app.add_config_value("book_repository", None, "env", (launch.Repository, type(None)))
    app.add_css_file("jointaction/book.css", priority=900)
    app.connect("config-inited", _configure, priority=1)
    app.connect("builder-inited", _front_door)
    app.connect("builder-inited", _write_assets)
    app.connect("builder-inited", _read_side_by_side)
    app.connect("source-read", check_facts)
    app.connect("doctree-read", link_codes)
    app.connect("doctree-resolved", frame.place)
    app.connect("env-updated", _write_in_order)
    app.connect("env-updated", _cite_targets, priority=900)  # once the bibliography is known
    app.connect("html-page-context", _page, priority=900)  # after every extension that adds scripts
    app.connect("html-collect-pages", figures.write)
    published.connect(app)
    app.connect("html-collect-pages", search.page)
    app.connect("build-finished", search.write)
    app.connect("build-finished", _quieten)
    app.connect("build-finished", launch.settle_copies)
    app.connect("build-finished", copies.add)
    app.connect("env-get-updated", slim.rewrite_all)
    app.connect("build-finished", slim.slim, priority=600)  # once the theme has written its last sheet
    app.connect("build-finished", policy.protect, priority=900)  # once all pages are as they stay
    app.connect("build-finished", _refuse_warnings, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app: Sphinx, config) -> None:
    config.book_repository = launch.repository(os.environ)
    config.project = config.html_title  # Jupyter Book gives the title of a book to its HTML only
    config.book_downloads = os.environ.get("BOOK_DOWNLOADS", "")
    config.html_baseurl = launch.site({"BOOK_SITE": config.html_baseurl, **os.environ})
    config.templates_path.append(str(Path(__file__).parent / "templates"))
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if not each.handler.__module__.startswith(UNUSED)]
    _cache_follows_inputs(app, config)


def _cache_follows_inputs(app: Sphinx, config) -> None:
    """Give the execution cache a name made from what outputs depend on, so that a change in it runs notebooks.

    That is the data and the library without this room, which only turns outputs into pages.
    """
    rooms = [path for path in LIBRARY.rglob("*.py") if path.relative_to(LIBRARY).parts[0] != "site"]
    digest = hashlib.sha256()
    for path in sorted([*FOLDER.iterdir(), *rooms]):
        digest.update(path.name.encode() + path.read_bytes())
    folder = Path(app.outdir).parent / ".jupyter_cache"
    config.nb_execution_cache_path = str(folder / digest.hexdigest()[:16])
    for old in folder.iterdir() if folder.is_dir() else ():
        if old != Path(config.nb_execution_cache_path):
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()


def _read_side_by_side(app: Sphinx) -> None:
    """Let chapters be read, and so their notebooks run, on several cores at once; Jupyter Book has no option for it."""
    for name in SILENT:
        if extension := app.extensions.get(name):
            extension.parallel_read_safe = extension.parallel_write_safe = True
    app.parallel = max(app.parallel, min(4, os.cpu_count() or 1))
    get_cache(app.config.nb_execution_cache_path).list_cache_records()  # made here, not by two readers at once


def _write_in_order(app: Sphinx, env: BuildEnvironment) -> None:
    """Pages are written by one process, which is quick and keeps the site the same from build to build."""
    app.parallel = 1


def _cite_targets(app: Sphinx, env) -> None:
    """Let prose cite a work as an ordinary link, ``[Oates (1972)](#cite-oates-1972)``.

    JupyterLab shows such a link as it stands; a cite role would show a bare key there.
    """
    for citation in env.get_domain("cite").citations:
        target = (citation.bibliography_key.docname, citation.citation_id)
        env.get_domain("std").anonlabels[citation.citation_id] = target
        env.get_domain("std").labels[citation.citation_id] = (*target, citation.key)


def _page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> str | None:
    """Leave out files that no page here needs, defer scripts, and add the explorers' script where there is one."""

    def used(file: object, unused: tuple[str, ...] = UNUSED_FILES) -> bool:
        words = f"{getattr(file, 'filename', None) or file} {getattr(file, 'attributes', {}).get('body', '')}"
        return not any(name in words for name in unused)

    context["css_files"] = [css for css in context["css_files"] if used(css)]
    copying = () if re.search(AT_ONCE, context.get("body", ""), re.DOTALL) else COPYING
    scripts = [js for js in context["script_files"] if used(js, (*UNUSED_FILES, *copying))]
    for script in scripts:
        # These two hold what scripts written into a page use at once.
        at_once = ("documentation_options", "doctools")
        if getattr(script, "filename", None) and not any(word in script.filename for word in at_once):
            script.attributes["defer"] = "defer"
    context["script_files"] = scripts
    if "body" in context:
        # Roles that docutils gives a bibliography and that assistive technology no longer knows.
        context["body"] = (
            context["body"]
            .replace(' role="doc-biblioentry"', "")
            .replace('<div role="list" class="citation-list">', '<div class="citation-list">')
        )
        # A bar above folded code is called what it shows.
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")
        context["body"] = language.mark(context["body"])
        context["body"] += "" if pagename.startswith(DECKS) else cards.block(context["body"])
    copies.button(app, pagename, context)
    launch.buttons(app, pagename, context)
    frame.neighbors(app, pagename, context)
    frame.name_folds(context)
    context["metatags"] = (
        context.get("metatags", "")
        + head.tags(app, pagename, context)
        + FIRST_VISIT
        + figures.citation(app, context.get("title", ""))
    )
    if deck := slides.page(app, pagename, context):
        return deck
    for script, sign in SCRIPTS.items():
        if re.search(sign, context.get("body", "")):
            source = context["pathto"](f"_static/jointaction/{script}", True)
            context["metatags"] = context.get("metatags", "") + f'<script defer src="{source}"></script>'
    return None


def _write_assets(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    app.builder.search = False  # Sphinx's own, which leaves words out: see search.py
    folder = Path(app.outdir) / "_static" / "jointaction"
    folder.mkdir(parents=True, exist_ok=True)
    style = "".join(
        [
            style_sheet(),
            (FACES / "figure.css").read_text(encoding="utf-8"),
            (ASSETS / "book.css").read_text(encoding="utf-8"),
        ]
    )
    (folder / "book.css").write_text(style, encoding="utf-8")
    for name in [*SCRIPTS, *search.FILES]:
        shutil.copyfile(next(f / name for f in (ASSETS, FACES) if (f / name).exists()), folder / name)
    for script, text in (("charts.js", charts_script()), ("tools.js", tools_script())):
        (folder / script).write_text(text, encoding="utf-8")
    slides.write_assets(app)


def _quieten(app: Sphinx, exception: Exception | None) -> None:
    """Take other people's chatter out of the reader's console, and files no page asks for out of the site."""
    if exception or app.builder.format != "html":
        return
    (Path(app.outdir) / ".nojekyll").touch()  # or a host that serves a branch leaves out _static
    static = Path(app.outdir) / "_static"
    theirs = [script for script in static.rglob("*.js") if script.parent.name != "jointaction"]
    for script in [*theirs, Path(app.outdir) / "search.html"]:
        text = script.read_text(encoding="utf-8")
        script.write_text(re.sub(r"console\.(log|info|debug)\(", "(() => {})(", text), encoding="utf-8")
    scripts = ("scripts/fontawesome.js*", "scripts/bootstrap.js*", "searchtools.js", "sphinx_highlight.js")
    for unused in [*static.rglob("*.map"), *(file for name in scripts for file in static.glob(name))]:
        unused.unlink(missing_ok=True)


def _front_door(app: Sphinx) -> None:
    """Put the landing page at the site's root, wherever its source lies."""
    if app.builder.format != "html":
        return
    builder, root = app.builder, app.config.root_doc
    address, file = builder.get_target_uri, builder.get_outfilename
    builder.get_target_uri = lambda page, typ=None: address("index" if page == root else page, typ)
    builder.get_outfilename = lambda page: file("index" if page == root else page)


def _refuse_warnings(app: Sphinx, exception: Exception | None) -> None:
    """Make every build fail on a warning, however it was started, and read all pages again next time."""
    if exception is None and app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)
        raise SphinxError(f"The build gave {app._warncount} warning(s); a clean build gives none.")
