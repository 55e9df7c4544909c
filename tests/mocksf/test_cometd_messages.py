"""The Streaming API's other messages: subscriptions and what becomes of them, and whatever else anybody may say."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocksf.messages import Response
from mocksf.rest.render import render
from tests.client import Answer, Client
from tests.listening import HANDSHAKE, Listener, listening

ACCOUNTS = "/data/AccountChangeEvent"


@pytest.fixture
def ear(sf: Client) -> Listener:
    return listening(sf)


class TestSubscriptions:
    def test_are_confirmed_by_their_channel(self, ear: Listener):
        assert ear.say("/meta/subscribe", subscription=ACCOUNTS, id="4") == {
            "clientId": ear.id, "channel": "/meta/subscribe", "id": "4", "subscription": ACCOUNTS, "successful": True,
        }  # fmt: skip

    def test_several_may_come_at_once(self, ear: Listener, sf: Client):
        ear.say("/meta/subscribe", subscription=[ACCOUNTS, "/data/ContactChangeEvent"])
        sf.create("Contact", LastName="Ada", AccountId=sf.create("Account", Name="Acme"))

        assert [each["channel"] for each in ear.hear()] == [ACCOUNTS, "/data/ContactChangeEvent"]

    @pytest.mark.parametrize(
        ("channel", "error"),
        [
            (
                "/data/NothingChangeEvent",
                "400::The channel you requested to subscribe to does not exist {/data/Nothing",
            ),
            ("/data/accountchangeevent", "400::The channel you requested to subscribe to does not exist"),
            ("/data/UserLicenseChangeEvent", "400::The channel you requested to subscribe to does not exist"),
            ("/topic/Nothing", "400::The channel you requested to subscribe to does not exist {/topic/Nothing}"),
            ("/event/Nothing__e", "400::The channel you requested to subscribe to does not exist {/event/Nothing__e}"),
            ("/event/Account", "400::The channel you requested to subscribe to does not exist {/event/Account}"),
            ("/elsewhere/x", "400::The channel you requested to subscribe to does not exist {/elsewhere/x}"),
            ("/data/**", "400::The channel you requested to subscribe to does not exist {/data/**}"),
            ("topic/x", "400::Channel subscriptions must start with a leading '/'"),
            ("", "400::Channel name not specified"),
            (None, "400::Channel name not specified"),
            ([], "400::Channel name not specified"),
            ([ACCOUNTS, 7], "400::Channel name not specified"),
        ],
    )
    def test_to_what_is_not_there_are_refused(self, ear: Listener, channel: Any, error: str):
        answer = ear.say("/meta/subscribe", subscription=channel)

        assert (answer["successful"], answer["subscription"]) == (False, channel)
        assert answer["error"].startswith(error)

    @pytest.mark.parametrize("wish", [-3, 0, 99, "x", True, 2**62])
    def test_a_replay_id_must_be_that_of_an_event(self, ear: Listener, wish: Any):
        answer = ear.say("/meta/subscribe", subscription=ACCOUNTS, ext={"replay": {ACCOUNTS: wish}})

        assert answer["error"] == (
            f"400::The replayId {{{wish}}} you provided was invalid.  "
            "Please provide a valid ID, -2 to replay all events, or -1 to replay only new events."
        )

    def test_end_when_they_are_taken_back(self, ear: Listener, sf: Client):
        ear.subscribe(ACCOUNTS)
        answer = ear.say("/meta/unsubscribe", subscription=ACCOUNTS)
        sf.create("Account", Name="Acme")

        assert (answer["successful"], answer["subscription"]) == (True, ACCOUNTS)
        assert ear.hear() == []


class TestOtherMessages:
    def test_nobody_publishes_here(self, ear: Listener):
        answer = ear.say("/event/Call_Ended__e", data={})

        assert (
            answer["error"] == "403::Publishing on /event/Call_Ended__e is denied; events are published by the REST API"
        )

    @pytest.mark.parametrize("channel", ["/meta/other", 7, "", {}])
    def test_unknown_ones_are_named(self, ear: Listener, channel: Any):
        assert ear.ask({"channel": channel, "clientId": ear.id})[0]["error"] == f"404::Unknown meta channel {channel}"

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"", 400, "JSON_PARSER_ERROR"),
            (b"[", 400, "JSON_PARSER_ERROR"),
            (b"[1]", 400, "JSON_PARSER_ERROR"),
            (b'"x"', 400, "JSON_PARSER_ERROR"),
            (b"[" + b" " * 32_768 + b"]", 413, "MAXIMUM_SIZE_ATTACHMENT"),
        ],
    )
    def test_what_is_no_message_is_refused(self, sf: Client, body: bytes, status: int, code: str):
        answer = sf.send("POST", "/cometd/66.0", body, {"content-type": "application/json"})

        assert (answer.status, answer.code) == (status, code)

    def test_none_are_answered_by_none(self, sf: Client):
        assert sf.post("/cometd/66.0", []).body == []

    def test_other_verbs_are_not_allowed(self, sf: Client):
        assert sf.get("/cometd/66.0").status == 405


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
CHANNELS = st.sampled_from(
    [f"/meta/{each}" for each in ("handshake", "connect", "subscribe", "unsubscribe", "disconnect")]
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "channel": CHANNELS | JSON, "clientId": st.just("mine") | JSON, "id": JSON, "advice": JSON,
        "connectionType": JSON, "subscription": st.just(ACCOUNTS) | JSON, "supportedConnectionTypes": JSON,
        "ext": st.fixed_dictionaries({"replay": JSON}) | JSON,
    },
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(MESSAGES, max_size=4))
def test_whatever_is_said_is_answered_message_by_message(sf: Client, messages: list[dict[str, Any]]):
    answer = sf.post("/cometd/66.0", [HANDSHAKE])
    mine, cookie = answer.body[0]["clientId"], answer.headers["Set-Cookie"].partition(";")[0]
    said = [{**each, "clientId": mine} if each.get("clientId") == "mine" else each for each in messages]

    request = sf.request("POST", "/cometd/66.0", json.dumps(said).encode(), {"cookie": cookie})
    outcome = sf.org.handle(request)

    if isinstance(outcome, Response):
        told = Answer(*render(request, outcome))
        assert told.status == 200, told.raw
        assert len(told.body) >= sum(each.get("channel") != "/meta/connect" for each in said)
        assert all(isinstance(each.get("successful", True), bool) for each in told.body)
    else:
        assert any(each.get("channel") == "/meta/connect" for each in said)
