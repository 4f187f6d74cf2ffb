"""How a figure in a notebook's output becomes HTML of a page."""

from __future__ import annotations

import importlib
import json
from typing import Any

from docutils import nodes

from jointaction.faces.live import FIGURE_MIME
from jointaction.faces.page import figure

PICTURE_MIME = "image/svg+xml"


class FigureRenderer:
    """myst-nb's plugin for figures, each made from its name, its start values and what a changed one has recorded."""

    mime_priority_overrides = (("html", FIGURE_MIME, 0), ("html", PICTURE_MIME, 1))

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """A raw HTML node for a figure or its picture; any other output type is left to myst-nb."""
        if data.mime_type == PICTURE_MIME:
            return [nodes.raw("", f'<div class="ja-picture">{data.string}</div>', format="html")]
        if data.mime_type != FIGURE_MIME:
            return None
        content = data.content if isinstance(data.content, dict) else json.loads(data.content)
        content = json.loads(json.dumps(content, sort_keys=True))  # as in the cache, so that all builds are the same
        explorer = importlib.import_module("jointaction").explorer  # by name, so that the site needs no figure
        shown = explorer(content["name"], **content["start"])
        payload = shown.recorded(content) if "changed" in content else shown.payload()
        return [nodes.raw("", figure(payload), format="html")]
