"""The front page, the frame of a chapter, the numbers of figures, and what a page says of itself elsewhere."""

from __future__ import annotations

import html
import itertools
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import ROOT
from figures import bring_to_life, figure, value
from jointaction.explorers import EXPLORERS, explorer
from jointaction.faces.page import _lean, small
from jointaction.faces.theme import COLORS
from jointaction.site import head, pictures
from jointaction.site.contents import described
from playwright.sync_api import expect

CHAPTERS = described(ROOT)
SMALL = "matching-ratio-small"


def text(site: Path, page: str) -> str:
    return (site / f"{page}.html").read_text(encoding="utf-8")


# Colors of the actors -----------------------------------------------------------------------------------------

ACTORS = ("central", "local", "business")
# How a color looks to somebody who lacks one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1.
SEEN = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    "all cones": np.eye(3),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def light(color: str) -> np.ndarray:
    """Linear red, green and blue, each 0 to 1."""
    channels = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ light(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colors_of_actors_can_be_read_and_told_apart(mode: int) -> None:
    """4.5 to 1 on every ground that figures have; differences in CIELAB, where 2.3 is just seen."""
    colors = {actor: COLORS[actor][mode] for actor in ACTORS}
    for actor, ground in itertools.product(ACTORS, ("paper", "surface")):
        assert contrast(colors[actor], COLORS[ground][mode]) >= 4.5, (actor, ground)
    for eye, matrix in SEEN.items():
        for one, other in itertools.combinations(ACTORS, 2):
            apart = np.linalg.norm(lab(matrix @ light(colors[one])) - lab(matrix @ light(colors[other])))
            assert apart >= (14 if eye == "tritanopia" else 30), (eye, one, other, apart)


# What a chart may draw in the color of an actor, in the words of its legend.
MEANT = {
    "central": "central|center|beijing|guidance fund",
    "local": "local|joins|advance",
    "business": "business|entrepreneurs|market",
}


def named(spec: object) -> Iterator[tuple[str, str]]:
    """The names of kinds in a chart's specification, each with its color."""
    if isinstance(spec, dict):
        scale = spec.get("scale")
        if isinstance(scale, dict) and isinstance(scale.get("domain"), list) and isinstance(scale.get("range"), list):
            yield from ((str(kind), str(color)) for kind, color in zip(scale["domain"], scale["range"]))
        for value in spec.values():
            yield from named(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from named(value)


def test_the_color_of_an_actor_means_the_actor_in_every_figure() -> None:
    wrong, found = [], set()
    for name in EXPLORERS:
        for panel in explorer(name).drawings():
            for kind, color in named(panel["spec"]):
                actor = color.removeprefix("var(--ja-").removesuffix(")")
                found |= {actor} & set(ACTORS)
                if actor in MEANT and not re.search(MEANT[actor], kind, re.IGNORECASE):
                    wrong.append(f"{name}, {panel['name']}: “{kind}” has the color {actor}.")
    assert not wrong and found == set(ACTORS), "\n".join(wrong)


# The front page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["phone", "light"])
def test_the_front_page_has_a_figure_that_moves_at_once(mode: str, open_page) -> None:
    page = open_page("index.html", mode)
    slider = figure(page, SMALL).locator("input[type=range]")
    box, screen = slider.bounding_box(), page.viewport_size
    assert box["y"] + box["height"] < screen["height"] and box["width"] > 200  # without scrolling
    assert page.evaluate("() => window.jointactionVega === undefined")
    at = (box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    (page.touchscreen.tap if mode == "phone" else page.mouse.click)(*at)
    expect(figure(page, SMALL)).to_have_attribute("data-state", "live")
    ratio = float(slider.input_value())
    assert 0.4 < ratio < 0.6
    for readout, computed in explorer("matching-ratio").results(matching_ratio=ratio).items():
        if readout in explorer("matching-ratio").lead_readouts:
            assert float(value(page, readout, SMALL)) == pytest.approx(computed)
    assert figure(page, SMALL).locator(".ja-live svg").count() == 2
    slider.press("End")
    expect(figure(page, SMALL).locator('output[name="joining"]')).to_have_text(
        str(explorer("matching-ratio").results(matching_ratio=2.0)["joining"])
    )


def test_the_small_figure_and_the_whole_one_stand_beside_each_other(open_page, site: Path) -> None:
    whole = text(site, "book/mechanisms/key-rd-program")
    ids = re.findall(r'\bid="([^"]+)"', small(explorer("matching-ratio").payload(), ["map", "curve"], "")) + re.findall(
        r'\bid="([^"]+)"', whole
    )
    assert sorted({name for name in ids if ids.count(name) > 1}) == []
    page = open_page("index.html")
    page.get_by_role("link", name="The whole figure").click()
    bring_to_life(page)
    expect(figure(page)).to_be_in_viewport()


def test_every_chapter_is_a_card_with_its_question_and_its_picture(site: Path) -> None:
    cards = re.findall(r'<li class="ja-chapter">(.*?)</li>', text(site, "index"), re.DOTALL)
    assert len(cards) == len(CHAPTERS)
    for card, chapter in zip(cards, CHAPTERS.values()):
        link, question = re.search(r'<a href="([^"]+)">([^<]+)</a>', card).groups()
        assert (link, html.unescape(question)) == (f"{chapter.page}.html", chapter.question)
        assert chapter.question.endswith("?")
        shown = re.findall(r'src="([^"]+)" alt="" width="\d+" height="\d+" loading="lazy"', card)
        assert shown == [f"{pictures.PLACE}/{chapter.figure}-{mode}.svg" for mode in pictures.MODES]
        for picture in shown:
            drawn = (site / picture).read_text(encoding="utf-8")
            assert "var(" not in drawn and "<text" not in drawn and len(drawn) > 1000
            ElementTree.fromstring(drawn)
    assert len({chapter.question for chapter in CHAPTERS.values()}) == len(CHAPTERS)


# Chapters and figures -------------------------------------------------------------------------------------------


def test_figures_are_numbered_by_chapter_and_listed_in_that_order(site: Path) -> None:
    numbers = []
    for chapter in CHAPTERS.values():
        body = text(site, chapter.page)
        names = re.findall(r'<figure class="explorer" id="(explorer-[\w-]+)"', body)
        anchors = re.findall(r'<a class="ja-number-of" href="#([\w-]+)">Figure ([\d.]+)</a>', body)
        assert [name for name, _ in anchors] == names and names
        assert [number for _, number in anchors] == [f"{chapter.number}.{n + 1}" for n in range(len(names))]
        numbers += [number for _, number in anchors]
    assert len(set(numbers)) == len(numbers)
    gallery = re.search(r'<ul class="ja-gallery">.*?</ul>', text(site, "figures/index"), re.DOTALL)[0]
    assert re.findall(r"(?:<strong>|<p>)Figure ([\d.]+) ", gallery) == numbers


def test_a_chapter_says_where_it_stands_and_asks_on(open_page, site: Path) -> None:
    pages = list(CHAPTERS.values())
    for before, chapter, after in zip([None, *pages], pages, [*pages[1:], None]):
        body = text(site, chapter.page)
        where = re.search(r'<p class="ja-where">(.*?)</p>', body)[1]
        assert where == (
            f"Chapter {chapter.number} · {chapter.part}, {chapter.place} of {chapter.of} · {chapter.time} to read"
        )
        for way, other in (("left-prev", before), ("right-next", after)):
            link = re.search(rf'<a class="{way}".*?</a>', body, re.DOTALL)
            if other:
                assert html.escape(other.question) in link[0] and f"{other.number}. " in link[0]
    page = open_page(f"{pages[2].page}.html")
    page.locator("a.right-next").click()
    expect(page.locator("p.ja-asks")).to_have_text(pages[3].question)


# What a page says of itself ---------------------------------------------------------------------------------------


def test_every_page_describes_itself_and_no_other(site: Path) -> None:
    said: dict[str, str] = {}
    for path in sorted([*site.glob("*.html"), *site.glob("book/**/*.html"), *site.glob("figures/*.html")]):
        top = path.read_text(encoding="utf-8").partition("</head>")[0]
        found = re.findall(r'<meta (?:content="([^"]*)" name="description"|name="description" content="([^"]*)")', top)
        assert len(found) == 1, path
        description = "".join(found[0])
        assert len(description) > 30 and description not in said, (path, said.get(description))
        said[description] = path.name
        if path.parent.name != "figures" or path.name == "index.html":
            shared = re.search(r'<meta property="og:description" content="([^"]*)"', top)[1]
            assert html.unescape(shared) == html.unescape(description)
            assert re.search(r'<meta property="og:title" content="[^"]+"', top)


def test_a_shared_link_shows_a_picture_where_the_site_s_address_is_known(site: Path, tmp_path: Path) -> None:
    page, shown = "book/mechanisms/key-rd-program", "https://who.github.io/pays/_static/cards/key-rd-program.png"
    config = SimpleNamespace(project="The book", root_doc="book/index", html_baseurl="https://who.github.io/pays")
    builder = SimpleNamespace(get_target_uri=lambda page: f"{page}.html")
    app = SimpleNamespace(config=config, builder=builder, srcdir=str(ROOT), outdir=str(tmp_path))
    assert f'<meta property="og:image" content="{shown}">' in head.tags(app, page, {"title": "R&amp;D"})
    first = pictures.STILL.search(text(site, "book/recentralization/who-pays"))[1]
    still = pictures.STILL.search(text(site, page))[1]
    head.write_cards(app, {"who-pays": first, "matching-ratio": still})
    names = sorted(path.name for path in (tmp_path / head.CARDS).iterdir())
    assert names == ["book.png", "key-rd-program.png", "who-pays.png"]
    drawn = (tmp_path / head.CARDS / "book.png").read_bytes()
    assert drawn == pictures.card("", "An open, interactive book", "The book", "", still)  # the front page's figure
    for path in (tmp_path / head.CARDS).iterdir():
        drawn = path.read_bytes()
        assert drawn[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", drawn[16:24]) == (1200, 630)  # as hosts ask
        assert 10_000 < len(drawn) < 150_000
    config.html_baseurl = ""
    tags = head.tags(app, page, {"title": "R&amp;D"})
    assert "og:image" not in tags and '<meta property="og:title" content="R&amp;D">' in tags


def test_a_still_keeps_its_line_with_fewer_points() -> None:
    assert _lean("M0,0L1,1L2,2L3,1L4,0") == "M0,0L2,2L4,0"
    assert _lean("M0,0L5,0L2,0L2,0.05M7.123456,1L8,1") == "M0,0L5,0L2,0.05M7.12,1L8,1"
