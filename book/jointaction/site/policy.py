"""A content security policy in each page: it may load the site's own files, and run no script that was written into it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from jointaction.site.slim import pages
from jointaction.site.styles import ATTRIBUTE, TAG

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
# A folder is "file:", which not every browser takes for the page itself; a page of a server cannot ask for it.
OWN = "'self' file:"


def protect(app: Sphinx, exception: Exception | None) -> None:
    """Write into each page of the finished site what it may load and run."""
    if exception or app.builder.format != "html":
        return
    for path in pages(Path(app.outdir)):
        text = path.read_text(encoding="utf-8")
        if 'http-equiv="Content-Security-Policy"' in text:
            continue  # a page of an earlier build
        refuse_handlers(path.name, SCRIPT.sub("", text))
        start = re.search(r"<meta charset=[^>]*>", text)
        if start is None:
            raise SphinxError(
                f"{path.name} has no <meta charset> in its head, after which its content security policy stands."
            )
        path.write_text(f"{text[: start.end()]}{policy(text)}{text[start.end() :]}", encoding="utf-8")


def refuse_handlers(page: str, text: str) -> None:
    """Raise :class:`sphinx.errors.SphinxError` for a page with a script in an attribute, which no policy here allows."""
    for _, attributes in set(TAG.findall(text)):
        for name, value, _ in ATTRIBUTE.findall(attributes):
            if name.startswith("on") or value.startswith("javascript:"):
                raise SphinxError(
                    f"{page} has a script in an attribute ({name}={value!r}), which its content security policy stops: "
                    "listen for the event in a file of site/assets instead."
                )


def policy(text: str) -> str:
    """The policy of a page as an element of its head."""
    hashes = "".join(f" 'sha256-{_digest(script)}'" for script in dict.fromkeys(_scripts(text)))
    rules = {
        "default-src": OWN,
        # Vega compiles its expressions; its interpreter, which needs no eval, makes the heaviest moves half as slow again.
        "script-src": f"{OWN} 'unsafe-eval'{hashes}",
        "style-src": f"{OWN} 'unsafe-inline'",  # tables align their columns by style attributes
        "img-src": f"{OWN} data: blob:",  # a picture to keep is drawn from one that the page made
        "font-src": f"{OWN} data:",
        "form-action": OWN,
        "object-src": "'none'",
        "base-uri": "'none'",
    }
    content = "; ".join(f"{name} {allowed}" for name, allowed in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def _scripts(text: str) -> list[str]:
    """The scripts that stand in a page; what only holds data is none."""
    return [script for about, script in SCRIPT.findall(text) if "src=" not in about and "json" not in about]


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
