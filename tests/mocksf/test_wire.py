"""The wire: what a fate does to an exchange, what the journal keeps, and that calm weather changes nothing."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.clock import VirtualClock
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.parked import Parked
from mocksf.rest.render import render
from mocksf.schema import load_schema
from mocksf.weather import parse_rules
from mocksf.wire import Broken, Wire, step

API = "/services/data/v66.0"
SCHEMA = load_schema(["sample"])


def wire(*rules: dict[str, Any], clock: VirtualClock | None = None) -> Wire:
    return Wire(Org(SCHEMA, clock=clock or VirtualClock()), parse_rules(list(rules)))


def ask(at: Wire, method: str, path: str, body: Any = None, token: str | None = None) -> Request:
    headers = {"authorization": f"Bearer {token or at.org.login()}", "content-type": "application/json"}
    return Request(method, API + path, headers, orjson.dumps(body) if body is not None else b"")


def create(at: Wire) -> Request:
    return ask(at, "POST", "/sobjects/Account", {"Name": "Ada"})


def outcome(at: Wire, request: Request) -> Any:
    return at.arrive(request, at.fate_of(request))


def accounts(at: Wire) -> int:
    return int(at.org.store.rows('SELECT count(*) FROM "Account"')[0][0])


class TestWhatAFateDoes:
    @pytest.mark.parametrize(
        ("rule", "expected", "written"),
        [
            ({"kind": "lost_request"}, Broken(Ending.SILENCE), 0),
            ({"kind": "timeout"}, Broken(Ending.SILENCE), 0),
            ({"kind": "reset"}, Broken(Ending.RESET), 0),
            ({"kind": "lost_answer"}, Broken(Ending.SILENCE), 1),
            ({"kind": "lost_answer", "ending": "reset"}, Broken(Ending.RESET), 1),
            ({"kind": "lost_answer", "phase": "before_commit"}, Broken(Ending.SILENCE), 0),
            ({"kind": "timeout", "phase": "after_commit"}, Broken(Ending.SILENCE), 1),
            ({"kind": "reset", "phase": "before_commit"}, Broken(Ending.RESET), 0),
            ({"kind": "reset", "phase": "after_commit"}, Broken(Ending.RESET), 1),
        ],
    )
    def test_a_loss_is_before_or_after_the_commit(self, rule: dict[str, Any], expected: Broken, written: int):
        sky = wire(rule)

        assert outcome(sky, create(sky)) == expected
        assert accounts(sky) == written

    @pytest.mark.parametrize(("phase", "written"), [("before_org", 0), ("before_commit", 0), ("after_commit", 1)])
    def test_an_error_replaces_the_answer_at_its_phase(self, phase: str, written: int):
        sky = wire({"kind": "error", "phase": phase})

        assert outcome(sky, create(sky)).status == 503
        assert accounts(sky) == written

    def test_what_is_undone_before_the_commit_still_counts(self):
        sky = wire({"kind": "lost_answer", "phase": "before_commit"})
        outcome(sky, create(sky))
        sky.weather.clear()

        assert outcome(sky, create(sky)).headers["Sforce-Limit-Info"].startswith("api-usage=2/")

    def test_a_cut_body_is_committed_and_breaks_off(self):
        sky = wire({"kind": "reset", "phase": "mid_body", "after_bytes": 7})

        broken = outcome(sky, create(sky))

        assert (broken.ending, broken.sent_bytes, broken.response.status) == (Ending.RESET, 7, 201)
        assert accounts(sky) == 1

    def test_service_time_parks_a_write_until_its_commit(self):
        clock = VirtualClock()
        sky = wire({"kind": "latency", "seconds": 2, "at": "service"}, clock=clock)
        request = create(sky)
        fate = sky.fate_of(request)

        parked = sky.arrive(request, fate)
        assert isinstance(parked, Parked)
        assert accounts(sky) == 0
        clock.advance(2)

        assert sky.resume(request, fate, parked).status == 201

    def test_a_lock_holder_makes_an_update_wait_ten_seconds_for_nothing(self):
        clock = VirtualClock()
        sky = wire(clock=clock)
        made = orjson.loads(render(create(sky), outcome(sky, create(sky)))[2])["id"]
        sky.weather.replace(parse_rules([{"kind": "lock_holder", "sobject": "account", "hold_s": 15}]))
        flight = sky.flight(ask(sky, "PATCH", f"/sobjects/Account/{made}", {"Name": "Eve"}))

        at = step(flight)
        assert (at - clock.now()).total_seconds() == 10
        clock.move_to(at)

        answer = step(flight)
        assert (answer.status, answer.body[0]["errorCode"]) == (500, "UNABLE_TO_LOCK_ROW")

    def test_an_error_about_a_part_fails_that_part_and_takes_the_others_back(self):
        sky = wire({"kind": "error", "code": "UNABLE_TO_LOCK_ROW", "where": {"part": "con"}})
        parts = [
            {"method": "POST", "url": f"{API}/sobjects/Account", "referenceId": "acc", "body": {"Name": "Ada"}},
            {"method": "POST", "url": f"{API}/sobjects/Contact", "referenceId": "con", "body": {"LastName": "Ada"}},
        ]

        answer = outcome(sky, ask(sky, "POST", "/composite", {"allOrNone": True, "compositeRequest": parts}))

        codes = [part["body"][0]["errorCode"] for part in orjson.loads(orjson.dumps(answer.body))["compositeResponse"]]
        assert codes == ["PROCESSING_HALTED", "UNABLE_TO_LOCK_ROW"]
        assert accounts(sky) == 0


class TestAFlight:
    def test_it_spends_time_there_and_inside_and_back_in_this_order(self):
        clock = VirtualClock()
        start = clock.now()
        places = {"there": 1, "service": 2, "back": 4}
        sky = wire(*({"kind": "latency", "seconds": s, "at": at} for at, s in places.items()), clock=clock)
        flight = sky.flight(create(sky))

        waits = []
        while not isinstance(at := step(flight), Response):
            clock.move_to(at)
            waits.append((at - start).total_seconds())

        assert waits == [1, 3, 7]
        assert at.status == 201

    def test_in_calm_weather_it_waits_for_nothing(self):
        sky = wire()

        assert step(sky.flight(create(sky))).status == 201


METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"])
PATHS = st.sampled_from(
    ["/limits", "/sobjects", "/sobjects/Account", "/sobjects/Account/001", "/composite", "/nowhere"]
)
BODIES = st.none() | st.fixed_dictionaries({"Name": st.text(max_size=5)}) | st.just({"compositeRequest": []})
CALLS = st.lists(st.tuples(METHODS, PATHS, BODIES), max_size=6)


class TestCalm:
    @given(CALLS)
    def test_no_rules_leave_traffic_byte_for_byte_as_it_is(self, calls: list[tuple[str, str, Any]]):
        plain, calm = Org(SCHEMA), wire()
        token, same_token = plain.login(), calm.org.login()
        assert token == same_token

        for method, path, body in calls:
            request = ask(calm, method, path, body, token)
            assert render(request, plain.handle(request)) == render(request, outcome(calm, request))

    @given(CALLS)
    def test_rules_that_do_not_match_leave_it_so_as_well(self, calls: list[tuple[str, str, Any]]):
        plain, calm = Org(SCHEMA), wire({"kind": "error", "where": {"path": "/elsewhere"}})
        token = plain.login()
        calm.org.login()

        for method, path, body in calls:
            request = ask(calm, method, path, body, token)
            assert render(request, plain.handle(request)) == render(request, outcome(calm, request))


class TestState:
    def test_a_snapshot_holds_rows_and_rules_and_tallies(self):
        sky = wire({"kind": "timeout", "how_often": {"times": 1}})
        before = sky.snapshot()
        outcome(sky, create(sky))
        sky.weather.clear()
        outcome(sky, create(sky))

        sky.restore(before)

        assert accounts(sky) == 0
        assert outcome(sky, create(sky)) == Broken(Ending.SILENCE)

    def test_the_dice_are_part_of_it(self):
        sky = wire({"kind": "latency", "median_s": 1})
        before = sky.snapshot()

        assert sky.fate_of(create(sky)).there_s == (sky.restore(before), sky.fate_of(create(sky)).there_s)[1]

    def test_a_fork_has_a_future_of_its_own(self):
        sky = wire({"kind": "timeout"})
        twin = sky.fork()
        sky.weather.clear()

        assert outcome(twin, create(twin)) == Broken(Ending.SILENCE)
        assert outcome(sky, create(sky)).status == 201
        assert (accounts(twin), accounts(sky)) == (0, 1)

    def test_a_reset_keeps_the_rules_and_begins_their_tallies_anew(self):
        sky = wire({"kind": "timeout", "how_often": {"times": 1}})
        outcome(sky, create(sky))

        sky.reset()

        assert outcome(sky, create(sky)) == Broken(Ending.SILENCE)
        assert len(sky.journal) == 1


class TestTheJournal:
    def test_it_keeps_instants_fate_and_what_was_lost(self):
        clock = VirtualClock()
        sky = wire(
            {"id": "rain", "kind": "lost_answer"}, {"kind": "latency", "seconds": 2, "at": "service"}, clock=clock
        )
        flight = sky.flight(create(sky))
        clock.move_to(step(flight))
        step(flight)

        (exchange,) = sky.journal

        assert (exchange.answered - exchange.arrived).total_seconds() == 2
        assert (exchange.status, exchange.lost, exchange.fate.struck) == (201, "answer", ("rain", "r1"))

    def test_it_can_be_asked(self):
        sky = wire({"id": "rain", "kind": "timeout", "where": {"method": "POST"}})
        for request in (create(sky), ask(sky, "GET", "/limits"), ask(sky, "GET", "/nowhere")):
            outcome(sky, request)

        select = sky.journal.select
        assert [one.number for one in select(method="get")] == [2, 3]
        assert [one.number for one in select(path="LIMITS")] == [2]
        assert [one.number for one in select(status=404)] == [3]
        assert [one.codes for one in select(status=404)] == [("NOT_FOUND",)]
        assert [one.number for one in select(lost="request", rule="rain")] == [1]
        assert [one.number for one in select(after=2)] == [3]

    def test_it_is_ready_for_json(self):
        sky = wire({"id": "rain", "kind": "reset", "phase": "mid_body", "after_bytes": 0})
        outcome(sky, create(sky))

        told = orjson.loads(orjson.dumps(sky.journal[0].as_json()))

        assert told["fate"] == {"rules": ["rain"], "lost": "answer", "ending": "reset", "cut_after": 0}
        assert (told["method"], told["status"], told["lost"]) == ("POST", 201, "answer")

    def test_it_is_bounded(self):
        from mocksf.journal import Journal

        journal = Journal(limit=2)
        for _ in range(3):
            journal.begin(Request("GET", "/"), wire().fate_of(Request("GET", "/")), None)

        assert [one.number for one in journal] == [2, 3]
