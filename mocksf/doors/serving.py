"""Orgs, their weather and their control plane put together behind one server: what `mocksf serve` and tests start."""

from typing import Any

from mocksf.doors.asgi import AsgiDoor
from mocksf.doors.lazy import Lazy
from mocksf.doors.opening import SCOPES, Opening, Served, open_org
from mocksf.doors.proxy import Proxy
from mocksf.doors.server import Server
from mocksf.doors.tenants import Tenants
from mocksf.doors.tls import make_tls

__all__ = ["LOOPBACK", "SCOPES", "Served", "Serving"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses on which the control plane needs no token."""


class Serving:
    """A server with orgs behind it, one at first; `credentials` is what that one's clients need to know."""

    def __init__(self, served: Served) -> None:
        default = open_org(served)
        self.tenants = Tenants(default)
        self.wire, self.clock = default.wire, default.clock
        control = Lazy(self.tenants, Opening(served), served.admin_token) if served.control else None
        trusted = make_tls(served.tls_folder, served.host) if served.tls or served.proxy_port is not None else None
        proxy = None
        if trusted is not None and served.proxy_port is not None:
            proxy = Proxy(trusted.leaves, served.host, served.proxy_port)
        tls = trusted if served.tls else None
        door = AsgiDoor(self.tenants, control)
        if trusted is not None:
            trusted.leaves.refuses = door.refuses
        self.server = Server(door, served.host, served.port, tls, proxy)
        default.credentials |= {"url": self.server.url, "ca": str(trusted.ca) if trusted else None}
        default.credentials["proxy"] = proxy.url if proxy else None
        self._admin_token = served.admin_token

    @property
    def credentials(self) -> dict[str, Any]:
        """Everything that a client of the default org needs, JSON-ready (design §7)."""
        known = self.tenants.default.credentials
        return known | ({"admin_token": self._admin_token} if self._admin_token else {})
