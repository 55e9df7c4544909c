"""Push topics: which changes of which records they tell, and what they may not ask; and platform events beside them."""

from pathlib import Path
from typing import Any

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.schema import load_schema
from tests.client import Client, part
from tests.listening import Listener, listening
from tests.mocksf.test_platform_events import SOURCE

NAMED = "SELECT Id, Name, Phone FROM Account WHERE Industry = 'Apparel'"


def topic(sf: Client, query: str = NAMED, **more: Any) -> Listener:
    """Somebody who listens to a new push topic."""
    sf.create("PushTopic", Name="Accounts", Query=query, ApiVersion=60.0, **more)
    return listening(sf, "/topic/Accounts")


def told(ear: Listener) -> list[tuple[str, str | None]]:
    """Kind and name of what has come."""
    return [(each["event"]["type"], each["sobject"].get("Name")) for each in ear.data()]


class TestNotifications:
    def test_a_new_record_that_fits_is_told_as_the_query_selects_it(self, sf: Client):
        ear = topic(sf)
        account = sf.create("Account", Name="Acme", Industry="Apparel", Fax="1")
        sf.create("Account", Name="Beta", Industry="Energy")

        assert ear.hear() == [
            {
                "data": {
                    "event": {"createdDate": "2026-01-05T09:00:00.000Z", "replayId": 1, "type": "created"},
                    "sobject": {"Id": account, "Name": "Acme", "Phone": None},
                },
                "channel": "/topic/Accounts",
            }
        ]

    @pytest.mark.parametrize(
        ("notify", "told_of"),
        [
            ("All", ["Phone", "Industry", "Fax"]),
            ("Referenced", ["Phone", "Industry"]),
            ("Select", ["Phone"]),
            ("Where", ["Industry"]),
        ],
    )
    def test_fields_that_must_have_changed(self, sf: Client, notify: str, told_of: list[str]):
        ear = topic(sf, "SELECT Id, Phone FROM Account WHERE Industry != 'Energy'", NotifyForFields=notify)
        account = sf.create("Account", Name="Acme")
        ear.hear()
        changes = {"Phone": "7", "Industry": "Apparel", "Fax": "8"}

        heard = []
        for name, value in changes.items():
            sf.patch(f"/sobjects/Account/{account}", {name: value})
            heard += [name] * len(ear.hear())

        assert heard == told_of

    def test_a_change_that_makes_it_fit_is_told_and_one_that_ends_it_is_not(self, sf: Client):
        ear = topic(sf)
        account = sf.create("Account", Name="Acme")
        for industry in ("Apparel", "Energy"):
            sf.patch(f"/sobjects/Account/{account}", {"Industry": industry})

        assert told(ear) == [("updated", "Acme")]

    def test_each_kind_of_change_is_told(self, sf: Client):
        ear = topic(sf)
        account = sf.create("Account", Name="Acme", Industry="Apparel")
        sf.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
        sf.delete(f"/sobjects/Account/{account}")

        assert told(ear) == [("created", "Acme"), ("updated", "Acme"), ("deleted", "Acme")]

    @pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
    def test_kinds_that_are_switched_off_are_not(self, sf: Client, kind: str):
        ear = topic(sf, **{f"NotifyForOperation{kind}": False})
        account = sf.create("Account", Name="Acme", Industry="Apparel")
        sf.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
        sf.delete(f"/sobjects/Account/{account}")

        words = {"Create": "created", "Update": "updated", "Delete": "deleted"}
        assert [each for each, _ in told(ear)] == [word for name, word in words.items() if name != kind]

    def test_a_transaction_is_told_by_how_it_ends(self, sf: Client):
        ear = topic(sf)
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme", Industry="Apparel"),
            part("PATCH", "/sobjects/Account/@{a.id}", "p", Phone="7"),
            part("POST", "/sobjects/Account", "b", Name="Beta", Industry="Apparel"),
            part("PATCH", "/sobjects/Account/@{b.id}", "q", Industry="Energy"),
            all_or_none=True,
        )

        assert [(each["event"]["type"], each["sobject"]["Phone"]) for each in ear.data()] == [("created", "7")]

    def test_nothing_is_told_of_what_is_not_committed(self, sf: Client):
        ear = topic(sf)
        sf.org.handle(sf.request("POST", "/sobjects/Account", {"Name": "x", "Industry": "Apparel"}), Terms(undone=True))
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme", Industry="Apparel"),
            part("POST", "/sobjects/Account", "b", Nmae="x"),
            all_or_none=True,
        )

        assert told(ear) == []

    def test_nothing_is_told_of_what_goes_along_with_a_deleted_record(self, sf: Client):
        account = sf.create("Account", Name="Acme")
        sf.create("Contact", LastName="Ada", AccountId=account)
        sf.create("PushTopic", Name="People", Query="SELECT Id, LastName FROM Contact", ApiVersion=60.0)
        ear = listening(sf, "/topic/People")
        sf.delete(f"/sobjects/Account/{account}")

        assert ear.hear() == []

    @pytest.mark.in_memory
    def test_nothing_is_told_of_bulk_jobs(self, sf: Client, clock: VirtualClock):
        sf.create("PushTopic", Name="People", Query="SELECT Id, LastName FROM Contact", ApiVersion=60.0)
        ear = listening(sf, "/topic/People")
        job = sf.post("/jobs/ingest", {"object": "Contact", "operation": "insert"}).body["id"]
        sf.send("PUT", f"/jobs/ingest/{job}/batches", b"LastName\nBulk\n", {"content-type": "text/csv"})
        sf.patch(f"/jobs/ingest/{job}", {"state": "UploadComplete"})
        sf.org.run_due(clock.now())

        assert sf.soql("SELECT Id FROM Contact").body["totalSize"] == 1
        assert ear.hear() == []

    def test_they_are_kept_for_a_day(self, sf: Client, clock: VirtualClock):
        topic(sf)
        sf.create("Account", Name="Acme", Industry="Apparel")
        heard = []
        for hours in (23, 1):
            clock.advance(hours * 3600)
            sf.token = sf.org.login()
            ear = listening(sf)
            ear.subscribe("/topic/Accounts", -2)
            heard.append(len(ear.hear()))

        assert heard == [1, 0]


