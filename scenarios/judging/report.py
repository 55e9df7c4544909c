"""A judgement for the reader: laws down, trials across, and every breach in words."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.judging.judge import Judgement
from scenarios.judging.laws import LAWS, name_of

BREACHES_MAX = 3
"""Of one law in one trial so many are told; the count tells of the rest."""


def as_json(found: Judgement) -> dict[str, Any]:
    """The judgement as a JSON value."""
    return {
        "holds": found.holds,
        "records": found.records,
        "trials": {trial.name: trial.tells for trial in found.trials},
        "laws": {name_of(law): (law.__doc__ or "").strip() for law in LAWS},
        "broken": [{"trial": each.trial, "law": each.law, "breaches": list(each.breaches)} for each in found.broken()],
    }


def print_judgement(to: Console, found: Judgement) -> None:
    """The table, then what is broken, then the verdict."""
    to.print(_table(found))
    for each in found.broken():
        to.print(Text(f"{each.trial}: {each.law}", style="bold red"))
        for breach in each.breaches[:BREACHES_MAX]:
            to.print(Text(f"    {breach}"))
        if len(each.breaches) > BREACHES_MAX:
            to.print(Text(f"    and {len(each.breaches) - BREACHES_MAX} more"))
    broken = len({each.law for each in found.broken()})
    word = "all laws hold" if found.holds else f"{broken} of {len(LAWS)} laws are broken"
    to.print(Text(f"{word}, in {len(found.trials)} kinds of weather ({found.records} records in fair weather)"))


def _table(found: Judgement) -> Table:
    table = Table("weather", *(name_of(law) for law in LAWS), box=box.SIMPLE_HEAD, pad_edge=False)
    cells = {(each.trial, each.law): not each.breaches for each in found.verdicts}
    for trial in found.trials:
        marks = [cells[trial.name, name_of(law)] for law in LAWS]
        table.add_row(
            trial.name, *(Text("✓", style="green") if mark else Text("✗", style="bold red") for mark in marks)
        )
    return table
