"""The latency model: how far the org is, and how long it works, by what is asked."""

from random import Random
from statistics import median
from typing import Any

import pytest

from mocksf import Org
from mocksf.faults.figures import figures, region_of, round_trip_s
from mocksf.messages import Request
from mocksf.weather import Rule, RuleError, Sight, profile_named

ROWS = "/services/data/v66.0/sobjects"


def request(method: str, path: str, body: bytes = b"") -> Request:
    return Request(method, path, {}, body)


def composite(*sobjects: str) -> Request:
    parts = ",".join(f'{{"method": "PATCH", "url": "{ROWS}/{name}/Key__c/1", "body": {{}}}}' for name in sobjects)
    return request("POST", "/services/data/v66.0/composite", f'{{"compositeRequest": [{parts}]}}'.encode())


def service_ms(asked: Request, **settings: Any) -> float:
    """The median service time of a request, in ms."""
    rule, dice = Rule("service_times", settings), Random(5)
    return median(rule.fate(dice, Sight(asked)).service_s for _ in range(2001)) * 1000


class TestRegions:
    @pytest.mark.parametrize(
        ("place", "region"),
        [
            ("NA130", "us-east-1"),
            ("eu2", "eu-central-1"),
            ("DEU12S", "eu-central-1"),
            ("sa-east-1", "sa-east-1"),
            ("X1", None),
        ],
    )
    def test_a_place_is_a_region_or_the_instance_in_one(self, place: str, region: str | None):
        assert region_of(place) == region

    def test_every_row_of_the_table_has_every_column(self):
        table = figures("regions")

        assert set(table["rows"]) == set(table["columns"])
        assert all(len(row) == len(table["columns"]) for row in table["rows"].values())
        assert set(table["instances"].values()) <= set(table["columns"])

    def test_an_exchange_takes_the_round_trip_and_a_little_jitter(self):
        rule, dice = Rule("region", {"caller": "eu-central-1", "instance": "NA130"}), Random(1)

        fates = [rule.fate(dice) for _ in range(500)]

        assert {fate.there_s for fate in fates} == {round_trip_s("eu-central-1", "us-east-1") / 2}
        assert 0.093 < median(fate.there_s + fate.back_s for fate in fates) < 0.1

    def test_a_new_connection_costs_its_handshake(self):
        warm = Rule("region", {"caller": "us-east-1", "instance": "NA130"}).fate(Random(1))
        cold = Rule("region", {"caller": "us-east-1", "instance": "NA130", "cold": 1}).fate(Random(1))

        assert cold.there_s - warm.there_s == pytest.approx(2 * 0.006)

    def test_a_place_that_is_nowhere_is_refused(self):
        with pytest.raises(RuleError, match="tells no region"):
            Rule("region", {"caller": "mars", "instance": "NA130"})


class TestServiceTimes:
    @pytest.mark.parametrize(
        ("asked", "expected_ms"),
        [
            (request("POST", f"{ROWS}/Account"), 110),
            (request("PATCH", f"{ROWS}/Account/Key__c/1"), 120),
            (request("GET", "/services/data/v66.0/limits"), 40),
            (composite("Account", "Contact", "Opportunity"), 25 + 0.5 * 3 * 120),
            (
                request("POST", "/services/data/v66.0/composite/sobjects", b'{"records": [{}, {}, {}, {}, {}]}'),
                110 + 40,
            ),
        ],
    )
    def test_are_those_of_the_operation(self, asked: Request, expected_ms: float):
        assert service_ms(asked) == pytest.approx(expected_ms, rel=0.06)

    def test_automation_makes_writes_of_its_object_slower(self):
        heavy = {"weights": {"opportunity": 4}}

        assert service_ms(request("POST", f"{ROWS}/Opportunity"), **heavy) == pytest.approx(440, rel=0.06)
        assert service_ms(request("POST", f"{ROWS}/Account"), **heavy) == pytest.approx(110, rel=0.06)
        assert service_ms(composite("Account", "Opportunity"), **heavy) == pytest.approx(
            25 + 0.5 * (120 + 480), rel=0.06
        )

    def test_a_slow_org_is_slower_throughout(self):
        assert service_ms(request("POST", f"{ROWS}/Account"), scale=3) == pytest.approx(330, rel=0.06)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("us-agents-on-na130", 0.4, 0.65), ("eu-agents-on-na130", 0.02, 0.25)]
)
def test_a_pinned_region_is_what_brings_turns_within_the_budget(name: str, low: float, high: float):
    org = Org(schema="sample", rules=list(profile_named(name).rules))
    parts = [
        {"method": "PATCH", "url": f"{ROWS}/{name}/{key}/1", "referenceId": name, "body": body}
        for name, key, body in (
            ("Account", "Caller_Key__c", {"Name": "A"}),
            ("Contact", "Caller_Key__c", {"LastName": "B"}),
            ("Opportunity", "Call_Key__c", {"Name": "C", "StageName": "Prospecting", "CloseDate": "2026-12-31"}),
        )
    ]
    took = []
    with org.client() as client:
        for _ in range(300):
            before = org.clock.now()
            client.post("/services/data/v66.0/composite", json={"allOrNone": True, "compositeRequest": parts})
            took.append((org.clock.now() - before).total_seconds())

    assert low < sum(seconds <= 0.2 for seconds in took) / len(took) < high
