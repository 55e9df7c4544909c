"""Editions: which objects an org has, whether it has an API, how much of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mocksf.allowance import LONG_S, Allowance
from mocksf.clock import EPOCH, VirtualClock
from mocksf.errors import Refusal, Refuse
from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.permissions import EDITIONS, EditionError, edition_schema
from mocksf.schema import Schema, SObject, default_schema
from mocksf.settings import OrgSettings
from tests.client import Client


@pytest.mark.parametrize(
    ("edition", "licences", "status", "calls", "kind", "apex"),
    [
        ("", 10, 200, 5_000_000, "Developer Edition", 200),
        ("Developer", 10, 200, 15_000, "Developer Edition", 200),
        ("Enterprise", 10, 200, 110_000, "Enterprise Edition", 200),
        ("Enterprise", 250, 200, 350_000, "Enterprise Edition", 200),
        ("Unlimited", 10, 200, 150_000, "Unlimited Edition", 200),
        ("Professional", 10, 200, 110_000, "Professional Edition", 404),
    ],
)
def test_an_edition_decides_about_calls_and_objects(
    edition: str, licences: int, status: int, calls: int, kind: str, apex: int
):
    sf = Client(Org(settings=OrgSettings(edition=edition, licences=licences, api_add_on=True)))

    answer = sf.soql("SELECT OrganizationType FROM Organization")

    assert (answer.status, answer.headers["Sforce-Limit-Info"]) == (status, f"api-usage=1/{calls}")
    assert answer.body["records"][0]["OrganizationType"] == kind
    assert sf.get("/sobjects/ApexClass/describe").status == apex
    assert sf.get("/limits").body["DailyApiRequests"]["Max"] == calls


@pytest.mark.parametrize(("edition", "add_on"), [("Essentials", False), ("Essentials", True), ("Professional", False)])
def test_without_an_api_every_call_is_refused(edition: str, add_on: bool):
    answer = Client(Org(settings=OrgSettings(edition=edition, api_add_on=add_on))).get("/sobjects")

    refused = {"message": "The REST API is not enabled for this Organization.", "errorCode": "API_DISABLED_FOR_ORG"}
    assert (answer.status, answer.body) == (403, [refused])


def test_a_figure_of_ones_own_wins():
    assert OrgSettings(edition="Enterprise", daily_requests=7).calls_per_day == 7


def test_no_relationship_leads_to_what_an_edition_lacks():
    seen = edition_schema(default_schema(), "Essentials")

    assert seen.get("Order") is None
    assert {child.child_sobject for child in seen["Account"].children}.isdisjoint(EDITIONS["Essentials"].missing)


def test_an_edition_gives_the_same_schema_at_every_call():
    schema = default_schema()

    assert edition_schema(schema, "Essentials") is edition_schema(schema, "Essentials")
    assert edition_schema(schema, "Enterprise") is schema


def test_a_fork_keeps_its_edition():
    twin = Org(settings=OrgSettings(edition="Professional", api_add_on=True)).fork()

    assert Client(twin).get("/sobjects/ApexClass").status == 404


@pytest.mark.parametrize(
    ("edition", "says"),
    [("Enterprize", "Enterprize: no such edition; did you mean 'Enterprise'?"), ("enterprise", "did you mean")],
)
def test_an_unknown_edition_is_refused(edition: str, says: str):
    with pytest.raises(EditionError, match=says[:20]) as caught:
        OrgSettings(edition=edition)

    assert says in str(caught.value)


def test_a_schema_too_large_for_an_edition_is_refused():
    base = default_schema()
    objects = [_renamed(base, f"Extra_{number}__c") for number in range(6)]
    schema = Schema([*base, *objects], base.seeds)

    with pytest.raises(
        EditionError, match="Essentials: the schema has 6 custom objects, of which this edition allows 5"
    ):
        Org(schema, settings=OrgSettings(edition="Essentials"))


def _renamed(schema: Schema, name: str) -> SObject:
    return replace(schema["LeadStatus"], name=name, key_prefix=None)


class TestLongCalls:
    @pytest.mark.parametrize(("edition", "most"), [("", 25), ("Enterprise", 25), ("Developer", 5)])
    def test_too_many_at_once_turn_new_calls_away_until_one_ends(self, clock: VirtualClock, edition: str, most: int):
        sf = Client(Org(clock=clock, settings=OrgSettings(edition=edition)))
        for _ in range(most):
            sf.park("GET", "/limits", terms=Terms(service_s=30))
        clock.advance(LONG_S - 1)
        before = sf.get("/limits").status
        clock.advance(1)
        refused = sf.get("/limits")
        clock.advance(10)

        assert (before, refused.status, sf.get("/limits").status) == (200, 403, 200)
        assert refused.body[0] == {
            "message": "ConcurrentPerOrgLongTxn Limit exceeded.",
            "errorCode": "REQUEST_LIMIT_EXCEEDED",
        }

    def test_short_calls_never_count(self):
        allowance = Allowance(10, long_calls=1)
        for _ in range(5):
            allowance.occupy(EPOCH, EPOCH + timedelta(seconds=LONG_S))

        allowance.spend(EPOCH + timedelta(seconds=LONG_S))

    def test_a_snapshot_remembers_them(self):
        allowance, later = Allowance(10, long_calls=1), EPOCH + timedelta(seconds=LONG_S)
        allowance.occupy(EPOCH, EPOCH + timedelta(seconds=60))
        twin = Allowance(10, long_calls=1)
        twin.restore(allowance.state())

        with pytest.raises(Refusal) as caught:
            twin.spend(later)
        assert caught.value.situation is Refuse.CONCURRENT_LIMIT
