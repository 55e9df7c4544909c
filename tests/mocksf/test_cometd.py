"""The Streaming API's messages: who may listen, to what, for how long, and how it says no."""

import json
from typing import Any, ClassVar

import pytest

from mocksf.clock import VirtualClock
from mocksf.messages import Request
from mocksf.org import Org, OrgSettings
from mocksf.parked import Parked, Terms
from mocksf.schema import load_schema
from tests.client import Client
from tests.listening import HANDSHAKE, Listener, listening

ACCOUNTS = "/data/AccountChangeEvent"


def ask(sf: Client, *messages: Any, path: str = "/cometd/66.0", **headers: str) -> list[dict[str, Any]]:
    return sf.post(path, list(messages), **headers).body  # type: ignore[no-any-return]


@pytest.fixture
def ear(sf: Client) -> Listener:
    return listening(sf)


class TestHandshakes:
    def test_are_answered_as_they_were_recorded(self, sf: Client):
        (answer,) = ask(sf, HANDSHAKE)

        assert json.dumps({**answer, "clientId": "x"}) == json.dumps({
            "ext": {"replay": True, "payload.format": True}, "minimumVersion": "1.0", "clientId": "x",
            "supportedConnectionTypes": ["long-polling"], "channel": "/meta/handshake", "id": "1", "version": "1.0",
            "successful": True,
        })  # fmt: skip

    def test_give_a_cookie_once(self, sf: Client):
        first = sf.post("/cometd/66.0", [HANDSHAKE]).headers["Set-Cookie"]
        again = sf.post("/cometd/66.0", [HANDSHAKE], cookie=first.partition(";")[0])

        assert first.startswith("BAYEUX_BROWSER=")
        assert again.headers["Set-Cookie"] == first

    @pytest.mark.parametrize("scheme", ["Bearer", "OAuth"])
    def test_take_either_scheme(self, sf: Client, scheme: str):
        (answer,) = ask(sf, HANDSHAKE, authorization=f"{scheme} {sf.token}")

        assert answer["successful"] is True

    @pytest.mark.parametrize(
        "path", ["/cometd/37.0", "/cometd/67.0/", "//cometd//50.0/handshake", "/cometd/replay/40.0"]
    )
    def test_find_any_of_its_addresses(self, sf: Client, path: str):
        assert ask(sf, HANDSHAKE, path=f"/{path.lstrip('/')}")[0]["successful"] is True

    def test_may_come_without_a_list(self, sf: Client):
        answer = sf.post("/cometd/66.0", HANDSHAKE)

        assert answer.body[0]["successful"] is True

    @pytest.mark.parametrize(
        ("path", "headers", "message", "reason"),
        [
            ("/cometd/66.0", {"authorization": "Bearer 00D!no"}, HANDSHAKE, "401::Authentication invalid"),
            ("/cometd/66.0", {"authorization": ""}, HANDSHAKE, "401::Request requires authentication"),
            ("/cometd", {}, HANDSHAKE, "400::API version in the URI is mandatory. URI format: '/cometd/67.0'"),
            ("/cometd/36.0", {}, HANDSHAKE, "400::Unsupported API version. Only API versions '37.0' and later are "),
            ("/cometd/x", {}, HANDSHAKE, "400::Unsupported API version."),
            ("/cometd/66.0", {}, {**HANDSHAKE, "supportedConnectionTypes": ["websocket"]},
             "400::Invalid connection type websocket"),
        ],
    )  # fmt: skip
    def test_are_denied_with_the_reason_inside(
        self, sf: Client, path: str, headers: dict[str, str], message: dict[str, Any], reason: str
    ):
        (answer,) = ask(sf, message, path=path, **headers)

        assert answer["ext"]["sfdc"]["failureReason"].startswith(reason)
        assert {**answer, "ext": None} == {
            "ext": None, "advice": {"reconnect": "none"}, "channel": "/meta/handshake", "id": "1",
            "error": "403::Handshake denied", "successful": False,
        }  # fmt: skip

    def test_are_denied_where_too_many_listen(self, clock: VirtualClock):
        sf = Client(Org(clock=clock, settings=OrgSettings(streaming_clients=2)))
        remaining = [sf.get("/limits").body["DurableStreamingApiConcurrentClients"]["Remaining"]]
        answers = [ask(sf, HANDSHAKE)[0] for _ in range(3)]
        remaining.append(sf.get("/limits").body["DurableStreamingApiConcurrentClients"]["Remaining"])
        clock.advance(40)

        assert [each["successful"] for each in answers] == [True, True, False]
        assert answers[2]["ext"]["sfdc"]["failureReason"] == "403::Organization concurrent user limit exceeded"
        assert remaining == [2, 0]
        assert ask(sf, HANDSHAKE)[0]["successful"] is True


