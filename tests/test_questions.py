"""The questions: true to the models, fair to whoever guesses, the same on the page, in Canvas, in Moodle and on paper."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from chapters import chapter as page_of
from jointaction import explorer, load
from jointaction.errors import InputError
from jointaction.models import (
    center_funding,
    concentration,
    debate_board,
    delegation,
    fund_leverage,
    industrial_base,
    innovation_chain,
    matching_ratio,
    selection,
)
from jointaction.models import elsewhere as abroad
from jointaction.models import mechanisms_compared as compared
from jointaction.site import copies as copies_of
from jointaction.site import exports, language
from jointaction.site.contents import chapters
from jointaction.site.entries import long_links, short_links
from jointaction.site.questions import (
    FOLDER,
    LIMIT,
    TAG,
    Option,
    Question,
    fill,
    objectives,
    page,
    read,
    shuffled,
    unfair,
)
from jointaction.sources.facts import check_text, fact, unlinked_numbers
from jointaction.sources.prose import links
from markdown_it import MarkdownIt

CHAPTERS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
ALL = {f"{chapter}/{question.id}": question for chapter in CHAPTERS for question in read(chapter)}


def chosen(chapter: str, public: bool) -> list[Question]:
    return [question for question in read(chapter) if question.public == public]


# ---- on the page


def test_every_chapter_has_its_questions() -> None:
    assert set(CHAPTERS) == set(chapters())


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_self_check_of_a_page_is_written_from_the_questions(chapter: str) -> None:
    found = page_of(chapter)
    (cell,) = (cell for cell in found.notebook.cells if TAG in cell.metadata.get("tags", []))
    written = cell.source
    assert short_links(written) == page(read(chapter)), f"run make.py notebooks {chapter}"
    cell.source = "something else"
    fill(found.notebook, found.path)
    assert long_links(cell.source, found.path.parent) == written
    for question in chosen(chapter, False):
        assert question.stem not in short_links(found.text), "a test question stands on the page"


# ---- what the questions say


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_questions_for_its_page_and_for_a_test(chapter: str) -> None:
    assert 4 <= len(chosen(chapter, True)) <= 6 and len(chosen(chapter, False)) >= 5
    aims = objectives(chapter)
    assert {question.objective for question in read(chapter)} <= set(range(1, len(aims) + 1))
    assert len({question.objective for question in chosen(chapter, False)}) >= 4, "a test asks for most objectives"


def test_no_two_questions_share_a_name_or_a_stem() -> None:
    for name in ("id", "stem"):
        counts = Counter(getattr(question, name) for question in ALL.values())
        assert not [text for text, times in counts.items() if times > 1]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_numbers_are_facts_or_stated_in_maths(chapter: str) -> None:
    # A year that the chapter links to a fact may be repeated in a question.
    years = {year for text, _ in links(page_of(chapter).text) for year in re.findall(r"\b(?:19|20)\d\d\b", text)}
    for question in read(chapter):
        texts = [text for option in question.options.values() for text in (option.text, option.feedback)]
        whole = "\n\n".join([question.stem, *texts])
        assert check_text(whole) == [] and unlinked_numbers(whole, years) == [], question.id


FIGURE = explorer("matching-ratio")


def joined(figure: str = "matching-ratio", **settings) -> str:
    return f"${explorer(figure).results(**settings)['joining']:.0f}$"


def leaving_ratio_by_hand() -> list[str]:
    # A fit of 0.9 at an R&D intensity of 0.8, with the call only about farming: the fit is the primary share.
    ratio = matching_ratio.leaving_ratio(0.9, 0.8, 1e6, 1.0, 1.0, 0.3, 0.6, 0.5, 1.0, 0.1)
    return [f"${ratio:.2f}$", f"${ratio / (1 + ratio):.2f}$", f"${0.54 / (1.4 - 0.54):.2f}$"]


def costly_poor_yuan() -> list[str]:
    low, high = (FIGURE.results(matching_ratio=ratio, fiscal_stress=0.5) for ratio in (0.5, 1.0))
    return [f"${low['pool']:.1f}$", f"${high['pool']:.0f}$", f"${high['nationally_steered']:.0f}$"]


def growth_before() -> list[str]:
    budget = load("provincial_st_budget").pivot(index="province", columns="year", values="value").loc["Henan"]
    assert 0.98 < (budget[2020] / budget[2017]) / (budget[2023] / budget[2020]) < 1
    return ["almost as fast in the three years before"]


def shares_and_cash() -> list[str]:
    progress = center_funding.progress(0.3, 0.5, 1.6, 0.9, 0.08, bridge=False)
    assert not center_funding.viable(progress, 0.9) and center_funding.viable(progress + 0.2, 0.9)
    return [f"${progress:.1f}$"]


def stalled_advance() -> list[str]:
    burden = [center_funding.expected_local_burden(0.2, 0.6, 15, 0.8, 0.04, 3, viable) for viable in (True, False)]
    return ["It rises", f"${burden[0]:.2f}$", f"${burden[1]:.1f}$"]


def average_province_total_fixed() -> list[str]:
    price = matching_ratio.local_share(0.8)
    assert 1.2 * price <= 0.6
    return [f"${abroad.central_money(0.8, 'total', 1.0, 3.6):.0f}$", f"${price:.2f}$", f"${1.2 * price:.2f}$"]


def which_budget() -> list[str]:
    limits = (fund_leverage.partners_allow(0.2, 20, 360), fund_leverage.central_allows(0.2, 20, 120))
    return [f"${fund_leverage.sub_funds(0.2, 20, 120, 360):.0f}$", f"{limits[0]:.1f}$", f"${limits[1]:.0f}$"]


def three_yuan_tied() -> list[str]:
    return ["The three-times rule", f"${compared.guidance_fund_tied(0.25) / 0.25:.0f}$"]


def additional_by_two() -> list[str]:
    assert compared.additional(4, 0.25) == compared.additional(1, 1)
    return [f"both bring ${compared.additional(1, 1):.0f}$"]


def half_and_half() -> list[str]:
    losses = delegation.loss(2, 1, 0.5), delegation.loss_delegate(1), delegation.loss_centralize(2)
    return [f"${losses[0]}$", f"${losses[1]:.0f}$", f"${losses[2]:.0f}$", f"${delegation.best_weight(2, 1)}$"]


def knows_its_weight() -> list[str]:
    assert delegation.best_weight(2, 1, True) == 1
    return [
        "all the weight",
        f"= {delegation.loss_delegate(1, 2, True):.0f}$",
        f"${delegation.loss_centralize(2):.0f}$",
    ]


def gamed_even_mix() -> list[str]:
    spreads = [selection.ranking_spread(1, 0.5, 0.5, gaming) for gaming in (1.0, 0.0)]
    return [f"$V = {spreads[0] ** 2:.2f}$", f"$V = {spreads[1] ** 2:.2f}$"]


def two_lists_by_hand() -> list[str]:
    long, short = (concentration.breakthroughs(n, 0, 60, 4, 1) for n in (20, 10))
    return [f"The long one, with ${long:.1f}$ against ${short:.1f}$"]


def rise_of_basic_research() -> list[str]:
    before, after = (fact(f"basic-share-{year}").number for year in (2018, 2024))
    return [f"${after - before:.2f}$ percentage points, or about ${100 * (after / before - 1):.0f}$ percent"]


def quantities_for_a_held_share() -> list[str]:
    quantities = 1.05 / 0.98 - 1
    assert industrial_base.manufacturing_growth(quantities, -0.02) == pytest.approx(0.05)
    return [f"${100 * quantities:.1f}$"]


def more_and_cheaper() -> list[str]:
    value = 1 + industrial_base.manufacturing_growth(0.04, -0.04)
    assert value < 1.02
    return ["It falls", f"{value:.3f}$"]


def factories_elsewhere() -> list[str]:
    rest = 100 - industrial_base.world_share(30, 0.045, 0.025, 13)
    others = 1.025 * (rest / 70) ** (1 / 13)
    return [f"${100 * (others - 1):.1f}$"]


def kappa_of_twenty() -> list[str]:
    first, second = [1] * 10 + [0] * 10, [1] * 7 + [0] * 3 + [1] * 3 + [0] * 7
    return [f"{debate_board.cohens_kappa(first, second):.2f}$", f"${debate_board.observed_agreement(first, second)}$"]


# What the models and tables say; the first of the strings stands in the right option, the others in the question.
COMPUTED = {
    "key-rd-program/leaving-ratio-by-hand": leaving_ratio_by_hand,
    "key-rd-program/costly-poor-yuan": costly_poor_yuan,
    "key-rd-program/growth-before": growth_before,
    "innovation-centers/part-to-keep": lambda: [f"${center_funding.required_appropriability(2.0, 0.1):.2f}$"],
    "innovation-centers/shares-and-cash": shares_and_cash,
    "innovation-centers/stalled-advance": stalled_advance,
    "guidance-fund/floor-of-a-small-stake": lambda: [f"${40 * fund_leverage.commercialization_floor(0.15):.0f}$"],
    "guidance-fund/which-budget": which_budget,
    "guidance-fund/mix-of-stakes": lambda: ["The mix", f"${(2 + 3) / 20:.2f}$", f"${(18 + 3) / 100:.2f}$"],
    "compared/center-against-fund": lambda: [
        f"${compared.guidance_fund_accompanying(0.2):.0f}$ yuan against "
        f"${compared.innovation_center_accompanying(0.25):.0f}$"
    ],
    "compared/additional-by-two": additional_by_two,
    "compared/three-yuan-tied": three_yuan_tied,
    "compared/influence-per-share": lambda: [f"{0.6 / (3 / (1 + 3)):.2f}$"],
    "who-pays/sum-less-first-year": lambda: [f"${(100 - 10) - 2 * (48 - 6)}$", f"${100 - 2 * 48}$"],
    "joint-action/best-weight-by-hand": lambda: [f"{delegation.best_weight(1.5, 0.5):.2f}$"],
    "joint-action/half-and-half": half_and_half,
    "joint-action/ratio-of-a-quarter": lambda: [{0.5: "half as large"}[delegation.gap_that_justifies(0.25, 1.0)]],
    "joint-action/knows-its-weight": knows_its_weight,
    "idea/gamed-even-mix": gamed_even_mix,
    "concentration/effective-number-by-hand": lambda: [f"${concentration.effective_number(0.6**2 + 2 * 0.2**2):.2f}$"],
    "concentration/two-lists-by-hand": two_lists_by_hand,
    "innovation-chain/yield-by-hand": lambda: [f"{0.9 * innovation_chain.ready(0.8, 0.5, 0.5):.2f}$"],
    "innovation-chain/rise-of-basic-research": rise_of_basic_research,
    "industrial-base/quantities-for-a-held-share": quantities_for_a_held_share,
    "industrial-base/more-and-cheaper": more_and_cheaper,
    "industrial-base/factories-elsewhere": factories_elsewhere,
    "debate/eight-of-ten": lambda: [f"${100 * debate_board.luck(10, 5, 8):.0f}$"],
    "debate/kappa-of-twenty": kappa_of_twenty,
    "elsewhere/share-to-ratio": lambda: [f"${0.2 / 0.8:.2f}$"],
    "elsewhere/no-influence": lambda: [
        "the influence counts",
        joined("elsewhere", matching_ratio=1.0),
        joined("elsewhere", matching_ratio=1.0, influence=0.0),
    ],
    "elsewhere/average-province-total-fixed": average_province_total_fixed,
}


@pytest.mark.parametrize("name", COMPUTED)
def test_what_is_computed_agrees_with_the_models(name: str) -> None:
    question, strings = ALL[name], COMPUTED[name]()
    whole = "\n".join([question.stem, *(f"{o.text}\n{o.feedback}" for o in question.options.values())])
    assert strings[0] in question.right.text
    assert [string for string in strings if string not in whole] == []


def test_every_test_question_with_a_number_as_its_answer_is_computed() -> None:
    numbered = {name for name, q in ALL.items() if not q.public and re.search(r"\$[^$]*\d", q.right.text)}
    assert numbered <= set(COMPUTED)


# ---- fair


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_neither_letters_nor_lengths_give_the_answer_away(chapter: str) -> None:
    assert unfair(chosen(chapter, True)) == []
    assert unfair(chosen(chapter, False)) == []
    for question in chosen(chapter, False):
        lengths = [len(option.text) for option in question.options.values()]
        assert max(lengths) - min(lengths) <= 30, question.id


def test_all_questions_together_are_fair() -> None:
    assert unfair(list(ALL.values())) == []


def made(key: str, lengths: str, name: str = "made") -> Question:
    options = {
        letter: Option("x" * int(n), "Say.", "" if letter == key else "Shows.") for letter, n in zip("ABC", lengths)
    }
    return Question(name, True, 1, "Ask.", key, options)


def test_a_set_that_helps_a_guesser_is_told_how() -> None:
    assert unfair([made("A", "123"), made("A", "231"), made("B", "223"), made("C", "222"), made("B", "222")]) == []
    assert unfair([made("A", "222")] * 3 + [made("B", "222")] * 2) == ["A is right in 3 of 5."]
    longest = [made(key, lengths) for key, lengths in zip("ABCAB", ("322", "232", "223", "222", "222"))]
    assert unfair(longest) == ["The right option is the longest in 3 of 5."]
    shortest = [made(key, lengths) for key, lengths in zip("ABCAB", ("122", "212", "221", "222", "222"))]
    assert unfair(shortest) == ["The right option is the shortest in 3 of 5."]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_papers_a_and_b_ask_the_same_in_two_orders(chapter: str) -> None:
    first = chosen(chapter, False)
    second = shuffled(first, chapter)
    assert second == shuffled(first, chapter) != shuffled(first, "another")
    assert {(q.id, q.right.text, q.right.feedback) for q in first} == {
        (q.id, q.right.text, q.right.feedback) for q in second
    }
    assert all(a.id != b.id and a.key != b.key for a, b in zip(first, second))
    assert max(Counter(q.key for q in second).values()) <= LIMIT * len(second)


# ---- what is refused

GOOD = {
    "id": "one",
    "public": True,
    "objective": 1,
    "stem": "Ask.",
    "key": "A",
    "options": {
        letter: {"text": letter, "feedback": "Say.", **({} if letter == "A" else {"misconception": "Shows."})}
        for letter in "ABC"
    },
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stem": ""}, "needs a text as stem, not ''"),
        ({"objective": "2"}, "needs a whole number as objective, not '2'"),
        ({"kee": "A"}, "has no field 'kee'; the nearest is key"),
        ({"key": "D"}, "has the key 'D'; it must be one of A, B, C"),
        ({"key": "B"}, "a misconception for each wrong option, and none for the right one"),
        ({"options": {"A": {"text": "x", "feedback": "y"}}}, "three to five options, called A, B, C, D, E"),
        ({"options": None}, "needs id, public, objective, stem, key and options"),
    ],
)
def test_a_question_of_another_form_is_refused_in_a_sentence(change: dict, said: str, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(yaml.safe_dump([GOOD, {**GOOD, **change}]), encoding="utf-8")
    with pytest.raises(InputError, match=r"^Question 2 of tea\.yaml") as refused:
        read("tea", tmp_path)
    assert said in str(refused.value) and str(refused.value).endswith(".")


def test_an_unknown_chapter_a_broken_file_and_an_unknown_sign_are_refused(tmp_path: Path, capsys) -> None:
    assert exports.main(["key-rd"]) == 1
    assert "the nearest is key-rd-program." in capsys.readouterr().err
    (tmp_path / "tea.yaml").write_text("- id: [", encoding="utf-8")
    with pytest.raises(InputError, match=r"tea\.yaml is not YAML"):
        read("tea", tmp_path)
    with pytest.raises(InputError, match=r"\\gama; the nearest is \\gamma"):
        exports.portable(r"$\gama$")


# ---- for other programs

HARD = Question(
    "hard",
    True,
    1,
    "What of [R&D](#fact-x) (研发) at $\\hat m = \\sigma_e^2/2 \\times 3$, if a < b?\nAnd *then*?",
    "B",
    {
        "A": Option('"Quoted" & <b>bold</b>', "100 % of $x_b$.", "Shows."),
        "B": Option("It is $\\alpha^* \\ge 0.5$.", "Right: “专项”.\nTwo lines."),
        "C": Option("1. A number first.", "... dots first.", "Shows."),
    },
)


def test_text_for_other_programs_has_no_links_and_its_maths_written_out() -> None:
    assert exports.portable(HARD.stem).startswith(
        "What of R&D (研发) at m\u0302 = σ<sub>e</sub><sup>2</sup>/2 × 3, if a"
    )
    assert exports.portable(HARD.right.text) == r"It is α<sup>\*</sup> ≥ 0.5."
    for question in ALL.values():
        for option in question.options.values():
            for text in (question.stem, option.text, option.feedback, option.misconception):
                assert not re.search(r"[$\\{}]|\]\(|#fact", exports.portable(text).replace(r"\*", "")), question.id


def plain(html: str) -> str:
    """What a reader sees of HTML, with straight quotation marks and dots."""
    texts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = texts.append  # type: ignore[method-assign]
    parser.feed(html)
    parser.close()
    text = "".join(texts)
    for curly, straight in zip("“”‘’…", ('"', '"', "'", "'", "...")):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def seen(markdown: str) -> str:
    return plain(MarkdownIt("commonmark").render(exports.portable(markdown)))


QTI = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def from_qti(path: Path) -> list[tuple]:
    """Stem, options with feedback, and place of the right one, as a program would read them from the package."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        named = [element.get("href") for element in manifest.iter() if element.tag.endswith("}file")]
        named += [element.get("href") for element in manifest.iter() if element.tag.endswith("}resource")]
        assert {name for name in named if name} | {"imsmanifest.xml"} == set(archive.namelist())
        rights = " ".join(manifest.itertext())
        assert "CC BY 4.0" in rights and "text2qti" not in rights and "Private" not in rights
        (name,) = (name for name in archive.namelist() if re.fullmatch(r"(.+)/\1\.xml", name))
        root = ElementTree.fromstring(archive.read(name))
    found = []
    for item in root.iterfind(".//q:item", QTI):
        (right,) = [
            condition.findtext(".//q:varequal", None, QTI)
            for condition in item.iterfind(".//q:respcondition", QTI)
            if condition.findtext("q:setvar", None, QTI) == "100"
        ]
        labels = [label.get("ident") for label in item.iterfind(".//q:response_label", QTI)]
        assert len(set(labels)) == len(labels)
        said = {f.get("ident"): f.findtext(".//q:mattext", None, QTI) for f in item.iterfind("q:itemfeedback", QTI)}
        texts = [label.findtext(".//q:mattext", None, QTI) for label in item.iterfind(".//q:response_label", QTI)]
        stem = item.findtext("q:presentation/q:material/q:mattext", None, QTI)
        options = [(plain(text), plain(said[f"{label}_fb"])) for text, label in zip(texts, labels)]
        found.append((plain(stem), options, labels.index(right)))
    return found


