"""A table for people."""

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.cli.formats.verdict import Verdict
from connector.cli.usage import console
from connector.validate import Finding

COLOURS = {"error": "bold red", "warning": "yellow", "info": "dim"}


def written(verdict: Verdict) -> str:
    """One row per finding, and a line that sums up; in colour where it goes to a terminal."""
    terminal = console()
    out = Console(
        file=io.StringIO(), width=terminal.width, force_terminal=terminal.is_terminal, no_color=terminal.no_color
    )
    if verdict.findings:
        rows = Table(box=box.HORIZONTALS, show_header=False, show_lines=True, pad_edge=False)
        for each in verdict.findings:
            rows.add_row(Text(each.severity, style=COLOURS[each.severity]), _told(each))
        out.print(rows)
    out.print(Text(f"{verdict.file}: {summary(verdict)}"), end="")
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def summary(verdict: Verdict) -> str:
    """`good`, or how many errors, warnings and remarks there are."""
    words = {"error": "error", "warning": "warning", "info": "remark"}
    counted = ((verdict.counts[kind], word) for kind, word in words.items())
    told = [f"{count} {word}{'s' if count != 1 else ''}" for count, word in counted if count]
    return ", ".join(("good" if verdict.good else "not good", *told))


def _told(finding: Finding) -> Text:
    told = Text(finding.path, style="bold").append(f"  {finding.code.name}\n", style="dim").append(finding.sentence)
    if finding.nearest:
        told.append("; did you mean ").append(finding.nearest, style="green").append("?")
    if finding.prevents:
        told.append(f"\nprevents {finding.prevents}", style="dim")
    return told
