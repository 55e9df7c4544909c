"""Backpressure: how much of one org is under way at a time, so that a flood costs its own org and nobody's memory."""

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.live.hub import Hub
from connector.service.metrics import Metrics
from connector.service.shares import Share

WATCHERS = frozenset({"/health", "/ready", "/metrics"})
"""Paths that are answered however much there is to do: who watches must see a flood."""
AGAIN_S = "1"


class Flooded(Exception):
    """More is under way than may be; what was asked is not accepted, and may be told again later."""


class Gate:
    """Lets so many requests of an org in at a time. Whoever comes beyond is told at once to come again."""

    def __init__(self, app: ASGIApp, hub: Hub, org: str, metrics: Metrics, share: Share) -> None:
        self.app, self.hub, self.org, self.metrics, self.share = app, hub, org, metrics, share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or turn it away."""
        if scope["type"] != "http" or _path(scope) in WATCHERS:
            await self.app(scope, receive, send)
            return
        if self.share.inside >= self._at_once():
            self.metrics.turned_away("requests")
            sentence = f"{self.share.inside} requests of {self.org} are being answered; come again in a second"
            told = {"error": "busy", "message": sentence}
            await JSONResponse(told, 429, {"Retry-After": AGAIN_S})(scope, receive, send)
            return
        self.share.inside += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.share.inside -= 1

    def _at_once(self) -> float:
        """As many as the configuration says, and fewer while other orgs would wait for it."""
        return min(self.hub.connector.config.delivery.requests_at_once, self.share.room)


def _path(scope: Scope) -> str:
    """The path within the org."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def make_room(hub: Hub, more: int = 1) -> None:
    """Raise Flooded where so many deliveries more would be too many under way."""
    most, under_way = hub.connector.config.delivery.pending_max, len(hub.connector.ledger.readings.under_way)
    if under_way + more > most:
        sentence = (
            f"{under_way} deliveries are under way, and {most} may be; nothing of this was accepted, tell it again"
        )
        raise Flooded(sentence)
