"""respx over the local door: while its router is active, every httpx client in the process talks to the org."""

import httpx
import respx

from mocksf.doors.httpx_transport import LocalTransport
from mocksf.doors.local import LocalDoor


def router(door: LocalDoor) -> respx.MockRouter:
    """A router that answers every request from the org behind `door`, with its errors and its time."""
    transport = LocalTransport(door)
    made = respx.MockRouter(assert_all_called=False)

    def answer(request: httpx.Request) -> httpx.Response:
        return transport.handle_request(request)

    made.route().mock(side_effect=answer)
    return made
