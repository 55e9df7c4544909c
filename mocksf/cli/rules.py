"""`mocksf rules`: the weather of a running server, and files of rules checked before they rain."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mocksf.cli.saying import FINDINGS, ask, read_rules

app = typer.Typer(no_args_is_help=True, help="The weather: list, load, remove or check rules.")

Url = Annotated[str, typer.Option(help="the running server")]
AdminToken = Annotated[str | None, typer.Option(envvar="MOCKSF_ADMIN_TOKEN", help="of a server beyond loopback")]
Ca = Annotated[Path | None, typer.Option(help="its authority, where it speaks TLS")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of lines")]


@app.command("list")
def list_rules(url: Url, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False) -> None:
    """The rules that lie, in order, with what each has struck, or why it has not."""
    laid: list[dict[str, Any]] = ask("GET", url, "/rules", admin_token=admin_token, ca=ca)
    if as_json:
        print(json.dumps(laid, indent=2))
    for one in laid if not as_json else ():
        print(f"{one['rule']['id']:<10} {one['rule']['kind']:<14} {one['says']}")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="YAML or JSON")],
    url: Url,
    add: Annotated[bool, typer.Option("--add", help="behind the rules that lie, instead of in their place")] = False,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Lay a file's rules down on a running server, instead of those that lie."""
    given = [rule.as_json() for rule in read_rules(file, FINDINGS)]
    for rule in given:
        if not rule["id"]:
            del rule["id"]
    laid = ask("POST" if add else "PUT", url, "/rules", admin_token=admin_token, ca=ca, json=given)
    print(f"{len(laid)} rules laid down")


@app.command()
def clear(url: Url, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Calm: take all rules away."""
    ask("DELETE", url, "/rules", admin_token=admin_token, ca=ca)
    print("calm")


@app.command()
def check(file: Annotated[Path, typer.Argument(help="YAML or JSON")]) -> None:
    """Check a file of rules without a server; exit code 1 and a line per problem where it is not good."""
    print(f"{file}: {len(read_rules(file, FINDINGS))} rules, all good")
