"""The connector's way to the mock and to a Slack that only listens; it notes down what went out and came back."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connector.live.http import HttpTransport
from connector.messages import Answer, Json, Reply, Request, Silence
from connector.rehearsal.time import StageClock

WALL_S = 120.0
"""How long a request may last on the wall: its own patience is counted on the virtual clock."""
SLACK_S = 0.08
"""A round trip to Slack takes 80 ms (assumed)."""
WEBHOOK = "https://hooks.slack.example/rehearsal"
"""Never dialled: whatever a rehearsal tells Slack is caught here."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to the org and how it ended. `what`: login, lookup, read, write, post."""

    what: str
    lane: str
    sent: datetime
    heard: datetime
    outcome: str
    """The status of the answer, or how it was silent."""


@dataclass
class Post:
    """A transport whose patience is virtual."""

    http: HttpTransport
    clock: StageClock
    exchanges: list[Exchange] = field(default_factory=list)
    slack: list[str] = field(default_factory=list)

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        """Answer, or silence once `timeout_s` (of the org's clock) is over."""
        sent = self.clock.now()
        if lane == "alerts":
            return await self._to_slack(request.body)
        headers = {**request.headers, "Host": self.clock.stage.host}
        reply = await self._patiently(replace(request, headers=headers, url=None), timeout_s, lane)
        outcome = str(reply.status) if isinstance(reply, Answer) else f"silence: {reply.reason}"
        self.exchanges.append(Exchange(kind_of(request, lane), lane, sent, self.clock.now(), outcome))
        return reply

    async def _patiently(self, request: Request, timeout_s: float, lane: str) -> Reply:
        sending = asyncio.ensure_future(self.http.send(request, WALL_S, lane))
        alarm = asyncio.ensure_future(self.clock.sleep_until(self.clock.now() + timedelta(seconds=timeout_s)))
        self.clock.out += 1
        try:
            await asyncio.wait((sending, alarm), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                return sending.result()
            self.clock.given_up += 1
            return Silence("timeout")
        finally:
            self.clock.out -= 1
            self.clock.heard += 1
            sending.cancel()
            alarm.cancel()
            await asyncio.gather(sending, alarm, return_exceptions=True)

    async def _to_slack(self, body: Json) -> Reply:
        await self.clock.sleep_until(self.clock.now() + timedelta(seconds=SLACK_S))
        self.slack.append(str(body.get("text", body)) if isinstance(body, dict) else str(body))
        return Answer(200, "ok")


def kind_of(request: Request, lane: str) -> str:
    """What a request is about, in a word."""
    if lane in ("login", "lookup"):
        return lane
    parts = request.body.get("compositeRequest") if isinstance(request.body, dict) else None
    if parts:
        return "read" if all(each["method"] == "GET" for each in parts) else "write"
    return "read" if request.method == "GET" else "post"
