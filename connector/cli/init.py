"""`connector init`: a configuration to begin with, the sample's or one asked of an org and of a person."""

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
import yaml

from connector.automap import Automap, hints_from_org, mappable_objects, propose
from connector.cli.asking import org_describe
from connector.cli.formats.table import COLOURS
from connector.cli.usage import Authority, console, refuse
from connector.config import ConfigError, parse_config
from connector.config.words import Agents
from connector.describe import DescribeError, ObjectDescribe, OrgDescribe
from connector.regions import pin_of, region_of
from connector.validate import validate

app = typer.Typer()

HEAD = "# What a voice call writes to Salesforce. Check it: connector validate {file} --org {org}\n"
NOBODY = {"fields": {"none": "Task.Description"}}
"""A configuration that says nothing: a token is then taken from CONNECTOR_TOKEN alone."""


@app.command("init")
def write_first(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The configuration to write (YAML).")],
    org: Annotated[str | None, typer.Option(help="Begin with what this org has; left out: with the sample.")] = None,
    seed: Annotated[bool, typer.Option(help="The sample in its short seed form.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing and take what is proposed.")] = False,
    ca: Authority = None,
) -> None:
    """Write a configuration to begin with; an existing file is left alone.

    With --org (an address, a folder of describes, a Salesforce project) each object's custom fields are proposed and
    asked for, then where the agents are. A token for an address is taken from CONNECTOR_TOKEN.
    """
    if file.exists():
        refuse(f"{file} is there already; name another file")
    if org is None:
        _write(file, files("connector").joinpath("seed.json" if seed else "sample.yaml").read_text(encoding="utf-8"))
        typer.echo(f"{file} is written; next: connector validate {file} --org https://…")
        return
    try:
        described = org_describe(org, parse_config(NOBODY), os.environ, ca)
        data = _asked(described, org, yes)
        config = parse_config(data, str(file))
        _write(file, HEAD.format(file=file, org=org) + yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
        findings = validate(config, described)
    except (ConfigError, DescribeError) as problem:
        refuse(str(problem))
    for each in findings:
        if each.severity != "info":
            console().print(
                f"{each.severity}: {each.path}: {each.sentence}", style=COLOURS[each.severity], markup=False
            )
    typer.echo(f"{file} is written with {len(config.fields)} intents; next: connector validate {file} --org {org}")


def _asked(org: OrgDescribe, place: str, yes: bool) -> dict[str, Any]:
    """The file's data, as the person and the org told it."""
    objects = mappable_objects(org)
    found = propose(hints_from_org(objects), objects)
    wanted = dict(_chosen(found, objects, yes))
    if not wanted:
        refuse(f"no custom field of {place} can be mapped, or none was wanted; connector init FILE writes the sample")
    agents, instance = _region(yes)
    section: dict[str, Any] = {"region": {"agents": agents, "instance": instance}}
    if place.startswith("http"):
        secret = {"env": "SALESFORCE_CLIENT_SECRET"}
        client_id = "mocksf" if yes else typer.prompt("Client id of the connected app", default="mocksf")
        section["login"] = {"instance_url": place, "client_id": client_id, "client_secret": secret}
    return {"org": section, "fields": wanted}


def _chosen(found: Automap, objects: tuple[ObjectDescribe, ...], yes: bool) -> Iterator[tuple[str, Any]]:
    for sobject in objects:
        entries = {name: each for name, each in found.entries().items() if each.sobject == sobject.name}
        if not entries:
            continue
        shown = ", ".join(list(entries)[:6]) + (", …" if len(entries) > 6 else "")
        if yes or typer.confirm(f"{sobject.label}: map {len(entries)} fields ({shown})?", default=True):
            for name, entry in entries.items():
                yield name, entry.model_dump(mode="json", exclude_defaults=True)


def _region(yes: bool) -> tuple[Agents, str]:
    sides = get_args(Agents)
    side = "us" if yes else ""
    while side not in sides:
        side = typer.prompt(f"Where do the voice agents run ({' or '.join(sides)})", default="us").strip().lower()
    agents = cast(Agents, side)
    instance = pin_of(agents) if yes else ""
    while region_of(instance) is None:
        instance = typer.prompt("The org's instance (Setup, Company Information)", default=pin_of(agents)).strip()
    return agents, instance


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        refuse(f"{file} cannot be written: {problem.strerror}")
