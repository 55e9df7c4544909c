"""One event loop for several orgs: while it lags, whoever has most to do on it is held back first."""

import asyncio
from dataclasses import dataclass
from math import inf

BEAT_S = 0.02
LAG_S = 0.008
"""A loop that wakes so much later than it was asked to is too full: an answer takes some twenty rounds of it, and a
budget is 200 ms."""
LEAST = 4
"""Requests at a time that an org keeps whatever happens."""


@dataclass(slots=True, eq=False)
class Share:
    """One org's part: how many of its requests are under way, and how many may be."""

    inside: int = 0
    room: float = inf


class Shares:
    """The parts of all orgs. Room is halved while the loop lags, and comes back one by one when it does not."""

    def __init__(self) -> None:
        self.all: list[Share] = []

    def joined(self) -> Share:
        """A part for one more org."""
        share = Share()
        self.all.append(share)
        return share

    def felt(self, lag_s: float) -> None:
        """The loop was so late just now. Of one org alone nothing is taken: there is nobody to take it for."""
        if len(self.all) < 2:
            return
        if lag_s > LAG_S:
            most = max(self.all, key=lambda share: share.inside)
            most.room = max(most.inside // 2, LEAST)
        else:
            for share in self.all:
                share.room += 1

    async def watch(self) -> None:
        """Feel the loop's pulse, for as long as the service lives."""
        loop = asyncio.get_running_loop()
        while True:
            asked = loop.time() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.felt(loop.time() - asked)
