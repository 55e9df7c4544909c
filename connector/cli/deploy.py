"""`connector deploy`: rehearse a deploy from its preconditions to going live, and a sample project to do it with."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from connector.cli.rehearse import AdminToken
from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, console, refuse
from connector.config import load_config, parse_config
from connector.intents import Intent
from connector.live.start import CannotStart, trust_of
from connector.rehearsal.deploy import Missing, Step, heard_in, page, told
from connector.rehearsal.going import PROBLEMS, Deploy, rehearsed_deploy, unprovisioned
from connector.rehearsal.sample import written

app = typer.Typer()
group = typer.Typer(no_args_is_help=True, help="Rehearse a deploy before anybody waits for it.")
app.add_typer(group, name="deploy")


@group.command("sample")
def sample(into: Annotated[Path, typer.Option(help="A new or empty folder.")]) -> None:
    """Write a Salesforce project of three custom objects and 220 custom fields, and a sample call recording."""
    try:
        count = written(into)
    except FileExistsError:
        refuse(f"{into} is not empty; name another folder")
    except OSError as problem:
        refuse(f"{into} cannot be written: {problem.strerror}")
    typer.echo(f"{count} files are in {into}; next: mocksf serve --schema {into}")


@group.command("rehearse")
def rehearse(
    org: Annotated[str, typer.Option(help="A running `mocksf serve --schema DIR`.")],
    recording: Annotated[Path | None, typer.Option(help="A sample call with its happy-path script (YAML).")] = None,
    config: Annotated[Path | None, typer.Option(help="A configuration to add to; left out: all is automapped.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here, one self-contained page.")] = None,
    as_json: AsJson = False,
    ca: Authority = None,
    admin_token: AdminToken = None,
) -> None:
    """Check the two preconditions, then discover, automap, validate, play a smoke call and go live, in virtual minutes.

    Exit codes: 0 it could go live, 1 a step failed, 2 a precondition is missing or usage.
    """
    try:
        base = load_config(config) if config else parse_config({"fields": {"none": "Task.Description"}})
        deploy = Deploy(org, base, bool(config), os.environ, trust_of(ca), admin_token=admin_token)
        said, lacking = _preconditions(recording, deploy)
        if lacking:
            refuse("\n".join(f"missing precondition: {each}" for each in lacking))
        steps = rehearsed_deploy(deploy, said)
        if html:
            html.write_text(page(steps), encoding="utf-8")
    except (*PROBLEMS, CannotStart) as problem:
        refuse(str(problem))
    except OSError as problem:
        refuse(f"{html} cannot be written: {problem.strerror}")
    if as_json:
        typer.echo(json.dumps(told(steps), indent=2))
    else:
        _print(steps)
    raise typer.Exit(GOOD if all(each.good for each in steps) else FINDINGS)


def _preconditions(recording: Path | None, deploy: Deploy) -> tuple[tuple[Intent, ...], list[str]]:
    said: tuple[Intent, ...] = ()
    lacking = [problem] if (problem := unprovisioned(deploy)) else []
    try:
        said = heard_in(recording)
    except Missing as problem:
        lacking.append(str(problem))
    return said, lacking


def _print(steps: list[Step]) -> None:
    table = Table("step", "from minute", "minutes", "what came of it", box=box.HORIZONTALS)
    for each in steps:
        table.add_row(each.name, f"{each.from_min:.2f}", f"{each.to_min - each.from_min:.2f}", each.tells)
    console().print(table)
    total = told(steps)
    typer.echo(f"{total['total_min']} virtual minutes; the mark is {total['mark_min']:g}")
