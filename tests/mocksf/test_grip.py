"""What a request must have for itself: rows that others know of, and none that it has only just made."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.locks import LockKey
from mocksf.parked import Parked, Stranger, Terms
from tests.client import Client, part, statuses

SLOW = Terms(service_s=1)


def newcomer(key: str) -> dict[str, object]:
    """A caller whom the org does not know: account, contact and opportunity in one composite, all keyed."""
    deal = {"Name": "Call", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": "@{acc.id}"}
    parts = [
        part("PATCH", f"/sobjects/Account/Caller_Key__c/{key}", "acc", Name="Doe"),
        part("PATCH", f"/sobjects/Contact/Caller_Key__c/{key}", "con", LastName="Doe", AccountId="@{acc.id}"),
        part("PATCH", f"/sobjects/Opportunity/Call_Key__c/{key}", "opp", **deal),
    ]
    return {"allOrNone": True, "compositeRequest": parts}


def test_two_newcomers_do_not_wait_for_each_other(sf: Client, clock: VirtualClock):
    calls = [sf.park("POST", "/composite", newcomer(key), SLOW) for key in ("ada", "bea")]

    assert [each.until for each in calls] == [calls[0].until] * 2
    assert [each.wakes for each in calls] == [(), ()]
    clock.move_to(calls[0].until)
    answers = [sf.resume(each) for each in calls]
    assert [statuses(each) for each in answers] == [[201] * 3] * 2
    assert answers[0].parts["acc"]["body"]["id"] != answers[1].parts["acc"]["body"]["id"]


def test_the_same_newcomer_twice_waits(sf: Client):
    sf.park("POST", "/composite", newcomer("ada"), SLOW)

    again = sf.park("POST", "/composite", newcomer("ADA"), SLOW)

    assert again.wakes == (LockKey("Account", "Caller_Key__c=ada"),)


def test_what_a_rehearsal_made_is_held_by_nobody(sf: Client, clock: VirtualClock):
    slow = sf.park("POST", "/composite", newcomer("ada"), SLOW)

    account = sf.create("Account", Name="Made meanwhile")
    assert sf.patch(f"/sobjects/Account/{account}", {"Name": "Not held"}).status == 204
    clock.move_to(slow.until)
    assert sf.resume(slow).parts["acc"]["body"]["id"] != account


@pytest.mark.parametrize(("sobject", "waits"), [("Account", True), ("Contact", True), ("Lead", False)])
def test_an_outsider_holds_what_the_org_could_know(sf: Client, sobject: str, waits: bool):
    parked = sf.park("POST", "/composite", newcomer("ada"), Terms(service_s=1, strangers=(Stranger(sobject, 5),)))

    assert isinstance(parked, Parked)
    assert [key.sobject for key in parked.wakes] == ([sobject] if waits else [])
