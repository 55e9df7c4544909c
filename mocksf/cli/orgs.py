"""`mocksf orgs`: the orgs of a running server, side by side."""

from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, Server, Url, say, table, under

app = typer.Typer(no_args_is_help=True, help="The orgs of a server: list, create, fork, delete.")

Name = Annotated[str, typer.Argument(help="its name: a label of a host")]


@app.command("list")
def list_orgs(url: Url, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False) -> None:
    """The orgs that are served, the default one first."""
    found: list[dict[str, Any]] = Server(url, None, admin_token, ca).ask("GET", "/orgs")
    head = ("ORG", "ID", "EDITION", "TIME", "PACE", "RULES", "EXCHANGES")
    rows = [
        (one["name"], one["org_id"], one["edition"], one["now"][:19], one["factor"], one["rules"], one["exchanges"])
        for one in found
    ]
    say(found, table(head, rows), as_json)


@app.command()
def create(  # noqa: PLR0913  # a parameter per option
    name: Name,
    url: Url,
    schema: Annotated[str, typer.Option(help="standard, sample, or same: what the server was given")] = "same",
    edition: Annotated[str | None, typer.Option(help="Essentials, Professional, Enterprise, …")] = None,
    seed: Annotated[int, typer.Option(help="all chance follows from it")] = 0,
    factor: Annotated[float | None, typer.Option(help="the pace of its clock; 0 is manual")] = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Found one org more; prints what its clients need to know."""
    wishes: dict[str, Any] = {"name": name, "schema": schema, "edition": edition, "seed": seed, "factor": factor}
    body = {key: value for key, value in wishes.items() if value is not None}
    _say_org(Server(url, None, admin_token, ca).ask("POST", "/orgs", body), as_json)


@app.command()
def show(name: Name, url: Url, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False) -> None:
    """One org, with what its clients need to know."""
    _say_org(Server(url, None, admin_token, ca).ask("GET", under("orgs", name)), as_json)


@app.command()
def fork(
    name: Name,
    to: Annotated[str, typer.Argument(help="what the fork is called")],
    url: Url,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """A second org with the same past, ids and tokens, and a future of its own; its host chooses it."""
    _say_org(Server(url, None, admin_token, ca).ask("POST", under("orgs", name, "fork"), {"name": to}), as_json)


@app.command()
def delete(name: Name, url: Url, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Let an org go, with all that it knows."""
    Server(url, None, admin_token, ca).ask("DELETE", under("orgs", name))
    print(f"{name} is gone")


def _say_org(answer: dict[str, Any], as_json: bool) -> None:
    known = {key: value for key, value in answer["credentials"].items() if value and key != "jwt_key"}
    say(answer, (f"{key:<14} {value}" for key, value in known.items()), as_json)
