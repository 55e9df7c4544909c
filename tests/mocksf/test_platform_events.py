"""Platform events are published, not saved; custom metadata is read, not written."""

from pathlib import Path

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.schema import load_schema
from tests.client import Client, contents, part

SOURCE = """
objects:
  Call_Ended__e:
    fields:
      Call__c: {type: Text, length: 40}
      Seconds__c: {type: Number, precision: 6, scale: 0}
  Queue_Map__mdt:
    fields:
      Country__c: {type: Text, length: 40}
"""


@pytest.fixture
def org(tmp_path: Path, clock: VirtualClock) -> Org:
    source = tmp_path / "events.yaml"
    source.write_text(SOURCE)
    return Org(load_schema([source]), clock=clock)


@pytest.fixture
def sf(org: Org) -> Client:
    return Client(org)


def published(org: Org) -> list[tuple[str, str]]:
    return [(row["ReplayId"], row["Call__c"]) for row in org.records.events.since(org.schema["Call_Ended__e"])]


def test_a_publication_succeeds_with_an_error_that_is_none(sf: Client, org: Org):
    answer = sf.post("/sobjects/Call_Ended__e", {"Call__c": "c1", "Seconds__c": 75})

    (row,) = org.records.events.since(org.schema["Call_Ended__e"])
    assert answer.status == 201
    assert answer.body["success"] is True
    assert answer.body["id"].startswith("e0")
    assert answer.body["errors"] == [{"statusCode": "OPERATION_ENQUEUED", "message": row["EventUuid"], "fields": []}]
    assert (row["Call__c"], row["ReplayId"]) == ("c1", "1")


def test_a_collection_publishes_too(sf: Client, org: Org):
    records = [{"attributes": {"type": "Call_Ended__e"}, "Call__c": call} for call in ("c1", "c2")]

    results = sf.post("/composite/sobjects", {"records": records}).body

    assert [each["errors"][0]["statusCode"] for each in results] == ["OPERATION_ENQUEUED"] * 2
    assert published(org) == [("1", "c1"), ("2", "c2")]


def test_what_is_published_is_not_a_record(sf: Client):
    event = sf.create("Call_Ended__e", Call__c="c1")

    assert sf.get(f"/sobjects/Call_Ended__e/{event}").status == 404
    assert sf.soql("SELECT Call__c FROM Call_Ended__e").code == "INVALID_TYPE_FOR_OPERATION"
    assert sf.patch(f"/sobjects/Call_Ended__e/{event}", {"Call__c": "x"}).status == 400
    assert sf.delete(f"/sobjects/Call_Ended__e/{event}").status == 400


def test_a_refused_or_undone_publication_is_none(sf: Client, org: Org):
    before = contents(org)
    sf.post("/sobjects/Call_Ended__e", {"Call__c": "x" * 41})
    org.handle(sf.request("POST", "/sobjects/Call_Ended__e", {"Call__c": "undone"}), Terms(undone=True))
    sf.composite(
        part("POST", "/sobjects/Call_Ended__e", "one", Call__c="rolled back"),
        part("POST", "/sobjects/Account", "two", Nmae="x"),
        all_or_none=True,
    )

    assert contents(org) == before


def test_subscribers_go_on_where_they_were(sf: Client, org: Org):
    for call in ("c1", "c2", "c3"):
        sf.create("Call_Ended__e", Call__c=call)

    later = org.records.events.since(org.schema["Call_Ended__e"], replay_id=1)

    assert [each["Call__c"] for each in later] == ["c2", "c3"]


@pytest.mark.parametrize(("hours", "kept"), [(71.99, 1), (72, 0)])
def test_events_are_kept_for_three_days(sf: Client, org: Org, clock: VirtualClock, hours: float, kept: int):
    sf.create("Call_Ended__e", Call__c="c1")
    clock.advance(hours * 3600)

    org.run_due(clock.now())

    assert len(published(org)) == kept


def test_custom_metadata_is_read_only(sf: Client):
    assert sf.post("/sobjects/Queue_Map__mdt", {"DeveloperName": "x"}).code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert sf.soql("SELECT DeveloperName, Country__c FROM Queue_Map__mdt").body["records"] == []
