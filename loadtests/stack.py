"""Org and connector side by side on free loopback ports: started for one run, stopped by their own process ids."""

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from loadtests.calls import FIELD_MAP
from loadtests.evidence import SCHEDULE
from loadtests.processes import Server, start
from loadtests.profiles import Profile


@dataclass(frozen=True, slots=True)
class Stack:
    """A running org and a running connector that writes to it."""

    org: Server
    connector: Server
    token: str
    """What the connector's service asks of its callers."""


@contextmanager
def stack(profile: Profile, into: Path) -> Iterator[Stack]:
    """Start both under the profile's weather and clock; their output lies in `into` as org.log and connector.log.

    Raises NotReady where one of them does not come up.
    """
    with ExitStack() as stack:
        org = start(_org(profile, into), log=_log(stack, into / "org.log"))
        stack.callback(org.stop)
        token = secrets.token_urlsafe(24)
        secret = str(org.said["client_secret"])
        surroundings = {"CONNECTOR_SERVICE_TOKEN": token, "SALESFORCE_CLIENT_SECRET": secret}
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ledger-")))  # each run begins with an empty one
        command = _connector(profile, org, into, folder / "ledger.sqlite")
        connector = start(command, surroundings, log=_log(stack, into / "connector.log"))
        stack.callback(connector.stop)
        yield Stack(org, connector, token)


def _log(stack: ExitStack, path: Path) -> IO[str]:
    return stack.enter_context(path.open("w", encoding="utf-8"))


def _org(profile: Profile, into: Path) -> list[str]:
    rules = into / "rules.json"
    rules.write_text(json.dumps(list(profile.weather), indent=2), encoding="utf-8")
    serve = [sys.executable, "-m", "mocksf", "serve", "--port", "0", "--schema", "sample", "--clock", profile.clock]
    return [*serve, "--seed", str(profile.seed), "--rules", str(rules)]


def _connector(profile: Profile, org: Server, into: Path, ledger: Path) -> list[str]:
    config = into / "connector.json"
    config.write_text(json.dumps(configuration(org), indent=2), encoding="utf-8")
    serve = [sys.executable, "-m", "connector", "serve", str(config), "--port", "0", "--clock", profile.clock]
    return [*serve, "--ledger", str(ledger)]


def configuration(org: Server) -> dict[str, object]:
    """The connector's configuration for a run against `org`, the secret by reference."""
    login = {
        "instance_url": org.url,
        "grant": "client_credentials",
        "client_id": org.said["client_id"],
        "client_secret": {"env": "SALESFORCE_CLIENT_SECRET"},
    }
    return {
        "org": {"login": login, "region": {"agents": "us", "instance": "NA130"}},
        "delivery": {"schedule": list(SCHEDULE)},
        "fields": {intent: dict(row) for intent, row in FIELD_MAP.items()},
    }
