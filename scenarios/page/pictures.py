"""The pictures of the verification page: latencies against the budget, and the retry schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from scenarios.page.ink import INKS, canvas, settings, svg


@dataclass(frozen=True, slots=True)
class Curve:
    """One distribution to draw: latencies in seconds, and how the line looks."""

    label: str
    seconds: Sequence[float]
    ink: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of milliseconds: from where to where, which of them are named, and what they count."""

    span_ms: tuple[float, float]
    named_ms: tuple[int, ...]
    says: str


COMMITS = Scale(
    (60, 3000), (100, 200, 500, 1000, 2000), "milliseconds from the intent to the commit, as the connector hears it"
)


def whole_run(longest_s: float) -> Scale:
    """From a millisecond to the first power of ten that all fit below."""
    powers = range(len(str(round(longest_s * 1000))) + 1)
    return Scale((1, 10 ** max(powers)), tuple(10**each for each in powers), "milliseconds since the turn was told")


def latencies(curves: Sequence[Curve], budget_s: float, scale: Scale = COMMITS) -> str:
    """How many turns are committed within which time, one line per arm, with the budget as a line across."""
    with settings():
        figure = canvas(9.2, 4.6)
        axes = figure.subplots()
        for curve in curves:
            _cumulative(axes, curve, budget_s)
        axes.axvline(budget_s * 1000, color=INKS["red"], linewidth=1.4)
        axes.annotate(
            f"budget {budget_s * 1000:.0f} ms",
            (budget_s * 1000, 1.0),
            xytext=(5, -2),
            textcoords="offset points",
            color=INKS["red"],
            va="top",
        )
        axes.set(
            xscale="log",
            xlim=scale.span_ms,
            ylim=(0, 1.02),
            xlabel=scale.says,
        )
        axes.set_xticks(scale.named_ms, [str(each) for each in scale.named_ms])
        axes.set_xticks([], minor=True)
        axes.set_yticks([0, 0.25, 0.4, 0.5, 0.75, 1.0], ["0 %", "25 %", "40 %", "50 %", "75 %", "100 %"])
        axes.grid(axis="y")
        axes.legend(frameon=False, loc="lower right", labelcolor=INKS["ink"])
    return svg(figure, "Share of turns committed within a time, per arm, with the 200 ms budget")


def _cumulative(axes: Axes, curve: Curve, budget_s: float) -> None:
    ordered = sorted(curve.seconds)
    shares = [(number + 1) / len(ordered) for number in range(len(ordered))]
    within = sum(second <= budget_s for second in ordered) / len(ordered)
    label = f"{curve.label}: {within * 100:.0f} % in time"
    style = (0, (4, 2)) if curve.dashed else "solid"
    milliseconds = [second * 1000 for second in ordered]
    axes.step(milliseconds, shares, where="post", color=INKS[curve.ink], linestyle=style, linewidth=1.8, label=label)
    axes.plot([budget_s * 1000], [within], "o", color=INKS[curve.ink], markersize=5)


def schedule(expected_s: Sequence[float], measured_s: Sequence[float]) -> str:
    """Each wait on a log axis: a ring where it should lie, a dot where it was measured."""
    with settings():
        figure = canvas(9.2, 0.55 * len(expected_s) + 1.2)
        axes = figure.subplots()
        for row, expected in enumerate(expected_s):
            measured = measured_s[row] if row < len(measured_s) else None
            _wait(axes, len(expected_s) - row, expected, measured)
        axes.set(
            xscale="log",
            xlim=(0.08, 4000),
            ylim=(0.3, len(expected_s) + 0.7),
            xlabel="seconds waited after the failure before (log scale)",
        )
        axes.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
        axes.set_xticks([], minor=True)
        axes.set_yticks(
            range(len(expected_s), 0, -1), [f"before attempt {number + 2}" for number in range(len(expected_s))]
        )
        axes.tick_params(axis="y", length=0, labelcolor=INKS["ink"])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
    return svg(figure, "Waits between attempts, expected and measured, on a logarithmic axis")


def _wait(axes: Axes, height: int, expected: float, measured: float | None) -> None:
    axes.plot([0.08, expected], [height, height], color=INKS["grid"], linewidth=5, solid_capstyle="butt", zorder=1)
    axes.plot(
        [expected],
        [height],
        "o",
        markersize=15,
        markerfacecolor="none",
        markeredgecolor=INKS["blue"],
        markeredgewidth=1.6,
    )
    words = f"expected {expected:g} s"
    if measured is not None:
        good = abs(measured - expected) < 1e-6
        axes.plot([measured], [height], "o", markersize=7, color=INKS["green" if good else "red"], zorder=3)
        words += f", measured {measured:.6f} s"
    axes.annotate(words, (expected, height), xytext=(16, 0), textcoords="offset points", va="center", color=INKS["ink"])


def shares(rows: Mapping[str, float], floor: float) -> str:
    """The share of turns committed in time, per arm, against the least that is promised."""
    with settings():
        figure = canvas(9.2, 0.5 * len(rows) + 0.9)
        axes = figure.subplots()
        for height, (label, share) in enumerate(reversed(list(rows.items()))):
            ink = INKS["green" if share >= floor else "amber"]
            axes.barh(height, share, color=ink, height=0.55)
            axes.annotate(
                f"{share * 100:.1f} %", (share, height), xytext=(6, 0), textcoords="offset points", va="center"
            )
            axes.annotate(label, (0, height), xytext=(-8, 0), textcoords="offset points", va="center", ha="right")
        axes.axvline(floor, color=INKS["red"], linewidth=1.4)
        axes.set(xlim=(0, 1), ylim=(-0.6, len(rows) - 0.4))
        axes.set_xticks([0, floor, 1], ["0 %", f"{floor * 100:.0f} %", "100 %"])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    return svg(figure, "Share of turns committed within the budget, per arm")
