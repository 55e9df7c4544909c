"""What writes keep ready, against the slow way: the same rows and answers, and nothing kept for too long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.clock import EPOCH, VirtualClock
from mocksf.ids import checksum, make_id
from mocksf.locks import LockKey
from mocksf.moments import EPOCH as ZERO
from mocksf.moments import milliseconds
from mocksf.org import Org
from mocksf.schema import load_schema
from mocksf.tables import digits_of
from tests.client import Client, contents, part, statuses

KEYS = st.sampled_from(["+1", "+2"])
DEALS = {"StageName": "Prospecting", "CloseDate": "2026-12-31"}


def account(key: str, name: str) -> dict[str, Any]:
    return part("PATCH", f"/sobjects/Account/Caller_Key__c/{key}", "acc", Name=name, Phone=key)


def contact(key: str, name: str) -> dict[str, Any]:
    return part("PATCH", f"/sobjects/Contact/Caller_Key__c/{key}", "con", LastName=name, AccountId="@{acc.id}")


def deal(key: str, name: str) -> dict[str, Any]:
    url = f"/sobjects/Opportunity/Call_Key__c/{key}"
    return part("PATCH", url, "opp", Name=name, AccountId="@{acc.id}", **DEALS)


def _one_by_one(client: Client, parts: list[dict[str, Any]]) -> list[int]:
    """The statuses of requests that say what the parts of a composite say; the first one's id is their parent."""
    seen: list[int] = []
    parent = "@{acc.id}"
    for each in parts:
        body = {name: parent if value == "@{acc.id}" else value for name, value in each["body"].items()}
        answer = client.patch(each["url"], body)
        parent = answer.body["id"] if each["referenceId"] == "acc" and answer.status < 300 else parent
        seen.append(answer.status)
    return seen


CALLS = st.lists(st.tuples(KEYS, st.sampled_from(["Acme", " ", "Bee"])), min_size=1, max_size=4)


@given(calls=CALLS)
@settings(max_examples=20)
def test_a_strangers_hold_on_another_row_changes_nothing(calls: list[tuple[str, str]]):
    free, watched = (Client(Org(load_schema(["sample"]))) for _ in range(2))
    watched.org.locks.hold([LockKey("Account", "another")], -1, EPOCH + timedelta(days=1))

    for key, name in calls:
        parts = [make(key, name) for make in (account, contact, deal)]
        answers = [each.composite(*parts) for each in (free, watched)]
        assert answers[0].raw == answers[1].raw
        assert all((each < 300) == bool(name.strip()) for each in statuses(answers[0]))
    assert contents(free.org) == contents(watched.org)


@given(data=st.data())
@settings(max_examples=20)
def test_names_mean_the_same_in_any_case(data: st.DataObject):
    usual, odd = (Client(Org(load_schema(["sample"]))) for _ in range(2))
    body = {"Name": "Acme", "Phone": "+49 30 1", "Caller_Key__c": "k", "Nothing": 1, "IsDeleted": True, "Id": "x"}
    chosen = {name: body[name] for name in data.draw(st.lists(st.sampled_from([*body]), unique=True))}
    spelt = {data.draw(st.sampled_from([name.lower(), name.upper(), name])): each for name, each in chosen.items()}

    answers = usual.post("/sobjects/Account", chosen), odd.post("/sobjects/Account", spelt)

    assert [each.status for each in answers] in ([201, 201], [400, 400])
    assert contents(usual.org) == contents(odd.org)


def test_rows_are_stamped_with_their_own_second_and_author(sf: Client, org: Org, clock: VirtualClock):
    colleague = Client(org, org.login("us-sales@mock.example"))
    stamps = []
    for client in (sf, colleague, sf):
        row = client.get(f"/sobjects/Account/{client.create('Account', Name='Acme')}").body
        stamps.append((row["CreatedDate"][17:19], row["CreatedById"], row["OwnerId"]))
        clock.advance(1)

    users = [each[1] for each in stamps]
    assert [each[0] for each in stamps] == ["00", "01", "02"]
    assert users == [each[2] for each in stamps]
    assert users[0] == users[2] != users[1]


def test_what_one_record_is_given_no_other_gets(sf: Client):
    named = sf.create("Account", Name="Acme", Site="Berlin")
    bare = sf.create("Account", Name="Bee")

    assert [sf.get(f"/sobjects/Account/{each}").body["Site"] for each in (named, bare)] == ["Berlin", None]


def test_a_hold_is_seen_by_the_very_next_write(sf: Client, org: Org):
    key = sf.create("Account", Name="Acme")
    org.locks.hold([LockKey("Account", key)], -1, EPOCH + timedelta(seconds=5))

    assert sf.park("PATCH", f"/sobjects/Account/{key}", {"Name": "Bee"}).until == EPOCH + timedelta(seconds=5)
    assert sf.park("POST", "/sobjects/Contact", {"LastName": "Hopper", "AccountId": key}).wakes


def test_a_refused_composite_leaves_nothing_though_it_has_one_savepoint(sf: Client, org: Org):
    before = contents(org)

    answer = sf.composite(account("+1", "Acme"), part("POST", "/sobjects/Contact", "con", Title="Dr"), all_or_none=True)

    assert [each["httpStatusCode"] for each in answer.parts.values()] == [400, 400]
    assert contents(org) == before


@given(st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_are_whole_ones_since_the_epoch(instant: datetime):
    assert milliseconds(instant) == (instant - ZERO) // timedelta(milliseconds=1)


@given(st.sampled_from(["001", "a0X", "00D", "zZ9"]), st.integers(0, 62**9 - 1))
def test_every_id_has_its_checksum(prefix: str, number: int):
    record_id = make_id(prefix, number)

    assert record_id == record_id[:15] + checksum(record_id[:15])


@pytest.mark.parametrize("phone", ["+493099", "493099", "+4", "007"])
def test_bare_digits_are_what_the_same_digits_with_spaces_are(phone: str):
    assert digits_of(phone) == digits_of(" ".join(phone)) == phone.removeprefix("+")


@given(calls=CALLS)
@settings(max_examples=8)
def test_a_composite_leaves_what_its_parts_leave_one_by_one(calls: list[tuple[str, str]]):
    whole, single = (Client(Org(load_schema(["sample"]))) for _ in range(2))

    for key, name in calls:
        parts = [make(key, name) for make in (account, contact, deal)]
        together = statuses(whole.composite(*parts))
        assert together == _one_by_one(single, parts)
    assert contents(whole.org) == contents(single.org)
