"""`connector validate`, `settle`, `schema` and `init`: everything about a configuration before a call."""

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import yaml
from rich.console import Console

from connector.cli.asking import org_describe
from connector.cli.report import as_json, print_table
from connector.config import ConfigError, ConnectorConfig, json_schema, load_config
from connector.describe import DescribeError
from connector.settle import settle
from connector.validate import Finding, file_findings, is_good, validate

GOOD, FINDINGS, USAGE = 0, 1, 2

app = typer.Typer()

ConfigFile = Annotated[Path, typer.Argument(metavar="FILE", help="The configuration, YAML or JSON.")]
Org = Annotated[str | None, typer.Option(help="Address of the org, or a folder of describe JSON files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Strict = Annotated[bool, typer.Option(help="Let warnings fail too.")]
Authority = Annotated[Path | None, typer.Option("--ca", help="Certificate authority to trust (PEM).")]


@app.command("validate")
def validate_file(
    file: ConfigFile, org: Org = None, as_json_: AsJson = False, strict: Strict = False, ca: Authority = None
) -> None:
    """Hold a configuration against an org: a bad map fails here and not during a call.

    Without --org the configuration's own instance is asked. A token may be given in CONNECTOR_TOKEN, else the login
    section is used. Exit codes: 0 good, 1 findings, 2 usage (no such file, the org cannot be asked).
    """
    if not file.is_file():
        _refuse(f"{file}: there is no such file")
    place, findings = org or "", tuple[Finding, ...]()
    try:
        place, findings = _findings(file, org, ca)
    except ConfigError as problem:
        findings = file_findings(problem)
    except DescribeError as problem:
        _refuse(str(problem))
    if as_json_:
        typer.echo(json.dumps(as_json(str(file), place, findings), indent=2, ensure_ascii=False))
    else:
        print_table(_console(), str(file), findings)
    good = is_good(findings) and not (strict and any(each.severity == "warning" for each in findings))
    raise typer.Exit(GOOD if good else FINDINGS)


def _findings(file: Path, org: str | None, ca: Path | None) -> tuple[str, tuple[Finding, ...]]:
    config = load_config(file)
    place = _place(file, config, org)
    return place, validate(config, org_describe(place, config, os.environ, ca))


def _place(file: Path, config: ConnectorConfig, org: str | None) -> str:
    place = org or (config.org.login.instance_url if config.org.login else None)
    if place is None:
        _refuse(f"{file} names no org (org.login.instance_url): say --org URL or --org FOLDER")
    return place


@app.command("settle")
def settle_file(file: ConfigFile, org: Org = None, ca: Authority = None) -> None:
    """Print a configuration in full form: types, lengths and digits as the org has them."""
    try:
        config = load_config(file)
        place = _place(file, config, org)
        whole = settle(config, org_describe(place, config, os.environ, ca))
    except (ConfigError, DescribeError) as problem:
        _refuse(str(problem))
    data = whole.model_dump(mode="json", exclude_defaults=True)
    typer.echo(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), nl=False)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of a configuration file, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command("init")
def write_sample(
    file: ConfigFile, seed: Annotated[bool, typer.Option(help="The short seed form instead of the full form.")] = False
) -> None:
    """Write a sample configuration to begin with; an existing file is left alone."""
    if file.exists():
        _refuse(f"{file} is there already; name another file")
    sample = files("connector").joinpath("seed.json" if seed else "sample.yaml").read_text(encoding="utf-8")
    try:
        file.write_text(sample, encoding="utf-8")
    except OSError as problem:
        _refuse(f"{file} cannot be written: {problem.strerror}")
    typer.echo(f"{file} is written; next: connector validate {file} --org https://…")


def _console() -> Console:
    """As wide as the terminal; where the output goes to a file or a pipe, wide enough to be searched."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)
