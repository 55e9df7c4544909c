"""`?columns=true`: what a query selects, column by column, without a record."""

from typing import Any

from tests.client import Client


def told(sf: Client, soql: str) -> dict[str, Any]:
    body: dict[str, Any] = sf.get(f"/query?q={soql}&columns=true").body
    return body


def test_fields_are_told_with_their_types(sf: Client):
    body = told(sf, "SELECT Id, AnnualRevenue, Region__c FROM Account")

    assert (body["entityName"], body["idSelected"], body["groupBy"]) == ("Account", True, False)
    kinds = [(each["columnName"], each["numberType"], each["custom"]) for each in body["columnMetadata"]]
    assert kinds == [("Id", False, False), ("AnnualRevenue", True, False), ("Region__c", False, True)]


def test_parents_and_children_are_joined(sf: Client):
    parent = told(sf, "SELECT Account.Name FROM Contact")["columnMetadata"][0]
    child = told(sf, "SELECT (SELECT LastName FROM Contacts) FROM Account")["columnMetadata"][0]

    assert (parent["columnName"], parent["aggregate"]) == ("Account", False)
    assert (child["columnName"], child["aggregate"]) == ("Contacts", True)
    assert [each["joinColumns"][0]["columnName"] for each in (parent, child)] == ["Name", "LastName"]


def test_functions_are_told_by_alias_and_by_what_they_are(sf: Client):
    body = told(sf, "SELECT Name, COUNT(Id) FROM Account GROUP BY Name")

    assert body["groupBy"] is True
    assert [(each["columnName"], each["displayName"]) for each in body["columnMetadata"]] == [
        ("Name", "Name"),
        ("expr0", "count(Id)"),
    ]


def test_a_wrong_query_is_refused_as_ever(sf: Client):
    assert sf.get("/query?q=SELECT Nope FROM Account&columns=true").code == "INVALID_FIELD"
