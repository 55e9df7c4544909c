"""Drawings as SVG text: colours as CSS variables, so that one picture serves light and dark."""

import re
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INKS = {
    "ink": "#010203",
    "faint": "#040506",
    "grid": "#070809",
    "paper": "#0a0b0c",
    "blue": "#0d0e0f",
    "green": "#101112",
    "amber": "#131415",
    "red": "#161718",
    "violet": "#191a1b",
    "teal": "#1c1d1e",
}
"""Name of a CSS variable → the colour that stands for it while drawing; no two alike, none of them ever seen."""

_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mocksf",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.edgecolor": INKS["faint"],
    "axes.labelcolor": INKS["faint"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "text.color": INKS["ink"],
    "xtick.color": INKS["faint"],
    "ytick.color": INKS["faint"],
    "grid.color": INKS["grid"],
    "grid.linewidth": 0.7,
}


def canvas(width: float, height: float) -> Figure:
    """An empty figure in inches, with no backdrop of its own."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
    figure.patch.set_alpha(0.0)
    return figure


def settings() -> AbstractContextManager[None]:
    """The settings under which axes are made and drawn."""
    return mpl.rc_context(_SETTINGS)


def svg(figure: Figure, title: str) -> str:
    """The figure as an inline SVG element with `title` for those who cannot see it."""
    out = StringIO()
    with settings():
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    for name, colour in INKS.items():
        text = re.sub(colour, f"var(--{name})", text, flags=re.IGNORECASE)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r' id="(?:figure|axes|patch|text|line2d|matplotlib\.axis|xtick|ytick|legend)_\d+"', "", text)
    text = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font: \1 var(--sans)", text)
    text = re.sub(
        r"(<svg[^>]*?) width=\"[^\"]*\"",
        r"\1",
        re.sub(r"(<svg[^>]*?) height=\"[^\"]*\"", r"\1", text, count=1),
        count=1,
    )
    return text.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
