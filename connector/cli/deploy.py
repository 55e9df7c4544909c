"""`connector deploy`: rehearse a deploy from its preconditions to going live, and a sample project to do it with."""

import asyncio
import json
import os
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich import box
from rich.table import Table

from connector.automap import hints_from_org, mappable_objects, propose
from connector.cli.asking import client_of
from connector.cli.rehearse import TIMEOUT_S, AdminToken, company_of
from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, console, refuse
from connector.config import ConfigError, ConnectorConfig, SecretMissing, load_config, parse_config
from connector.describe import DescribeError, HttpDescribe
from connector.intents import Intent, Unfit
from connector.live.start import CannotStart, trust_of
from connector.rehearsal.cases import Case
from connector.rehearsal.deploy import Missing, Step, heard_in, page, timed, told
from connector.rehearsal.play import Company, Played, played_once
from connector.rehearsal.report import landed_of
from connector.rehearsal.sample import written
from connector.rehearsal.stage import Stage, StageProblem

app = typer.Typer()
group = typer.Typer(no_args_is_help=True, help="Rehearse a deploy before anybody waits for it.")
app.add_typer(group, name="deploy")

PROVISION = (
    "API user: not provisioned: {problem}. Create an integration user with the permission API Enabled and a connected"
    " app, and put its token in CONNECTOR_TOKEN or its login in org.login"
)
Row = tuple[str, float, bool, str]


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
        said, lacking = _preconditions(recording, org, base, ca)
        if lacking:
            refuse("\n".join(f"missing precondition: {each}" for each in lacking))
        steps = _rehearsed(org, base, said, ca, admin_token, bool(config))
        if html:
            html.write_text(page(steps), encoding="utf-8")
    except (ConfigError, DescribeError, SecretMissing, StageProblem, CannotStart, Unfit) as problem:
        refuse(str(problem))
    except OSError as problem:
        refuse(f"{html} cannot be written: {problem.strerror}")
    if as_json:
        typer.echo(json.dumps(told(steps), indent=2))
    else:
        _print(steps)
    raise typer.Exit(GOOD if all(each.good for each in steps) else FINDINGS)


def _preconditions(
    recording: Path | None, org: str, base: ConnectorConfig, ca: Path | None
) -> tuple[tuple[Intent, ...], list[str]]:
    said: tuple[Intent, ...] = ()
    lacking = []
    try:
        with closing(client_of(org, base, os.environ, ca)) as client:
            HttpDescribe(client, base.org.api_version).names()
    except DescribeError as problem:
        lacking.append(PROVISION.format(problem=problem))
    try:
        said = heard_in(recording)
    except Missing as problem:
        lacking.append(str(problem))
    return said, lacking


def _rehearsed(
    org: str, base: ConnectorConfig, said: tuple[Intent, ...], ca: Path | None, admin_token: str | None, keeps: bool
) -> list[Step]:
    whole, beside = _mapped(org, base, ca, keeps)
    began = time.perf_counter()
    company = company_of(whole, org, ca)
    beside.append(("validate", time.perf_counter() - began, True, "no error"))
    unknown = [each.name for each in said if each.name not in whole.fields]
    if unknown:
        sentence = f"the recording says {unknown[0]!r}, which no intent of the map is called"
        raise StageProblem(sentence)
    played = asyncio.run(_smoke(company, org, said, ca, admin_token))
    good = all(each.status == "committed" for each in played.deliveries)
    heard = f"{played.answer} after {played.answered_ms:g} ms; {landed_of(played)}"
    after: list[Row] = [
        ("smoke call", played.took_s, good, heard),
        ("go-live", 0.0, good, "the map can be put in force" if good else "the smoke call did not land"),
    ]
    return timed(beside, after)


def _mapped(org: str, base: ConnectorConfig, ca: Path | None, keeps: bool) -> tuple[ConnectorConfig, list[Row]]:
    """The configuration with all that the automap proposes for the org, and what finding it took."""
    began = time.perf_counter()
    with closing(client_of(org, base, os.environ, ca)) as client:
        objects = mappable_objects(HttpDescribe(client, base.org.api_version), base)
        found_at = time.perf_counter()
        found = propose(hints_from_org(objects), objects, base if keeps else None)
    customs = [each for each in objects if each.name.endswith("__c")]
    fields = sum(field.name.endswith("__c") for each in customs for field in each.fields)
    rows: list[Row] = [
        ("discover", found_at - began, True, f"{len(customs)} custom objects, {fields} custom fields on them"),
        (
            "automap",
            time.perf_counter() - found_at,
            True,
            f"{len(found.proposals)} mapped, {len(found.refused)} refused",
        ),
    ]
    entries = {**(base.fields if keeps else {}), **found.entries()}
    written = {name: each.model_dump(mode="json", exclude_defaults=True) for name, each in entries.items()}
    return parse_config({**base.model_dump(mode="json", exclude_defaults=True), "fields": written}), rows


async def _smoke(
    company: Company, org: str, said: tuple[Intent, ...], ca: Path | None, admin_token: str | None
) -> Played:
    headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
    async with httpx.AsyncClient(base_url=org, timeout=TIMEOUT_S, headers=headers, verify=trust_of(ca)) as client:
        return await played_once(Stage(client), company, Case("smoke", "the happy path"), said)


def _print(steps: list[Step]) -> None:
    table = Table("step", "from minute", "minutes", "what came of it", box=box.HORIZONTALS)
    for each in steps:
        table.add_row(each.name, f"{each.from_min:.2f}", f"{each.to_min - each.from_min:.2f}", each.tells)
    console().print(table)
    total = told(steps)
    typer.echo(f"{total['total_min']} virtual minutes; the mark is {total['mark_min']:g}")
