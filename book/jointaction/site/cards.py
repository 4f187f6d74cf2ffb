"""Cards: what is known of each number on a page, carried by the page, for its script to show where the number stands."""

from __future__ import annotations

import json
import re

from jointaction.site.origins import origins
from jointaction.sources.status import STATUSES

_LINK = re.compile(r'href="[^"]*#fact-([^"]+)"')


def block(body: str) -> str:
    """A block of JSON with every fact that the page links to and the meaning of its statuses; "" for a page without.

    A fact is a list: statement, value, status, source, formula. The block asks for nothing and runs nothing.
    """
    known = origins()
    facts = {
        name: [origin.statement, origin.value, origin.status, str(origin.source), origin.formula]
        for name in dict.fromkeys(_LINK.findall(body))
        if (origin := known.get(name))
    }
    if not facts:
        return ""
    used = {status: STATUSES[status] for status in STATUSES if any(fact[2] == status for fact in facts.values())}
    text = json.dumps({"statuses": used, "facts": facts}, ensure_ascii=False, separators=(",", ":"))
    # Nothing inside may end the block early.
    return f'<script type="application/json" id="ja-cards">{text.replace("<", chr(92) + "u003c")}</script>'