class TestConnects:
    def test_the_first_is_advised_how_to_go_on(self, ear: Listener):
        answers = [
            ear.say("/meta/connect", connectionType="long-polling", advice={"timeout": 0}, id=str(n)) for n in (2, 3)
        ]

        assert answers == [
            {"clientId": ear.id, "advice": {"interval": 0, "timeout": 110_000, "reconnect": "retry"},
             "channel": "/meta/connect", "id": "2", "successful": True},
            {"clientId": ear.id, "channel": "/meta/connect", "id": "3", "successful": True},
        ]  # fmt: skip

    @pytest.mark.parametrize(("advice", "waits_s"), [({}, 110), ({"timeout": 30_000}, 30), ({"timeout": 10**9}, 110)])
    def test_wait_on_the_orgs_clock(self, sf: Client, clock: VirtualClock, advice: dict[str, int], waits_s: int):
        ear, cookie = self._handshaken(sf)
        message = {"channel": "/meta/connect", "clientId": ear, "connectionType": "long-polling", "advice": advice}

        parked = sf.org.handle(sf.request("POST", "/cometd/66.0", [message], cookie))

        assert isinstance(parked, Parked)
        assert (parked.until - clock.now()).total_seconds() == waits_s
        assert isinstance(sf.org.resume(parked), Parked)
        clock.move_to(parked.until)
        assert sf.resume(parked).body[-1]["successful"] is True

    def test_what_stands_beside_one_is_done_once(self, sf: Client, clock: VirtualClock):
        ear, cookie = self._handshaken(sf)
        subscribe = {"channel": "/meta/subscribe", "clientId": ear, "subscription": ACCOUNTS}
        connect = {"channel": "/meta/connect", "clientId": ear, "connectionType": "long-polling"}

        parked = sf.org.handle(sf.request("POST", "/cometd/66.0", [subscribe, connect], cookie))
        assert isinstance(parked, Parked)
        sf.create("Account", Name="Acme")
        answer = sf.resume(parked)

        assert [each["channel"] for each in answer.body] == ["/meta/subscribe", ACCOUNTS, "/meta/connect"]
        assert clock.now() < parked.until

    def test_the_earlier_of_two_is_answered_and_gets_nothing(self, sf: Client):
        ear, cookie = self._handshaken(sf)
        ask(sf, {"channel": "/meta/subscribe", "clientId": ear, "subscription": ACCOUNTS}, **cookie)
        connect = {"channel": "/meta/connect", "clientId": ear, "connectionType": "long-polling"}
        requests = [sf.org.handle(sf.request("POST", "/cometd/66.0", [connect], cookie)) for _ in range(2)]
        earlier, later = requests
        assert isinstance(earlier, Parked)
        assert isinstance(later, Parked)
        sf.create("Account", Name="Acme")

        assert [len(sf.resume(each).body) for each in (earlier, later)] == [1, 2]

    def test_a_goodbye_ends_the_one_that_waits(self, sf: Client):
        ear, cookie = self._handshaken(sf)
        connect = {"channel": "/meta/connect", "clientId": ear, "connectionType": "long-polling"}
        parked = sf.org.handle(sf.request("POST", "/cometd/66.0", [connect], cookie))
        assert isinstance(parked, Parked)

        assert ask(sf, {"channel": "/meta/disconnect", "clientId": ear}, **cookie)[0]["successful"] is True
        assert sf.resume(parked).body[0]["advice"] == {"reconnect": "none", "interval": 0}

    def test_other_ways_than_polling_are_refused(self, ear: Listener):
        assert ear.say("/meta/connect", connectionType="websocket")["error"] == "400::Invalid connection type websocket"

    def _handshaken(self, sf: Client) -> tuple[str, dict[str, str]]:
        answer = sf.post("/cometd/66.0", [HANDSHAKE])
        return answer.body[0]["clientId"], {"cookie": answer.headers["Set-Cookie"].partition(";")[0]}


