"""`connector validate`, `settle` and `schema`: a configuration before a call."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
import yaml

from connector.automap import hints_from_org, mappable_objects, propose
from connector.cli import mending
from connector.cli.asking import org_describe
from connector.cli.automap import print_automap
from connector.cli.formats import FORMATS, Verdict
from connector.cli.usage import FINDINGS, GOOD, AsJson, Authority, ConfigFile, Org, console, place_of, refuse
from connector.config import ConfigError, json_schema, load_config
from connector.config.reading import load_text
from connector.describe import DescribeError, OrgDescribe
from connector.names import nearest
from connector.settle import settle
from connector.validate import Finding, file_findings, validate
from connector.validate.fixes import fixes

ROUNDS_MAX = 5
"""A fix may show the next fault (a field that is found may be of another type); so often is mended and looked again."""

app = typer.Typer()

Strict = Annotated[bool, typer.Option(help="Let warnings fail too.")]
Format = Annotated[str, typer.Option("--format", help=f"How to tell: {', '.join(FORMATS)}.")]
Mend = Annotated[bool, typer.Option("--fix", help="Write the fixes that need no judgement into the file; show a diff.")]
Automap = Annotated[bool, typer.Option("--automap", help="Propose a map for the org's fields that nothing fills yet.")]


@app.command("validate")
def validate_file(  # noqa: PLR0913 - a command has as many arguments as it has options
    file: ConfigFile,
    org: Org = None,
    as_json: AsJson = False,
    form: Format = "table",
    strict: Strict = False,
    fix: Mend = False,
    automap: Automap = False,
    ca: Authority = None,
) -> None:
    """Hold a configuration against an org: a bad map fails here and not during a call.

    Without --org the configuration's own instance is asked. A token may be given in CONNECTOR_TOKEN, else the login
    section is used. Exit codes: 0 good, 1 findings, 2 usage (no such file, the org cannot be asked).
    """
    form = "json" if as_json else form
    if form not in FORMATS:
        guess = nearest(form, FORMATS)
        refuse(f"--format {form}: it is one of {', '.join(FORMATS)}" + (f"; did you mean {guess}?" if guess else ""))
    if not file.is_file():
        refuse(f"{file}: there is no such file")
    try:
        verdict, described = _judged(file, org, ca, fix)
    except DescribeError as problem:
        refuse(str(problem))
    typer.echo(FORMATS[form](verdict))
    if automap and described:
        _propose(file, described)
    bad = not verdict.good or (strict and verdict.counts["warning"] > 0)
    raise typer.Exit(FINDINGS if bad else GOOD)


def _judged(file: Path, org: str | None, ca: Path | None, fix: bool) -> tuple[Verdict, OrgDescribe | None]:
    """The verdict on a file, mended first where that is wanted, and the org that it was held against."""
    try:
        config = load_config(file)
        place = place_of(file, config, org)
        described = org_describe(place, config, os.environ, ca)
        findings = validate(config, described)
        if fix:
            findings = _mended(file, described, findings)
            config = load_config(file)
    except ConfigError as problem:
        text = load_text(file) if file.stat().st_size and _readable(file) else ""
        return Verdict(str(file), org or "", file_findings(problem), text), None
    return Verdict(str(file), place, findings, load_text(file), tuple(config.fields)), described


def _readable(file: Path) -> bool:
    try:
        load_text(file)
    except ConfigError:
        return False
    return True


def _mended(file: Path, org: OrgDescribe, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The file mended in place, as often as mending shows something more to mend; the findings that are left."""
    for _ in range(ROUNDS_MAX):
        text, applied = mending.mended(file, fixes(findings))
        changed = mending.diff(file, text) if applied else ""
        if not changed:
            break
        typer.echo(changed, err=True, nl=False)
        mending.write(file, text)
        findings = validate(load_config(file), org)
    return findings


def _propose(file: Path, org: OrgDescribe) -> None:
    config = load_config(file)
    objects = mappable_objects(org, config)
    print_automap(console(), propose(hints_from_org(objects), objects, config))


@app.command("settle")
def settle_file(file: ConfigFile, org: Org = None, ca: Authority = None) -> None:
    """Print a configuration in full form: types, lengths and digits as the org has them."""
    try:
        config = load_config(file)
        place = place_of(file, config, org)
        whole = settle(config, org_describe(place, config, os.environ, ca))
    except (ConfigError, DescribeError) as problem:
        refuse(str(problem))
    data = whole.model_dump(mode="json", exclude_defaults=True)
    typer.echo(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), nl=False)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of a configuration file, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
