"""What a query selects, as the Salesforce CLI asks for it."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.client import Client


def asked(sf: Client, text: str, path: str = "/query") -> dict[str, Any]:
    return sf.get(f"{path}?q={quote(text)}&columns=true").body


def tree(columns: list[dict[str, Any]]) -> list[Any]:
    """Names of columns, those with others below as pairs."""
    return [
        (each["columnName"], tree(each["joinColumns"])) if each["joinColumns"] else each["columnName"]
        for each in columns
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT id, name FROM account", ["Id", "Name"]),
        ("SELECT a.Name FROM Account a", ["Name"]),
        ("SELECT Name, owner.Username, Owner.Profile.Name FROM Account",
         ["Name", ("Owner", ["Username", ("Profile", ["Name"])])]),
        ("SELECT Name, (SELECT LastName, Account.Name FROM Contacts) FROM Account",
         ["Name", ("Contacts", ["LastName", ("Account", ["Name"])])]),
        ("SELECT COUNT() FROM Account", []),
        ("SELECT COUNT(Id), MAX(Name) most, COUNT(Phone) FROM Account", ["expr0", "most", "expr1"]),
        ("SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry", ["Industry", "n"]),
    ],
)  # fmt: skip
def test_columns_stand_as_they_are_selected(sf: Client, text: str, wanted: list[Any]):
    assert tree(asked(sf, text)["columnMetadata"]) == wanted


def test_a_column_says_what_it_is(sf: Client):
    body = asked(sf, "SELECT Id, Name, NumberOfEmployees, IsDeleted FROM Account")

    assert (body["entityName"], body["keyPrefix"], body["idSelected"], body["groupBy"]) == (
        "Account",
        "001",
        True,
        False,
    )
    kinds = [
        (each["apexType"], each["textType"], each["numberType"], each["booleanType"]) for each in body["columnMetadata"]
    ]
    assert kinds == [("Id", False, False, False), ("String", True, False, False), ("Integer", False, True, False),
                     ("Boolean", False, False, True)]  # fmt: skip


def test_a_function_is_shown_as_it_is_called(sf: Client):
    (column,) = asked(sf, "SELECT COUNT(Id) FROM Account")["columnMetadata"]

    assert (column["displayName"], column["aggregate"]) == ("count(Id)", True)


def test_all_fields_are_all_columns(sf: Client):
    names = tree(asked(sf, "SELECT FIELDS(CUSTOM) FROM Account LIMIT 5")["columnMetadata"])

    assert names == [each["name"] for each in sf.get("/sobjects/Account/describe").body["fields"] if each["custom"]]


def test_the_tooling_api_answers_alike(sf: Client):
    body = asked(sf, "SELECT Id, EntityDefinition.QualifiedApiName FROM CustomField", "/tooling/query")

    assert tree(body["columnMetadata"]) == ["Id", ("EntityDefinition", ["QualifiedApiName"])]


def test_a_query_that_is_wrong_is_refused_as_ever(sf: Client):
    assert sf.get("/query?q=SELECT+x+FROM+Account&columns=true").code == "INVALID_FIELD"
