"""A connector as it is deployed, for tests: a file, a ledger on disk, a served org, and the service over all of it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import uvicorn
import yaml

from connector.live.clock import ScaledClock
from connector.live.start import Setting, Stack, put_together
from connector.service import Keys, OrgHere, service, services
from mocksf.doors.tenancy import ServedOrg

FIELDS: dict[str, Any] = {
    "demo_requested": "Opportunity.Demo_Requested_At__c",
    "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
}
CALLER = {"phone": "+14155550100", "name": "Ada Berg", "looked_up": True}
ADMIN = {"actor": "mara", "reason": "the map was mended"}

Work = Callable[[httpx.AsyncClient, Stack], Awaitable[Any]]


def a_config(org: ServedOrg, fields: dict[str, Any] | None = None, **delivery: Any) -> dict[str, Any]:
    """A configuration for a served org; agents are answered late rather than early, so that tests see the verdict."""
    login = {"instance_url": org.url, "client_id": "mocksf", "client_secret": {"env": "ORG_SECRET"}}
    return {
        "org": {"name": "acme", "login": login},
        "delivery": {"budget_ms": 60_000, **delivery},
        "fields": fields or FIELDS,
    }


def environ(org: ServedOrg, **more: str) -> dict[str, str]:
    """What the configuration's secrets are read from."""
    return {"ORG_SECRET": org.credentials["client_secret"], **more}


def at_work(folder: Path, config: dict[str, Any], held: dict[str, str], work: Work, keys: Keys | None = None) -> Any:
    """Start a connector with a file in a folder, do something with a client of its service, and stop it."""
    file = folder / "connector.json"
    text = json.dumps(config)
    if not file.exists() or file.read_text() != text:
        file.write_text(text)

    async def play() -> Any:
        stack = put_together(Setting(file, folder / "ledger.sqlite", seed=0), ScaledClock(), held)
        try:
            assert await stack.settle()
            app = service(stack.hub, None, keys=keys, book=stack.book)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://connector", timeout=30) as client:
                return await work(client, stack)
        finally:
            await stack.close()

    return asyncio.run(play())


def a_turn(number: int = 1, **intents: Any) -> dict[str, Any]:
    """A turn with some intents, each with its value."""
    said = [{"name": name, "value": value} for name, value in (intents or {"seats": 4}).items()]
    return {"turn": number, "caller": CALLER, "intents": said}


def of_call(org: ServedOrg, call: str, *fields: str) -> list[Any]:
    """What the org has in the opportunity of a call."""
    soql = f"SELECT {', '.join(fields)} FROM Opportunity WHERE Call_Key__c = '{call}'"
    with org.client() as client:
        (row,) = client.get("/services/data/v66.0/query", params={"q": soql}).json()["records"]
    return [row[field] for field in fields]


@dataclass(frozen=True, slots=True)
class Served:
    """A service on a socket of its own, for as long as a block lasts."""

    url: str
    stack: Stack


@contextmanager
def serving(folder: Path, config: dict[str, Any], held: dict[str, str], keys: Keys | None = None) -> Iterator[Served]:
    """The service over one org in a thread of its own, as `connector serve` has it."""
    file = folder / "connector.yaml"
    file.write_text("# kept as it is\n" + yaml.safe_dump(config, sort_keys=False))
    stack = put_together(Setting(file, folder / "ledger.sqlite", seed=0), ScaledClock(), held)
    app = services([OrgHere("acme", stack.hub, stack.book)], None, None, keys)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))

    async def serve() -> None:
        assert await stack.settle()
        try:
            await server.serve(sockets=[listener])
        finally:
            await stack.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", stack)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def begun(
    *arguments: object, log: IO[str] | None = None, **environ: str
) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """`connector …` as a process, and the line with which it says that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "connector", *(str(each) for each in arguments)],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, **environ},
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> int:
    """Ask it to end, and see that it does; its exit code."""
    process.terminate()
    code = process.wait(20)
    assert process.stdout is not None
    process.stdout.close()
    return code
