"""`mocksf serve`: an org behind HTTP, announced by one line of JSON."""

import json
import secrets
import signal
import sys
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mocksf.cli.environment import lines
from mocksf.cli.hooks import read_hooks
from mocksf.cli.saying import read_rules, read_text, stop, unevaluated, warn_of_endless
from mocksf.doors.listening import CannotListen
from mocksf.doors.serving import LOOPBACK, Served, Serving
from mocksf.permissions import EditionError
from mocksf.schema import Schema, SchemaError, default_schema, load_schema
from mocksf.schema.standard import FEATURES
from mocksf.settings import SCOPE_PROFILES, OrgSettings
from mocksf.store.engine import DatabaseError
from mocksf.streaming import SelectionError
from mocksf.weather import Rule
from mocksf.weather.problems import nearest

_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
ProxyPort = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="an HTTPS proxy that answers for *.salesforce.com and *.force.com; 0 as above"),
]
Hooked = Annotated[
    list[str] | None, typer.Option(help="FILE.py or module, and :function, which registers Apex REST and actions")
]
Database = Annotated[
    str, typer.Option(help="what keeps the org: a file, or postgresql://…, which several servers may share")
]


def serve(  # noqa: PLR0913  # a parameter per option
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port")] = 0,
    host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
    tls: Annotated[bool, typer.Option("--tls", help="HTTPS, with an authority made on the spot")] = False,
    tls_folder: Annotated[Path | None, typer.Option(help="where its certificates go")] = None,
    proxy_port: ProxyPort = None,
    schema: Annotated[list[str] | None, typer.Option(help="a file, a folder, or `sample`; may be repeated")] = None,
    feature: Annotated[list[str] | None, typer.Option(help="objects and fields that a fresh org has not")] = None,
    rules: Annotated[Path | None, typer.Option(help="the weather: a YAML or JSON file, or a profile by name")] = None,
    seed: Annotated[int, typer.Option(help="all chance follows from it")] = 0,
    clock: Annotated[str, typer.Option(help="real, scaled:N, or manual")] = "real",
    start: Annotated[str | None, typer.Option(help="where the org's time begins, such as 2026-01-05T09:00Z")] = None,
    database: Database = ":memory:",
    jwt_cert: Annotated[list[Path] | None, typer.Option(help="a certificate that may sign assertions")] = None,
    edition: Annotated[str, typer.Option(help="Essentials, Professional, Enterprise, Unlimited or Developer")] = "",
    setting: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE of the org's settings")] = None,
    hooks: Hooked = None,
    control: Annotated[bool, typer.Option("--control/--no-control", help="the control plane under /_mocksf")] = True,
    admin_token: Annotated[str | None, typer.Option(help="wanted by the control plane")] = None,
) -> None:
    """Serve an org; prints one line of JSON with everything a client needs, on standard error what to tell clients."""
    settings = _with_certificates(_settings(setting or [], edition), jwt_cert or [])
    served = Served(
        schema=_schema(schema or [], feature or []),
        rules=_weather(rules),
        seed=seed,
        settings=settings,
        database=database,
        host=host,
        port=port,
        tls=tls,
        tls_folder=tls_folder,
        proxy_port=proxy_port,
        factor=_factor(clock),
        start=_instant(start),
        hooks=read_hooks(hooks or []),
        control=control,
        admin_token=admin_token or (None if host in LOOPBACK or not control else secrets.token_urlsafe(24)),
    )
    _run(served)


def _run(served: Served) -> None:
    try:
        serving = Serving(served)
    except EditionError as error:
        stop(f"--edition {error}")
    except SelectionError as error:
        stop(f"--set {error}")
    except DatabaseError as error:
        stop(f"--database: {error}")  # its address may hold a password
    except CannotListen as error:
        stop(str(error))
    except OSError as error:
        stop(f"--tls-folder {served.tls_folder}: {error.strerror or error}")
    # The server hands signals back when it has stopped; both ends are good ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        serving.server.run(lambda: _announce(serving.credentials))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _announce(credentials: dict[str, Any]) -> None:
    """The line that programs read; for people, on standard error, what to tell each kind of client."""
    print(json.dumps(credentials), flush=True)
    for line in lines(credentials):
        print(line, file=sys.stderr, flush=True)


def _weather(rules: Path | None) -> list[Rule]:
    """The rules of a file or a profile; those that never end are named."""
    laid = read_rules(rules) if rules else []
    warn_of_endless(laid)
    return laid


def _schema(sources: list[str], features: list[str]) -> Schema:
    """The schema of the sources over the standard objects; what of it is not evaluated is said on standard error."""
    for each in features:
        if each not in FEATURES:
            stop(f"--feature {each}: no such feature{nearest(each, FEATURES)}")
    try:
        schema = load_schema(sources, default_schema(frozenset(features)) if features else None)
    except SchemaError as error:
        stop(str(error).splitlines())
    for line in unevaluated(schema):
        print(line, file=sys.stderr)
    return schema


def _factor(clock: str) -> float:
    """The clock's pace from what stands on the command line; 0 is manual."""
    if clock in ("real", "manual"):
        return 1.0 if clock == "real" else 0.0
    word, _, number = clock.partition(":")
    try:
        factor = float(number) if word == "scaled" else 0.0
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        stop(f"--clock {clock}: it is real, manual, or scaled:N with a number above 0, such as scaled:60")
    return factor


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        stop(f"--start {text}: not an instant such as 2026-01-05T09:00:00+00:00")
    if instant.tzinfo is None:
        stop(f"--start {text}: say the zone as well, such as {text}Z")
    return instant


def _settings(given: list[str], edition: str) -> OrgSettings:
    """The org's settings with `NAME=VALUE` pairs over the usual ones, and an edition over those."""
    usual = OrgSettings()
    names = [one.name for one in fields(OrgSettings) if one.name != "jwt_keys"]
    changes: dict[str, Any] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals or name not in names:
            stop(f"--set {pair}: " + (f"no such setting{nearest(name, names)}" if equals else "write NAME=VALUE"))
        changes[name] = _value(pair, getattr(usual, name), text)
    changes |= {"edition": edition} if edition else {}
    if changes.get("scope_profile", usual.scope_profile) not in SCOPE_PROFILES:
        stop(f"--set scope_profile={changes['scope_profile']}: no such profile{_near(changes['scope_profile'])}")
    try:
        return replace(usual, **changes)
    except EditionError as error:
        stop(f"--edition {error}")
    except ValueError as error:
        stop(f"--set {error}")


def _near(profile: str) -> str:
    return nearest(profile, SCOPE_PROFILES)


def _value(pair: str, usual: Any, text: str) -> Any:
    """A setting's value, of the kind that its usual value has."""
    if isinstance(usual, bool):
        if text.lower() not in _SWITCHES:
            stop(f"--set {pair}: it is true or false")
        return _SWITCHES[text.lower()]
    if isinstance(usual, tuple):
        return tuple(text.split(","))
    if not isinstance(usual, int | float):
        return text
    try:
        return type(usual)(text)
    except ValueError:
        stop(f"--set {pair}: a number is wanted")


def _with_certificates(settings: OrgSettings, files: list[Path]) -> OrgSettings:
    pems = [read_text(file) for file in files]
    for file, pem in zip(files, pems, strict=True):
        if "-----BEGIN" not in pem:
            stop(f"{file}: no certificate or public key in PEM form")
    return replace(settings, jwt_keys=(*settings.jwt_keys, *pems))
