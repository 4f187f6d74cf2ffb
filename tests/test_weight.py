"""Pages are light and look as they would with every rule of the theme; they run no script that was written into them."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from benchmark_pages import weigh
from conftest import explorer_pages
from figures import bring_to_life, figure, kept, press, put
from fontTools.ttLib import TTFont
from jointaction.site import policy, slim, styles
from playwright.sync_api import Page, expect
from sphinx.errors import SphinxError

CHAPTER, GLOSSARY = "book/mechanisms/key-rd-program.html", "book/reference/glossary.html"

# Weight -----------------------------------------------------------------------------------------------------


def test_pages_are_light(browser, server: str, site: Path) -> None:
    """In zipped bytes on a phone, before a touch: a page of text 80,000, a chapter 130,000."""
    heavy = {}
    chapters = set(explorer_pages(site).values())
    for path in [GLOSSARY, "index.html", *sorted(chapters)]:
        weight = weigh(browser, f"{server}/", path, site)
        if weight > (130_000 if path in chapters - {"index.html"} else 80_000):
            heavy[path] = weight
    assert heavy == {}


# Look -------------------------------------------------------------------------------------------------------

# Every property of every element, and of what stands before and after it, with the site's sheet and with the whole of
# what it was cut from. Elements that no rule can tell apart are looked at once.
COMPARE = """async (selectors) => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [still];
  const paths = new WeakMap();
  const path = (element) => {
    if (!paths.has(element)) {
      const marks = [element.localName, element.id.slice(0, 25), element.className.baseVal ?? element.className];
      for (const name of ["type", "open", "hidden", "disabled", "aria-pressed", "aria-expanded"]) marks.push(element.getAttribute(name));
      paths.set(element, `${element.parentElement ? path(element.parentElement) : ""}>${marks}`);
    }
    return paths.get(element);
  };
  const seen = new Set();
  const elements = [...document.querySelectorAll("*")].filter((element) => {
    const kind = `${path(element)}+${element.previousElementSibling?.localName}`;
    return !seen.has(kind) && seen.add(kind);
  });
  const parts = elements.flatMap((element) => [null, "::before", "::after"].map((part) => [element, part]));
  const names = [...getComputedStyle(document.body)];
  const look = () => parts.map(([element, part]) => {
    const style = getComputedStyle(element, part);
    return part && style.content === "none" ? [] : names.map((name) => style.getPropertyValue(name));
  });
  const link = document.querySelector('link[rel="stylesheet"]'), own = link.getAttribute("href");
  const use = async (sheet) => {
    await new Promise((done) => { link.onload = done; link.href = sheet; });
    for (const [element, part] of parts) getComputedStyle(element, part).width; // asks for the icons
    await document.fonts.ready;
  };
  await use("/whole.css");
  const whole = look();
  await use(own);
  const cut = look();
  document.adoptedStyleSheets = [];
  const different = parts.flatMap(([element, part], i) => whole[i].flatMap((value, j) =>
    value === cut[i][j] ? [] : [`${path(element).slice(-120)}${part || ""} ${names[j]}: ${value}, not ${cut[i][j]}`]));
  const missed = selectors.filter((selector) => { try { return document.querySelector(selector); } catch { return false; } });
  return [elements.length, [...different.slice(0, 10), ...missed]];
}"""


@pytest.fixture(scope="module")
def whole(site: Path) -> str:
    """All rules of all sheets, as the build puts them aside."""
    return (site.parent / ".doctrees" / "whole.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def dropped(site: Path, whole: str) -> list[str]:
    """What the site's sheet leaves out, without the states, such as :hover, that come and go."""

    def selectors(css: str) -> set[str]:
        rules = [rule for top in styles.parse(css) for rule in top.walk()]
        return {part for rule in rules if rule.declarations for part in rule.head.split(",")}

    gone = selectors(whole) - selectors((site / "_static/jointaction/site.css").read_text(encoding="utf-8"))
    return sorted({re.sub(r"::?(?!not|is|where|has)[\w-]+(\([^)]*\))?", "", selector) for selector in gone} - {""})


@pytest.fixture
def compare(whole: str, dropped: list[str]):
    def compare_(page: Page, state: str, least: int = 100) -> None:
        page.route("**/whole.css", lambda route: route.fulfill(body=whole, content_type="text/css"))
        count, different = page.evaluate(COMPARE, dropped)
        assert different == [], state
        assert count >= least, state

    return compare_


