"""The pages for those who teach: their parts, their plans, and that their links show what they say."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from chapters import Page, chapter, read
from jointaction import explorer, load, scenario
from jointaction.errors import InputError
from jointaction.explorers import EXPLORERS
from jointaction.site import contents, scenarios
from jointaction.site.contents import BOOK
from jointaction.sources.facts import unlinked_numbers
from jointaction.sources.prose import blocks
from playwright.sync_api import expect

CHAPTERS = list(contents.chapters())
PAGES = [read(BOOK / "teaching" / f"{name}.md") for name in CHAPTERS if (BOOK / "teaching" / f"{name}.md").exists()]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)

PARTS = (
    "What the class is for",
    "Plan",
    "Numbers to have at hand",
    "Six scenarios",
    "Five prompts",
    "Eight misconceptions",
    "On the board",
    "What to leave out",
    "Exit ticket",
    "What may go wrong",
)
LINK = re.compile(r"\{scenario\}`[^`<]+<([^`]+)>`")
SHOWN = re.compile(r"\{scenario\}`|\{value\}`|\(#(?:fact|cite)-|\]\(\.\./")


def under(page: Page, heading: str) -> str:
    return page.text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def items(text: str, mark: str) -> list[str]:
    return re.findall(rf"^{mark} (.+(?:\n  .+)*)", text, re.MULTILINE)


# ---- what a page has


@every_page
def test_a_page_has_every_part_and_its_count(page: Page) -> None:
    assert tuple(block.title for block in blocks(page.text) if block.kind == "##") == PARTS
    assert f"```{{objectives}} {chapter(page.path.stem).name.removesuffix('.ipynb')}\n" in page.text
    assert "```{plan} 50 80\n" in under(page, "Plan")
    shown = items(under(page, "Six scenarios"), r"\d\.")
    assert len(shown) == 6 and all(re.match(r"\{scenario\}`.+: ", item) for item in shown)
    prompts = items(under(page, "Five prompts"), r"\d\.")
    assert len(prompts) == 5 and all(re.match(r"\*\*.+\*\* \*Expect:\* \S", item) for item in prompts)
    wrong = items(under(page, "Eight misconceptions"), "-")
    assert len(wrong) == 8 and all(re.match(r"\*“.+”\* \S", item) and SHOWN.search(item) for item in wrong)
    assert "*Key:*" in under(page, "Exit ticket")
    assert 3 <= len(items(under(page, "What may go wrong"), "-")) <= 6
    assert len(re.findall(r"\w+", under(page, "On the board"))) > 20


@every_page
def test_a_number_is_computed_or_a_fact_and_maths_only_states_settings(page: Page) -> None:
    text = re.sub(r"^\d+ \d+ \|", "|", page.text, flags=re.MULTILINE)  # minutes
    text = re.sub(r"\b([Ss]cenarios?|[Pp]rompts?) \d(?:( to | and )\d)?", r"\1", text)
    years = set(
        re.findall(r"\b(?:19|20)\d\d\b", chapter(page.path.stem).text)
    )  # stated in the chapter with their facts
    assert unlinked_numbers(text, {"50", "80", *years}) == []
    for maths in re.findall(r"\$([^$]+)\$", text):
        assert re.fullmatch(r"[^\d]*|s = m/\(1\+m\)", maths), f"${maths}$ states a number"


# ---- what a scenario says


@every_page
def test_links_lead_to_the_chapter_as_set(page: Page, site: Path) -> None:
    built = (site / f"book/teaching/{page.path.stem}.html").read_text(encoding="utf-8")
    found = [html.unescape(link) for link in re.findall(r'class="ja-scenario[^"]*" href="([^"]+)"', built)]
    asked = LINK.findall(page.text)
    assert len(found) == len(asked) >= 6
    for link, text in zip(found, asked):
        target, _, query = link.partition("?")
        shown = (site / "book/teaching" / target).resolve().read_text(encoding="utf-8")
        name = query.rpartition("#explorer-")[2]
        figure = re.search(rf'id="explorer-{name}".*?class="ja-payload">(.*?)</script>', shown, re.DOTALL)
        assert f"{name}={json.loads(figure[1])['version']}" in query
        assert scenario(link).settings == scenarios.read(text).settings


@every_page
def test_numbers_are_those_of_the_figure(page: Page, site: Path) -> None:
    built = (site / f"book/teaching/{page.path.stem}.html").read_text(encoding="utf-8")
    printed = [html.unescape(text) for text in re.findall(r'<span class="ja-value">(.*?)</span>', built)]
    asked = re.findall(r"\{(scenario|value)\}`([^`]+)`", page.text)
    last, expected = None, []
    for role, text in asked:
        if role == "scenario":
            last = text.partition("<")[2].removesuffix(">")
            continue
        figure, _, what = text.rpartition(".") if "[" not in text else text.partition("[")[0].rpartition(".")
        start = scenarios.read(figure or last)
        name, row = start.explorer.name, text.partition("[")[2].removesuffix("]")
        if not row:
            readout = next(r for r in EXPLORERS[name].readouts if r.name == what)
            expected.append(readout.text(explorer(name).results(**start.settings)[what]))
        else:
            expected.append(start.text(what, row))
    assert printed == expected


def test_a_number_is_what_the_chapter_says() -> None:
    one = scenarios.read("matching-ratio(2022)")
    assert [one.text(what) for what in ("joining", "pool", "nationally_steered")] == ["21", "42.0", "21.0"]
    assert one.text("leaving_ratio", "Henan") == "2.088"
    assert one.text("province", "outcome=unable") == "Tibet"
    assert list(one.rows("leaving_ratio")["province"][:3]) == ["Shanghai", "Beijing", "Tianjin"]
    assert scenarios.read("matching-ratio(technology, matching_ratio=0.5)").settings["agricultural_focus"] == 0


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("matching-ratoi.pool", "matching-ratio"),
        ("matching-ratio(tech).pool", "'technology'"),
        ("matching-ratio(matching_ration=1).pool", "matching_ratio"),
        ("matching-ratio(matching_ratio=9).pool", "nearest allowed value is 2"),
        ("matching-ratio.pol", "'pool'"),
        ("matching-ratio.leaving[Henan]", "'leaving_ratio'"),
        ("matching-ratio.leaving_ratio[Hena]", "'Henan'"),
        ("matching-ratio(", "write it as"),
        ("matching-ratio(a b).pool", "write one such as"),
        (".pool", "no scenario is linked"),
    ],
)
def test_a_slip_is_refused_with_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(InputError, match=re.escape(nearest)):
        scenarios.asked(text)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["20 30 | a", "30 50 | b"], ""),
        (["20 30 | a", "29 50 | b"], "for 50 minutes add up to 49"),
        (["20 | a"], "Begin each step of the plan with 2 numbers"),
    ],
)
def test_a_plan_adds_up(lines: list[str], said: str) -> None:
    if not said:
        text = scenarios.plan([50, 80], lines)
        assert "| 0–20 | 0–30 | a |" in text and "| 20–50 | 30–80 | b |" in text
    else:
        with pytest.raises(InputError, match=said):
            scenarios.plan([50, 80], lines)


def test_a_link_is_the_one_that_copy_link_gives(open_page, site: Path) -> None:
    text = (site / "book/teaching/key-rd-program.html").read_text(encoding="utf-8")
    link = next(html.unescape(each) for each in re.findall(r'href="([^"]+)"', text) if "province=" in each)
    page = open_page("book/teaching/key-rd-program.html")
    page.locator(f'a[href="{link}"]').click()
    figure = page.locator("#explorer-matching-ratio")
    expect(figure).to_have_attribute("data-state", "live")
    expect(figure.locator('output[name="joining"]')).to_have_text("6")
    assert unquote(page.url).endswith(unquote(link).removeprefix(".."))


# ---- what stands beside the classes


def built(site: Path, page: str) -> str:
    """The page without the marks of Chinese words."""
    text = (site / f"book/{page}.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r'<span lang="[^"]+">(.*?)</span>', r"\1", text))


def test_every_chapter_has_a_class_and_the_ways_lead_to_it() -> None:
    assert [page.path.stem for page in PAGES] == CHAPTERS
    ways = read(BOOK / "teaching" / "ways.md").text
    assert all(f"({name}.md)" in ways.partition("## A class on each chapter")[2] for name in CHAPTERS)
    for way in ("One session", "One week", "Three weeks"):
        part = ways.partition(f"\n## {way}\n")[2].partition("\n## ")[0]
        assert "(#cite-" in part and "Assessed" in part


def test_the_kit_hands_out_every_row_of_the_debate(site: Path) -> None:
    text = built(site, "teaching/debate-kit")
    evidence = load("debate_evidence").query("side != 'brief'")
    for column in ("evidence_id", "claim", "quote"):
        assert all(f">{html.unescape(value)}<" in text for value in evidence[column].dropna()), column
    claims = load("claims")
    for column in ("claim_id", "claim", "strong_form", "weakest_link", "would_change"):
        assert all(f">{value}<" in text for value in claims[column]), column
    named = set(re.findall(r"\bDE\d\d[abf]\b", read(BOOK / "teaching" / "debate-kit.md").text))
    assert named and named <= set(evidence["evidence_id"])


def test_the_kit_prints_a_part_a_sheet(open_page) -> None:
    page = open_page("book/teaching/debate-kit.html")
    page.emulate_media(media="print")
    breaks = page.locator("#debate-kit > section").evaluate_all("all => all.map(e => getComputedStyle(e).breakBefore)")
    assert len(breaks) == 9 and set(breaks) == {"page"}


def test_the_smoke_test_says_what_the_model_says(site: Path) -> None:
    pool = explorer("matching-ratio").results(matching_ratio=1.0)["pool"]
    assert re.search(rf'You should see <span class="ja-value">{pool}</span>', built(site, "teaching/runbook"))


def test_the_faults_are_what_the_book_says() -> None:
    said = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("faces", "site")
        for path in (BOOK / "jointaction" / folder).rglob("*.*")
        if path.suffix in (".py", ".js")
    )
    quoted = re.findall(
        r"“([^”]+)”", read(BOOK / "teaching" / "runbook.md").text.partition("## Faults")[2].partition("\n## ")[0]
    )
    assert len(quoted) >= 7 and [text for text in quoted if text not in said] == []


def test_the_page_of_models_has_each_with_its_settings(site: Path) -> None:
    text = built(site, "reference/models")
    asked = re.findall(r"^```\{model\} ([\w-]+)$", read(BOOK / "reference" / "models.md").text, re.MULTILINE)
    about_data = {"fund-rules"}  # a checker of articles, named beside the fund's model
    assert set(asked) == {name for name, kind in EXPLORERS.items() if kind.models} - about_data
    for name in asked:
        start = explorer(name)
        assert all(f"{assumption}" in text for assumption in start.assumptions), name
        for control in start.controls:
            if control.describe()["kind"] == "range":
                row = control.describe()
                cells = [f"{row['label']} {row['symbol']}".strip(), row["unit"], f"{row['low']:g}", f"{row['high']:g}"]
                pattern = r"</t[hd]>\s*<td[^>]*>".join(map(re.escape, cells))
                assert re.search(rf">{pattern}</td>\s*<td[^>]*>{control.default:.4g}</td>", text), (name, control.name)


def test_a_worked_opening_has_what_is_asked_of_a_memo() -> None:
    evidence = load("debate_evidence").set_index("evidence_id")
    kit = read(BOOK / "teaching/debate-kit.md").text
    openings = re.findall(r"^### A worked opening.*\n\n> (.+)", kit, re.MULTILINE)
    assert len(openings) == 2
    for opening in openings:
        rows = re.findall(r"\((DE\w+), (\w+), (\w+)\)", opening)
        assert len({row for row, *_ in rows}) >= 5 and re.search(r"I drop the claim .*\(C\d\d\)", opening)
        assert "Reverse this advice if" in opening
        assert [(evidence.at[row, "status"], evidence.at[row, "shows"]) for row, *_ in rows] == [
            (s, k) for _, s, k in rows
        ]
