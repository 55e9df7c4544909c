"""Query plans: which indexes help, what a scan costs, and that a bad query is refused as ever."""

from urllib.parse import quote

import pytest

from tests.client import Client


@pytest.fixture
def ten(sf: Client) -> Client:
    """An org with ten accounts, two of them in Berlin, three with a phone."""
    for number in range(10):
        city = "Berlin" if number < 2 else "Paris"
        phone = f"030 {number}" if number < 3 else None
        sf.create("Account", Name=f"Account {number}", BillingCity=city, Phone=phone)
    return sf


def plans(sf: Client, soql: str) -> list[dict]:
    return sf.get(f"/query/?explain={quote(soql)}").body["plans"]


class TestAPlan:
    def test_of_everything_is_a_scan(self, ten: Client):
        body = ten.get("/query/?explain=SELECT Id FROM Account").body

        note = {
            "description": "Not considering filter for optimization because unindexed",
            "fields": ["IsDeleted"],
            "tableEnumOrId": "Account",
        }
        assert body == {
            "plans": [
                {
                    "cardinality": 10,
                    "fields": [],
                    "leadingOperationType": "TableScan",
                    "notes": [note],
                    "relativeCost": 3.333,
                    "sobjectCardinality": 10,
                    "sobjectType": "Account",
                }
            ],
            "sourceQuery": "SELECT Id FROM Account",
        }

    def test_begins_with_the_index_that_lets_least_through(self, ten: Client):
        found = plans(
            ten, "SELECT Id FROM Account WHERE Phone LIKE '030%' AND Name = 'Account 1' AND BillingCity = 'Berlin'"
        )

        assert [(each["leadingOperationType"], each["fields"], each["cardinality"]) for each in found] == [
            ("Index", ["Name"], 1),
            ("TableScan", [], 1),
            ("Index", ["Phone"], 3),
        ]

    def test_notes_filters_without_an_index(self, ten: Client):
        (scan,) = plans(ten, "SELECT Id FROM Account WHERE BillingCity = 'Berlin' OR Name = 'Account 1'")

        assert [note["fields"] for note in scan["notes"]] == [["IsDeleted"], ["BillingCity"]]

    @pytest.mark.parametrize(
        "soql",
        [
            "SELECT COUNT() FROM Account",
            "SELECT BillingCity, COUNT(Id) FROM Account GROUP BY ROLLUP(BillingCity)",
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE CreatedDate = TODAY ORDER BY Name LIMIT 1",
            "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND CALENDAR_YEAR(CreatedDate) = 2026",
        ],
    )
    def test_is_told_of_every_kind_of_query(self, ten: Client, soql: str):
        assert {each["sobjectCardinality"] for each in plans(ten, soql)} == {10}


def test_a_bad_query_is_refused_as_the_query_itself_would_be(sf: Client):
    explained, asked = (sf.get(f"/query?{name}=SELECT Bacon__c FROM Account") for name in ("explain", "q"))

    assert (explained.status, explained.code) == (400, "INVALID_FIELD")
    assert explained.body == asked.body


def test_reports_are_not_there_to_be_explained(sf: Client):
    assert sf.get("/query?explain=00ORt0000000001").status == 404


def test_an_empty_object_costs_nothing(sf: Client):
    (scan,) = plans(sf, "SELECT Id FROM Account")

    assert (scan["cardinality"], scan["relativeCost"]) == (0, 0.0)
