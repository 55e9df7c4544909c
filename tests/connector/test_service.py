"""The service as a voice agent and a reviewer meet it: status codes, answers, and errors that say what to do."""

import asyncio
from typing import Any

import httpx
import pytest

from connector.messages import Answer
from connector.service import service
from tests.connector.livewire import Live, a_live, at_rest
from tests.connector.talk import BUSY, EXPIRED, TOKEN, fine, halted

CALLER = {"phone": "+1 415 555 0100", "name": "Ada Berg", "looked_up": True}
TURN = {"turn": 1, "caller": CALLER, "intents": [{"name": "demo_requested"}]}
WHO = {"actor": "mara", "reason": "the map was mended"}
WRONG = halted("opp", "STRING_TOO_LONG", "Name: data value too large: Ada")


def dead(request) -> Answer:
    return Answer(200, "ok") if request.url else WRONG


def asked(live: Live, *requests: tuple[str, str, Any], token: str | None = None, shown: str | None = None):
    """Ask the service one thing after the other, each when the one before has come to rest; the last answer."""

    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(service(live.hub, token))
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://connector", headers=headers) as client:
            for method, path, body in requests:
                answer = await client.request(method, path, json=body)
                await at_rest(live)
        return answer

    return asyncio.run(play())


class TestATurn:
    def test_that_is_in_the_org_is_200(self):
        answer = asked(a_live(lambda _: fine()), ("POST", "/calls/call-1/intents", TURN))

        assert (answer.status_code, answer.json()["status"]) == (200, "committed")
        assert answer.json()["deliveries"][0]["key"] == "call-1/1/demo_requested"

    def test_that_goes_on_behind_the_answer_is_202(self):
        answer = asked(a_live(lambda _: fine(), takes_s=5.0), ("POST", "/calls/call-1/intents", TURN))

        assert (answer.status_code, answer.json()["status"], answer.json()["elapsed_ms"]) == (202, "accepted", 180.0)

    def test_keys_the_caller_by_the_number_in_e164(self):
        live = a_live(lambda _: fine())

        asked(live, ("POST", "/calls/call-1/intents", TURN))

        assert "Caller_Key__c/%2B14155550100" in live.wire.sent[0][1].body["compositeRequest"][0]["url"]

    def test_that_is_told_twice_is_answered_alike(self):
        live = a_live(lambda _: fine())

        answer = asked(live, *[("POST", "/calls/call-1/intents", TURN)] * 2)

        assert (answer.status_code, answer.json()["status"], len(live.wire.sent)) == (200, "committed", 1)

    def test_told_otherwise_is_409(self):
        other = {**TURN, "intents": [{"name": "demo_requested", "value": "2026-01-05T10:00:00Z"}]}

        answer = asked(
            a_live(lambda _: fine()), ("POST", "/calls/call-1/intents", TURN), ("POST", "/calls/call-1/intents", other)
        )

        assert (answer.status_code, answer.json()["key"]) == (409, "call-1/1/demo_requested")

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"intents": [{"name": "seets", "value": 4}]}, "did you mean 'seats'?"),
            ({"intents": [{"name": "seats", "value": "many"}]}, "seats: 'many' is no number"),
            ({"intents": []}, "body.intents: List should have at least 1 item"),
            ({"turn": "one"}, "body.turn: Input should be a valid integer"),
            ({"caller": {"phone": "nobody"}}, "caller.phone: is no phone number"),
            ({"caller": {"telephone": "+1"}}, "body.caller.telephone: Extra inputs are not permitted"),
            ({"caller": {"contact_id": "x"}}, "body.caller.contact_id: String should match pattern"),
            ({"at": "2026-01-05T09:00:00"}, "body.at: Input should have timezone info"),
        ],
    )
    def test_that_does_not_fit_is_422_and_names_the_place(self, change, place):
        live = a_live(lambda _: fine())

        answer = asked(live, ("POST", "/calls/call-1/intents", {**TURN, **change}))

        assert (answer.status_code, place in answer.json()["message"]) == (422, True), answer.text
        assert live.kinds == []

    def test_that_grows_too_large_without_having_said_so_is_413(self):
        async def play() -> httpx.Response:
            async def pieces():
                for _ in range(12):
                    yield b" " * 100_000

            transport = httpx.ASGITransport(service(a_live(lambda _: fine()).hub, None))
            async with httpx.AsyncClient(transport=transport, base_url="http://connector") as client:
                return await client.post("/calls/call-1/intents", content=pieces())

        answer = asyncio.run(play())

        assert (answer.status_code, "larger than 1000000 bytes" in answer.json()["message"]) == (413, True)

    def test_whose_number_is_told_late_makes_no_second_person(self):
        live = a_live(lambda _: fine())
        nameless = {"turn": 1, "intents": [{"name": "demo_requested"}]}

        asked(live, *[("POST", "/calls/call-1/intents", turn) for turn in (nameless, {**TURN, "turn": 2})])

        contacts = {request.body["compositeRequest"][1]["url"] for _, request in live.wire.sent}
        assert len(contacts) == 1

    def test_that_is_too_large_is_413(self):
        answer = asked(a_live(lambda _: fine()), ("POST", "/calls/call-1/intents", {"x": "y" * 1_100_000}))

        assert answer.status_code == 413


