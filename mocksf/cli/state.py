"""`mocksf snapshot`, `mocksf reset` and `mocksf seed`: the state of an org on a running server."""

from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say, table, under

app = typer.Typer(no_args_is_help=True, help="Snapshots of an org: take, list, restore, delete.")

Name = Annotated[str, typer.Argument(help="the snapshot's name")]


@app.command()
def take(name: Name, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Keep everything as it is now."""
    taken = Server(url, org, admin_token, ca).ask("PUT", under("snapshots", name))
    print(f"{taken['name']} taken at {taken['now']}")


@app.command("list")
def list_snapshots(
    url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False
) -> None:
    """The snapshots that were taken."""
    found: list[dict[str, Any]] = Server(url, org, admin_token, ca).ask("GET", "/snapshots")
    say(found, table(("SNAPSHOT", "TAKEN"), [(one["name"], one["now"]) for one in found]), as_json)


@app.command()
def restore(name: Name, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Back to a snapshot: rows, ids, tokens, limits, locks, rules; a clock that runs by itself runs on."""
    answer = Server(url, org, admin_token, ca).ask("POST", under("snapshots", name, "restore"))
    print(f"{name} is back; it is {answer['now']}")


@app.command()
def delete(name: Name, url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Forget a snapshot."""
    Server(url, org, admin_token, ca).ask("DELETE", under("snapshots", name))
    print(f"{name} is forgotten")


def reset(url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """A fresh org under the same rules, with an empty journal."""
    answer = Server(url, org, admin_token, ca).ask("POST", "/reset")
    print(f"fresh; it is {answer['now']}")


def seed(
    url: Url,
    to: Annotated[int | None, typer.Argument(help="begin all chance anew from this; left out: say the seed")] = None,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """The seed from which all chance follows."""
    server = Server(url, org, admin_token, ca)
    answer = server.ask("GET", "/seed") if to is None else server.ask("PUT", "/seed", {"seed": to})
    print(answer["seed"])
