"""`mocksf load`: records from files, or made up, into a running server or into a file."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from mocksf.cli.recordfiles import Loose, read_records
from mocksf.cli.saying import FINDINGS, reach, stop, trust
from mocksf.schema import Schema, SchemaError, load_schema
from mocksf.weather.problems import nearest

VERSION = "v66.0"
PARTS = 25
"""As many subrequests as one composite takes."""


def load(  # noqa: PLR0913  # a parameter per option
    files: Annotated[list[Path] | None, typer.Argument(help="CSV or JSON")] = None,
    url: Annotated[str | None, typer.Option(help="the running server")] = None,
    token: Annotated[str | None, typer.Option(envvar="MOCKSF_TOKEN", help="as `mocksf serve` printed it")] = None,
    ca: Annotated[Path | None, typer.Option(help="its authority, where it speaks TLS")] = None,
    out: Annotated[Path | None, typer.Option(help="write JSON here instead")] = None,
    sobject: Annotated[str | None, typer.Option(help="the object of records that do not say it")] = None,
    sample: Annotated[list[str] | None, typer.Option(help="made-up records, such as Account=20; in order")] = None,
    schema: Annotated[list[str] | None, typer.Option(help="what the made-up records follow, as for serve")] = None,
    seed: Annotated[int, typer.Option(help="made-up records follow from it")] = 0,
) -> None:
    """Load records; made-up ones refer to records loaded before them. Exit code 1 where an org refuses any."""
    if (url is None) == (out is None):
        stop("say where to: either --url of a running server, or --out FILE")
    if not files and not sample:
        stop("nothing to load: name files, or made-up records such as --sample Account=20")
    wanted = [_wanted(one) for one in sample or []]
    known = _schema(schema or [])
    target: _Server | _File = _Server(url, token, ca) if url is not None else _File()
    with target:
        for file in files or []:
            target.take(read_records(file, sobject))
        for name, count in wanted:
            target.take(_made_up(known, name, count, seed, target.ids))
    if out is not None:
        out.write_text(json.dumps(target.records, indent=1) + "\n", encoding="utf-8")
    for name, listed in target.records.items():
        print(f"{name}: {len(listed)} records")
    if target.refused:
        stop(target.refused, FINDINGS)


class _File(AbstractContextManager["_File"]):
    """Collects records by object."""

    def __init__(self) -> None:
        self.records: dict[str, list[Any]] = defaultdict(list)
        self.ids: dict[str, list[str]] = {}
        self.refused: list[str] = []

    def take(self, records: Iterable[Loose]) -> None:
        for record in records:
            self.records[record.sobject].append(record.body)

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


class _Server(_File):
    """Creates records in a running org, many at a time; what it refuses is told with its place."""

    def __init__(self, url: str, token: str | None, ca: Path | None) -> None:
        super().__init__()
        if not token:
            stop("a server wants a --token, as `mocksf serve` printed it (or MOCKSF_TOKEN)")
        import httpx  # `mocksf serve` starts without it

        headers = {"Authorization": f"Bearer {token}"}
        self._url = url
        self._client = httpx.Client(base_url=url, headers=headers, verify=trust(ca), timeout=60)

    def take(self, records: Iterable[Loose]) -> None:
        for batch in _batches(list(records)):
            parts = [
                {
                    "method": "POST",
                    "url": f"/services/data/{VERSION}/sobjects/{record.sobject}",
                    "referenceId": f"r{number}",
                    "body": record.body,
                }
                for number, record in enumerate(batch)
            ]
            body = {"allOrNone": False, "compositeRequest": parts}
            self._note(batch, self._send(body))

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _send(self, body: Any) -> list[Any]:
        answer = reach(lambda: self._client.post(f"/services/data/{VERSION}/composite", json=body), self._url)
        if answer.status_code != 200:
            stop(f"{self._url} answered {answer.status_code}: {answer.text[:300]}", FINDINGS)
        parts: list[Any] = answer.json()["compositeResponse"]
        return parts

    def _note(self, batch: list[Loose], answers: list[Any]) -> None:
        for record, answer in zip(batch, answers, strict=True):
            if answer["httpStatusCode"] == 201:
                self.records[record.sobject].append(answer["body"]["id"])
                self.ids.setdefault(record.sobject, []).append(answer["body"]["id"])
            else:
                self.refused += [f"{record.place}: {one['errorCode']}: {one['message']}" for one in answer["body"]]


def _batches(records: list[Loose]) -> Iterator[list[Loose]]:
    for first in range(0, len(records), PARTS):
        yield records[first : first + PARTS]


def _made_up(schema: Schema, name: str, count: int, seed: int, ids: dict[str, list[str]]) -> list[Loose]:
    from mocksf.sample import sample_records  # nor does it need Faker

    sobject = schema.get(name)
    if sobject is None:
        names = [one.name for one in schema]
        stop(f"--sample {name}={count}: no such object{nearest(name, names)}")
    try:
        bodies = sample_records(schema, sobject, count, seed, ids)
    except ValueError as error:
        stop(f"--sample {name}={count}: {error}")
    return [Loose(sobject.name, body, f"made-up {sobject.name} {number}") for number, body in enumerate(bodies, 1)]


def _wanted(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not number.isdigit():
        stop(f"--sample {text}: write an object and a number, such as Account=20")
    return name, int(number)


def _schema(sources: list[str]) -> Schema:
    try:
        return load_schema(sources)
    except SchemaError as error:
        stop(str(error).splitlines())
