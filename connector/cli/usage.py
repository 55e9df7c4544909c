"""What the commands have in common: exit codes, options, the console, and how usage is refused."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from connector.config import ConnectorConfig

GOOD, FINDINGS, USAGE = 0, 1, 2

ConfigFile = Annotated[Path, typer.Argument(metavar="FILE", help="The configuration, YAML or JSON.")]
Org = Annotated[
    str | None, typer.Option(help="Address of the org, a folder of describe JSON files, or a Salesforce project.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Authority = Annotated[Path | None, typer.Option("--ca", help="Certificate authority to trust (PEM).")]


def place_of(file: Path, config: ConnectorConfig, org: str | None) -> str:
    """Where the org is: as the command line says, else as the configuration does."""
    place = org or (config.org.login.instance_url if config.org.login else None)
    if place is None:
        refuse(f"{file} names no org (org.login.instance_url): say --org URL or --org FOLDER")
    return place


def console() -> Console:
    """As wide as the terminal; where the output goes to a file or a pipe, wide enough to be searched."""
    found = Console()
    return found if found.is_terminal else Console(width=160)


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong with the usage and leave."""
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)
