"""Buttons and links that open a chapter as a live session, for the repository that built the page.

The repository is the one that ``BOOK_REPOSITORY`` names, such as ``https://github.com/OWNER/NAME``, or the one whose
build service runs the build; ``BOOK_BRANCH`` names its branch. ``BOOK_JUPYTERHUB`` adds a JupyterHub. Without a
repository there are no buttons, and the page on running the book live says how to get them.

``BOOK_SITE`` is the address at which the built site will stand; GitHub Pages, GitLab Pages and Read the Docs need not
be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from jointaction.site import install

BINDER, COLAB = "https://mybinder.org", "https://colab.research.google.com"
GITHUB = "https://github.com"
START = "book/start.ipynb"
ADDRESS = re.compile(r"https://[\w.-]+(?:/[\w.~-]+){2,}")
SITE = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w.~-]+)*/?")
# What the hosts themselves set while they build: address and branch.
HOSTS = (("CI_PROJECT_URL", "CI_COMMIT_REF_NAME"), ("READTHEDOCS_GIT_CLONE_URL", "READTHEDOCS_GIT_IDENTIFIER"))


@dataclass(frozen=True)
class Repository:
    """Where the book's source lies for others to open: an address without a slash at its end, and a branch."""

    address: str
    branch: str
    hub: str = ""

    @property
    def name(self) -> str:
        return self.address.rsplit("/", 1)[1]

    def binder(self, path: str) -> str:
        """The address that opens a file of the repository in a session on Binder."""
        host, _, place = self.address.removeprefix("https://").partition("/")
        provider = {"github.com": f"gh/{place}", "gitlab.com": f"gl/{quote(place, safe='')}"}
        kind = provider.get(host, f"git/{quote(self.address, safe='')}")
        return f"{BINDER}/v2/{kind}/{quote(self.branch, safe='')}?urlpath=lab/tree/{quote(path)}"

    def jupyterhub(self, path: str) -> str:
        """The address that fetches the repository into a user's own folder on the hub and opens a file of it."""
        query = {"repo": self.address, "branch": self.branch, "urlpath": f"lab/tree/{self.name}/{path}"}
        return f"{self.hub}/hub/user-redirect/git-pull?{urlencode(query, safe='/')}"

    def colab(self, path: str) -> str:
        """The address that opens a notebook in Colab, or "" where Colab cannot reach the repository."""
        place = self.address.removeprefix("https://github.com/")
        return (
            "" if place == self.address else f"{COLAB}/github/{place}/blob/{quote(self.branch, safe='')}/{quote(path)}"
        )

    def links(self, path: str) -> dict[str, str]:
        """Every way to open a file live, by its name."""
        ways = {
            "Binder": self.binder(path),
            "JupyterHub": self.jupyterhub(path) if self.hub else "",
            "Colab": self.colab(path) if path.endswith(".ipynb") else "",
        }
        return {name: link for name, link in ways.items() if link}


def repository(environment: Mapping[str, str]) -> Repository | None:
    """The repository that the environment names, or None.

    Raises :class:`sphinx.errors.SphinxError` for an address that is none.
    """
    address, branch = environment.get("BOOK_REPOSITORY", ""), environment.get("BOOK_BRANCH", "")
    if not address and environment.get("GITHUB_REPOSITORY"):
        address = f"{environment.get('GITHUB_SERVER_URL', GITHUB)}/{environment['GITHUB_REPOSITORY']}"
        branch = branch or environment.get("GITHUB_HEAD_REF", "") or environment.get("GITHUB_REF_NAME", "")
    for variable, theirs in HOSTS:
        if not address and environment.get(variable):
            address, branch = environment[variable], branch or environment.get(theirs, "")
    if not address:
        return None
    address = address.rstrip("/").removesuffix(".git")
    if not ADDRESS.fullmatch(address):
        raise SphinxError(
            f"BOOK_REPOSITORY must be the https address of a repository, such as https://github.com/OWNER/NAME, but is {address!r}."
        )
    hub = environment.get("BOOK_JUPYTERHUB", "").rstrip("/")
    if hub and not hub.startswith(("https://", "http://")):
        raise SphinxError(
            f"BOOK_JUPYTERHUB must be the address of a JupyterHub, such as https://hub.example.edu, but is {hub!r}."
        )
    return Repository(address, branch or "main", hub)


def site(environment: Mapping[str, str]) -> str:
    """The address of the site that is being built, with a slash at its end; "" where the environment does not tell.

    Raises :class:`sphinx.errors.SphinxError` for an address that is none.
    """
    address = environment.get("BOOK_SITE", "")
    for variable in ("CI_PAGES_URL", "READTHEDOCS_CANONICAL_URL"):
        address = address or environment.get(variable, "")
    owner, _, name = environment.get("GITHUB_REPOSITORY", "").lower().partition("/")
    if not address and name and environment.get("GITHUB_SERVER_URL", GITHUB) == GITHUB:
        host = f"{owner}.github.io"
        address = (
            f"https://{host}/"
            if name == host
            else f"https://{host}/{environment['GITHUB_REPOSITORY'].partition('/')[2]}/"
        )
    if address and not SITE.fullmatch(address):
        raise SphinxError(
            f"BOOK_SITE must be the address of the site’s root, such as https://books.example.edu/who-pays/, but is {address!r}."
        )
    return f"{address.rstrip('/')}/" if address else ""


def buttons(app: Sphinx, pagename: str, context: dict) -> None:
    """Give each chapter, and the landing page for the whole book, a group of launch buttons in its header."""
    home: Repository | None = app.config.book_repository
    for button in (each for group in context.get("header_buttons", []) for each in group.get("buttons", [])):
        if button["text"] == ".ipynb":
            button["tooltip"] = "Download the notebook; its first code cell says how to install the book’s library"
    if home is None or "header_buttons" not in context:
        return
    path = f"{pagename}.ipynb" if (Path(app.srcdir) / f"{pagename}.ipynb").exists() else None
    path = START if pagename == app.config.root_doc else path
    if path is None:
        return
    found = [
        {"type": "link", "text": name, "tooltip": f"Open it live on {name}", "url": link}
        for name, link in home.links(path).items()
    ]
    context["header_buttons"].append(
        {
            "type": "group",
            "tooltip": "Open it live",
            "icon": "fas fa-rocket",
            "buttons": found,
            "label": "launch-buttons",
        }
    )


def settle_copies(app: Sphinx, exception: Exception | None) -> None:
    """Say in the notebooks that readers download where their library comes from."""
    home: Repository | None = app.config.book_repository
    if exception or home is None:
        return
    for path in (Path(app.outdir) / "_sources").rglob("*.ipynb"):
        path.write_text(install.with_address(path.read_text(encoding="utf-8"), home.address), encoding="utf-8")


class Launch(SphinxDirective):
    """``{launch}``: the ways to open the whole book live, or what to set so that they appear."""

    def run(self) -> list[nodes.Node]:
        home: Repository | None = self.config.book_repository
        if home is None:
            return self.parse_text_to_nodes(
                "This copy of the book was built without the address of a repository, so its pages have no launch "
                "buttons. Whoever builds it sets `BOOK_REPOSITORY`, for example "
                "`BOOK_REPOSITORY=https://github.com/OWNER/NAME`, and builds again. GitHub and GitLab set such a "
                "variable by themselves."
            )
        lines = [f"- [{name}]({link})" for name, link in home.links(START).items()]
        return self.parse_text_to_nodes("\n".join(lines))
