"""`connector serve`: the connector's service over one org or several, each with its ledger."""

import os
import socket
from contextlib import ExitStack
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connector.cli.logs import log_to_stderr
from connector.cli.serving import check_tls, life, listening, run
from connector.config import ConfigError, SecretMissing
from connector.live.addresses import place_of
from connector.live.clock import ScaledClock, clock_from
from connector.live.opening import LedgerBroken
from connector.live.sealing import KeyProblem
from connector.live.several import environ_of, files_in, settings_of
from connector.live.start import LEASE, CannotStart, Setting, Stack, put_together
from connector.service import Keys, KeysProblem, OrgHere, services

TOKEN_VARIABLE = "CONNECTOR_SERVICE_TOKEN"
LEDGER, LEDGERS = "ledger.sqlite", "ledgers"

Configs = Annotated[
    list[Path], typer.Argument(metavar="CONFIG…", help="A configuration per org (YAML or JSON), or a folder of them.")
]
Org = Annotated[str | None, typer.Option(help="Address of the org; left out: the configuration's own.")]
LedgerPlace = Annotated[
    str, typer.Option(help="The ledger's file, made where it is missing (of several orgs: a folder); or postgresql://…")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]
Clock = Annotated[str, typer.Option(help="real, or scaled:N for N seconds in one.")]
Authority = Annotated[Path | None, typer.Option(help="Certificate authority to trust (PEM).")]
KeysFile = Annotated[
    Path | None, typer.Option(envvar="CONNECTOR_KEYS", help="API keys with roles (`connector keys add`).")
]
Certificate = Annotated[Path | None, typer.Option(help="Serve TLS with this certificate chain (PEM).")]
PrivateKey = Annotated[Path | None, typer.Option(help="The certificate's private key (PEM).")]
Lease = Annotated[
    float, typer.Option(min=1.0, max=3600.0, help="Seconds of silence after which others take over (PostgreSQL).")
]
Anchor = Annotated[
    Path | None, typer.Option(help="File in which the head is noted (PostgreSQL; a ledger's file has its own).")
]

app = typer.Typer()


@app.command("serve")
def serve(  # noqa: PLR0913 - a command has as many arguments as it has options
    configs: Configs,
    org: Org = None,
    ledger: LedgerPlace = LEDGER,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    clock: Clock = "real",
    ca: Authority = None,
    keys: KeysFile = None,
    tls_cert: Certificate = None,
    tls_key: PrivateKey = None,
    lease: Lease = LEASE.total_seconds(),
    anchor: Anchor = None,
) -> None:
    """Serve calls of one org, or of several under /orgs/NAME. Prints one JSON line when ready.

    Callers show an API key, or CONNECTOR_SERVICE_TOKEN.
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
        check_tls(tls_cert, tls_key)
        pace, files = clock_from(clock), files_in(configs)
        place = place_of(LEDGERS if len(files) > 1 and ledger == LEDGER else ledger)
        common = Setting(files[0], place, org, ca, lease=timedelta(seconds=lease), anchor=anchor)
        stacks, listener = _ready(settings_of(files, common), pace, host, port)
    except (CannotStart, ConfigError, SecretMissing, KeyProblem, KeysProblem, LedgerBroken, ValueError) as problem:
        _refuse(str(problem))
    except OSError as problem:
        _refuse(f"{host}:{port} cannot be listened on: {problem.strerror or problem}")
    orgs = [OrgHere(name, stack.hub, stack.book) for name, stack in stacks.items()]
    around = life(stacks, listener, clock, "https" if tls_cert else "http")
    run(services(orgs, token, around, held), stacks, listener, tls_cert, tls_key)


def _ready(
    settings: dict[str, Setting], pace: ScaledClock, host: str, port: int
) -> tuple[dict[str, Stack], socket.socket]:
    """Every org put together, and the socket on which they are served; nothing is left open where one cannot be."""
    environ = environ_of(os.environ, len(settings))
    with ExitStack() as undo:
        listener = undo.enter_context(listening(host, port))
        stacks = {}
        for name, setting in settings.items():
            stacks[name] = put_together(setting, pace, environ)
            undo.callback(stacks[name].ledger.close)
        undo.pop_all()
    return stacks, listener


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
