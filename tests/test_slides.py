"""The slides: what a deck has, what the last row can read, and what its keys, windows and sheets of paper do."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from jointaction.errors import InputError
from jointaction.site import contents, slides
from playwright.sync_api import Page, expect
from test_pages import violations

DECKS = list(contents.decks())
DECK = f"{contents.DECKS}/key-rd-program.html"
STAGE = {"width": 1280, "height": 720}

# Walks through a deck, each figure alive and each fragment shown, and tells of letters below 22 pixels, of letters
# outside the stage, of letters on letters, and how many slides there are, with how many minutes.
WALK = """async () => {
  const found = [], minutes = [], until = async (ready) => {
    for (let frame = 0; !ready(); frame += 1) {
      if (frame > 600) throw new Error(`never: ${ready} on ${location.hash}`);
      await new Promise(requestAnimationFrame);
    }
  };
  const slides = [...document.querySelectorAll(".slides > section")];
  await until(() => slides.some((slide) => slide.classList.contains("present")));
  for (const [i, slide] of slides.entries()) {
    location.hash = `#/${i}`;
    await until(() => slide.classList.contains("present"));
    slide.querySelectorAll(".fragment").forEach((part) => part.classList.add("visible"));
    minutes.push(Number(slide.querySelector(".notes").dataset.minutes));
    for (const figure of slide.querySelectorAll("figure.explorer")) {
      await until(() => figure.dataset.state === "live");
      await Promise.all(figure.explorer.views.map((view) => view.runAsync()));
      await until(() => figure.querySelector(".ja-shown .ja-live svg"));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)));
    }
    const stage = document.querySelector(".slides").getBoundingClientRect(), texts = [];
    const tell = (what, text) => found.push(`${i + 1}: ${what} “${text.trim().slice(0, 30)}”`);
    const measure = (at, text, box) => {
      const matrix = at.ownerSVGElement && at.getScreenCTM(), scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
      const size = parseFloat(getComputedStyle(at).fontSize) * scale;
      if (size < 21.9) tell(`${size.toFixed(1)} px`, text);
      if (box.left < stage.left || box.right > stage.right || box.top < stage.top || box.bottom > stage.bottom) tell("outside", text);
    };
    const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent, at = walker.currentNode.parentElement, range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const box = range.getBoundingClientRect();
      if (text.trim() && box.width && at.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !at.closest(".ja-spoken, .explorer .ja-title, option")) {
        measure(at, text, box);
        for (const line of range.getClientRects()) texts.push([text, line, walker.currentNode]);
      }
    }
    for (const input of slide.querySelectorAll("input[type=number], select, button")) if (input.checkVisibility()) measure(input, input.name || input.textContent, input.getBoundingClientRect());
    for (const [i, [a, p, first]] of texts.entries()) for (const [b, q, second] of texts.slice(i + 1)) {
      const [wide, high] = [Math.min(p.right, q.right) - Math.max(p.left, q.left), Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)];
      if (first !== second && wide > 4 && high > 0.4 * Math.min(p.height, q.height)) tell(`on “${b.trim().slice(0, 30)}”`, a);
    }
  }
  return [found, minutes];
}"""


def go(page: Page, place: int) -> None:
    """Show a slide, counted from 1, with its figure alive."""
    page.evaluate("(place) => { location.hash = `#/${place - 1}`; }", place)
    slide = page.locator(".slides > section").nth(place - 1)
    expect(slide).to_have_class(re.compile("present"))
    for figure in slide.locator("figure.explorer").all():
        expect(figure).to_have_attribute("data-state", "live")


def shown(page: Page) -> int:
    """The place of the slide that is shown, from 1."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.slides > section')].findIndex((s) => s.classList.contains('present')) + 1"
    )


@pytest.fixture
def open_deck(open_page):
    def open_(name: str, mode: str = "light", query: str = "") -> Page:
        page = open_page(f"{contents.DECKS}/{name}.html{query}", mode, viewport=STAGE)
        expect(page.locator("section.present")).to_have_count(1)
        return page

    return open_


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_can_be_read_from_the_last_row(name: str, open_deck) -> None:
    """No letter is below 22 pixels of 720, none stands outside its slide or on another."""
    found, minutes = open_deck(name).evaluate(WALK)
    assert found == []
    assert 12 <= len(minutes) <= 15 and sum(minutes) == 50


def test_every_chapter_has_a_deck() -> None:
    assert sorted(DECKS) == sorted(contents.chapters())


# Keys, windows, paper ---------------------------------------------------------------------------------------


def test_keys_belong_to_the_control_that_has_the_focus(open_deck) -> None:
    page = open_deck("key-rd-program")
    go(page, 9)
    figure = page.locator("section.present figure.explorer")
    expect(figure.locator('output[name="pool"]')).to_have_text("37.5")
    figure.locator('[name="matching_ratio"]').focus()
    page.keyboard.press("ArrowRight")
    expect(figure.locator('output[name="pool"]')).not_to_have_text("37.5")
    assert shown(page) == 9
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert shown(page) == 10
    page.keyboard.press("ArrowLeft")
    figure.get_by_role("button", name="Reset").click()
    expect(figure.locator('output[name="pool"]')).to_have_text("37.5")
    page.keyboard.press("ArrowRight")  # a button needs no arrows
    assert shown(page) == 10


@pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])
def test_notes_follow_in_a_window_of_their_own(folder: bool, open_page, site: Path) -> None:
    page = open_page((site / DECK).as_uri() if folder else DECK, viewport=STAGE)
    expect(page.locator("section.present")).to_have_count(1)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    notes = popup.value
    expect(notes.locator(".ja-clock")).to_contain_text("slide 1 of 15 ends at minute 1")
    go(page, 3)
    expect(notes.locator(".ja-clock")).to_contain_text("slide 3 of 15 ends at minute 5")
    expect(notes.locator(".ja-current .notes")).to_contain_text("show of hands")
    notes.keyboard.press("ArrowRight")
    expect(notes.locator(".ja-clock")).to_contain_text("slide 4 of 15")
    assert shown(page) == 4


def test_a_deck_prints_a_slide_a_sheet_with_stills(open_page) -> None:
    page = open_page(f"{DECK}?print-pdf", viewport=STAGE)
    expect(page.locator(".pdf-page")).to_have_count(15)
    page.emulate_media(media="print")
    assert page.locator("figure.explorer .ja-still svg:visible").count() == page.locator("figure.explorer").count() > 2
    assert page.locator(".ja-actions:visible, .ja-live").count() == 0


def test_without_scripts_and_on_a_phone_a_deck_is_a_page(open_page) -> None:
    page = open_page(DECK, java_script_enabled=False)
    assert page.locator(".slides > section:visible").count() == page.locator(".notes:visible").count() == 15
    assert page.locator(".ja-still svg:visible").count() > 2
    phone = open_page(DECK, "phone")
    assert phone.evaluate("() => document.documentElement.scrollWidth - innerWidth") == 0
    figure = phone.locator("figure.explorer").nth(1)
    figure.locator('[data-preset="2022"]').tap()
    expect(figure.locator('output[name="pool"]')).to_have_text("42.0")
    assert violations(phone) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_deck_is_accessible(mode: str, open_deck) -> None:
    page = open_deck("key-rd-program", mode)
    for place in (1, 3, 9, 11):
        go(page, place)
        assert violations(page) == []


def test_the_page_of_a_class_leads_to_its_slides(open_page) -> None:
    page = open_page("book/teaching/key-rd-program.html")
    page.get_by_role("link", name="Slides for projecting").click()
    page.wait_for_url(f"**/{DECK}*")
    page.get_by_role("link", name="the class", exact=True).click()
    page.wait_for_url("**/book/teaching/key-rd-program.html")


# What is refused --------------------------------------------------------------------------------------------


def deck(*minutes: int) -> nodes.document:
    """A deck whose slides have notes of so many minutes, 0 for none; the first slide gets its own minute."""
    parts = [
        nodes.section("", nodes.title(text=f"Slide {place}"), *([slides.notes(minutes=length)] if length else []))
        for place, length in enumerate(minutes, start=2)
    ]
    document = nodes.document(None, None)
    document += nodes.section("", nodes.title(text="Slides"), *parts)
    return document


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([], "has slides below it"),
        ([4] * 10 + [0, 9], "“Slide 12” needs its notes once, not 0 times"),
        ([7] * 7, "has 12 to 15 slides with its first; this one has 8"),
        ([4] * 12, "add up to 50 with its first slide; these add up to 49"),
    ],
)
def test_a_deck_out_of_shape_is_refused(minutes: list[int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        slides._in_shape(deck(*minutes))
    slides._in_shape(deck(*[4] * 11, 5))


@pytest.mark.parametrize(
    ("directive", "argument", "options", "said"),
    [
        (slides.Live, "matching-ratoi", {}, "matching-ratio"),
        (slides.Live, "matching-ratio(2023)", {}, "has no preset '2023'"),
        (slides.Live, "matching-ratio", {"chart": "curv"}, "has no chart 'curv'; the nearest is 'curve'"),
        (
            slides.Live,
            "matching-ratio",
            {"readouts": "pool joing"},
            "has no readouts 'joing'; the nearest is 'joining'",
        ),
        (
            slides.Live,
            "matching-ratio",
            {"control": "influense"},
            "has no control 'influense'; the nearest is 'influence'",
        ),
        (slides.Ask, "9", {}, "no public question 9 in key-rd-program.yaml; choose one from 1 to 5"),
        (slides.Notes, "four", {}, "Notes begin with the slide’s minutes"),
    ],
)
def test_a_slip_on_a_slide_is_refused_in_one_sentence(directive: type, argument: str, options: dict, said: str) -> None:
    slip = directive.__new__(directive)
    slip.arguments, slip.options = [argument], options
    environment = SimpleNamespace(docname=f"{contents.DECKS}/key-rd-program", note_dependency=print, temp_data={})
    slip.state = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=environment)))
    with pytest.raises(InputError, match=re.escape(said)):
        slip.shown()
