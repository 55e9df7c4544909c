"""Around the service's life: the socket, TLS, the first question to each org, connections kept warm, and the end."""

import asyncio
import json
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from connector.describe import KnownDescribe
from connector.live.start import CannotStart, Stack
from connector.validate.view import View
from connector.validate.whole import region_pinned

SETTLE_S = 5.0
KEEP_ALIVE_S = 65
"""Longer than clients keep an idle connection, so that none is closed just when it is used again."""

log = structlog.get_logger("connector.serve")


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


def check_tls(cert: Path | None, key: Path | None) -> None:
    """Whether the files are a certificate and its key, before anything is opened. Raises CannotStart."""
    if (cert is None) != (key is None):
        sentence = "TLS needs both: --tls-cert FILE and --tls-key FILE"
        raise CannotStart(sentence)
    if cert is None or key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as problem:
        sentence = f"{cert} and {key} are no certificate with its key (PEM): {problem}"
        raise CannotStart(sentence) from problem


def run(
    app: ASGIApp, stacks: Mapping[str, Stack], listener: socket.socket, cert: Path | None, key: Path | None
) -> None:
    """Serve until somebody says that it is enough."""
    for name, stack in stacks.items():
        for finding in region_pinned(View(stack.hub.connector.config, KnownDescribe(()))):
            log.warning(finding.sentence, code=finding.code.name, path=finding.path, org=name)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            lifespan="on",
            ssl_certfile=cert,
            ssl_keyfile=key,
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    server.run(sockets=[listener])


def _leave(*_: object) -> NoReturn:
    # uvicorn raises the signal again after its orderly end; by then everything is closed, and that is a success.
    raise SystemExit(0)


def life(stacks: Mapping[str, Stack], listener: socket.socket, clock: str, scheme: str):  # type: ignore[no-untyped-def]
    """From the first question to each org to the last entry: what happens around the service's life."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        del app
        begun = await asyncio.gather(*(_begun(name, stack) for name, stack in stacks.items()))
        host, port = listener.getsockname()[:2]
        url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        told = [said for said, _ in begun]
        alone = {key: value for key, value in told[0].items() if key != "name"} if len(told) == 1 else {"orgs": told}
        print(json.dumps({"url": url, "clock": clock, **alone}), flush=True)
        yield
        for _, tasks in begun:
            for task in tasks:
                task.cancel()
        await asyncio.gather(*(stack.close() for stack in stacks.values()))

    return living


async def _begun(name: str, stack: Stack) -> tuple[dict[str, Any], list[asyncio.Task[None]]]:
    """One org's connector at work: what is to be said of it, and the tasks that go on beside it."""
    settled = await _settled(stack)
    later = [] if settled else [asyncio.create_task(stack.settle_later())]
    recovered = await stack.begin()
    head = stack.ledger.head()
    said = {
        "name": name,
        "org": stack.org,
        "ledger": str(stack.ledger.path),
        "recovered": recovered,
        "head": {"seq": head.seq, "hash": head.hash},
    }
    beside = [asyncio.create_task(stack.book.keep_warm()), asyncio.create_task(stack.book.follow())]
    return said, [*later, *beside]


async def _settled(stack: Stack) -> bool:
    """Whether the org has said what its fields take; calls do not wait for an org that is silent."""
    try:
        async with asyncio.timeout(SETTLE_S):
            return await stack.settle()
    except TimeoutError:
        return False
