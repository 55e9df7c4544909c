"""Row locks in virtual time: who waits for whom, how long, and what becomes of those who wait too long."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.locks import LockKey
from mocksf.org import Org
from mocksf.parked import Parked, Stranger, Terms
from mocksf.schema import load_schema
from mocksf.settings import OrgSettings
from tests.client import Client, contents, part

LOCKED = "UNABLE_TO_LOCK_ROW"


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme", Caller_Key__c="+49")


def seconds_from_now(clock: VirtualClock, parked: Parked) -> float:
    return (parked.until - clock.now()).total_seconds()


class TestServiceTime:
    def test_a_write_commits_at_the_end_of_its_service_time(self, sf: Client, clock: VirtualClock):
        parked = sf.park("POST", "/sobjects/Account", {"Name": "Acme"}, Terms(service_s=0.25))

        assert seconds_from_now(clock, parked) == 0.25
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0
        clock.move_to(parked.until)
        assert sf.resume(parked).status == 201
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    def test_the_probe_leaves_no_trace_not_even_in_the_ids(self, sf: Client, org: Org):
        before = contents(org)

        sf.park("POST", "/sobjects/Account", {"Name": "Acme"}, Terms(service_s=1))

        assert contents(org) == before
        assert sf.create("Account", Name="Next") == "001Rt0000000001IAA"

    def test_a_read_sees_what_is_there_at_its_end(self, sf: Client, clock: VirtualClock, account: str):
        parked = sf.park("GET", f"/sobjects/Account/{account}?fields=Name", terms=Terms(service_s=1))
        sf.patch(f"/sobjects/Account/{account}", {"Name": "Bee"})
        clock.move_to(parked.until)

        assert sf.resume(parked).body["Name"] == "Bee"

    def test_presented_too_early_it_stays_parked(self, sf: Client, org: Org, clock: VirtualClock):
        parked = sf.park("POST", "/sobjects/Account", {"Name": "Acme"}, Terms(service_s=1))
        clock.advance(0.5)

        again = org.resume(parked)

        assert isinstance(again, Parked)
        assert again.until == parked.until

    def test_it_counts_once_however_often_it_is_presented(self, sf: Client, org: Org, clock: VirtualClock):
        before = org.allowance.used(clock.now())
        parked = sf.park("POST", "/sobjects/Account", {"Name": "Acme"}, Terms(service_s=1))
        clock.move_to(parked.until)
        sf.resume(parked)

        assert org.allowance.used(clock.now()) == before + 1

    def test_a_session_that_ends_meanwhile_does_not_matter(self, sf: Client, org: Org, clock: VirtualClock):
        parked = sf.park("POST", "/sobjects/Account", {"Name": "Acme"}, Terms(service_s=1))
        org.sessions.revoke_all()
        clock.move_to(parked.until)

        assert sf.resume(parked).status == 201


class TestTwoWriters:
    def test_the_second_waits_for_the_first(self, sf: Client, org: Org, clock: VirtualClock, account: str):
        path = f"/sobjects/Account/{account}"
        first = sf.park("PATCH", path, {"Name": "First"}, Terms(service_s=2))
        clock.advance(0.5)
        second = sf.park("PATCH", path, {"Name": "Second"}, Terms(service_s=3))

        assert second.until == first.until
        assert second.wakes == (LockKey("Account", account),)
        clock.move_to(first.until)
        assert sf.resume(first).status == 204
        begun = org.resume(second)
        assert isinstance(begun, Parked)
        assert seconds_from_now(clock, begun) == 3
        clock.move_to(begun.until)
        assert sf.resume(begun).status == 204
        assert sf.get(path).body["Name"] == "Second"

    def test_a_third_gets_its_turn_behind_the_second(self, sf: Client, org: Org, clock: VirtualClock, account: str):
        path, terms = f"/sobjects/Account/{account}", Terms(service_s=1)
        waiting = [sf.park("PATCH", path, {"Name": name}, terms) for name in ("First", "Second", "Third")]
        ended = []
        while waiting:
            parked = min(waiting, key=lambda each: each.until)
            waiting.remove(parked)
            clock.move_to(parked.until)
            outcome = org.resume(parked)
            if isinstance(outcome, Parked):
                waiting.append(outcome)
            else:
                ended.append((parked.errand.number, clock.now()))

        first, second, third = (instant for _, instant in ended)
        assert [number for number, _ in ended] == sorted(number for number, _ in ended)
        assert third - second == second - first == timedelta(seconds=1)
        assert sf.get(path).body["Name"] == "Third"

    def test_one_without_service_time_waits_as_well(self, sf: Client, clock: VirtualClock, account: str):
        first = sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "First"}, Terms(service_s=2))
        second = sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "Second"})

        clock.move_to(second.until)
        sf.resume(first)
        assert sf.resume(second).status == 204

    def test_different_rows_do_not_meet(self, sf: Client, account: str):
        other = sf.create("Account", Name="Other")
        sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "First"}, Terms(service_s=2))

        assert sf.patch(f"/sobjects/Account/{other}", {"Name": "Second"}).status == 204

    def test_readers_do_not_wait(self, sf: Client, account: str):
        sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "First"}, Terms(service_s=2))

        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "Acme"

    def test_two_upserts_of_a_key_that_is_new_do_not_make_two_records(self, sf: Client, clock: VirtualClock):
        path = "/sobjects/Account/Caller_Key__c/new"
        first = sf.park("PATCH", path, {"Name": "First"}, Terms(service_s=2))
        second = sf.park("PATCH", path, {"Name": "Second"})
        clock.move_to(second.until)

        assert sf.resume(first).body["created"] is True
        assert sf.resume(second).body["created"] is False


class TestPatience:
    @pytest.mark.parametrize("hold_s", [9.9, 10.0])
    def test_a_row_that_comes_free_within_ten_seconds_is_worth_the_wait(
        self, sf: Client, clock: VirtualClock, account: str, hold_s: float
    ):
        terms = Terms(strangers=(Stranger("Account", hold_s),))
        parked = sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}, terms)

        assert seconds_from_now(clock, parked) == hold_s
        clock.move_to(parked.until)
        assert sf.resume(parked).status == 204

    def test_after_ten_seconds_the_wait_is_over(self, sf: Client, clock: VirtualClock, account: str):
        terms = Terms(strangers=(Stranger("Account", 10.1),))
        parked = sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}, terms)

        assert seconds_from_now(clock, parked) == 10
        clock.move_to(parked.until)
        answer = sf.resume(parked)
        assert answer.status == 500
        assert answer.body == [
            {
                "message": f"unable to obtain exclusive access to this record or 1 records: {account}",
                "errorCode": LOCKED,
                "fields": [],
            }
        ]

    def test_service_time_is_spent_after_the_wait_and_not_after_a_refusal(
        self, sf: Client, org: Org, clock: VirtualClock, account: str
    ):
        path, service_s = f"/sobjects/Account/{account}", 0.5
        patient = sf.park("PATCH", path, {"Name": "x"}, Terms(service_s, (Stranger("Account", 4),)))
        clock.move_to(patient.until)
        begun = org.resume(patient)
        assert isinstance(begun, Parked)
        assert seconds_from_now(clock, begun) == service_s
        clock.move_to(begun.until)
        assert sf.resume(begun).status == 204

        refused = sf.park("PATCH", path, {"Name": "y"}, Terms(service_s, (Stranger("Account", 60),)))
        clock.move_to(refused.until)
        assert sf.resume(refused).code == LOCKED

    def test_ten_seconds_are_all_there_is_for_all_rows_together(self, sf: Client, org: Org, clock: VirtualClock):
        one, two = sf.create("Account", Name="One"), sf.create("Contact", LastName="Two")
        body = {
            "compositeRequest": [
                part("PATCH", f"/sobjects/Account/{one}", "one", Name="x"),
                part("PATCH", f"/sobjects/Contact/{two}", "two", LastName="x"),
            ]
        }
        strangers = (Stranger("Account", 6), Stranger("Contact", 60))
        parked = sf.park("POST", "/composite", body, Terms(strangers=strangers))
        assert seconds_from_now(clock, parked) == 6
        clock.move_to(parked.until)
        again = org.resume(parked)
        assert isinstance(again, Parked)
        assert seconds_from_now(clock, again) == 4
        clock.move_to(again.until)

        parts = sf.resume(again).parts

        assert parts["one"]["httpStatusCode"] == 204
        assert parts["two"]["body"][0]["errorCode"] == LOCKED

    def test_in_a_composite_the_part_that_met_the_row_is_the_culprit(
        self, sf: Client, org: Org, clock: VirtualClock, account: str
    ):
        before = contents(org)
        body = {
            "allOrNone": True,
            "compositeRequest": [
                part("POST", "/sobjects/Lead", "lead", LastName="Doe", Company="Acme"),
                part("POST", "/sobjects/Contact", "con", LastName="Doe", AccountId=account),
            ],
        }
        parked = sf.park("POST", "/composite", body, Terms(strangers=(Stranger("Account", 15),)))
        clock.move_to(parked.until)

        parts = sf.resume(parked).parts

        assert parts["con"]["body"][0]["errorCode"] == LOCKED
        assert parts["lead"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
        assert contents(org) == before

    def test_a_stranger_holds_one_row_and_no_other(self, sf: Client, clock: VirtualClock, account: str):
        other = sf.create("Account", Name="Other")
        sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}, Terms(strangers=(Stranger("Account", 5),)))

        assert sf.patch(f"/sobjects/Account/{other}", {"Name": "x"}).status == 204
        assert sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}).errand.waiting_since == clock.now()

    def test_the_status_of_a_lock_is_a_setting(self, clock: VirtualClock):
        sf = Client(Org(load_schema(["sample"]), clock=clock, settings=OrgSettings(lock_status=400)))
        path = f"/sobjects/Account/{sf.create('Account', Name='Acme')}"
        parked = sf.park("PATCH", path, {"Name": "x"}, Terms(strangers=(Stranger("Account", 60),)))
        clock.move_to(parked.until)

        assert sf.resume(parked).status == 400

    def test_a_key_that_has_no_record_yet_is_named_by_no_id(self, sf: Client, clock: VirtualClock):
        terms = Terms(strangers=(Stranger("Account", 60),))
        parked = sf.park("PATCH", "/sobjects/Account/Caller_Key__c/new", {"Name": "x"}, terms)
        clock.move_to(parked.until)

        assert sf.resume(parked).body[0]["message"] == "unable to obtain exclusive access to this record"


class TestUndone:
    def test_a_request_that_dies_before_its_commit_is_counted_and_leaves_nothing(
        self, sf: Client, org: Org, clock: VirtualClock
    ):
        before, used = contents(org), org.allowance.used(clock.now())

        response = org.handle(sf.request("POST", "/sobjects/Account", {"Name": "x"}), Terms(undone=True))

        assert not isinstance(response, Parked)
        assert response.status == 201
        assert contents(org) == before
        assert org.allowance.used(clock.now()) == used + 1

    def test_with_service_time_it_holds_its_rows_all_the_same(self, sf: Client, clock: VirtualClock, account: str):
        path = f"/sobjects/Account/{account}"
        doomed = sf.park("PATCH", path, {"Name": "lost"}, Terms(service_s=2, undone=True))
        waiting = sf.park("PATCH", path, {"Name": "kept"})
        clock.move_to(doomed.until)

        sf.resume(doomed)
        assert sf.get(path).body["Name"] == "Acme"
        assert sf.resume(waiting).status == 204


def test_a_stranger_stays_longer_than_the_writer_before(sf: Client, clock: VirtualClock, account: str):
    path = f"/sobjects/Account/{account}"
    first = sf.park("PATCH", path, {"Name": "First"}, Terms(service_s=2))
    second = sf.park("PATCH", path, {"Name": "Second"}, Terms(strangers=(Stranger("Account", 5),)))

    assert seconds_from_now(clock, second) == 5
    clock.move_to(first.until)
    assert sf.resume(first).status == 204
