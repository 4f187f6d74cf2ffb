"""What a published site has beside its pages: a page for addresses that lead nowhere, links to the book's downloads,
and, where the site's own address is known, a map for search engines and a feed of changes.

sphinx-sitemap warns where the address is unknown and asks git for the age of each page; sphinx-notfound-page needs
the address too, and leaves the table of contents relative. Both do less than these lines.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from jointaction.site.contents import DECKS

LOST, CHANGES, FEED = "404", "book/reference/changes", "changes.xml"
NAME, DOWNLOADS = "who-pays-who-decides", "downloads"
FILES = {
    f"{NAME}.zip": "The whole site, to read offline",
    f"{NAME}.pdf": "The whole book as a PDF",
    f"{NAME}-class.zip": "A pack for a class: student notebooks, library, tables and worksheets",
}
ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
DATED = re.compile(r"(\w+ \d{1,2}, \d{4}): (.+)")
# Links and files of a page, relative to it; not anchors, nor what begins at a root or with a protocol.
RELATIVE = re.compile(r'(\b(?:href|src|action|data-content_root)=")(?![#/]|[a-z]+:)(?:\./)?')


def connect(app: Sphinx) -> None:
    """Add these files to every build of the site."""
    app.add_directive("downloads", Downloads)
    app.add_config_value("book_downloads", "", "env", str)
    app.connect("html-collect-pages", _lost)
    app.connect("html-page-context", _head, priority=901)
    app.connect("build-finished", _write, priority=700)  # slim.py needs relative addresses


def _lost(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    home = app.builder.get_target_uri(app.config.root_doc)
    body = (
        "<section><h1>There is no such page</h1>"
        "<p>The address may be mistyped, or the page may have moved.</p>"
        f'<p><a href="{home}">Go to the front page</a>, or look for words of the book:</p>'
        '<form class="ja-find" role="search" action="search.html" method="get">'
        '<label for="ja-lost">Search the book</label> <input id="ja-lost" type="search" name="q" required> '
        '<button type="submit">Search</button></form></section>'
    )
    yield LOST, {"title": "There is no such page", "body": body}, "page.html"


def _head(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if pagename == LOST:
        context["pageurl"] = None  # its address is whatever was asked for
        context["metatags"] += '<meta name="robots" content="noindex">'
    elif pagename in (CHANGES, app.config.root_doc) and app.config.html_baseurl and CHANGES in app.env.found_docs:
        file = context["pathto"](FEED, True)
        context["metatags"] += f'<link rel="alternate" type="application/atom+xml" title="What changed" href="{file}">'
        if pagename == CHANGES:
            context["body"] += f'<p><a href="{file}">Follow the changes in a feed reader</a></p>'


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site, address = Path(app.outdir), app.config.html_baseurl
    lost = site / f"{LOST}.html"
    root = urlsplit(address).path or "/"
    lost.write_text(RELATIVE.sub(rf"\1{root}", lost.read_text(encoding="utf-8")), encoding="utf-8")
    found = changes(app.env.get_doctree(CHANGES)) if CHANGES in app.env.found_docs else []
    if not address:
        return
    ET.register_namespace("", SITEMAP)
    _save(site / "sitemap.xml", sitemap(address, pages(site)))
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n", encoding="utf-8")
    if found:
        ET.register_namespace("", ATOM)
        _save(site / FEED, feed(address, str(app.config.project), str(app.config.author), found))


def pages(site: Path) -> list[str]:
    """The pages that a search engine should know, as paths from the site's root."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted([site / "index.html", *site.glob("book/**/*.html"), site / "figures/index.html"])
        if DECKS not in path.as_posix()
    ]


def sitemap(address: str, paths: list[str]) -> ET.Element:
    """The map of a site at this address."""
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for path in paths:
        ET.SubElement(ET.SubElement(root, f"{{{SITEMAP}}}url"), f"{{{SITEMAP}}}loc").text = address + path
    return root


class Change(NamedTuple):
    """An entry of the page of changes: its day, its title, what it says, and its place on the page."""

    day: datetime.date
    title: str
    text: str
    anchor: str


def changes(doctree: nodes.document) -> list[Change]:
    """The entries of the page of changes, as they stand on it.

    Raises :class:`sphinx.errors.SphinxError` for a heading that does not begin with a date, and for a date out of order.
    """
    found = []
    for section in [*doctree.findall(nodes.section)][1:]:
        heading, *body = section.children
        match = DATED.fullmatch(heading.astext())
        try:
            day = datetime.datetime.strptime(match[1], "%B %d, %Y").date()
        except (TypeError, ValueError):
            raise SphinxError(
                f"In {CHANGES} each heading is a date and a title, such as “May 1, 2027: New data”, but one is “{heading.astext()}”."
            ) from None
        if found and day > found[-1].day:
            raise SphinxError(
                f"In {CHANGES} the newest entry comes first, but “{heading.astext()}” stands below an older one."
            )
        found.append(Change(day, match[2], "\n\n".join(node.astext() for node in body), section["ids"][0]))
    return found


def feed(address: str, title: str, author: str, entries: list[Change]) -> ET.Element:
    """The entries as an Atom feed of the site at this address, the newest first."""
    root, page = ET.Element(f"{{{ATOM}}}feed"), f"{address}{CHANGES}.html"

    def add(to: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
        element = ET.SubElement(to, f"{{{ATOM}}}{name}", attributes)
        element.text = text
        return element

    def dated(to: ET.Element, name: str, link: str, day: datetime.date) -> None:
        add(to, "title", name)
        add(to, "id", link)
        add(to, "link", href=link)
        add(to, "updated", f"{day.isoformat()}T00:00:00Z")

    dated(root, f"{title}: what changed", page, max(entry.day for entry in entries))
    add(root, "link", rel="self", href=address + FEED)
    add(add(root, "author"), "name", author)
    for entry in entries:
        each = add(root, "entry")
        dated(each, entry.title, f"{page}#{entry.anchor}", entry.day)
        add(each, "content", entry.text, type="text")
    return root


class Downloads(SphinxDirective):
    """``{downloads}``: links to the files of a release where ``BOOK_DOWNLOADS`` promises them, or how to make them."""

    def run(self) -> list[nodes.Node]:
        if not self.config.book_downloads:
            return self.parse_text_to_nodes(
                "This copy of the book was built without its downloads; `python3 make.py release` makes them."
            )
        up = "../" * self.env.docname.count("/")
        links = "".join(f'<li><a href="{up}{DOWNLOADS}/{name}">{text}</a></li>' for name, text in FILES.items())
        return [nodes.raw("", f'<ul class="ja-downloads">{links}</ul>', format="html")]


def _save(path: Path, root: ET.Element) -> None:
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
