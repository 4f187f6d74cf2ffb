"""Ways from a page to a live session, for the repository that built it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from chapters import read
from jointaction import scenario
from jointaction.errors import InputError
from jointaction.site import contents, install
from jointaction.site.contents import BOOK
from jointaction.site.launch import repository
from sphinx.errors import SphinxError

CHAPTER = "book/mechanisms/key-rd-program.ipynb"


def test_without_a_repository_there_is_nothing_to_launch() -> None:
    assert repository({}) is None


@pytest.mark.parametrize(
    ("environment", "address", "branch"),
    [
        ({"BOOK_REPOSITORY": "https://github.com/who/pays.git"}, "https://github.com/who/pays", "main"),
        (
            {"BOOK_REPOSITORY": "https://codeberg.org/who/pays/", "BOOK_BRANCH": "v2"},
            "https://codeberg.org/who/pays",
            "v2",
        ),
        ({"GITHUB_REPOSITORY": "who/pays", "GITHUB_REF_NAME": "main"}, "https://github.com/who/pays", "main"),
        (
            {"GITHUB_REPOSITORY": "who/pays", "GITHUB_REF_NAME": "7/merge", "GITHUB_HEAD_REF": "better"},
            "https://github.com/who/pays",
            "better",
        ),
        (
            {"CI_PROJECT_URL": "https://gitlab.com/group/sub/pays", "CI_COMMIT_REF_NAME": "main"},
            "https://gitlab.com/group/sub/pays",
            "main",
        ),
        (
            {"BOOK_REPOSITORY": "https://github.com/a/fork", "GITHUB_REPOSITORY": "who/pays", "GITHUB_REF_NAME": "x"},
            "https://github.com/a/fork",
            "main",
        ),
    ],
)
def test_the_repository_is_the_one_named_or_the_host_s_own(environment: dict, address: str, branch: str) -> None:
    home = repository(environment)
    assert (home.address, home.branch) == (address, branch)


def test_links_of_each_host() -> None:
    hub = {"BOOK_JUPYTERHUB": "https://hub.example.edu/"}
    home = repository({"BOOK_REPOSITORY": "https://github.com/who/pays", **hub})
    assert home.links(CHAPTER) == {
        "Binder": f"https://mybinder.org/v2/gh/who/pays/main?urlpath=lab/tree/{CHAPTER}",
        "JupyterHub": "https://hub.example.edu/hub/user-redirect/git-pull?repo=https%3A//github.com/who/pays&branch=main"
        f"&urlpath=lab/tree/pays/{CHAPTER}",
        "Colab": f"https://colab.research.google.com/github/who/pays/blob/main/{CHAPTER}",
    }
    assert "/v2/gl/who%2Fpays/" in repository({"BOOK_REPOSITORY": "https://gitlab.com/who/pays"}).binder(CHAPTER)
    elsewhere = repository({"BOOK_REPOSITORY": "https://codeberg.org/who/pays", "BOOK_BRANCH": "a/b"})
    assert "/v2/git/https%3A%2F%2Fcodeberg.org%2Fwho%2Fpays/a%2Fb?" in elsewhere.binder(CHAPTER)
    assert list(elsewhere.links(CHAPTER)) == ["Binder"]


@pytest.mark.parametrize(
    "environment",
    [
        {"BOOK_REPOSITORY": "who/pays"},
        {"BOOK_REPOSITORY": "https://github.com/who"},
        {"BOOK_REPOSITORY": 'https://github.com/who/pays"><script>'},
        {"BOOK_REPOSITORY": "https://github.com/who/pays", "BOOK_JUPYTERHUB": "hub.example.edu"},
    ],
)
def test_an_address_that_is_none_is_refused(environment: dict) -> None:
    with pytest.raises(SphinxError, match="must be the"):
        repository(environment)


def test_without_the_library_a_notebook_says_one_sentence() -> None:
    shell = "from IPython.core.interactiveshell import InteractiveShell"
    code = f"import sys; sys.modules['jointaction'] = None\n{shell}\nInteractiveShell().run_cell({install.CODE!r})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    (line,) = result.stdout.splitlines()
    assert line.startswith("This notebook needs the library of its book: run `%pip install git+"), result.stderr


# The start page ---------------------------------------------------------------------------------------------


def test_the_start_page_lists_every_chapter() -> None:
    text = read(BOOK / "start.ipynb").text
    found = [
        f"book/{link.removesuffix('.ipynb')}" for link in re.findall(r"^- \[[^\]]*\]\(([^)]+)\)", text, re.MULTILINE)
    ]
    assert found == [page for page in contents.listed() if (contents.ROOT / f"{page}.ipynb").exists()]


def test_a_link_from_the_page_opens_its_scenario() -> None:
    link = "https://x.org/book/key.html?matching-ratio=8be&matching-ratio.matching_ratio=0.5&matching-ratio.spend_unclaimed=true"
    figure = scenario(link)
    assert figure.joining == 25 and figure.spend_unclaimed is True
    short = scenario("?matching-ratio=8be,matching_ratio:0.5,province:Inner+Mongolia,pin,matching_ratio:2")
    assert short.joining == 25 and short.province == "Inner Mongolia"
    assert scenario("figures/delegation.html#explorer-delegation").name == "delegation"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://x.org/book/key.html", "names no figure"),
        ("?matching-ratio.matching_ratio=lots", "must be a number from 0 to 2"),
        ("?matching-ratio.matching_ratio=7", "the nearest allowed value is 2"),
        ("?matching-ratio.matching=1", "the nearest is 'matching_ratio'"),
        ("?matching-ratio.spend_unclaimed=perhaps", "must be True or False"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why(link: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        scenario(link)
