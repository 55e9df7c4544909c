"""Findings for the reader: as a table, or as JSON for a machine."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.validate import Finding, is_good

COLOURS = {"error": "bold red", "warning": "yellow", "info": "dim"}


def as_json(file: str, org: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """The verdict as a JSON value: `good`, `counts` by severity, and `findings` as the table has them."""
    return {
        "file": file,
        "org": org,
        "good": is_good(tuple(findings)),
        "counts": {severity: _counts(findings)[severity] for severity in COLOURS},
        "findings": [finding.as_json() for finding in findings],
    }


def print_table(console: Console, file: str, findings: Sequence[Finding]) -> None:
    """One row per finding, and a line that sums up."""
    if findings:
        table = Table(box=box.HORIZONTALS, show_header=False, show_lines=True, pad_edge=False)
        for each in findings:
            table.add_row(Text(each.severity, style=COLOURS[each.severity]), _told(each))
        console.print(table)
    console.print(Text(f"{file}: {summary(findings)}"))


def summary(findings: Sequence[Finding]) -> str:
    """`good`, or how many errors, warnings and remarks there are."""
    counts = _counts(findings)
    words = {"error": "error", "warning": "warning", "info": "remark"}
    told = [f"{counts[kind]} {word}{'s' if counts[kind] != 1 else ''}" for kind, word in words.items() if counts[kind]]
    verdict = "good" if is_good(tuple(findings)) else "not good"
    return ", ".join((verdict, *told))


def _counts(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(each.severity for each in findings)


def _told(finding: Finding) -> Text:
    told = Text(finding.path, style="bold").append(f"  {finding.code.name}\n", style="dim").append(finding.sentence)
    if finding.nearest:
        told.append("; did you mean ").append(finding.nearest, style="green").append("?")
    if finding.prevents:
        told.append(f"\nprevents {finding.prevents}", style="dim")
    return told
