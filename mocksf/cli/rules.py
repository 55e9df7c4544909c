"""`mocksf rules`: the weather of a running server, and files of rules checked before they rain."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say, table, under
from mocksf.cli.saying import FINDINGS, read_rules, stop, warn_of_endless
from mocksf.weather import profiles as shipped

app = typer.Typer(
    no_args_is_help=True, help="The weather: list, load, add, change, switch, move, remove or check rules."
)

RuleId = Annotated[str, typer.Argument(help="the rule's id")]
Form = Annotated[str, typer.Argument(help='JSON, such as \'{"kind": "lost_answer"}\'; or the bare name of a kind')]


@app.command("list")
def list_rules(
    url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False
) -> None:
    """The rules that lie, in order, with what each has struck, or why it has not; then those switched off."""
    server = Server(url, org, admin_token, ca)
    laid: list[dict[str, Any]] = server.ask("GET", "/rules")
    rows = [(one["rule"]["id"], one["rule"]["kind"], one["says"]) for one in laid]
    if not as_json:
        rows += [(rule["id"], rule["kind"], "switched off") for rule in server.ask("GET", "/rules/off")]
    say(laid, table(("RULE", "KIND", "SO FAR"), rows), as_json)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="YAML or JSON, or a profile by name")],
    url: Url,
    add: Annotated[bool, typer.Option("--add", help="behind the rules that lie, instead of in their place")] = False,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Lay a file's rules down on a running server, instead of those that lie."""
    given = [rule.as_json() for rule in read_rules(file, FINDINGS)]
    for rule in given:
        if not rule["id"]:
            del rule["id"]
    laid = Server(url, org, admin_token, ca).ask("POST" if add else "PUT", "/rules", given)
    print(f"{len(laid)} rules laid down")


@app.command("add")
def add_rule(rule: Form, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Lay one rule down behind those that lie; prints its id."""
    (laid,) = Server(url, org, admin_token, ca).ask("POST", "/rules", [_form(rule)])
    print(laid["id"])


@app.command()
def change(
    rule_id: RuleId,
    changes: Annotated[str, typer.Argument(help="JSON of the keys that change")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Change some keys of a rule in its place; its tally stays."""
    print(json.dumps(Server(url, org, admin_token, ca).ask("PATCH", under("rules", rule_id), _form(changes))))


@app.command()
def move(
    rule_id: RuleId,
    at: Annotated[int, typer.Argument(min=0, help="its place from now on; 0 is first")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Let a rule stand elsewhere in the order; prints the order."""
    laid = Server(url, org, admin_token, ca).ask("POST", under("rules", rule_id, "move"), {"at": at})
    print(" ".join(one["rule"]["id"] for one in laid))


@app.command()
def off(rule_id: RuleId, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Switch a rule off; it is kept, with its place."""
    Server(url, org, admin_token, ca).ask("POST", under("rules", rule_id, "off"))
    print(f"{rule_id} is off")


@app.command()
def on(rule_id: RuleId, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Switch a rule on again, in its old place."""
    Server(url, org, admin_token, ca).ask("POST", under("rules", rule_id, "on"))
    print(f"{rule_id} is on")


@app.command()
def remove(rule_id: RuleId, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Take one rule away."""
    Server(url, org, admin_token, ca).ask("DELETE", under("rules", rule_id))
    print(f"{rule_id} is gone")


@app.command()
def profiles(url: Url, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False) -> None:
    """The profiles that were kept: weather by name, for every org of the server."""
    found: list[dict[str, Any]] = Server(url, None, admin_token, ca).ask("GET", "/profiles")
    say(found, table(("PROFILE", "KINDS"), [(one["name"], " ".join(one["kinds"])) for one in found]), as_json)


@app.command()
def keep(
    name: Annotated[str, typer.Argument(help="the profile's name")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Keep the rules that lie as a profile."""
    kept = Server(url, org, admin_token, ca).ask("PUT", under("profiles", name))
    print(f"{name} kept, {len(kept['rules'])} rules")


@app.command()
def lay(
    name: Annotated[str, typer.Argument(help="the profile's name")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Lay a profile down instead of the rules that lie."""
    laid = Server(url, org, admin_token, ca).ask("POST", under("profiles", name, "lay"))
    print(f"{len(laid)} rules laid down")


@app.command()
def clear(url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Calm: take all rules away."""
    Server(url, org, admin_token, ca).ask("DELETE", "/rules")
    print("calm")


@app.command()
def check(file: Annotated[Path, typer.Argument(help="YAML or JSON")]) -> None:
    """Check a file of rules without a server; exit code 1 and a line per problem where it is not good."""
    found = read_rules(file, FINDINGS)
    print(f"{file}: {len(found)} rules, all good")
    warn_of_endless(found)


@app.command("shipped")
def list_shipped(as_json: AsJson = False) -> None:
    """The weather that comes with the project, by name: what each tells, and where its figures are from."""
    known = shipped().values()
    told = [{"name": each.name, "tells": each.tells, "source": each.source, "rules": len(each.rules)} for each in known]
    say(
        told, table(("PROFILE", "RULES", "TELLS"), [(one["name"], one["rules"], one["tells"]) for one in told]), as_json
    )


def _form(text: str) -> Any:
    """A rule, or parts of one, as JSON; a bare word is the name of a kind."""
    if text.isidentifier():
        return {"kind": text}
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        stop(f"{text}: not JSON: {error.msg} at column {error.colno}")
