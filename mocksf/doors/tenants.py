"""Several orgs behind one server: the host's first label chooses, else the token's org id, else the default org.

An org whose host is named but whose token is another's refuses that token as any org refuses a stranger's: with 401.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from mocksf.doors.due import DueWatch
from mocksf.doors.neighbours import Neighbours
from mocksf.doors.served_clock import ServedClock
from mocksf.doors.shared_clock import SharedClock
from mocksf.messages import Request
from mocksf.weather import Rule
from mocksf.weather.problems import nearest
from mocksf.wire import Ringing, Wire

DEFAULT = "default"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
"""What an org may be called: its name is a label of a host."""
_TOKEN = re.compile(r"(00D[0-9A-Za-z]{12})(?:[0-9A-Za-z]{3})?!")
_SIGNED = re.compile(r"\beyJ[\w-]{8,400}(?=\.)")
"""The head of a signed token (JWT), which names its org."""
_SIGNER = re.compile(rb"core/prod/(00D[0-9A-Za-z]{12})")
_ORG_ID_CHARS = 15
_IN_A_BODY = 4096
"""How far into a SOAP envelope a session id is looked for."""


class Shelved(NamedTuple):
    """A rule that is switched off, and the ids of those that stood before it: its place when it comes back."""

    rule: Rule
    behind: frozenset[str]


class Kept(NamedTuple):
    """A snapshot, with what the door holds beside the org."""

    state: object
    now: datetime
    shelved: dict[str, Shelved]


@dataclass
class Tenant:
    """One org of a server, with what belongs to it alone."""

    name: str
    wire: Wire
    clock: ServedClock
    credentials: dict[str, Any] = field(default_factory=dict)
    """What its clients need to know, as `mocksf serve` prints it for the default org."""
    snapshots: dict[str, Kept] = field(default_factory=dict)
    shelved: dict[str, Shelved] = field(default_factory=dict)
    """Rules that are switched off, by id."""
    due: DueWatch = field(init=False)
    shared: SharedClock = field(init=False)
    neighbours: Neighbours = field(init=False)

    def __post_init__(self) -> None:
        self.due = DueWatch(self.wire, self.clock)
        self.shared = SharedClock(self.clock, self.wire.org.store)
        self.neighbours = Neighbours(self.wire.org)

    async def waited(self, at: datetime) -> None:
        """Return when an instant has come, or, where the org's bell counts as well, when it is rung."""
        if not isinstance(at, Ringing):
            await self.clock.until(at)
            return
        with self.neighbours.heard():
            await self.clock.until(at, self.wire.org.streaming.bell)


class NoSuchOrg(KeyError):
    """No org of this name."""

    def __str__(self) -> str:
        return str(self.args[0])


class Tenants:
    """The orgs of a server by name; the default one is always there."""

    def __init__(self, default: Tenant) -> None:
        self.default = default
        self.profiles: dict[str, list[Rule]] = {}
        """Weather that is kept under a name, for every org of the server."""
        self._by_name = {default.name: default}
        self._by_org_id = {default.wire.org.org_id[:_ORG_ID_CHARS]: default}

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def named(self, name: str) -> Tenant:
        """The org of this name. Raises NoSuchOrg."""
        if name not in self._by_name:
            message = f"no such org `{name}`{nearest(name, self._by_name)}"
            raise NoSuchOrg(message)
        return self._by_name[name]

    def of_host(self, host: str) -> Tenant | None:
        """The org that the first label of a host names."""
        return self._by_name.get(host.partition(":")[0].partition(".")[0].lower())

    def of(self, request: Request) -> Tenant:
        """Whose request this is."""
        if len(self._by_name) == 1:
            return self.default
        return self.of_host(request.host) or self._of_token(request) or self.default

    def _of_token(self, request: Request) -> Tenant | None:
        given = request.header("authorization") or request.header("x-sfdc-session") or ""
        org_id = _named_in(given)
        if org_id is None and "/soap/" in request.target.lower() and isinstance(request.body, bytes):
            org_id = _named_in(request.body[:_IN_A_BODY].decode("utf-8", "replace"))
        return self._by_org_id.get(org_id or "")

    def add(self, tenant: Tenant) -> None:
        """One org more; of several with one org id (forks) the first has the token's vote, the others their hosts."""
        assert tenant.name not in self._by_name, "names are checked before an org is founded"
        self._by_name[tenant.name] = tenant
        self._by_org_id.setdefault(tenant.wire.org.org_id[:_ORG_ID_CHARS], tenant)

    def drop(self, tenant: Tenant) -> None:
        """Let an org go, with all that it knows; what is on its way to it breaks off."""
        tenant.due.stop()
        tenant.shared.stop()
        tenant.wire.forget_flights()
        tenant.clock.end()
        del self._by_name[tenant.name]
        self._by_org_id = {}
        for left in self._by_name.values():
            self._by_org_id.setdefault(left.wire.org.org_id[:_ORG_ID_CHARS], left)

    def fork(self, tenant: Tenant, name: str) -> Tenant:
        """A second org with the same past, the same ids and tokens, and a future of its own; its host chooses it."""
        wire = tenant.wire.fork()
        clock = wire.org.clock
        assert isinstance(clock, ServedClock), "a served org has a served clock, and so has its fork"
        twin = replace(
            tenant,
            name=name,
            wire=wire,
            clock=clock,
            credentials={**tenant.credentials, "org": name},
            snapshots=dict(tenant.snapshots),
            shelved=dict(tenant.shelved),
        )
        self.add(twin)
        return twin


def _named_in(text: str) -> str | None:
    """The org that a token somewhere in a text names: in front if it is opaque, in its head if it is signed."""
    found = _TOKEN.search(text)
    if found is not None:
        return found[1]
    head = _SIGNED.search(text)
    signer = _SIGNER.search(urlsafe_b64decode(head[0] + "=" * (-len(head[0]) % 4))) if head else None
    return signer[1].decode() if signer else None
