"""Small pictures of figures: for the cards of the front page, and for links to a page that are shared elsewhere."""

from __future__ import annotations

import html
import re
import textwrap
from pathlib import Path
from xml.etree import ElementTree

from jointaction.faces import drawing
from jointaction.faces.page import STILL_FONT
from jointaction.faces.theme import COLORS

PLACE = "figures/pictures"  # within the site
MODES = ("light", "dark")
WIDTH, HEIGHT = 1200, 630  # what hosts of shared links ask for
STILL = re.compile(r'<div class="ja-still[^>]*>(<svg.*?</svg>)</div>', re.DOTALL)
SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)


def bare(still: str) -> str:
    """A still without words, grids and legends: its marks on their axes, cut to the plot."""
    root = ElementTree.fromstring(still)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}text" or re.search(
                r"role-(axis-(grid|tick|label|title)|legend|title)", child.get("class", "")
            ):
                parent.remove(child)
    plot = next(group for group in root.iter(f"{{{SVG}}}g") if "root" in group.get("class", "").split())
    x, y = map(float, re.search(r"translate\(([^)]*)\)", root.find(f"{{{SVG}}}g").get("transform"))[1].split(","))
    ground = next(path for path in plot.iter(f"{{{SVG}}}path") if path.get("class") == "background")
    width, height = map(float, re.search(r"h([\d.]+)v([\d.]+)", ground.get("d")).groups())
    root.set("viewBox", f"{x - 6:g} {y - 6:g} {width + 12:g} {height + 12:g}")
    for name in ("width", "height", "aria-hidden", "focusable"):
        root.attrib.pop(name, None)
    # A pixel's tenth is less than a card shows.
    return re.sub(r"-?\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", ElementTree.tostring(root, "unicode"))


def colored(svg: str, mode: str) -> str:
    """The drawing with the colors of light or dark pages in place of the pages' variables."""
    place = MODES.index(mode)
    return re.sub(r"var\(--ja-([\w-]+)\)", lambda name: COLORS[name[1].replace("-", "_")][place], svg)


def write(site: Path, stills: dict[str, str]) -> None:
    """Write a picture of each figure, by its name, for light pages and for dark ones."""
    folder = site / PLACE
    folder.mkdir(parents=True, exist_ok=True)
    for name, still in stills.items():
        picture = bare(still)
        for mode in MODES:
            (folder / f"{name}-{mode}.svg").write_text(colored(picture, mode), encoding="utf-8")


def card(book: str, title: str, question: str, about: str, still: str) -> bytes:
    """A PNG that stands for a page where a link to it is shared: the question, the title and the figure."""
    ink, muted, paper = (COLORS[name][0] for name in ("ink", "muted", "paper"))
    pad, column = 64, 30  # letters to a line of the question

    def words(text: str, y: float, size: int, color: str, weight: str = "normal") -> str:
        return (
            f'<text x="{pad}" y="{y}" font-family="{STILL_FONT}" font-size="{size}" font-weight="{weight}" '
            f'fill="{color}">{html.escape(text)}</text>'
        )

    lines = textwrap.wrap(question, column)[:5]
    parts = [words(line, 190 + 58 * place, 46, ink, "bold") for place, line in enumerate(lines)]
    parts += [
        words(about, 110, 24, muted),
        words(title, 190 + 58 * len(lines) + 10, 26, muted),
        words(book, 566, 26, ink, "bold"),
    ]
    bars = "".join(
        f'<rect x="{WIDTH * place // 3}" width="{WIDTH // 3}" height="14" fill="{COLORS[actor][0]}"/>'
        for place, actor in enumerate(("central", "local", "business"))
    )
    picture = bare(still).replace("<svg ", '<svg x="800" y="115" width="340" height="400" ', 1)
    drawn = (
        f'<svg xmlns="{SVG}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>{bars}{"".join(parts)}{colored(picture, "light")}</svg>'
    )
    return drawing.vl_convert().svg_to_png(drawn, scale=1)