class TestTopics:
    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("SELECT Name FROM Account", "the query has to select Id"),
            ("SELECT Id FROM Account", "names no field but Id"),
            ("SELECT Id, Owner.Name FROM Account", "Owner.Name is a field of another object"),
            ("SELECT Id, Name FROM Account WHERE Owner.Name = 'x'", "Owner.Name is a field of another object"),
            ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "fields of one object alone"),
            ("SELECT COUNT(Id) FROM Account", "fields of one object alone"),
            ("SELECT Id, Name FROM Account ORDER BY Name", "nothing may stand behind the WHERE clause"),
            ("SELECT Id, Name FROM Account LIMIT 5", "nothing may stand behind the WHERE clause"),
            ("SELECT Id, Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact)", "may hold no other query"),
        ],
    )
    def test_queries_that_they_cannot_have(self, sf: Client, query: str, reason: str):
        answer = sf.post("/sobjects/PushTopic", {"Name": "x", "Query": query, "ApiVersion": 60.0})

        assert (answer.status, answer.code) == (400, "INVALID_FIELD")
        assert reason in answer.body[0]["message"]
        assert sf.soql("SELECT Id FROM PushTopic").body["totalSize"] == 0

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("SELECT", "MALFORMED_QUERY"),
            ("SELECT Id, Nope FROM Account", "INVALID_FIELD"),
            ("SELECT Id FROM X", "INVALID_TYPE"),
        ],
    )
    def test_queries_that_nobody_can_have(self, sf: Client, query: str, code: str):
        assert sf.post("/sobjects/PushTopic", {"Name": "x", "Query": query, "ApiVersion": 60.0}).code == code

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"Name": "x" * 26}, "STRING_TOO_LONG"),
            ({"Query": None}, "REQUIRED_FIELD_MISSING"),
            ({"ApiVersion": None}, "REQUIRED_FIELD_MISSING"),
            ({"NotifyForFields": "Some"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ],
    )
    def test_rows_that_are_none(self, sf: Client, fields: dict[str, Any], code: str):
        usual = {"Name": "x", "Query": NAMED, "ApiVersion": 60.0}

        assert sf.post("/sobjects/PushTopic", {**usual, **fields}).code == code

    def test_one_may_be_changed_switched_off_and_deleted(self, sf: Client):
        ear = topic(sf)
        (row,) = sf.soql("SELECT Id FROM PushTopic").body["records"]
        heard = []
        for change in (
            {"Query": "SELECT Id, Name FROM Account WHERE Name = 'Acme'"},
            {"IsActive": False},
            {"IsActive": True},
        ):
            sf.patch(f"/sobjects/PushTopic/{row['Id']}", change)
            sf.create("Account", Name="Acme")
            heard.append(len(ear.hear()))
        sf.delete(f"/sobjects/PushTopic/{row['Id']}")
        sf.create("Account", Name="Acme")

        assert [*heard, len(ear.hear())] == [1, 0, 1, 0]
        assert "does not exist" in listening(sf).subscribe("/topic/Accounts")["error"]

    def test_one_whose_making_is_rolled_back_is_none(self, sf: Client):
        body = {"Name": "Accounts", "Query": NAMED, "ApiVersion": 60.0}
        sf.composite(
            part("POST", "/sobjects/PushTopic", "t", **body),
            part("POST", "/sobjects/Account", "b", Nmae="x"),
            all_or_none=True,
        )
        sf.create("Account", Name="Acme", Industry="Apparel")

        assert "does not exist" in listening(sf).subscribe("/topic/Accounts")["error"]
        assert sf.org.store.rows('SELECT count(*) FROM "$events"') == [(0,)]

    def test_strings_in_a_query_are_not_taken_for_its_words(self, sf: Client):
        ear = topic(sf, "SELECT Id, Name FROM Account WHERE Name = 'no where \\' else' OR Phone = '1'")
        sf.create("Account", Name="no where ' else")
        sf.create("Account", Name="b", Phone="1")
        sf.create("Account", Name="c")

        assert [name for _, name in told(ear)] == ["no where ' else", "b"]


