"""How a figure in a notebook's output becomes HTML of a page."""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes

from jointaction.faces.explorer import CHART_MIME, EXPLORER_MIME
from jointaction.faces.page import figure


class ExplorerRenderer:
    """myst-nb's plugin for the output type of explorers."""

    mime_priority_overrides = (("html", EXPLORER_MIME, 0),)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """An explorer's figure as a raw HTML node; any other output type is left to myst-nb."""
        if data.mime_type == CHART_MIME:
            return []  # the notebook's own drawing of the same figure
        if data.mime_type != EXPLORER_MIME:
            return None
        payload = data.content if isinstance(data.content, dict) else json.loads(data.content)
        return [nodes.raw("", figure(payload), format="html")]
