"""The way out over HTTP: what is sent, what is heard, and what every mishap is called."""

import asyncio
from contextlib import suppress

import httpx
import orjson
import pytest
import respx

from connector.live.http import CLIENTS, IN_FLIGHT, HttpTransport, reason_of
from connector.messages import Answer, Request, Silence
from tests.connector.talk import WEBHOOK

ORG = "https://acme.my.salesforce.com"
PING = Request("POST", "/services/data/v66.0/composite?x=%2B1", {"a": "ä"}, {"Authorization": "Bearer t"})


def sent(request: Request = PING, timeout_s: float = 5.0, lane: str = "critical"):
    """One request through a transport of its own."""

    async def play():
        transport = HttpTransport(ORG)
        try:
            return await transport.send(request, timeout_s, lane)
        finally:
            await transport.close()

    return asyncio.run(play())


@respx.mock
class TestARequest:
    def test_goes_to_the_org_as_json_with_its_headers(self):
        route = respx.post(f"{ORG}/services/data/v66.0/composite").respond(200, json={})

        sent()

        request = route.calls.last.request
        assert (request.url.raw_path, orjson.loads(request.content)) == (PING.path.encode(), {"a": "ä"})
        assert request.headers["authorization"] == "Bearer t"
        assert request.headers["content-type"] == "application/json; charset=UTF-8"

    def test_of_text_goes_as_it_stands(self):
        route = respx.post(f"{ORG}/services/oauth2/token").respond(200, json={"access_token": "t"})
        form = Request("POST", "/services/oauth2/token", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})

        sent(form, lane="login")

        assert route.calls.last.request.content == b"a=b"

    def test_to_slack_goes_to_its_own_address(self):
        route = respx.post(WEBHOOK).respond(200, text="ok")

        answer = sent(Request("POST", "", {"text": "1 dead letter"}, url=WEBHOOK), lane="alerts")

        assert (route.call_count, answer.status, answer.body) == (1, 200, "ok")


@respx.mock
class TestAnAnswer:
    @pytest.mark.parametrize(
        ("response", "heard"),
        [
            (httpx.Response(204), Answer(204, None)),
            (httpx.Response(200, json={"a": 1}), Answer(200, {"a": 1})),
            (httpx.Response(503, html="<html>"), Answer(503, "<html>")),
            (httpx.Response(200, content=b"{", headers={"content-type": "application/json"}), Silence("garbled")),
        ],
    )
    def test_is_read_as_its_content_type_says(self, response, heard):
        respx.post(url__startswith=ORG).mock(return_value=response)

        reply = sent()

        assert (reply if isinstance(reply, Silence) else Answer(reply.status, reply.body)) == heard

    @pytest.mark.parametrize(
        ("mishap", "reason"),
        [
            (httpx.ConnectError("no"), "refused"),
            (httpx.ConnectTimeout("no"), "refused"),
            (httpx.PoolTimeout("no"), "refused"),
            (httpx.ReadTimeout("no"), "timeout"),
            (httpx.WriteTimeout("no"), "timeout"),
            (httpx.ReadError("no"), "reset"),
            (httpx.WriteError("no"), "reset"),
            (httpx.RemoteProtocolError("Server disconnected without sending a response."), "reset"),
            (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), "truncated"),
            (httpx.DecodingError("no"), "garbled"),
            (httpx.UnsupportedProtocol("no"), "refused"),
            (httpx.TooManyRedirects("no"), "reset"),
        ],
    )
    def test_that_does_not_come_is_a_silence_with_its_reason(self, mishap, reason):
        respx.post(url__startswith=ORG).mock(side_effect=mishap)

        assert sent() == Silence(reason)

    def test_that_takes_too_long_is_given_up(self):
        async def never(_request):
            await asyncio.Event().wait()

        respx.post(url__startswith=ORG).mock(side_effect=never)

        assert sent(timeout_s=0.01) == Silence("timeout")


@respx.mock
def test_few_requests_are_in_flight_per_client_and_the_rest_wait_in_line():
    flying, most, gate = 0, 0, asyncio.Event()

    async def slow(_request):
        nonlocal flying, most
        flying, most = flying + 1, max(most, flying + 1)
        if flying == IN_FLIGHT * CLIENTS["alerts"]:
            gate.set()
        await gate.wait()
        flying -= 1
        return httpx.Response(200, json={})

    async def play():
        respx.post(url__startswith=ORG).mock(side_effect=slow)
        transport = HttpTransport(ORG)
        replies = await asyncio.gather(*(transport.send(PING, 5.0, "alerts") for _ in range(20)))
        await transport.close()
        return replies

    assert {reply.status for reply in asyncio.run(play())} == {200}
    assert most == IN_FLIGHT * CLIENTS["alerts"]


@respx.mock
def test_who_never_got_a_client_has_certainly_sent_nothing():
    async def never(_request):
        await asyncio.Event().wait()

    async def play():
        respx.post(url__startswith=ORG).mock(side_effect=never)
        transport = HttpTransport(ORG)
        patience_s = [0.05] * IN_FLIGHT + [0.01]
        replies = await asyncio.gather(*(transport.send(PING, each_s, "alerts") for each_s in patience_s))
        await transport.close()
        return replies

    assert asyncio.run(play()) == [*[Silence("timeout")] * IN_FLIGHT, Silence("refused")]


def test_an_address_that_is_none_is_refused():
    assert reason_of(httpx.InvalidURL("no")) == "refused"


def test_connections_on_which_somebody_waits_are_open_before_a_call_comes():
    opened: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    async def play() -> tuple[int, int, int]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        transport = HttpTransport(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", connections={"critical": 6})
        warmed = await transport.warm("/services/data", 5.0)
        before = len(opened)
        for lane in ("critical", "lookup"):
            await transport.send(Request("GET", "/x"), 5.0, lane)
        await transport.close()
        server.close()
        for writer in opened:
            writer.close()
            await writer.wait_closed()
        return warmed, before, len(opened)

    warmed, before, after = asyncio.run(play())

    assert warmed == 2 + CLIENTS["lookup"], "six requests at a time are two clients"
    assert (before, after) == (warmed, warmed)
