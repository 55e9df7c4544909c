"""The options that every command about a running server takes, and the server as such a command sees it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from mocksf.cli.saying import ask

Url = Annotated[str, typer.Option(envvar="MOCKSF_URL", help="the running server")]
OrgName = Annotated[str | None, typer.Option("--org", envvar="MOCKSF_ORG", help="the org that is meant, by its name")]
AdminToken = Annotated[str | None, typer.Option(envvar="MOCKSF_ADMIN_TOKEN", help="of a server beyond loopback")]
Ca = Annotated[Path | None, typer.Option(help="its authority, where it speaks TLS")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of lines")]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and which of its orgs is meant."""

    url: str
    org: str | None = None
    admin_token: str | None = None
    ca: Path | None = None

    def ask(self, method: str, path: str, body: Any = None, /, **parameters: Any) -> Any:
        """What its control plane answers; ends with a sentence where it refuses, or where nobody answers."""
        given = {name: value for name, value in {"org": self.org, **parameters}.items() if value is not None}
        more = {} if body is None else {"json": body}
        return ask(method, self.url, path, admin_token=self.admin_token, ca=self.ca, params=given, **more)


def under(place: str, name: str, *rest: str) -> str:
    """The path of something that a person named, whatever is in the name."""
    return "/".join(("", place, quote(name, safe=""), *rest))


def say(answer: Any, lines: Iterable[str], as_json: bool) -> None:
    """Print an answer as JSON, or as lines for people."""
    if as_json:
        print(json.dumps(answer, indent=2))
        return
    for line in lines:
        print(line)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Rows in columns under a head, as wide as they need to be; nothing where there are no rows."""
    cells = [tuple(head), *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
    if len(cells) == 1:
        return []
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