class TestUnknownClients:
    REFUSED: ClassVar = {
        "advice": {"interval": 0, "reconnect": "handshake"}, "channel": "/meta/connect",
        "error": "403::Unknown client", "successful": False,
    }  # fmt: skip

    def test_are_told_to_shake_hands(self, ear: Listener):
        ear.id = "nobody"

        assert ear.say("/meta/connect", connectionType="long-polling") == self.REFUSED

    @pytest.mark.parametrize("client_id", [None, 7, ["x"], {}])
    def test_are_those_whose_id_is_none(self, ear: Listener, client_id: Any):
        ear.id = client_id

        assert ear.say("/meta/subscribe", subscription=ACCOUNTS)["error"] == "403::Unknown client"

    def test_are_those_without_their_cookie(self, sf: Client, ear: Listener):
        (answer,) = ask(sf, {"channel": "/meta/connect", "clientId": ear.id, "connectionType": "long-polling"})

        assert answer == self.REFUSED

    @pytest.mark.parametrize(("seconds", "known"), [(39.9, True), (40, False)])
    def test_are_those_who_stay_away(self, ear: Listener, clock: VirtualClock, seconds: float, known: bool):
        ear.hear()
        clock.advance(seconds)

        answer = ear.say("/meta/connect", connectionType="long-polling", advice={"timeout": 0})

        assert answer["successful"] is known

    def test_is_everybody_after_a_reset(self, ear: Listener, sf: Client):
        sf.org.settle()
        another = listening(sf)
        sf.org.reset()

        assert another.say("/meta/connect", connectionType="long-polling") == self.REFUSED
        assert ear.say("/meta/connect", advice={"timeout": 0})["successful"] is True

    def test_are_not_those_who_call_as_somebody_else(self, sf: Client, ear: Listener):
        sf.token = sf.org.login("us-sales@mock.example")

        answer = ear.say("/meta/connect", connectionType="long-polling")

        assert answer["error"] == "400::Authenticated user id does not match the session's user id"
        assert answer["advice"]["reconnect"] == "none"

    def test_are_not_those_whose_token_is_revoked(self, sf: Client, ear: Listener):
        sf.org.sessions.revoke(sf.token)

        assert ear.say("/meta/connect", connectionType="long-polling", id=7) == {
            "clientId": ear.id, "advice": {"reconnect": "none", "interval": 0}, "channel": "/meta/connect", "id": 7,
            "error": "401::Authentication invalid", "successful": False,
        }  # fmt: skip


def test_calls_cost_nothing_of_the_daily_allowance(sf: Client, ear: Listener, clock: VirtualClock):
    before = sf.org.allowance.used(clock.now())

    ear.hear()

    assert sf.org.allowance.used(clock.now()) == before


def test_a_long_poll_takes_part_in_the_weathers_service_time(clock: VirtualClock):
    sf = Client(Org(load_schema(["sample"]), clock=clock))
    ear = listening(sf, ACCOUNTS)
    request = Request("POST", "/cometd/66.0", {"authorization": "Bearer x"}, b"[]", host="x")

    parked = sf.org.handle(request, Terms(service_s=2))

    assert ear.id
    assert isinstance(parked, Parked)
    clock.move_to(parked.until)
    assert sf.resume(parked).body == []
