"""`mocksf journal`: what went over the wire of a running server."""

import json
from typing import Annotated, Any

import typer

from mocksf.cli.rules import AdminToken, AsJson, Ca, Url
from mocksf.cli.saying import ask


def journal(  # noqa: PLR0913  # a parameter per option
    url: Url,
    method: Annotated[str | None, typer.Option(help="only this method")] = None,
    path: Annotated[str | None, typer.Option(help="only targets that contain this")] = None,
    status: Annotated[int | None, typer.Option(help="only this status")] = None,
    lost: Annotated[str | None, typer.Option(help="`request` or `answer`: only where that was lost")] = None,
    rule: Annotated[str | None, typer.Option(help="only where this rule struck")] = None,
    after: Annotated[int, typer.Option(help="only exchanges with higher numbers")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=2000, help="the last so many")] = 50,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """The last exchanges, the oldest first: instants of the org, fates, and what was lost."""
    wanted = {"method": method, "path": path, "status": status, "lost": lost, "rule": rule}
    parameters = {name: value for name, value in wanted.items() if value is not None}
    answer = ask(
        "GET", url, "/journal", admin_token=admin_token, ca=ca, params={**parameters, "after": after, "limit": limit}
    )
    if as_json:
        print(json.dumps(answer["exchanges"], indent=2))
    for exchange in answer["exchanges"] if not as_json else ():
        print(_line(exchange))


def _line(exchange: dict[str, Any]) -> str:
    instant = (exchange.get("arrived") or exchange.get("answered") or "-")[11:23]
    rules = exchange.get("fate", {}).get("rules", [])
    marks = [*exchange.get("codes", []), *([f"{exchange['lost']} lost"] if "lost" in exchange else []), *rules]
    outcome = exchange.get("status", "nothing" if "answered" in exchange else "waiting")
    return f"#{exchange['number']:<5} {instant:<12} {exchange['method']} {exchange['target']} -> {outcome} " + " ".join(
        marks
    )