class TestACall:
    def test_ends_with_a_log_that_knows_the_caller_from_before(self):
        live = a_live(lambda request: fine("task") if "Task" in str(request.body) else fine())

        answer = asked(
            live, ("POST", "/calls/call-1/intents", TURN), ("POST", "/calls/call-1/end", {"summary": "Fine"})
        )

        assert (answer.status_code, [each["key"] for each in answer.json()["deliveries"]]) == (
            202,
            ["call-1/end/call_log"],
        )
        assert live.kinds[-1] == "committed"

    def test_tells_what_became_of_it(self):
        answer = asked(
            a_live(lambda _: fine()), ("POST", "/calls/call-1/intents", TURN), ("GET", "/calls/call-1", None)
        )

        assert [(each["key"], each["status"]) for each in answer.json()["deliveries"]] == [
            ("call-1/1/demo_requested", "committed")
        ]

    def test_that_nobody_heard_of_is_404(self):
        answer = asked(a_live(lambda _: fine()), ("GET", "/calls/call-9", None))

        assert (answer.status_code, "call-9" in answer.json()["message"]) == (404, True)

    def test_begins_with_a_lookup(self):
        row = {"Id": "003Rt0000000001IAA", "Name": "Ada", "AccountId": None, "Account": None}
        parts = [{"body": {"records": [row]}, "httpStatusCode": 200, "referenceId": "Contact"}]

        answer = asked(
            a_live(lambda _: Answer(200, {"compositeResponse": parts})), ("GET", "/lookup?phone=%2B14155550100", None)
        )

        assert (answer.json()["caller"]["contact_id"], answer.json()["elapsed_ms"]) == ("003Rt0000000001IAA", 50.0)

    def test_whose_lookup_needs_a_login_is_answered_in_its_budget_all_the_same(self):
        live = a_live(lambda request: TOKEN if request.path.endswith("/token") else EXPIRED, takes_s=1.5)

        answer = asked(live, ("GET", "/lookup?phone=%2B14155550100", None)).json()

        assert (answer["answered"], answer["elapsed_ms"]) == (False, 2000.0)

    def test_whose_lookup_was_not_answered_says_so(self):
        answer = asked(a_live(lambda _: BUSY), ("GET", "/lookup?phone=%2B14155550100", None))

        assert (answer.status_code, answer.json()["caller"], answer.json()["answered"]) == (200, None, False)