def from_moodle(path: Path) -> dict[str, list[tuple]]:
    """The same from Moodle XML, for each category."""
    found: dict[str, list[tuple]] = {}
    for question in ElementTree.parse(path).getroot():
        if question.get("type") == "category":
            category = found.setdefault(question.findtext("category/text", ""), [])
            continue
        assert question.get("type") == "multichoice" and question.findtext("single") == "true"
        answers = question.findall("answer")
        options = [(plain(a.findtext("text", "")), plain(a.findtext("feedback/text", ""))) for a in answers]
        right = [answer.get("fraction") for answer in answers].index("100")
        assert sum(float(answer.get("fraction", "")) for answer in answers) == 100
        category.append((plain(question.findtext("questiontext/text", "")), options, right))
    return found


def as_read(questions: list[Question]) -> list[tuple]:
    return [
        (
            seen(q.stem),
            [(seen(o.text), seen(o.feedback)) for o in q.options.values()],
            list(q.options).index(q.key),
        )
        for q in questions
    ]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("questions")
    for chapter in CHAPTERS:
        exports.write(chapter, out)
    return out


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_canvas_and_moodle_read_what_the_file_says(chapter: str, copies: Path) -> None:
    folder, practice, test = copies / chapter, chosen(chapter, True), chosen(chapter, False)
    assert from_qti(folder / "practice-canvas.zip") == as_read(practice)
    assert from_qti(folder / "test-canvas.zip") == as_read(test)
    assert list(from_moodle(folder / "moodle.xml").values()) == [as_read(practice), as_read(test)]


