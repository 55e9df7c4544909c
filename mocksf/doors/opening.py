"""A new org for a server: founded, with a token given out and a key trusted, before the first client comes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mocksf.clock import EPOCH
from mocksf.doors.keys import key_pair
from mocksf.doors.served_clock import ServedClock
from mocksf.doors.shared_clock import SharedClock
from mocksf.doors.tenants import DEFAULT, Tenant
from mocksf.hooks import Hooks
from mocksf.org import Org
from mocksf.schema import Schema
from mocksf.sessions import Caller
from mocksf.settings import OrgSettings
from mocksf.store.sqlite import MEMORY
from mocksf.weather import Rule
from mocksf.wire import Wire

SCOPES = ("full", "api", "web", "refresh_token", "offline_access", "chatter_api")


@dataclass(frozen=True)
class Served:
    """What to serve, and how."""

    schema: Schema | None = None
    rules: Sequence[Rule] = ()
    seed: int = 0
    settings: OrgSettings = field(default_factory=OrgSettings)
    database: str = MEMORY
    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = False
    tls_folder: Path | None = None
    proxy_port: int | None = None
    """Where an HTTPS proxy answers for Salesforce's hosts: 0 is any free port, None nowhere."""
    factor: float = 1.0
    """The pace of the clock: 1 real, more is faster, 0 manual."""
    start: datetime | None = None
    """Where the org's time begins: now, for a manual clock the fixed EPOCH."""
    control: bool = True
    admin_token: str | None = None
    hooks: Hooks | None = None
    """What the org's own Apex and flows answer."""


def open_org(served: Served, name: str = DEFAULT) -> Tenant:
    """Found an org, or open the one that the database already holds."""
    start = served.start or (None if served.factor else EPOCH)
    clock = ServedClock(served.factor, start)
    org = Org(
        served.schema,
        clock=clock,
        seed=served.seed,
        name=name,
        settings=served.settings,
        database=served.database,
        hooks=served.hooks,
    )
    SharedClock(clock, org.store).join()
    private, public = key_pair()
    org.sessions.trust(served.settings.client_id, public)
    caller = Caller(org.admin_id, SCOPES, served.settings.client_id)
    secrets = {
        "token": org.sessions.open(caller, clock.now()),
        "refresh_token": org.sessions.give_refresh(caller),
        "jwt_key": private,
    }
    org.settle()
    return Tenant(name, Wire(org, served.rules), clock, _credentials(org, served.settings, secrets))


def _credentials(org: Org, settings: OrgSettings, secrets: dict[str, str]) -> dict[str, Any]:
    """Everything that a client needs, JSON-ready (design §7); where to go is known when a socket is bound."""
    return {
        "url": "",
        "token": secrets["token"],
        "org_id": org.org_id,
        "ca": None,
        "username": "admin@mock.example",
        "password": settings.password,
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "refresh_token": secrets["refresh_token"],
        "jwt_key": secrets["jwt_key"],
        "proxy": None,
    }


class Opening:
    """How a server opens one org more: as its first one, but for what is said otherwise, and never in the same rows."""

    def __init__(self, served: Served) -> None:
        self.usual = replace(served, rules=())

    def open(self, name: str, place: Tenant, **wishes: Any) -> Tenant:
        """A new org. `place` is the org whose address it shares."""
        served = replace(self.usual, database=place.wire.org.store.beside(), **wishes)
        tenant = open_org(served, name)
        tenant.credentials |= {each: place.credentials[each] for each in ("url", "ca", "proxy")} | {"org": name}
        return tenant
