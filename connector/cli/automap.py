"""`connector automap`: a whole field map proposed at once, with what was refused and why."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.automap import Automap, Refused, hints_from_org, load_hints, mappable_objects, propose
from connector.automap.proposals import AT_LEAST
from connector.cli.asking import org_describe
from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, console, refuse
from connector.config import ConfigError, ConnectorConfig, load_config
from connector.describe import DescribeError, ObjectDescribe, OrgDescribe
from connector.names import nearest
from connector.validate import is_good, validate

app = typer.Typer()

Hints = Annotated[
    Path | None, typer.Option(help="Intents and their types (YAML or JSON); left out: one per custom field.")
]
Objects = Annotated[list[str] | None, typer.Option("--object", help="Map to this object only; may be repeated.")]


@app.command("automap")
def automap(  # noqa: PLR0913 - a command has as many arguments as it has options
    org: Annotated[str, typer.Option(help="Address of the org, or a folder of describe JSON files.")],
    config: Annotated[Path | None, typer.Option(help="A configuration to add to; what it maps is left alone.")] = None,
    hints: Hints = None,
    only: Objects = None,
    at_least: Annotated[float, typer.Option(min=0, max=1, help="Propose nothing less sure than this.")] = AT_LEAST,
    out: Annotated[Path | None, typer.Option(help="Write the whole configuration here (YAML).")] = None,
    as_json: AsJson = False,
    ca: Authority = None,
) -> None:
    """Propose a map of all intents to the fields that take them, by name, label and type.

    Hints are defined once, for every org: `demo_requested: datetime`, or with label, objects and the words of the
    classification. Without --hints each writable custom field gets an intent that is named after it.
    Exit codes: 0 every intent has a field, 1 some were refused, 2 usage.
    """
    try:
        base = load_config(config) if config else None
        described = org_describe(org, base or _nobody(), os.environ, ca)
        objects = _chosen(described, base, only or [])
        wanted = load_hints(hints) if hints else hints_from_org(objects)
        found = propose(wanted, objects, base, at_least)
        if out:
            _write(out, base, found, described)
    except (ConfigError, DescribeError) as problem:
        refuse(str(problem))
    if as_json:
        typer.echo(json.dumps(told(found), indent=2, ensure_ascii=False))
    else:
        print_automap(console(), found)
        if out:
            typer.echo(f"{out} is written; next: connector validate {out} --org {org}")
    raise typer.Exit(FINDINGS if found.refused else GOOD)


def _nobody() -> ConnectorConfig:
    """A configuration that says nothing: a token is then taken from CONNECTOR_TOKEN alone."""
    return ConnectorConfig.model_validate({"fields": {"none": "Task.Description"}})


def _chosen(org: OrgDescribe, base: ConnectorConfig | None, only: list[str]) -> tuple[ObjectDescribe, ...]:
    if not only:
        return mappable_objects(org, base)
    for name in only:
        if org.get(name) is None:
            guess = nearest(name, org.names())
            sentence = f"the org has no object {name}" + (f"; did you mean {guess}?" if guess else "")
            raise DescribeError(sentence)
    return tuple(sobject for name in only if (sobject := org.get(name)))


def _write(out: Path, base: ConnectorConfig | None, found: Automap, org: OrgDescribe) -> None:
    """The configuration with the proposals in it, held against the org before it is written."""
    entries = found.entries()
    if not entries:
        refuse(f"nothing is proposed, so {out} is not written")
    whole = base or ConnectorConfig(fields=entries)
    whole = whole.model_copy(update={"fields": {**whole.fields, **entries}})
    data = whole.model_dump(mode="json", exclude_defaults=True)
    try:
        out.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    except OSError as problem:
        refuse(f"{out} cannot be written: {problem.strerror}")
    if not is_good(validate(whole, org)):
        typer.echo(f"{out} still has findings beyond its fields: connector validate {out} names them", err=True)


def told(found: Automap) -> dict[str, object]:
    """The automap as a JSON value: `proposals` with confidence and reason, and `refused`."""
    return {
        "proposals": [
            {
                "intent": each.intent,
                **each.entry.model_dump(mode="json", exclude_defaults=True),
                "confidence": each.confidence,
                "reason": each.reason,
            }
            for each in found.proposals
        ],
        "refused": [{"intent": each.intent, "target": each.target, "reason": each.reason} for each in found.refused],
    }


def print_automap(to: Console, found: Automap) -> None:
    """One row per proposal, one per refusal, and a line that sums up."""
    if found.proposals:
        table = Table("intent", "field", "type", "sure", "because", box=box.HORIZONTALS, pad_edge=False)
        for each in found.proposals:
            sure = Text(f"{each.confidence:.0%}", style="green" if each.confidence >= 0.9 else "yellow")
            table.add_row(each.intent, each.entry.target, str(each.entry.type), sure, each.reason)
        to.print(table)
    if found.refused:
        to.print(_refusals(found.refused))
    to.print(Text(f"{len(found.proposals)} proposed, {len(found.refused)} refused"))


def _refusals(refused: tuple[Refused, ...]) -> Table:
    table = Table("refused", "nearest field", "why", box=box.HORIZONTALS, pad_edge=False)
    for each in refused:
        table.add_row(Text(each.intent, style="bold red"), each.target or "–", each.reason)
    return table
