"""One self-contained page for a run: the verdicts, the latencies as pictures, the waits against the schedule."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO

from matplotlib.figure import Figure

from loadtests.evidence import Evidence
from loadtests.profiles import Profile
from loadtests.recorder import PERCENTILES, Recorder, Series
from loadtests.verdict import Verdict

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b2430 }
table { border-collapse: collapse; width: 100% } td, th { padding: .4rem .6rem; text-align: left; vertical-align: top }
tr + tr { border-top: 1px solid #d8dee6 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.holds { color: #14713d; font-weight: 600 } .fails { color: #b3261e; font-weight: 600 } img { max-width: 100% }
"""
BLUE, ORANGE, RED = "#1f5fa8", "#c96a00", "#b3261e"


def page(profile: Profile, verdicts: Sequence[Verdict], recorder: Recorder, evidence: Evidence) -> str:
    """The whole page, with its pictures in it."""
    good = all(verdict.holds for verdict in verdicts)
    sentence = "Every claim holds." if good else "A claim fell short."
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Load: {escape(profile.name)}</title>'
        f"<style>{STYLE}</style><h1>Load run: {escape(profile.name)}</h1><p>{escape(profile.tells)} {sentence}</p>"
        f"{_verdicts(verdicts)}<h2>Latencies on the wall</h2>{_latencies(recorder)}"
        f"{_picture('Latency by percentile, from the intended start', latency_figure(recorder, profile))}"
        f"<h2>Waits before each retry</h2>"
        f"{_picture('Waits on the clock of the connector against the schedule', waits_figure(evidence))}</html>"
    )


def _verdicts(verdicts: Sequence[Verdict]) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.name)}<td class={'holds' if each.holds else 'fails'}>"
        f"{'holds' if each.holds else 'fails'}<td>{escape(each.evidence)}"
        for each in verdicts
    )
    return f"<table><tr><th>claim<th>verdict<th>evidence{rows}</table>"


def _latencies(recorder: Recorder) -> str:
    head = "".join(f"<th class=n>p{percent:g}" for percent in PERCENTILES)
    rows = "".join(
        f"<tr><td>{escape(name)}, {view}<td class=n>{series.service.get_total_count()}"
        + "".join(f"<td class=n>{series.percentile_ms(percent, view):.1f}" for percent in PERCENTILES)
        for name, series in sorted(recorder.series.items())
        for view in ("service", "response")
    )
    return f"<table><tr><th>request<th class=n>count{head}{rows}</table>"


def latency_figure(recorder: Recorder, profile: Profile) -> Figure:
    """Latency against percentile, one line per kind of request, and the budget."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.add_subplot()
    for name, series in sorted(recorder.series.items()):
        axes.plot(*_curve(series), label=name)
    axes.axhline(profile.limits.budget_ms, color=RED, linestyle="--", label=f"{profile.limits.budget_ms:g} ms")
    axes.set(xlabel="percentile", ylabel="milliseconds", yscale="log")
    axes.legend()
    axes.grid(alpha=0.3)
    return figure


def _curve(series: Series) -> tuple[list[float], list[float]]:
    percents = [*range(1, 100), 99.5, 99.9]
    return [float(each) for each in percents], [series.percentile_ms(each) for each in percents]


def waits_figure(evidence: Evidence) -> Figure:
    """Every wait that the ledger shows, beside the one that was due, on a logarithmic axis."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.add_subplot()
    points = [
        (number, wait)
        for course in evidence.courses.values()
        for number, wait in enumerate(course.waits(), start=1)
        if wait > 0
    ]
    retries = range(1, len(evidence.schedule) + 1)
    axes.scatter(retries, evidence.schedule, marker="_", s=900, color=ORANGE, label="due")
    axes.scatter([x for x, _ in points], [y for _, y in points], s=14, color=BLUE, alpha=0.5, label="seen")
    axes.set(xlabel="retry", ylabel="seconds", yscale="log", xticks=list(retries))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure


def _picture(caption: str, figure: Figure) -> str:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    data = b64encode(buffer.getvalue()).decode("ascii")
    return f'<figure><img alt="{escape(caption)}" src="data:image/png;base64,{data}"></figure>'
