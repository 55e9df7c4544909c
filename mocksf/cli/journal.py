"""`mocksf journal`: what went over the wire of a running server."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say


def journal(  # noqa: PLR0913  # a parameter per option
    url: Url,
    number: Annotated[int | None, typer.Argument(help="one exchange, whole")] = None,
    method: Annotated[str | None, typer.Option(help="only this method")] = None,
    path: Annotated[str | None, typer.Option(help="only targets that contain this, or fit this glob")] = None,
    status: Annotated[str | None, typer.Option(help="only this status, such as 404, 5xx, or none")] = None,
    lost: Annotated[str | None, typer.Option(help="`request` or `answer`: only where that was lost")] = None,
    rule: Annotated[str | None, typer.Option(help="only where this rule struck")] = None,
    fault: Annotated[str | None, typer.Option(help="only where a rule of this kind struck, or `any`")] = None,
    sobject: Annotated[str | None, typer.Option(help="only about this object")] = None,
    operation: Annotated[str | None, typer.Option(help="only this operation, such as composite")] = None,
    call: Annotated[str | None, typer.Option(help="only what carries this text, such as the key of a call")] = None,
    since: Annotated[str | None, typer.Option(help="begun at this instant or later, with its zone")] = None,
    until: Annotated[str | None, typer.Option(help="begun before this instant, with its zone")] = None,
    after: Annotated[int, typer.Option(help="only exchanges with higher numbers")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=2000, help="the last so many")] = 50,
    page: Annotated[int, typer.Option(min=1, help="2 is the page before the last")] = 1,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """The last exchanges, the oldest first: instants of the org, fates, and what was lost; or one of them, whole."""
    server = Server(url, org, admin_token, ca)
    if number is not None:
        one = server.ask("GET", f"/journal/{number}")
        say(one, _whole(one), as_json)
        return
    names = ("method", "path", "status", "lost", "rule", "fault", "sobject", "operation", "call", "since", "until")
    values = (method, path, status, lost, rule, fault, sobject, operation, call, since, until)
    wanted = dict(zip(names, values, strict=True))
    answer = server.ask("GET", "/journal", after=after, limit=limit, page=page, **wanted)
    say(answer["exchanges"], map(_line, answer["exchanges"]), as_json)


def _line(exchange: dict[str, Any]) -> str:
    instant = (exchange.get("arrived") or exchange.get("answered") or "-")[11:23]
    rules = exchange.get("fate", {}).get("rules", [])
    marks = [*exchange.get("codes", []), *([f"{exchange['lost']} lost"] if "lost" in exchange else []), *rules]
    outcome = exchange.get("status", "nothing" if "answered" in exchange else "waiting")
    return f"#{exchange['number']:<5} {instant:<12} {exchange['method']} {exchange['target']} -> {outcome} " + " ".join(
        marks
    )


def _whole(exchange: dict[str, Any]) -> Iterator[str]:
    """One exchange: its line, its bodies, and each rule beside it."""
    yield _line(exchange)
    yield from _body("request", exchange["request"])
    if exchange["answer"]:
        yield from _body(f"answer {exchange['answer']['status']}", exchange["answer"])
    for rule in exchange["rules"]:
        yield f"rule {rule['rule']} ({rule['kind']}): {rule['says']}"


def _body(what: str, message: dict[str, Any]) -> Iterator[str]:
    yield f"{what}, {message['body_bytes']} bytes"
    yield from (f"  {header['name']}: {header['value']}" for header in message["headers"])
    if message["body"]:
        yield from (f"  {line}" for line in message["body"].splitlines())
