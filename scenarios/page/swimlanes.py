"""The picture of one call: who spoke, what the connector did, what Salesforce did, what Slack heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import shorten

from matplotlib.axes import Axes

from scenarios.page.ink import INKS, canvas, settings, svg


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasted, in seconds from the beginning of the call."""

    lane: str
    from_s: float
    to_s: float
    ink: str
    label: str = ""
    row: int = 0
    """Within the lane: 0 upper, 1 lower."""


LANES = ("caller and agent", "connector", "Salesforce", "Slack")


def call(bars: Sequence[Bar], marks: Sequence[tuple[float, str]], length_s: float) -> str:
    """The whole call in four lanes; `marks` are the instants at which intents were heard, with their names."""
    with settings():
        figure = canvas(11.5, 4.4)
        axes = figure.subplots()
        _lanes(axes, bars, least=length_s / 220)
        for number, (instant, name) in enumerate(marks):
            axes.axvline(instant, color=INKS["grid"], linewidth=0.9, zorder=0)
            axes.annotate(
                name, (instant, 4.36 + 0.2 * (number % 2)), ha="center", va="bottom", fontsize=9, color=INKS["violet"]
            )
        axes.set(xlim=(-0.5, length_s + 0.5), ylim=(-0.1, 4.85), xlabel="seconds since the call began")
    return svg(figure, "The call in swim lanes: caller and agent, connector, Salesforce, Slack")


def turn(bars: Sequence[Bar], budget_s: float, answered_s: float) -> str:
    """One turn under the lens, in milliseconds from the intent, with the budget's end and the agent's answer."""
    with settings():
        figure = canvas(11.5, 3.4)
        axes = figure.subplots()
        scaled = [Bar(bar.lane, bar.from_s * 1000, bar.to_s * 1000, bar.ink, bar.label, bar.row) for bar in bars]
        right = max([budget_s * 1000 * 1.15, *(bar.to_s * 1.25 for bar in scaled)])
        _lanes(axes, scaled, least=right / 500, lanes=LANES[1:3])
        axes.axvline(budget_s * 1000, color=INKS["red"], linewidth=1.4)
        axes.annotate(
            f"budget {budget_s * 1000:.0f} ms",
            (budget_s * 1000, 2.2),
            xytext=(5, 0),
            textcoords="offset points",
            color=INKS["red"],
        )
        axes.axvline(answered_s * 1000, color=INKS["green"], linewidth=1.4, linestyle=(0, (3, 2)))
        axes.annotate(
            f"agent answered {answered_s * 1000:.0f} ms",
            (answered_s * 1000, 2.2),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
            color=INKS["green"],
        )
        axes.set(xlim=(0, right), ylim=(-0.1, 2.5), xlabel="milliseconds since the intent was told")
    return svg(figure, "One turn under the lens, with the 200 ms budget")


def _lanes(axes: Axes, bars: Sequence[Bar], least: float, lanes: Sequence[str] = LANES) -> None:
    base = {lane: len(lanes) - 1 - number for number, lane in enumerate(lanes)}
    for lane, low in base.items():
        axes.axhspan(low + 0.04, low + 0.96, color=INKS["paper"], zorder=-1, linewidth=0)
        axes.annotate(
            lane,
            (0, low + 0.5),
            xycoords=("axes fraction", "data"),
            xytext=(-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
    for bar in bars:
        if bar.lane in base:
            _bar(axes, bar, base[bar.lane], least)
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _bar(axes: Axes, bar: Bar, low: float, least: float) -> None:
    width = max(bar.to_s - bar.from_s, least)
    bottom = low + (0.54 if bar.row == 0 else 0.12)
    axes.barh(bottom + 0.17, width, left=bar.from_s, height=0.34, color=INKS[bar.ink], linewidth=0)
    if bar.label:
        text = escape(shorten(bar.label, 60, placeholder="…"))
        axes.annotate(
            text,
            (bar.from_s + width, bottom + 0.17),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
