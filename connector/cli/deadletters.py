"""`connector dead-letters`: reviewed, replayed, discarded; by a running service, or on the ledger itself."""

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote

import httpx
import typer

from connector.cli.logs import log_to_stderr
from connector.config import ConfigError, SecretMissing
from connector.intents import Unfit
from connector.live.addresses import in_database, place_of, shown
from connector.live.clock import ScaledClock
from connector.live.ledgers import source_of
from connector.live.opening import LedgerBroken
from connector.live.sealing import KeyProblem
from connector.live.start import CannotStart, Setting, Stack, put_together
from connector.live.verifying import Unreadable
from connector.readings import Standing, read
from connector.replay import RATE_PER_S, Selection

TOKEN_VARIABLE = "CONNECTOR_SERVICE_TOKEN"
ALERT_PATIENCE = timedelta(minutes=1)
"""Whoever sits at the command line reads of a death there, and need not wait for Slack until tomorrow."""

app = typer.Typer()
letters = typer.Typer(no_args_is_help=True)
app.add_typer(letters, name="dead-letters", help="Review, replay and discard dead letters.")

LedgerPlace = Annotated[str, typer.Argument(metavar="LEDGER", help="The ledger's file, or its postgresql:// address.")]
Chain = Annotated[str | None, typer.Option(help="The org whose chain is meant, where a ledger holds several.")]
Keys = Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="The letters meant.")]
Category = Annotated[str | None, typer.Option(help="All letters of this category.")]
All = Annotated[bool, typer.Option("--all", help="All letters.")]
Actor = Annotated[str, typer.Option(help="Who decides; it goes into the audit trail.")]
Reason = Annotated[str, typer.Option(help="Why; it goes into the audit trail.")]
Config = Annotated[Path | None, typer.Option(help="The configuration, where no service is running.")]
Org = Annotated[str | None, typer.Option(help="Address of the org; left out: the configuration's own.")]
Authority = Annotated[Path | None, typer.Option("--ca", help="Certificate authority to trust (PEM).")]
Service = Annotated[str | None, typer.Option(help="Address of the running service; it is asked to do it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@letters.command("list")
def list_letters(ledger: LedgerPlace, category: Category = None, chain: Chain = None, as_json: AsJson = False) -> None:
    """The dead letters by category, from the ledger alone."""
    found = [each for each in _dead(ledger, chain) if category in {None, each.category}]
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in found]))
        return
    groups: dict[str, list[Standing]] = {}
    for each in found:
        groups.setdefault(each.category or "other", []).append(each)
    for name, group in sorted(groups.items()):
        typer.echo(f"{name} ({len(group)})")
        for each in group:
            typer.echo(f"  {_line(each)}")
    if not found:
        typer.echo("no dead letters")


@letters.command("show")
def show(ledger: LedgerPlace, key: Annotated[str, typer.Argument(help="The letter.")], chain: Chain = None) -> None:
    """One dead letter with every entry about it."""
    if key not in {each.delivery for each in _dead(ledger, chain)}:
        _refuse(f"{key} is no dead letter; connector dead-letters list {shown(ledger)} shows them")
    for entry in source_of(ledger, chain).entries():
        if entry.delivery == key:
            typer.echo(json.dumps(entry.as_json()))


@letters.command("replay")
def replay(  # noqa: PLR0913 - a command has as many arguments as it has options
    ledger: LedgerPlace,
    actor: Actor,
    reason: Reason,
    keys: Keys = None,
    category: Category = None,
    all_: All = False,
    edit: Annotated[list[str] | None, typer.Option(help="INTENT=VALUE (JSON), for a single letter.")] = None,
    rate: Annotated[float, typer.Option(help="Letters per second.", min=0.001, max=1000)] = RATE_PER_S,
    config: Config = None,
    org: Org = None,
    ca: Authority = None,
    service: Service = None,
) -> None:
    """Bring dead letters back: one, a category, or all, in order. Replaying what is not dead changes nothing.

    Exit codes: 0 all of them are in the org (or a service took the order), 1 some died again, 2 usage.
    """
    selection, edits = _selection(keys, category, all_), _edits(edit or [])
    if edits and len(selection.keys) != 1:
        _refuse("--edit is for a single letter: name it")
    if service:
        body = {"actor": actor, "reason": reason}
        _asked(service, "replay", selection, {**body, "edits": edits} if edits else body, rate)
        return
    stack = _stack(ledger, config, org, ca)
    try:
        outcomes = asyncio.run(_replayed(stack, selection, actor, reason, edits, rate))
    except Unfit as problem:
        _refuse(str(problem))
    raise typer.Exit(0 if all(outcome == "committed" for outcome in outcomes) else 1)