def test_a_chapter_looks_as_with_every_rule(open_page, compare) -> None:
    page = open_page(CHAPTER)
    compare(page, "light", 500)
    bring_to_life(page)
    page.evaluate("() => document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.locator(".ja-code-button").click()
    page.locator('.bd-article a[href*="#fact-"]').first.click()
    page.locator('[data-bs-toggle="dropdown"]').first.click()
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    compare(page, "dark, with all open and alive", 500)
    page.emulate_media(media="print")
    compare(page, "on paper", 500)


def test_a_page_of_text_looks_as_with_every_rule(open_page, compare) -> None:
    page = open_page(GLOSSARY, "phone")
    compare(page, "on a phone")
    page.locator(".primary-toggle:visible").first.click()
    expect(page.locator("#pst-primary-sidebar-modal")).to_be_visible()
    compare(page, "contents open")
    page.keyboard.press("Escape")
    page.locator(".search-button__button:visible").first.click()
    expect(page.locator("#pst-search-dialog")).to_be_visible()
    compare(page, "search open")
    page.goto(page.url.replace(GLOSSARY, "search.html?q=leverage"))
    expect(page.locator("#search-results li").first).to_be_visible()
    compare(page, "words found")


def test_every_icon_has_its_drawing(site: Path) -> None:
    css = (site / "_static/jointaction/site.css").read_text(encoding="utf-8")
    fonts = [
        TTFont(io.BytesIO(base64.b64decode(font))) for font in re.findall(r"data:font/woff;base64,([\w+/=]+)", css)
    ]
    drawn = {chr(sign) for font in fonts for sign in font.getBestCmap()}
    used = set()
    for path in slim.pages(site):
        used |= set(
            re.findall(r'class="[^"]*\b(fa-(?!solid|lg|regular|brands)[\w-]+)', path.read_text(encoding="utf-8"))
        )
    signs = {icon: re.search(rf'\.{icon}\b[^{{}}]*{{[^}}]*"(.)"', css) for icon in used}
    assert len(signs) > 10
    assert [icon for icon, sign in signs.items() if sign is None or sign[1] not in drawn] == []


SHEET = """@charset "utf-8"; .used, .gone > a { --a: var(--b); --b: 1px; --c: 2px; width: var(--a) } .gone { color: red }
@media print { .used:not(.gone)::before { content: "x" } .gone { color: red } } :is(.gone, #here) { color: blue }
@keyframes spin { to { rotate: 1turn } } @font-face { font-family: F; src: url(f.ttf) }"""


def test_a_rule_stays_if_its_names_are_somewhere() -> None:
    names = styles.names_in_page('<a class="used" id="here" title="gone > gone">gone</a>')
    assert names == {"a", "class", "id", "title", "used", "here"}
    assert {"show", "data-bs-popper", "is-on"} <= styles.names_in_script('e.dataset.bsPopper=1;show("is-on")')
    rules = styles.parse(SHEET, names)
    styles.drop_unused(rules, set())
    assert [rule.text() for rule in rules if rule.head != "@font-face"] == [
        ".used{--a:var(--b);--b:1px;width:var(--a)}",
        '@media print{.used:not(.gone)::before{content:"x"}}',
        ":is(.gone, #here){color:blue}",
        "",
    ]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("@tailwind base; a {}", "cannot read: @tailwind base"),
        (".a { & .b { color: red } }", "'.a' holds another rule"),
    ],
)
def test_a_sheet_of_unknown_structure_is_refused(sheet: str, said: str) -> None:
    with pytest.raises(SphinxError, match=re.escape(said)):
        styles.parse(sheet)


# What may run -----------------------------------------------------------------------------------------------


def test_every_page_says_what_it_may_run(site: Path) -> None:
    pages = slim.pages(site)
    assert len(pages) > 30
    for path in pages:
        text = path.read_text(encoding="utf-8")
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        assert len(found) == 1, path
        assert text.index("<meta http-equiv") < (text.index("<script") if "<script" in text else len(text)), path
        rules = dict(rule.split(" ", 1) for rule in found[0].split("; "))
        assert rules["default-src"] == "'self' file:" and "unsafe-inline" not in rules["script-src"], path
        assert not re.search(r"https?:|\*", found[0]), path


def test_a_script_written_into_a_page_does_not_run(open_page) -> None:
    """Neither as an element, nor in an attribute, nor from another host."""
    page = open_page(GLOSSARY)
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.injected = 'element'";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", `<img src="data:," onerror="window.injected = 'attribute'">`);
      const link = document.createElement("script");
      link.src = "http://127.0.0.1:9/foreign.js";
      document.body.append(link);
    }""")
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.injected") is None
    stopped = [line for line in open_page.noise if "Content Security Policy" in line]
    assert len(stopped) == 3, open_page.noise
    open_page.noise[:] = [line for line in open_page.noise if line not in stopped and "foreign.js" not in line]


def test_a_figure_s_tools_work_under_the_policy(open_page) -> None:
    """What the policy stops is noise in the console, which the fixture refuses."""
    page = open_page(CHAPTER)
    bring_to_life(page)
    assert kept(page, "download-png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in kept(page, "download-svg").read_text(encoding="utf-8")
    assert "Guangdong" in kept(page, "download-csv").read_text(encoding="utf-8")
    press(page, "pin")
    assert put(page, "matching-ratio", {"matching_ratio": 0.5})[0]["joining"] == "25"
    expect(figure(page).locator(".ja-pinned")).to_be_visible()
    press(page, "qr-code")
    expect(page.locator(".ja-qr svg, .ja-qr canvas").first).to_be_visible()


def test_a_page_with_a_script_in_an_attribute_is_refused() -> None:
    with pytest.raises(SphinxError, match="onclick='go\\(\\)'"):
        policy.refuse_handlers("page.html", '<p title="only one = 1">a</p><button onclick="go()">')
