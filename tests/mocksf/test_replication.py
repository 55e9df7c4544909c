"""What changed and what was deleted between two instants."""

from datetime import datetime, timedelta

import pytest

from mocksf.actor import Actor
from mocksf.clock import VirtualClock
from tests.client import Answer, Client


@pytest.fixture
def now(clock: VirtualClock) -> datetime:
    return clock.now()


def text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S}Z"


def ask(sf: Client, what: str, start: datetime, end: datetime, sobject: str = "Account") -> Answer:
    return sf.get(f"/sobjects/{sobject}/{what}/?start={text(start)}&end={text(end)}")


MINUTE = timedelta(minutes=1)


class TestUpdated:
    def test_names_what_was_made_or_changed_in_the_span(self, sf: Client, clock: VirtualClock, now: datetime):
        old = sf.create("Account", Name="Old")
        clock.advance(120)
        new = sf.create("Account", Name="New")

        assert ask(sf, "updated", now, now + MINUTE).body["ids"] == [old]
        assert ask(sf, "updated", now + MINUTE, now + 9 * MINUTE).body["ids"] == [new]
        sf.patch(f"/sobjects/Account/{old}", {"Name": "Renewed"})
        assert ask(sf, "updated", now + MINUTE, now + 9 * MINUTE).body["ids"] == [old, new]

    def test_does_not_name_what_was_deleted(self, sf: Client, now: datetime):
        sf.delete(f"/sobjects/Account/{sf.create('Account', Name='Gone')}")

        assert ask(sf, "updated", now, now + MINUTE).body["ids"] == []

    def test_covers_time_until_now_at_most(self, sf: Client, clock: VirtualClock, now: datetime):
        clock.advance(3600)

        covered = [ask(sf, "updated", now, now + each).body["latestDateCovered"] for each in (MINUTE, 90 * MINUTE)]

        assert covered == [f"{at:%Y-%m-%dT%H:%M:00.000+0000}" for at in (now + MINUTE, now + 60 * MINUTE)]

    def test_does_not_hear_seconds(self, sf: Client, now: datetime):
        account = sf.create("Account", Name="Acme")

        answer = ask(sf, "updated", now + timedelta(seconds=59), now + MINUTE + timedelta(seconds=1))
        assert answer.body["ids"] == [account]

    @pytest.mark.parametrize("form", ["{}Z", "{}%2B00:00", "{}+00:00", "{}.000%2B0000"])
    def test_reads_instants_as_clients_write_them(self, sf: Client, now: datetime, form: str):
        start, end = (form.format(f"{each:%Y-%m-%dT%H:%M:%S}") for each in (now, now + MINUTE))

        assert sf.get(f"/sobjects/Account/updated?start={start}&end={end}").status == 200


class TestDeleted:
    def test_names_what_was_deleted_and_when(self, sf: Client, clock: VirtualClock, now: datetime):
        account = sf.create("Account", Name="Acme")
        contact = sf.create("Contact", LastName="Doe", AccountId=account)
        clock.advance(60)
        sf.delete(f"/sobjects/Account/{account}")
        stamp = f"{now + MINUTE:%Y-%m-%dT%H:%M:%S.000+0000}"

        assert ask(sf, "deleted", now, now + 5 * MINUTE).body == {
            "deletedRecords": [{"deletedDate": stamp, "id": account}],
            "earliestDateAvailable": f"{now:%Y-%m-%dT%H:%M:%S.000+0000}",
            "latestDateCovered": stamp,
        }
        family = ask(sf, "deleted", now, now + 5 * MINUTE, "Contact").body["deletedRecords"]
        assert [each["id"] for each in family] == [contact]

    def test_names_losers_of_a_merge_too(self, sf: Client, now: datetime):
        one, two = sf.create("Account", Name="One"), sf.create("Account", Name="Two")
        sf.org.records.merge(Actor(sf.org.admin_id, now), sf.org.schema["Account"], (one, {}), [two])

        assert [each["id"] for each in ask(sf, "deleted", now, now + MINUTE).body["deletedRecords"]] == [two]


@pytest.mark.parametrize("what", ["updated", "deleted"])
class TestRefusals:
    @pytest.mark.parametrize("seconds", [0, 59, -3600])
    def test_a_span_has_a_minute_at_least(self, sf: Client, what: str, now: datetime, seconds: int):
        answer = ask(sf, what, now, now + timedelta(seconds=seconds))

        assert (answer.status, answer.body) == (
            400,
            [
                {
                    "message": "startDate must be at least one minute greater than endDate",
                    "errorCode": "INVALID_REPLICATION_DATE",
                }
            ],
        )

    def test_a_span_begins_within_the_window(self, sf: Client, clock: VirtualClock, what: str, now: datetime):
        days = {"updated": 30, "deleted": 15}[what]
        clock.advance(days * 86400)
        assert ask(Client(sf.org), what, now, now + MINUTE).status == 200

        clock.advance(60)
        answer = ask(Client(sf.org), what, now, now + MINUTE)

        assert answer.code == "INVALID_REPLICATION_DATE"
        assert f"{days} days" in answer.body[0]["message"]

    def test_a_span_does_not_end_before_the_org_began(self, sf: Client, what: str, now: datetime):
        answer = ask(sf, what, now - timedelta(days=2), now - timedelta(days=1))

        assert answer.body[0]["message"] == "startDate before org replication enabled date"

    @pytest.mark.parametrize("query", ["", "?start=2026-01-01T00:00:00Z", "?end=2026-01-01T00:00:00Z"])
    def test_both_ends_are_needed(self, sf: Client, what: str, query: str):
        assert sf.get(f"/sobjects/Account/{what}{query}").code == "MISSING_ARGUMENT"

    @pytest.mark.parametrize("value", ["yesterday", "2026-01-01", "2026-13-01T00:00:00Z"])
    def test_ends_are_instants(self, sf: Client, what: str, value: str):
        answer = sf.get(f"/sobjects/Account/{what}?start={value}&end=2026-01-09T00:00:00Z")

        assert (answer.code, value in answer.body[0]["message"]) == ("INVALID_REPLICATION_DATE", True)

    def test_not_every_object_is_replicated(self, sf: Client, what: str, now: datetime):
        assert ask(sf, what, now, now + MINUTE, "LeadStatus").code == "INVALID_TYPE_FOR_OPERATION"

    def test_an_unknown_object_is_not_found(self, sf: Client, what: str, now: datetime):
        assert ask(sf, what, now, now + MINUTE, "Nope").status == 404
