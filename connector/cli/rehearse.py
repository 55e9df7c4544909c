"""`connector rehearse`: every failure once, on a mock that runs, with what caller, org, dead letters and Slack saw."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich import box
from rich.table import Table
from rich.text import Text

from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, ConfigFile, console, place_of, refuse
from connector.config import ConfigError, ConnectorConfig, SecretMissing, load_config
from connector.describe import DescribeError
from connector.live.start import CannotStart, trust_of
from connector.rehearsal.company import TIMEOUT_S, company_of
from connector.rehearsal.play import Company, Played, rehearsed
from connector.rehearsal.report import dead_of, landed_of, page, told, waits_of
from connector.rehearsal.stage import DEFAULT, Stage, StageProblem

app = typer.Typer()

AdminToken = Annotated[
    str | None,
    typer.Option(envvar="MOCKSF_ADMIN_TOKEN", help="The mock's admin token, where it is not on loopback."),
]
STYLES = {"committed": "green", "accepted": "yellow", "dead": "bold red"}


@app.command("rehearse")
def rehearse(
    file: ConfigFile,
    org: Annotated[str | None, typer.Option(help="A running `mocksf serve`; left out: as configured.")] = None,
    case: Annotated[list[str] | None, typer.Option(help="Only this case; may be repeated.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here, one self-contained page.")] = None,
    as_json: AsJson = False,
    ca: Authority = None,
    admin_token: AdminToken = None,
) -> None:
    """Play every failure once against a mock of the org, and tell what would have come of it.

    Each case is one call on a fork of the mock's org, on virtual time: the org stays as it was, and nothing waits.
    Nothing is ever sent to Slack. A token is taken from CONNECTOR_TOKEN, else the login section is used.
    Exit codes: 0 every turn was answered within the budget, 1 some were not, 2 usage.
    """
    try:
        config = load_config(file)
        place = place_of(file, config, org)
        company = company_of(config, place, os.environ, trust_of(ca))
        played = asyncio.run(_played(company, place, case or [], ca, admin_token))
        if html:
            html.write_text(page(played, company.config), encoding="utf-8")
    except (ConfigError, DescribeError, SecretMissing, StageProblem, CannotStart) as problem:
        refuse(str(problem))
    except OSError as problem:
        refuse(f"{html} cannot be written: {problem.strerror}")
    if as_json:
        typer.echo(json.dumps(told(played, company.config), indent=2, ensure_ascii=False))
    else:
        _print(played, company.config)
    raise typer.Exit(GOOD if all(each.in_budget for each in played) else FINDINGS)


async def _played(
    company: Company, place: str, only: Sequence[str], ca: Path | None, admin_token: str | None
) -> list[Played]:
    headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
    async with httpx.AsyncClient(base_url=place, timeout=TIMEOUT_S, headers=headers, verify=trust_of(ca)) as client:
        return await rehearsed(Stage(client, DEFAULT), company, only)


def _print(played: Sequence[Played], config: ConnectorConfig) -> None:
    table = Table(
        "failure", "the caller heard", "tries (waits)", "in the org", "dead letters", "Slack", box=box.HORIZONTALS
    )
    for each in played:
        tries = "\n".join(f"{part.status} {waits_of(part)}" for part in each.deliveries)
        dead = "\n".join(dead_of(part) for part in each.dead)
        heard = Text(f"{each.answer}, {each.answered_ms:g} ms", style=STYLES.get(each.answer, ""))
        slack = "\n".join(text.splitlines()[0] for text in each.slack)
        table.add_row(Text(f"{each.name}\n{each.tells}"), heard, Text(tries), landed_of(each), Text(dead), Text(slack))
    console().print(table)
    late = sum(not each.in_budget for each in played)
    typer.echo(f"{len(played)} cases; {late} answered after the budget of {config.delivery.budget_ms} ms")
