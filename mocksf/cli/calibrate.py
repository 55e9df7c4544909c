"""`mocksf calibrate`: from an org's own event log, or a browser's archive, to latency rules for a mock one."""

from pathlib import Path
from typing import Annotated

import typer

from mocksf.calibration import Fit, Sample, Unreadable, fits, profile, samples
from mocksf.cli.options import table
from mocksf.cli.saying import read_text, stop


def calibrate(
    logs: Annotated[list[Path], typer.Argument(help="EventLogFile CSV (RestApi, ApiTotalUsage) or HAR")],
    out: Annotated[Path | None, typer.Option(help="write the rules here (YAML)")] = None,
    rtt_ms: Annotated[float, typer.Option(min=0, help="a round trip to take off: a HAR's waits contain one")] = 0.0,
) -> None:
    """Fit a lognormal per operation and object; the rules are for `mocksf serve --rules`."""
    measured = [each for log in logs for each in _read(log, rtt_ms / 1000)]
    if not measured:
        stop(f"no request took longer than the round trip of {rtt_ms:g} ms that is taken off")
    fitted = fits(measured)
    for line in table(
        ("operation", "object", "requests", "median", "sigma", "p95 seen/fit", "p99 seen/fit"), map(_row, fitted)
    ):
        print(line)
    if out is not None:
        _write(out, profile(fitted, f"{len(measured)} requests of {', '.join(log.name for log in logs)}"))


def _read(log: Path, rtt_s: float) -> list[Sample]:
    try:
        found = samples(read_text(log), str(log))
    except Unreadable as problem:
        stop(str(problem))
    less = (Sample(each.operation, each.sobject, each.seconds - rtt_s) for each in found)
    return [each for each in less if each.seconds > 0]


def _row(fit: Fit) -> tuple[str, ...]:
    return (
        fit.operation,
        fit.sobject or "any",
        str(fit.count),
        f"{fit.median_s * 1000:.0f} ms",
        f"{fit.sigma:.2f}",
        f"{fit.seen_p95_s * 1000:.0f}/{fit.p95_s * 1000:.0f} ms",
        f"{fit.seen_p99_s * 1000:.0f}/{fit.p99_s * 1000:.0f} ms",
    )


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as problem:
        stop(f"{out}: {problem.strerror}")
    print(f"{out} is written; next: mocksf serve --rules {out}")