class TestPlatformEvents:
    @pytest.fixture
    def sf(self, tmp_path: Path, clock: VirtualClock) -> Client:
        source = tmp_path / "events.yaml"
        source.write_text(SOURCE)
        return Client(Org(load_schema([source]), clock=clock))

    def test_they_are_told_as_they_were_published(self, sf: Client):
        ear = listening(sf, "/event/Call_Ended__e")
        enqueued = sf.post("/sobjects/Call_Ended__e", {"Call__c": "c1"}).body["errors"][0]

        (event,) = ear.hear()
        assert event["channel"] == "/event/Call_Ended__e"
        assert {**event["data"], "schema": "x"} == {
            "schema": "x",
            "payload": {
                "CreatedDate": "2026-01-05T09:00:00.000Z", "CreatedById": sf.org.admin_id, "Call__c": "c1",
                "Seconds__c": None,
            },
            "event": {"EventUuid": enqueued["message"], "replayId": 1},
        }  # fmt: skip

    @pytest.mark.parametrize(("replay", "calls"), [(-1, []), (-2, ["c1", "c2", "c3"]), (1, ["c2", "c3"]), (3, [])])
    def test_they_are_replayed(self, sf: Client, replay: int, calls: list[str]):
        for call in ("c1", "c2", "c3"):
            sf.create("Call_Ended__e", Call__c=call)
        ear = listening(sf)
        ear.subscribe("/event/Call_Ended__e", replay)

        assert [each["Call__c"] for each in ear.payloads()] == calls
        assert ear.payloads() == []

    @pytest.mark.parametrize("replay", [4, 99])
    def test_no_other_number_is_replayed(self, sf: Client, replay: int):
        for call in ("c1", "c2", "c3"):
            sf.create("Call_Ended__e", Call__c=call)

        answer = listening(sf).subscribe("/event/Call_Ended__e", replay)

        assert f"400::The replayId {{{replay}}}" in answer["error"]

    def test_what_is_rolled_back_is_not_told(self, sf: Client):
        ear = listening(sf, "/event/Call_Ended__e")
        sf.composite(
            part("POST", "/sobjects/Call_Ended__e", "one", Call__c="c1"),
            part("POST", "/sobjects/Account", "two", Nmae="x"),
            all_or_none=True,
        )

        assert ear.hear() == []