class TestDeadLetters:
    def test_are_listed_by_category_with_payloads_redacted(self):
        answer = asked(a_live(dead), ("POST", "/calls/call-1/intents", TURN), ("GET", "/dead-letters", None))

        told = answer.json()
        assert (told["queue"], told["count"], told["groups"]) == ("aicall-salesforce-deadletter", 1, {"value": 1})
        assert "Ada" not in answer.text
        assert told["letters"][0]["payload"]["call"]["caller"]["name"] == "<8 characters>"

    def test_are_shown_whole_to_who_asks_for_it(self):
        answer = asked(
            a_live(dead), ("POST", "/calls/call-1/intents", TURN), ("GET", "/dead-letters?reveal=true", None)
        )

        assert answer.json()["letters"][0]["payload"]["call"]["caller"]["name"] == "Ada Berg"

    def test_are_replayed_once_however_often_it_is_asked_for(self):
        moods = [WRONG, Answer(200, "ok"), fine()]
        live = a_live(lambda _: moods.pop(0))
        order = ("POST", "/dead-letters/call-1/1/demo_requested/replay", WHO)

        answer = asked(live, ("POST", "/calls/call-1/intents", TURN), order, order)

        assert (answer.status_code, answer.json()) == (202, {"replayed": [], "status": "committed"})
        assert live.kinds.count("replayed") == 1

    def test_are_replayed_edited(self):
        moods = [WRONG, Answer(200, "ok"), fine()]
        live = a_live(lambda _: moods.pop(0))
        turn = {**TURN, "intents": [{"name": "seats", "value": 1}]}
        order = {**WHO, "edits": {"seats": 9}}

        asked(live, ("POST", "/calls/call-1/intents", turn), ("POST", "/dead-letters/call-1/1/seats/replay", order))

        assert live.wire.sent[-1][1].body["compositeRequest"][2]["body"]["Seats__c"] == 9

    def test_are_replayed_as_a_group(self):
        moods = [WRONG, Answer(200, "ok"), fine()]
        order = {**WHO, "category": "value", "rate_per_s": 10}

        answer = asked(
            a_live(lambda _: moods.pop(0)),
            ("POST", "/calls/call-1/intents", TURN),
            ("POST", "/dead-letters/replay", order),
        )

        assert answer.json() == {"replayed": ["call-1/1/demo_requested"]}

    def test_are_discarded_for_a_reason(self):
        live = a_live(dead)

        answer = asked(
            live,
            ("POST", "/calls/call-1/intents", TURN),
            ("POST", "/dead-letters/call-1/1/demo_requested/discard", WHO),
            ("GET", "/dead-letters", None),
        )

        assert (answer.json()["count"], live.kinds[-1]) == (0, "discarded")

    @pytest.mark.parametrize(
        ("path", "body", "status", "said"),
        [
            ("/dead-letters/call-9/1/x/replay", WHO, 404, "there is no delivery 'call-9/1/x'"),
            ("/dead-letters/call-1/1/demo_requested/replay", {"actor": "mara"}, 422, "body.reason: Field required"),
            ("/dead-letters/call-1/1/demo_requested/replay", {**WHO, "edits": {"seats": 1}}, 422, "is no intent of"),
            ("/dead-letters/replay", WHO, 422, "say exactly one of category, call, or all"),
            ("/dead-letters/discard", {**WHO, "all": True, "call": "x"}, 422, "say exactly one of"),
        ],
    )
    def test_that_are_asked_for_wrongly_are_left_alone(self, path, body, status, said):
        live = a_live(dead)

        answer = asked(live, ("POST", "/calls/call-1/intents", TURN), ("POST", path, body))

        assert (answer.status_code, said in answer.json()["message"]) == (status, True), answer.text
        assert "replayed" not in live.kinds


class TestTheAudit:
    def test_gives_entries_page_by_page_and_the_head(self):
        live = a_live(lambda _: fine())

        answer = asked(live, ("POST", "/calls/call-1/intents", TURN), ("GET", "/audit?after=1&limit=1", None))

        assert [(each["seq"], each["kind"]) for each in answer.json()["entries"]] == [(2, "committed")]
        assert answer.json()["head"]["hash"] == live.ledger.head().hash

    def test_may_be_narrowed_to_a_delivery(self):
        answer = asked(
            a_live(lambda _: fine()), ("POST", "/calls/call-1/intents", TURN), ("GET", "/audit?delivery=none", None)
        )

        assert answer.json()["entries"] == []


class TestTheToken:
    @pytest.mark.parametrize("shown", [None, "wrong"])
    def test_is_asked_for_by_every_path_but_health(self, shown):
        live = a_live(lambda _: fine())

        answers = [
            asked(live, ("GET", path, None), token="right", shown=shown).status_code
            for path in ("/calls/x", "/lookup?phone=%2B14155550100", "/dead-letters", "/audit", "/health")
        ]

        assert answers == [401, 401, 401, 401, 200]

    def test_lets_in_who_shows_it(self):
        assert asked(a_live(lambda _: fine()), ("GET", "/audit", None), token="right", shown="right").is_success


def test_the_service_describes_itself():
    paths = asked(a_live(lambda _: fine()), ("GET", "/openapi.json", None)).json()["paths"]

    assert {"/calls/{call_id}/intents", "/calls/{call_id}/end", "/lookup", "/dead-letters", "/audit"} <= set(paths)
