"""An org, its weather and its control plane put together behind one server: what `mocksf serve` and tests start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mocksf.clock import EPOCH
from mocksf.doors.asgi import AsgiDoor
from mocksf.doors.keys import key_pair
from mocksf.doors.lazy import Lazy
from mocksf.doors.served_clock import ServedClock
from mocksf.doors.server import Server
from mocksf.doors.tls import make_tls
from mocksf.org import Org
from mocksf.schema import Schema
from mocksf.sessions import Caller
from mocksf.settings import OrgSettings
from mocksf.weather import Rule
from mocksf.wire import Wire

SCOPES = ("full", "api", "web", "refresh_token", "offline_access", "chatter_api")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses on which the control plane needs no token."""


@dataclass(frozen=True)
class Served:
    """What to serve, and how."""

    schema: Schema | None = None
    rules: Sequence[Rule] = ()
    seed: int = 0
    settings: OrgSettings = field(default_factory=OrgSettings)
    database: str = ":memory:"
    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = False
    tls_folder: Path | None = None
    factor: float = 1.0
    """The pace of the clock: 1 real, more is faster, 0 manual."""
    start: datetime | None = None
    """Where the org's time begins: now, for a manual clock the fixed EPOCH."""
    control: bool = True
    admin_token: str | None = None


class Serving:
    """A server with an org behind it; `credentials` is what clients need to know."""

    def __init__(self, served: Served) -> None:
        start = served.start or (None if served.factor else EPOCH)
        self.clock = ServedClock(served.factor, start)
        org = Org(
            served.schema,
            clock=self.clock,
            seed=served.seed,
            settings=served.settings,
            database=served.database,
        )
        private, public = key_pair()
        org.sessions.trust(served.settings.client_id, public)
        caller = Caller(org.admin_id, SCOPES, served.settings.client_id)
        self._secrets = {
            "token": org.sessions.open(caller, self.clock.now()),
            "refresh_token": org.sessions.give_refresh(caller),
            "jwt_key": private,
        }
        org.settle()
        self.wire = Wire(org, served.rules)
        control = Lazy(self.wire, self.clock, served.admin_token) if served.control else None
        tls = make_tls(served.tls_folder, served.host) if served.tls else None
        self.server = Server(AsgiDoor(self.wire, control), served.host, served.port, tls)
        self._served = served

    @property
    def credentials(self) -> dict[str, Any]:
        """Everything that a client needs, JSON-ready (design §7)."""
        settings = self._served.settings
        tls = self.server.tls
        known = {
            "url": self.server.url,
            "token": self._secrets["token"],
            "org_id": self.wire.org.org_id,
            "ca": str(tls.ca) if tls else None,
            "username": "admin@mock.example",
            "password": settings.password,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "refresh_token": self._secrets["refresh_token"],
            "jwt_key": self._secrets["jwt_key"],
            "proxy": None,
        }
        return known | ({"admin_token": self._served.admin_token} if self._served.admin_token else {})
