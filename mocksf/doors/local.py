"""The door without a socket: a function call on a virtual clock, one request at a time."""

import heapq
from datetime import datetime, timedelta
from itertools import count

from mocksf.clock import VirtualClock
from mocksf.doors.rendered import rendered
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.rest.reception import overfull
from mocksf.wire import Broken, Dripping, Flight, Ringing, Wire, step

SILENT = Broken(Ending.SILENCE)


def dripped(request: Request, answer: Dripping, timeout_s: float | None) -> tuple[Response | Broken, float]:
    """What a client gets of a dripping body, and after which time: all of it, or silence after the first piece."""
    drip = answer.drip
    pieces = -(-len(rendered(request, answer).body) // drip.piece_bytes)
    if pieces > 1 and timeout_s is not None and drip.pause_s > timeout_s:
        return Broken(Ending.SILENCE, answer, drip.piece_bytes), timeout_s
    return answer, max(pieces - 1, 0) * drip.pause_s


class NeverAnswered(RuntimeError):
    """The org keeps silent and the client has no timeout: in life it would wait for ever."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            f"{request.method} {request.target} is never answered, and the client sets no timeout; give it one"
        )


class LocalDoor:
    """Carries requests to an org in the same process; waiting moves the org's clock and costs nothing.

    A request whose client gave up goes on by itself: it still arrives, and commits, at its instant.
    """

    def __init__(self, wire: Wire) -> None:
        clock = wire.org.clock
        if not isinstance(clock, VirtualClock):
            message = f"a local door moves time itself and needs an org with a VirtualClock, not {type(clock).__name__}"
            raise TypeError(message)
        self.wire = wire
        self.clock = clock
        self._late: list[tuple[datetime, int, Flight]] = []
        self._order = count()

    def send(self, request: Request, timeout_s: float | None = None) -> Response | Broken:
        """What the client gets; the clock stands where it gets it, or where its patience ended.

        After `timeout_s` (virtual seconds) without an answer this is silence. Raises NeverAnswered where silence meets
        a client without a timeout.
        """
        refused = overfull(request)
        if refused is not None:
            return refused
        self.advance(0)
        deadline = None if timeout_s is None else self.clock.now() + timedelta(seconds=timeout_s)
        flight = self.wire.flight(request)
        at = step(flight)
        while isinstance(at, datetime):
            if deadline is not None and not self._comes(at, deadline):
                self._leave(flight, at)
                self.move_to(deadline)
                return SILENT
            if deadline is None:
                self._comes(at, at)
            at = step(flight)
        if isinstance(at, Dripping):
            at, dripped_s = dripped(request, at, timeout_s)
            self.advance(dripped_s)
            return at
        self._keep_silent(request, at, timeout_s, deadline)
        return at

    def advance(self, seconds: float) -> None:
        """Let virtual time pass; whatever is due meanwhile happens at its own instant."""
        self.move_to(self.clock.now() + timedelta(seconds=seconds))

    def move_to(self, instant: datetime) -> None:
        """Let virtual time pass until an instant."""
        while (due := self._next_due()) is not None and due <= instant:
            self.clock.move_to(max(due, self.clock.now()))
            if self._late and self._late[0][0] <= due:
                _, _, flight = heapq.heappop(self._late)
                at = step(flight)
                if isinstance(at, datetime):
                    self._leave(flight, at)
            else:
                self.wire.org.run_due(self.clock.now())
        self.clock.move_to(max(instant, self.clock.now()))

    def _comes(self, at: datetime, deadline: datetime) -> bool:
        """Let time pass until a flight goes on, at its instant or by the org's bell; False where that is too late."""
        bell = self.wire.org.streaming.bell
        heard = bell.rings
        while isinstance(at, Ringing) and (due := self._next_due()) is not None and due <= min(at, deadline):
            self.move_to(due)
            if bell.rings != heard:
                return True
        if at <= deadline:
            self.move_to(at)
        return at <= deadline

    def _keep_silent(
        self, request: Request, outcome: Response | Broken, timeout_s: float | None, deadline: datetime | None
    ) -> None:
        """Wait as long as a client waits that hears nothing (more)."""
        if isinstance(outcome, Response) or outcome.ending is not Ending.SILENCE:
            return
        if timeout_s is None or deadline is None:
            raise NeverAnswered(request)
        # After the first bytes of a body the patience begins anew: clients time each read.
        self.move_to(deadline if outcome.response is None else self.clock.now() + timedelta(seconds=timeout_s))

    def _leave(self, flight: Flight, at: datetime) -> None:
        heapq.heappush(self._late, (at, next(self._order), flight))

    def _next_due(self) -> datetime | None:
        late = self._late[0][0] if self._late else None
        due = self.wire.org.next_due()
        return min((instant for instant in (late, due) if instant is not None), default=None)
