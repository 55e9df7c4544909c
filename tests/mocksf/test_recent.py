"""Recent items: what a user touched last."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.parked import Terms
from tests.client import Client, part


@pytest.fixture
def colleague(org: Org) -> Client:
    return Client(org, org.login("us-sales@mock.example"))


def names(sf: Client, query: str = "") -> list[str]:
    return [each["Name"] for each in sf.get(f"/recent{query}").body]


def test_the_latest_stands_first_and_only_once(sf: Client):
    one, _ = sf.create("Account", Name="One"), sf.create("Account", Name="Two")
    sf.patch(f"/sobjects/Account/{one}", {"Phone": "1"})

    assert names(sf) == ["One", "Two"]
    assert names(sf, "?limit=1") == ["One"]


def test_an_item_says_what_it_is_and_where(sf: Client):
    account = sf.create("Account", Name="One")

    assert sf.get("/recent").body == [
        {
            "attributes": {"type": "Account", "url": f"/services/data/v66.0/sobjects/Account/{account}"},
            "Id": account,
            "Name": "One",
        }
    ]
    assert sf.get("/sobjects/Account").body["recentItems"] == sf.get("/recent").body


def test_every_user_has_a_list(sf: Client, colleague: Client):
    sf.create("Account", Name="Mine")
    colleague.create("Account", Name="Theirs")

    assert (names(sf), names(colleague)) == (["Mine"], ["Theirs"])


@pytest.mark.parametrize(("header", "kept"), [("updateMru=true", True), ("updateMru=false", False), ("nonsense", True)])
def test_a_request_may_say_no(sf: Client, header: str, kept: bool):
    sf.post("/sobjects/Account", {"Name": "One"}, **{"sforce-mru": header})
    sf.patch("/sobjects/Account/Caller_Key__c/1", {"Name": "Two"}, **{"sforce-mru": header})

    assert names(sf) == (["Two", "One"] if kept else [])


def test_what_is_gone_is_not_listed(sf: Client):
    account = sf.create("Account", Name="One")
    sf.delete(f"/sobjects/Account/{account}")

    assert names(sf) == []


def test_what_was_refused_or_undone_is_not_listed(sf: Client, org: Org):
    sf.post("/sobjects/Account", {"Nmae": "One"})
    org.handle(sf.request("POST", "/sobjects/Account", {"Name": "Undone"}), Terms(undone=True))
    sf.composite(
        part("POST", "/sobjects/Account", "one", Name="Rolled back"),
        part("POST", "/sobjects/Account", "two", Nmae="x"),
        all_or_none=True,
    )

    assert names(sf) == []


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", ""])
def test_a_limit_is_a_small_number(sf: Client, limit: str):
    assert sf.get(f"/recent?limit={limit}").status == 400


def test_a_list_is_part_of_the_orgs_memory(sf: Client, org: Org):
    sf.create("Account", Name="One")
    snapshot = org.snapshot()
    sf.create("Account", Name="Two")

    org.restore(snapshot)

    assert names(sf) == ["One"]


@pytest.mark.parametrize(("purpose", "viewed"), [("VIEW", True), ("REFERENCE", False)])
def test_a_query_for_somebodys_eyes_stamps_what_it_reads(
    sf: Client, colleague: Client, clock: VirtualClock, purpose: str, viewed: bool
):
    account = sf.create("Account", Name="One")
    clock.advance(60)

    colleague.soql(f"SELECT Name FROM Account WHERE Id = '{account}' FOR {purpose}")

    row = sf.get(f"/sobjects/Account/{account}?fields=LastViewedDate,LastReferencedDate").body
    now = f"{clock.now():%Y-%m-%dT%H:%M:%S.000+0000}"
    assert (row["LastReferencedDate"], row["LastViewedDate"]) == (now, now if viewed else None)
    assert names(colleague) == ["One"]