def test_signs_and_chinese_arrive_in_canvas_and_moodle(tmp_path: Path) -> None:
    exports.save_qti(tmp_path / "hard.zip", "R&D <研发>", [HARD])
    (tmp_path / "hard.xml").write_text(exports.moodle("key-rd-program", [HARD]), encoding="utf-8")
    wanted = as_read([HARD])
    assert wanted[0][0] == "What of R&D (研发) at m\u0302 = σe2/2 × 3, if a < b? And then?"
    assert from_qti(tmp_path / "hard.zip") == wanted == next(iter(from_moodle(tmp_path / "hard.xml").values()))


def test_the_same_questions_give_the_same_files(copies: Path, tmp_path: Path) -> None:
    again = exports.write(CHAPTERS[0], tmp_path)
    for path in again.iterdir():
        assert path.read_bytes() == (copies / CHAPTERS[0] / path.name).read_bytes(), path.name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_papers_show_no_answer_and_the_key_shows_all(chapter: str, copies: Path) -> None:
    test = chosen(chapter, False)
    key = (copies / chapter / "key.html").read_text(encoding="utf-8")
    for letter, order in {"a": test, "b": shuffled(test, chapter)}.items():
        text = (copies / chapter / f"paper-{letter}.html").read_text(encoding="utf-8")
        assert text.count("<section>") == len(test) and text.count("<li>") == sum(len(q.options) for q in test)
        for question in order:
            for option in question.options.values():
                feedback = language.mark(copies_of.printed(option.feedback, inline=True))
                assert feedback not in text and feedback in key
        assert " ".join(f"{n}{q.key}" for n, q in enumerate(order, start=1)) in key
