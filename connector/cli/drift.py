"""`connector diff`: what a newer describe breaks, before the org's release does."""

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.cli.asking import org_describe
from connector.cli.formats.table import COLOURS
from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, ConfigFile, console, refuse
from connector.config import ConfigError, load_config
from connector.describe import DescribeError
from connector.drift import Drift, drift

app = typer.Typer()

Place = "an address, a folder of describe JSON files, or a Salesforce project"


@app.command("diff")
def diff(
    file: ConfigFile,
    before: Annotated[str, typer.Option(help=f"The org as it was: {Place}.")],
    after: Annotated[str, typer.Option(help=f"The org as it is or will be: {Place}.")],
    as_json: AsJson = False,
    ca: Authority = None,
) -> None:
    """Hold a configuration against an older and a newer describe, and tell what the newer one breaks.

    Exit codes: 0 nothing breaks, 1 something does, 2 usage.
    """
    try:
        config = load_config(file)
        old, new = (org_describe(place, config, os.environ, ca) for place in (before, after))
        found = drift(config, old, new)
    except (ConfigError, DescribeError) as problem:
        refuse(str(problem))
    if as_json:
        typer.echo(json.dumps(told(found), indent=2, ensure_ascii=False))
    else:
        _print(console(), found)
    raise typer.Exit(FINDINGS if found.breaks else GOOD)


def told(found: Drift) -> dict[str, object]:
    """The drift as a JSON value."""
    return {
        "breaks": found.breaks,
        "broken": [each.as_json() for each in found.broken],
        "mended": [each.as_json() for each in found.mended],
        "changes": [asdict(each) for each in found.changes],
        "unmapped": list(found.unmapped),
    }


def _print(to: Console, found: Drift) -> None:
    if found.changes:
        table = Table("mapped field", "what", "before", "after", box=box.HORIZONTALS, pad_edge=False)
        for change in found.changes:
            table.add_row(change.target, change.what, change.before, change.after)
        to.print(table)
    for word, findings in (("breaks", found.broken), ("is well again", found.mended)):
        for each in findings:
            style = COLOURS[each.severity] if word == "breaks" else "green"
            to.print(Text(f"{word}: {each.path} {each.code.name}: {each.sentence}", style=style))
    for target in found.unmapped:
        to.print(Text(f"new, and filled by no intent: {target}", style="dim"))
    errors = sum(each.severity == "error" for each in found.broken)
    to.print(Text(f"{errors} broken, {len(found.changes)} changed, {len(found.unmapped)} new"))
