"""`connector serve`: the connector's service over one org, with its ledger on disk."""

import asyncio
import json
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, NoReturn

import structlog
import typer
import uvicorn
from fastapi import FastAPI

from connector.cli.logs import log_to_stderr
from connector.config import ConfigError, SecretMissing
from connector.describe import KnownDescribe
from connector.live.clock import ScaledClock, clock_from
from connector.live.opening import LedgerBroken
from connector.live.sealing import KeyProblem
from connector.live.start import CannotStart, Setting, Stack, put_together
from connector.service import Keys, KeysProblem, service
from connector.validate.view import View
from connector.validate.whole import region_pinned

TOKEN_VARIABLE = "CONNECTOR_SERVICE_TOKEN"
SETTLE_S = 5.0
KEEP_ALIVE_S = 65
"""Longer than clients keep an idle connection, so that none is closed just when it is used again."""

app = typer.Typer()
log = structlog.get_logger("connector.serve")


@app.command("serve")
def serve(  # noqa: PLR0913 - a command has as many arguments as it has options
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The configuration, YAML or JSON.")],
    org: Annotated[str | None, typer.Option(help="Address of the org; left out: the configuration's own.")] = None,
    ledger: Annotated[Path, typer.Option(help="The ledger's file; made where it is missing.")] = Path("ledger.sqlite"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8080,
    clock: Annotated[str, typer.Option(help="real, or scaled:N for N seconds in one.")] = "real",
    ca: Annotated[Path | None, typer.Option(help="Certificate authority to trust (PEM).")] = None,
    keys: Annotated[
        Path | None, typer.Option(envvar="CONNECTOR_KEYS", help="API keys with roles (`connector keys add`).")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Serve TLS with this certificate chain (PEM).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The certificate's private key (PEM).")] = None,
) -> None:
    """Serve calls. Prints one JSON line when ready; callers show an API key, or CONNECTOR_SERVICE_TOKEN.

    Secrets come from where the configuration says; the ledger key from CONNECTOR_LEDGER_KEY or `<ledger>.key`.
    Exit code 2 where the connector cannot be put together.
    """
    log_to_stderr()
    token = os.environ.get(TOKEN_VARIABLE) or None
    if token is None and keys is None and not _loopback(host):
        _refuse(
            f"{host} is reachable from outside: set {TOKEN_VARIABLE} or give --keys, one of which callers then show"
        )
    try:
        held = Keys(keys) if keys else None
        _check_tls(tls_cert, tls_key)
        stack, listener = _ready(Setting(config, ledger, org, ca), clock, host, port)
    except (CannotStart, ConfigError, SecretMissing, KeyProblem, KeysProblem, LedgerBroken, ValueError) as problem:
        _refuse(str(problem))
    except OSError as problem:
        _refuse(f"{host}:{port} cannot be listened on: {problem.strerror or problem}")
    app = service(stack.hub, token, _life(stack, listener, clock, "https" if tls_cert else "http"), held, stack.book)
    _run(app, stack, listener, tls_cert, tls_key)


def _run(app: FastAPI, stack: Stack, listener: socket.socket, cert: Path | None, key: Path | None) -> None:
    """Serve until somebody says that it is enough."""
    for finding in region_pinned(View(stack.hub.connector.config, KnownDescribe(()))):
        log.warning(finding.sentence, code=finding.code.name, path=finding.path)
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


def _check_tls(cert: Path | None, key: Path | None) -> None:
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


def _leave(*_: object) -> NoReturn:
    # uvicorn raises the signal again after its orderly end; by then everything is closed, and that is a success.
    raise SystemExit(0)


def _ready(setting: Setting, clock: str, host: str, port: int) -> tuple[Stack, socket.socket]:
    pace: ScaledClock = clock_from(clock)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
        return put_together(setting, pace, os.environ), listener
    except BaseException:
        listener.close()
        raise


def _life(stack: Stack, listener: socket.socket, clock: str, scheme: str):  # type: ignore[no-untyped-def]
    """From the first question to the org to the last entry: what happens around the service's life."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        later = None if await _settled(stack) else asyncio.create_task(stack.settle_later())
        recovered = stack.hub.recover()
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        ready = {
            "url": f"{scheme}://{shown}:{port}",
            "org": stack.org,
            "ledger": str(stack.ledger.path),
            "clock": clock,
            "recovered": recovered,
            "head": {"seq": stack.ledger.head().seq, "hash": stack.ledger.head().hash},
        }
        print(json.dumps(ready), flush=True)
        yield
        if later is not None:
            later.cancel()
        await stack.close()

    return life


async def _settled(stack: Stack) -> bool:
    """Whether the org has said what its fields take; calls do not wait for an org that is silent."""
    try:
        async with asyncio.timeout(SETTLE_S):
            return await stack.settle()
    except TimeoutError:
        return False


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
