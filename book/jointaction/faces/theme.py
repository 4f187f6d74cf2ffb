"""One look for every chart: colors for light and dark pages, fonts and chart defaults.

A chart on a page names its colors as CSS variables, so that one drawing follows light and dark mode and
prints well. A chart in a notebook has the light colors themselves, since its canvas knows no CSS.
Hues come from the Okabe-Ito set, which color-blind readers can tell apart; the sequential scale varies in
lightness first.
"""

from __future__ import annotations

# token: (light page, dark page)
COLORS: dict[str, tuple[str, str]] = {
    "ink": ("#1b2733", "#e6ebf0"),
    "muted": ("#4a5866", "#b4c0cc"),
    "grid": ("#dde3e9", "#36414c"),
    "line": ("#8794a1", "#7d8a97"),
    "paper": ("#ffffff", "#14181e"),
    "surface": ("#f4f6f8", "#1f262e"),
    "accent": ("#a3253c", "#ff9aa8"),
    # One hue for each actor, in figures, cards, slides and print; as CSS variables --ja-central, --ja-local and
    # --ja-business. No other kind of thing has them: it is ink, muted or fourth, and the reader's own setting
    # is accent.
    "central": ("#0a5296", "#6fb7f2"),
    "local": ("#b34a00", "#f5a35c"),
    "business": ("#007a5e", "#8fe3c4"),
    "fourth": ("#8a3f7f", "#dd9fd2"),
    # sequential, low to high, with the text color that reads on each step
    "seq1": ("#dcebf7", "#23384d"),
    "seq2": ("#a9cfec", "#2f5d86"),
    "seq3": ("#62a3d6", "#4a8cc4"),
    "seq4": ("#1f6fb0", "#8cc1ec"),
    "seq5": ("#0b3f6e", "#cfe6f9"),
    "on_seq1": ("#1b2733", "#e6ebf0"),
    "on_seq2": ("#1b2733", "#ffffff"),
    "on_seq3": ("#10202f", "#08131d"),
    "on_seq4": ("#ffffff", "#08131d"),
    "on_seq5": ("#ffffff", "#08131d"),
}

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"


class Palette:
    """Colors by name: ``palette.ink`` and so on. ``css`` says whether they are CSS variables."""

    def __init__(self, css: bool):
        self.css = css

    def __getattr__(self, token: str) -> str:
        if token not in COLORS:
            raise AttributeError(f"No color is called {token!r}.")
        return f"var(--ja-{token.replace('_', '-')})" if self.css else COLORS[token][0]


def chart_config(c: Palette) -> dict:
    """Vega-Lite configuration of every chart in the book."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": c.muted, "titleColor": c.ink}
    return {
        "font": FONT,
        "aria": False,  # the figure around the chart carries the text alternative
        "background": None if c.css else c.paper,
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": 11,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": c.grid,
            "domainColor": c.line,
            "tickColor": c.line,
            "labelPadding": 4,
            "titlePadding": 6,
        },
        "legend": {
            **text,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "symbolSize": 90,
            "orient": "bottom",
            "labelLimit": 320,
            "titleLimit": 340,
        },
        "text": {"font": FONT, "fontSize": 11, "color": c.ink, "fill": c.ink},
        "title": {"font": FONT, "fontSize": 13, "color": c.ink, "anchor": "start", "fontWeight": 600},
        "line": {"strokeWidth": 2},
        "rule": {"color": c.line},
        "point": {"size": 60},
    }


def style_sheet() -> str:
    """The colors as CSS variables for light and dark pages (the theme sets ``data-theme``)."""

    def block(index: int) -> str:
        return " ".join(f"--ja-{name.replace('_', '-')}: {pair[index]};" for name, pair in COLORS.items())

    return (
        f":root, .ja-light {{ {block(0)} }}\nhtml[data-theme=dark], .ja-host[data-theme=dark] {{ {block(1)} }}\n"
        f"@media print {{ :root, html[data-theme=dark], .ja-host[data-theme=dark] {{ {block(0)} }} }}\n"
    )
