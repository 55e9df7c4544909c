"""requests over the local door: an adapter, so that everything built on requests runs without a socket."""

import io
from collections.abc import Mapping
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from mocksf.doors.local import LocalDoor
from mocksf.doors.rendered import Rendered, rendered
from mocksf.doors.ways import NO_HANDSHAKE, Ways
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.wire import Broken


class LocalAdapter(BaseAdapter):
    """An adapter for `requests.Session.mount`.

    Raises requests.ReadTimeout after silence, requests.ConnectionError after a reset, and
    requests.exceptions.ChunkedEncodingError from a body that breaks off, as over a socket.
    """

    def __init__(self, door: LocalDoor) -> None:
        super().__init__()
        self._door = door
        self._ways = Ways()
        self._builder = HTTPAdapter()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002  # the session reads the body itself
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: ARG002  # no socket, no certificate
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        plain = self._ways.led(as_request(request))
        outcome = self._door.send(plain, timeout[1] if isinstance(timeout, tuple) else timeout)
        self._ways.keep(plain, outcome, self._door.clock.now())
        response = outcome if isinstance(outcome, Response) else outcome.response
        if response is None:
            assert isinstance(outcome, Broken), "an answer is there or is not"
            raise _error(outcome.ending, request)
        answer = rendered(plain, response)
        if response is outcome:
            self._door.wire.journal.sent(plain, answer)
        raw = HTTPResponse(
            body=_Torn(answer, outcome) if isinstance(outcome, Broken) else io.BytesIO(answer.body),
            headers=answer.headers,
            status=answer.status,
            preload_content=False,
            request_method=plain.method,
        )
        return self._builder.build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def as_request(request: requests.PreparedRequest) -> Request:
    """A prepared request as the org takes it."""
    url = urlsplit(str(request.url))
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    headers.setdefault("host", url.netloc)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return Request(str(request.method), target, headers, _bytes(request.body), url.netloc, url.scheme)


class _Torn(io.BytesIO):
    """A body that breaks off after some bytes."""

    def __init__(self, answer: Rendered, broken: Broken) -> None:
        super().__init__(answer.body[: broken.sent_bytes])
        self._ending = broken.ending

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if found:
            return found
        if self._ending is Ending.RESET:
            raise ConnectionResetError(104, "Connection reset by peer")
        if self._ending is Ending.CLOSE:
            raise IncompleteRead(self.getvalue())
        raise TimeoutError("timed out")  # noqa: EM101  # what a socket says


def _error(ending: Ending, request: requests.PreparedRequest) -> requests.ConnectionError | requests.ReadTimeout:
    if ending is Ending.REFUSED:
        return requests.exceptions.SSLError(NO_HANDSHAKE, request=request)
    if ending is Ending.RESET:
        reset = ConnectionResetError(104, "Connection reset by peer")
        return requests.ConnectionError(ProtocolError("Connection aborted.", reset), request=request)
    if ending is Ending.CLOSE:
        gone = RemoteDisconnected("Remote end closed connection without response")
        return requests.ConnectionError(ProtocolError("Connection aborted.", gone), request=request)
    return requests.ReadTimeout(ReadTimeoutError(None, str(request.url), "Read timed out."), request=request)  # type: ignore[arg-type]


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body or ())


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def session(door: LocalDoor) -> requests.Session:
    """A session whose every address leads to the org behind `door`, whatever proxies the environment names."""
    made = requests.Session()
    made.trust_env = False
    for scheme in ("https://", "http://"):
        made.mount(scheme, LocalAdapter(door))
    return made