@letters.command("discard")
def discard(  # noqa: PLR0913 - a command has as many arguments as it has options
    ledger: LedgerPlace,
    actor: Actor,
    reason: Reason,
    keys: Keys = None,
    category: Category = None,
    all_: All = False,
    config: Config = None,
    org: Org = None,
    ca: Authority = None,
    service: Service = None,
) -> None:
    """Give dead letters up, for a reason that the audit trail keeps."""
    selection = _selection(keys, category, all_)
    if service:
        _asked(service, "discard", selection, {"actor": actor, "reason": reason}, None)
        return
    asyncio.run(_discarded(_stack(ledger, config, org, ca), selection, actor, reason))


def _dead(ledger: str, chain: str | None) -> list[Standing]:
    try:
        return read(source_of(ledger, chain).entries()).dead_letters()
    except Unreadable as problem:
        _refuse(str(problem))
    except (ValueError, KeyError, TypeError) as problem:
        place = shown(ledger)
        _refuse(f"{place} does not read ({problem}); connector audit verify {place} names the place")


def _line(letter: Standing) -> str:
    doubt = ", perhaps written all the same" if letter.perhaps else ""
    culprit = f" on {letter.culprit}" if letter.culprit else ""
    return f"{letter.delivery}: {letter.reason}{culprit} after {letter.attempt} attempts{doubt}"


def _as_json(letter: Standing) -> dict[str, Any]:
    shown = ("delivery", "category", "reason", "culprit", "perhaps", "attempt", "round")
    return {name: getattr(letter, name) for name in shown}


def _selection(keys: list[str] | None, category: str | None, everything: bool) -> Selection:
    if sum((bool(keys), category is not None, everything)) != 1:
        _refuse("say which letters: their keys, --category NAME, or --all")
    return Selection(tuple(keys or ()), category, None, everything)


def _edits(texts: list[str]) -> dict[str, Any]:
    edits = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            edits[name] = json.loads(value)
        except ValueError:
            edits[name] = value
        if not equals:
            _refuse(f"{text!r} is no edit; write INTENT=VALUE")
    return edits


def _stack(ledger: str, config: Path | None, org: str | None, ca: Path | None) -> Stack:
    if config is None:
        _refuse("say --config FILE (with no service running), or --service URL of the running one")
    if not in_database(ledger) and not Path(ledger).is_file():
        _refuse(f"{ledger}: there is no such file")
    log_to_stderr()
    try:
        return put_together(Setting(config, place_of(ledger), org, ca), ScaledClock(), os.environ)
    except (CannotStart, ConfigError, SecretMissing, KeyProblem, LedgerBroken) as problem:
        _refuse(str(problem))


async def _replayed(
    stack: Stack, selection: Selection, actor: str, reason: str, edits: Mapping[str, Any], rate: float
) -> list[str]:
    await stack.settle()
    await stack.join()
    runner, connector = stack.hub.runner, stack.hub.connector
    connector.desk.alerts.patience = ALERT_PATIENCE
    try:
        flows = connector.replay(selection, actor, reason, dict(edits), rate)
        outcomes = [await task for task in runner.start_all(flows)]
    finally:
        await stack.close()
    for outcome in outcomes:
        typer.echo(f"{outcome.delivery}: {outcome.status}" + (f", {outcome.reason}" if outcome.reason else ""))
    return [outcome.status for outcome in outcomes]


async def _discarded(stack: Stack, selection: Selection, actor: str, reason: str) -> None:
    await stack.join()
    try:
        keys = await stack.hub.discard(selection, actor, reason)
    finally:
        await stack.close()
    typer.echo("\n".join(f"{key}: discarded" for key in keys) or "nothing was dead")


def _asked(service: str, what: str, selection: Selection, body: dict[str, Any], rate: float | None) -> None:
    """Ask the running service: letter by letter, or the whole group at once."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    orders = [(f"/dead-letters/{quote(key, safe='/')}/{what}", body) for key in selection.keys]
    if not selection.keys:
        group = {"all": True} if selection.everything else {"category": selection.category}
        orders = [(f"/dead-letters/{what}", {**body, **group, **({"rate_per_s": rate} if rate else {})})]
    try:
        with httpx.Client(base_url=service, headers=headers, timeout=30.0) as client:
            for path, order in orders:
                answer = client.post(path, json=order)
                typer.echo(answer.text)
                if answer.is_error:
                    raise typer.Exit(1)
    except httpx.HTTPError as problem:
        _refuse(f"{service} cannot be asked: {problem}")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
