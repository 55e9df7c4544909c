"""`connector coverage`: what of a map a run has touched, so that what it never wrote is known."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.cli.usage import FINDINGS, GOOD, AsJson, ConfigFile, console, refuse
from connector.config import ConfigError, load_config
from connector.coverage import Coverage, NoArchive, Touched, coverage, writes_in

app = typer.Typer()


@app.command("coverage")
def cover(
    file: ConfigFile,
    archives: Annotated[list[Path], typer.Argument(help="HTTP Archives of the run, as `mocksf har` writes them.")],
    at_least: Annotated[float, typer.Option(min=0, max=100, help="Fail below so many per cent.")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Tell which mapped fields and picklist values were written in a run, and which never were.

    Exit codes: 0, or 1 where less than --at-least was touched, 2 usage.
    """
    try:
        config = load_config(file)
        writes = [write for archive in archives for write in writes_in(_text(archive), str(archive))]
    except (ConfigError, NoArchive) as problem:
        refuse(str(problem))
    found = coverage(config, writes)
    if as_json:
        typer.echo(json.dumps(told(found), indent=2, ensure_ascii=False))
    else:
        _print(console(), found)
    raise typer.Exit(GOOD if found.share * 100 >= at_least else FINDINGS)


def _text(archive: Path) -> str:
    try:
        return archive.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        refuse(f"{archive} cannot be read: {problem}")


def told(found: Coverage) -> dict[str, object]:
    """The coverage as a JSON value."""
    intents = {
        each.mapping.intent: {"target": each.mapping.target, "writes": each.writes, "values": dict(each.values)}
        for each in found.touched
    }
    return {"share": round(found.share, 4), "intents": intents}


def _print(to: Console, found: Coverage) -> None:
    table = Table("intent", "field", "writes", "values never written", box=box.HORIZONTALS, pad_edge=False)
    for each in sorted(found.touched, key=lambda one: (one.writes > 0, one.mapping.intent)):
        table.add_row(each.mapping.intent, each.mapping.target, _count(each), ", ".join(each.missed))
    to.print(table)
    never = sum(not each.writes for each in found.touched)
    to.print(Text(f"{found.share:.0%} of fields and values touched; {never} of {len(found.touched)} intents never"))


def _count(touched: Touched) -> Text:
    return Text(str(touched.writes), style="green" if touched.writes else "red")
