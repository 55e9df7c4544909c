"""`connector plan` and `feasibility`: what a turn would write, what it costs, and whether the budget can be met."""

import json
import os
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import httpx
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.cli.asking import org_describe
from connector.cli.usage import GOOD, AsJson, Authority, ConfigFile, Org, console, place_of, refuse
from connector.composite import Composer
from connector.config import ConfigError, ConnectorConfig, load_config
from connector.config.words import Agents
from connector.describe import DescribeError
from connector.examples import SAMPLE_PHONE, spoken
from connector.intents import Call, Caller, Intent, Unfit
from connector.live.asking import client_of
from connector.outlook import Outlook, outlooks, sizes
from connector.phones import e164
from connector.plan import Plan, Written, plan
from connector.regions import composite_ms, pairing, share_within
from connector.settle import settle

app = typer.Typer()

Say = Annotated[
    list[str] | None,
    typer.Option(
        help="An intent of the turn: NAME or NAME=VALUE (JSON or text); left out: all critical ones, with examples."
    ),
]


@app.command("plan")
def plan_turn(
    file: ConfigFile,
    org: Org = None,
    say: Say = None,
    phone: Annotated[str, typer.Option(help="Who rings, with country code.")] = SAMPLE_PHONE,
    name: Annotated[str | None, typer.Option(help="The caller's name.")] = None,
    as_json: AsJson = False,
    ca: Authority = None,
) -> None:
    """Show what a turn would write, without writing it.

    The exact composite body, the API calls it costs, the predicted time for the region pair, and the records before
    (read from the org, where --org is an address) and after. Exit code 2 where an intent cannot be written.
    """
    try:
        config = load_config(file)
        place = place_of(file, config, org)
        described = org_describe(place, config, os.environ, ca)
        config = settle(config, described)
        composer = Composer(config, described)
        caller = Caller(phone=e164(phone, config.org.numbers_region) or refuse(f"--phone {phone} is no phone number"))
        call = Call("plan", Caller(caller.phone, name))
        found = plan(composer, call, _intents(say, composer), datetime.now(UTC))
        if place.startswith("http"):
            found = _beside(found, place, config, ca)
    except (ConfigError, DescribeError, Unfit) as problem:
        refuse(str(problem))
    if as_json:
        typer.echo(json.dumps(told(found, config), indent=2, ensure_ascii=False, default=sorted))
    else:
        _print(console(), found, config)


def _intents(say: list[str] | None, composer: Composer) -> list[Intent]:
    if say:
        return [_intent(each) for each in say]
    return spoken(composer)


def _intent(said: str) -> Intent:
    name, given, value = said.partition("=")
    if not given:
        return Intent(name)
    try:
        return Intent(name, json.loads(value))
    except ValueError:
        return Intent(name, value)


def _beside(found: Plan, place: str, config: ConnectorConfig, ca: Path | None) -> Plan:
    """The plan with the records as the org has them now."""
    with closing(client_of(place, config, os.environ, ca)) as client:
        records = tuple(each.beside(_read(client, each)) for each in found.records)
    return Plan(found.steps, records, found.findings)


def _read(client: httpx.Client, written: Written) -> dict[str, Any] | None:
    try:
        answer = client.get(written.url, params={"fields": ",".join(written.after) or "Id"})
        return dict(answer.json()) if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError) as problem:
        sentence = f"{written.record} cannot be read: {problem}"
        raise DescribeError(sentence) from problem


def told(found: Plan, config: ConnectorConfig) -> dict[str, Any]:
    """The plan as a JSON value."""
    return {
        "api_calls": found.api_calls,
        "predicted": _predicted(found, config),
        "steps": [{**asdict(step), "request": asdict(step.request)} for step in found.steps],
        "records": [asdict(each) for each in found.records],
        "findings": [asdict(each) for each in found.findings],
    }


def _predicted(found: Plan, config: ConnectorConfig) -> dict[str, Any]:
    """Median and share within the budget of the step that the agent waits for; service times are assumed."""
    parts = next((step.parts for step in found.steps if step.lane == "critical"), 0)
    rtt = pairing(config.org.region).rtt_ms
    if not parts or rtt is None:
        return {"parts": parts, "median_ms": None, "share_within_budget": None}
    share = share_within(config.delivery.budget_ms, parts, rtt)
    return {"parts": parts, "median_ms": round(composite_ms(parts, rtt)), "share_within_budget": round(share, 3)}


def _print(to: Console, found: Plan, config: ConnectorConfig) -> None:
    for step in found.steps:
        to.print(Text(f"{step.lane}: {step.request.method} {step.request.path}", style="bold"))
        to.print_json(json.dumps(step.request.body, ensure_ascii=False), indent=2)
    table = Table("record", "field", "before", "after", box=box.HORIZONTALS, pad_edge=False)
    for record in found.records:
        for name, after in record.after.items():
            before = None if record.before is None else record.before.get(name)
            new = "" if record.before is None else json.dumps(before, ensure_ascii=False)
            told_after = Text(json.dumps(after, ensure_ascii=False), style="" if before == after else "green")
            table.add_row(record.record, name, new, told_after)
    to.print(table)
    for finding in found.findings:
        to.print(Text(f"{finding.intent}: {finding.reason}", style="yellow"))
    predicted = _predicted(found, config)
    time = (
        f"{predicted['median_ms']} ms in the median, {predicted['share_within_budget']:.0%} within"
        f" {config.delivery.budget_ms} ms (service times assumed)"
        if predicted["median_ms"]
        else "no prediction: the region is not pinned (org.region)"
    )
    to.print(Text(f"{found.api_calls} API calls; {time}"))


@app.command("feasibility")
def feasibility(
    file: ConfigFile,
    agents: Annotated[
        str | None, typer.Option(help="Where the voice agents run: us or eu; left out: as configured.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell for every instance which share of turns can be committed within the budget.

    Round trips are published medians between cloud regions; service times are assumed (docs/fidelity.md). Exit code 0.
    """
    try:
        config = load_config(file)
    except ConfigError as problem:
        refuse(str(problem))
    if agents not in (None, *get_args(Agents)):
        refuse(f"--agents {agents}: it is us or eu")
    rows = outlooks(config, cast(Agents | None, agents) or config.org.region.agents)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print_outlooks(console(), rows, config)
    raise typer.Exit(GOOD)


def _print_outlooks(to: Console, rows: tuple[Outlook, ...], config: ConnectorConfig) -> None:
    for agents in sorted({row.agents for row in rows}):
        for parts in sizes(config):
            title = f"agents in {agents}, composite of {parts}"
            table = Table("instance", "region", "round trip", "median", "95 %", "in budget", box=box.HORIZONTALS)
            for row in rows:
                if (row.agents, row.parts) == (agents, parts):
                    table.add_row(*_cells(row))
            to.print(Text(title, style="bold"))
            to.print(table)
    to.print(Text(f"the budget is {config.delivery.budget_ms} ms; service times are assumed, round trips are medians"))


def _cells(row: Outlook) -> tuple[Text, ...]:
    style = "green" if row.share >= 0.4 else "yellow" if row.share >= 0.1 else "red"
    name = f"{row.instance} (pin)" if row.pinned else row.instance
    plain = (name, row.region, f"{row.rtt_ms:.0f} ms", f"{row.median_ms:.0f} ms", f"{row.p95_ms:.0f} ms")
    return (*(Text(each) for each in plain), Text(f"{row.share:.0%} {'█' * round(row.share * 20)}", style=style))
