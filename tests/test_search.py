"""The search of the site: it finds every word of every page, in English and Chinese, on a server and in a folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import book_pages
from jointaction.site.search import Place, places
from playwright.sync_api import expect
from test_pages import violations

# What a reader can see in the article of a page: its text, what its charts say, and what its lists offer; not the names
# of its tools.
WORDS = """() => {
  const article = document.querySelector("article.bd-article");
  for (const details of article.querySelectorAll("details")) details.open = true;
  for (const tool of article.querySelectorAll(".above-input > summary, .ja-help > summary, .ja-actions")) tool.remove();
  for (const over of article.querySelectorAll("mfrac > :first-child")) over.after("/");
  for (const space of article.querySelectorAll("mspace")) space.after(" ");
  for (const formula of article.querySelectorAll("math")) formula.replaceWith(formula.textContent);
  const lines = [...article.querySelectorAll("svg text:not(:has(tspan)), svg tspan, option")];
  for (const svg of article.querySelectorAll("svg")) svg.remove();
  const text = [article.innerText, ...lines.map((line) => line.textContent)].join("\\n").toLowerCase();
  const words = text.split(/\\s+/).map((word) => word.replace(/^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$/gu, ""));
  return [...new Set(words.filter(Boolean))];
}"""

# Pages that a word is not found on although it stands there.
MISSED = """async (pages) => {
  const missed = [], found = new Map();
  for (const [path, words] of Object.entries(pages)) {
    for (const word of words) {
      if (!found.has(word)) {
        const { pages, all } = await window.jointactionSearch.search(word);
        found.set(word, new Set(all ? pages.map(({ page }) => page.page) : []));
      }
      if (!found.get(word).has(path)) missed.push(`${path}: ${word}`);
    }
  }
  return [found.size, missed];
}"""

CHINESE = re.compile("[\u4e00-\u9fff]+")


@pytest.fixture(scope="module")
def words(site: Path, server: str, browser) -> dict[str, list[str]]:
    """Path of each page → the words on it."""
    page = browser.new_page()
    seen = {}
    for path in sorted([*book_pages(site), site / "index.html", site / "figures/index.html"]):
        name = path.relative_to(site).as_posix()
        page.goto(f"{server}/{name}", wait_until="domcontentloaded")
        seen[name] = page.evaluate(WORDS)
    page.close()
    return seen


def test_every_word_of_every_page_is_found_on_it(words: dict, open_page) -> None:
    runs = {path: CHINESE.findall(" ".join(said)) for path, said in words.items()}
    asked = {
        path: [*words[path], *{run[i : i + n] for run in runs[path] for i in range(len(run)) for n in (1, 2)}]
        for path in words
    }
    count, missed = open_page("search.html").evaluate(MISSED, asked)
    assert count > 10_000
    assert missed == []


TOOLS = {"Show code cell source", "Hide code cell source", "About:", "Keep", "Copy link", "Picture (PNG)", "Cite", "#"}


def test_no_excerpt_quotes_the_tools_of_a_page(site: Path) -> None:
    script = (site / "_static/jointaction/search-texts.js").read_text(encoding="utf-8")
    found = [Place(*place) for page in json.loads(script[script.index("[") : -2]) for place in page["places"]]
    assert len(found) > 500
    assert [place for place in found if TOOLS & set(place.text.split("\n")) or "About: " in place.text] == []


TYPED = {
    "举": "idea",
    "举国": "idea",
    "重点专项": "key-rd-program",
    "juguo tizhi": "idea",
    "jǔguó tǐzhì": "idea",
    "zhanlue": "glossary",  # zhànlüè
    "zhanlve": "glossary",
    "S&T": "who-pays",
    "r&d": "key-rd-program",
    "20.9": "guidance-fund",
    "1,078": "key-rd-program",
    "1078": "key-rd-program",
    "76 billion": "key-rd-program",
    "whole of nation": "idea",
    "Whole-of-Nation": "idea",
    "“influence for a share”": "key-rd-program",
    "provinces sawtooth": "key-rd-program",
    "policies": "glossary",  # has policy
    "Sichuan": "key-rd-program",  # in cells and options only
}


@pytest.mark.parametrize("where", ["server", "folder"])
def test_what_a_reader_types_is_found(where: str, open_page, site: Path) -> None:
    page = open_page((site / "search.html").as_uri() if where == "folder" else "search.html")
    for query, name in TYPED.items():
        page.locator("#search-field").fill(query)
        page.keyboard.press("Enter")
        result = page.locator(f"#search-results > li:has(h2 a[href$='/{name}.html'])")
        expect(result.locator("ul a").first, query).to_be_visible()
        assert result.locator("mark").count(), query
    page.locator("#search-field").fill("nosuchword")
    expect(page.locator("#search-status")).to_have_text("No page has “nosuchword”.")
    assert page.locator("#search-results > li").count() == 0


def test_numbers_are_found_as_a_whole(open_page) -> None:
    page = open_page("search.html?q=76")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert set(page.locator("#search-results mark").all_inner_texts()) == {"76"}


def test_chapters_come_first_and_the_codebook_last(open_page) -> None:
    page = open_page("search.html?q=guangdong")
    expect(page.locator("#search-results li").first).to_be_visible()
    parts = page.locator("#search-results .ja-from").all_inner_texts()
    assert "Mechanisms" in parts and "Reference" in parts
    assert parts.index("Reference") > max(i for i, part in enumerate(parts) if part == "Mechanisms")
    assert all(part in ("Reference", "") for part in parts[parts.index("Reference") :])


def test_a_page_is_reached_from_any_page_by_keys_alone(open_page) -> None:
    page = open_page("book/whole-of-nation/idea.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("sawtooth")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=sawtooth")
    expect(page.locator("#search-status")).to_have_text(re.compile(r"^\d+ places? on \d+ pages?$"))
    link = page.locator("#search-results ul a").first
    expect(link).to_have_text("Why the pool is a sawtooth")
    for _ in range(10):
        page.keyboard.press("Tab")
        if link.evaluate("(link) => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/key-rd-program.html#why-the-pool-is-a-sawtooth*")
    expect(page.locator("#why-the-pool-is-a-sawtooth")).to_be_in_viewport()


def test_a_result_in_a_fold_opens_it(open_page) -> None:
    page = open_page("search.html?q=69%20critical")
    page.locator("#search-results a[href*='codebook.html#fact-']").first.click()
    page.wait_for_url("**/codebook.html#fact-*")
    entry = page.locator(page.evaluate("() => window.location.hash"))
    expect(entry).to_be_in_viewport()
    assert entry.evaluate("(entry) => entry.closest('details.ja-fold').open")


def test_the_words_are_fetched_when_somebody_searches(open_page) -> None:
    fetched = (
        "() => performance.getEntriesByType('resource').filter((each) => each.name.includes('search-texts')).length"
    )
    page = open_page("search.html")
    assert page.evaluate(fetched) == 0
    page.locator("#search-field").fill("leverage")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert page.evaluate(fetched) == 1
    assert page.url.endswith("search.html?q=leverage")


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_results_are_accessible_and_fit(mode: str, open_page) -> None:
    page = open_page("search.html?q=举国 guangdong", mode)
    expect(page.locator("#search-results details").first).to_be_visible()
    page.evaluate("() => document.querySelectorAll('#search-results details').forEach((each) => { each.open = true; })")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_places_of_a_page() -> None:
    page = """<nav>no</nav><article class="bd-article"><section id="top"><h1>A <em>page</em><a class="headerlink">#</a></h1>
    <p>One&amp;two,
    three.</p><section id="part"><h2>Part</h2><table><tr><td>1</td><td>2</td></tr></table>
    <figure class="explorer" id="explorer-x"><p class="ja-title">Figure</p><input type="number" value="0.5">
    <details class="ja-help"><summary>About</summary>Help.</details><div class="ja-actions"><button>Pin</button></div>
    <svg><text>Label</text></svg><svg><text>Label</text></svg><script>"no"</script></figure>
    <pre>a
    b</pre></section><dl><dt id="one">One</dt><dd>1st</dd><dt id="two">Two</dt><dd>2nd</dd></dl><p>End.</p></section></article>"""
    assert places(page) == [
        Place("", "A page", "One&two, three.\nEnd."),
        Place("part", "Part", "1\n2\na\nb"),
        Place("explorer-x", "Figure", "0.5\nHelp.\nLabel"),
        Place("one", "One", "1st"),
        Place("two", "Two", "2nd"),
    ]
