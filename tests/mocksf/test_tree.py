"""sObject trees: parents with their children in one call, all of them or none."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client, contents

PATH = "/composite/tree/Account"


def node(sobject: str, reference: str, **fields: Any) -> dict[str, Any]:
    """A record of a tree; a list among its fields is a family of children."""
    said = {name: {"records": value} if isinstance(value, list) else value for name, value in fields.items()}
    return {"attributes": {"type": sobject, "referenceId": reference}, **said}


def plant(sf: Client, *records: dict[str, Any]) -> Any:
    return sf.post(PATH, {"records": list(records)})


def two_families() -> tuple[dict[str, Any], ...]:
    return (
        node("Account", "ref1", name="One", Contacts=[node("Contact", "ref2", lastname="Ada", email="a@b.example")]),
        node(
            "Account",
            "ref3",
            name="Two",
            childAccounts=[node("Account", "ref4", name="Three", Contacts=[node("Contact", "ref5", lastname="Bea")])],
        ),
    )


def test_ids_come_level_by_level(sf: Client):
    answer = plant(sf, *two_families())

    assert answer.status == 201
    assert answer.body["hasErrors"] is False
    assert [each["referenceId"] for each in answer.body["results"]] == ["ref1", "ref3", "ref2", "ref4", "ref5"]
    assert all(list(each) == ["referenceId", "id"] for each in answer.body["results"])


def test_children_point_to_their_parents(sf: Client):
    ids = {each["referenceId"]: each["id"] for each in plant(sf, *two_families()).body["results"]}

    assert sf.get(f"/sobjects/Contact/{ids['ref2']}").body["AccountId"] == ids["ref1"]
    assert sf.get(f"/sobjects/Account/{ids['ref4']}").body["ParentId"] == ids["ref3"]
    assert sf.get(f"/sobjects/Contact/{ids['ref5']}").body["AccountId"] == ids["ref4"]


def test_one_bad_leaf_takes_the_whole_wood_back(sf: Client, org: Org):
    first, second = two_families()
    first["Contacts"]["records"][0]["email"] = "123"
    before = contents(org)

    answer = plant(sf, second, first)

    assert answer.status == 400
    assert answer.body == {
        "hasErrors": True,
        "results": [
            {
                "referenceId": "ref2",
                "errors": [
                    {
                        "statusCode": "INVALID_EMAIL_ADDRESS",
                        "message": "Email: invalid email address: 123",
                        "fields": ["Email"],
                    }
                ],
            }
        ],
    }
    assert contents(org) == before


def test_every_bad_record_of_a_level_is_named(sf: Client):
    answer = plant(sf, node("Account", "a"), node("Account", "good", name="x"), node("Account", "b", name=True))

    found = {each["referenceId"]: each["errors"][0]["statusCode"] for each in answer.body["results"]}
    assert found == {"a": "REQUIRED_FIELD_MISSING", "b": "INVALID_TYPE_ON_FIELD_IN_RECORD"}


def test_a_reference_id_that_comes_twice_is_refused_once_for_each(sf: Client):
    answer = plant(sf, node("Account", "a", name="x"), node("Account", "b", name="x"), node("Account", "a", name="y"))

    assert answer.status == 400
    assert [each["referenceId"] for each in answer.body["results"]] == ["a", "a"]
    assert answer.body["results"][0]["errors"] == [
        {"statusCode": "INVALID_INPUT", "message": "Duplicate ReferenceId provided in the request.", "fields": []}
    ]


@pytest.mark.parametrize("extra", [{"Nonsense": 1}, {"Nonsenses": []}])
def test_what_an_object_does_not_have_refuses_the_request(sf: Client, org: Org, extra: dict[str, Any]):
    before = contents(org)

    answer = plant(sf, node("Account", "a", name="x"), node("Account", "b", name="x", **extra))

    name = next(iter(extra))
    assert (answer.status, answer.body) == (
        400,
        [{"message": f"No such column '{name}' on sobject of type Account", "errorCode": "INVALID_FIELD"}],
    )
    assert contents(org) == before


@pytest.mark.parametrize(
    "record",
    [
        {"attributes": {"type": "Account"}, "Name": "x"},
        {"attributes": {"referenceId": "a"}, "Name": "x"},
        {"attributes": {"type": "Contact", "referenceId": "a"}, "LastName": "x"},
        {"Name": "x"},
    ],
)
def test_a_record_must_say_what_it_is_and_how_it_is_called(sf: Client, record: dict[str, Any]):
    answer = plant(sf, record)

    assert (answer.status, answer.code) == (400, "INVALID_INPUT")


@pytest.mark.parametrize("body", [{}, {"records": 1}, {"records": [1]}, {"records": {"records": []}}, []])
def test_another_body_is_none(sf: Client, body: Any):
    assert sf.post(PATH, body).code == "JSON_PARSER_ERROR"


def test_two_hundred_records_are_the_most_children_included(sf: Client):
    children = [node("Contact", f"c{number}", lastname="x") for number in range(200)]

    refused = plant(sf, node("Account", "a", name="x", Contacts=children))

    assert (refused.status, refused.code) == (400, "EXCEEDED_ID_LIMIT")
    assert plant(sf, node("Account", "a", name="x", Contacts=children[1:])).status == 201


def chain(levels: int) -> dict[str, Any]:
    deeper = {"ChildAccounts": [chain(levels - 1)]} if levels > 1 else {}
    return node("Account", f"level{levels}", name="x", **deeper)


def test_five_levels_are_the_most(sf: Client):
    assert plant(sf, chain(6)).code == "LIMIT_EXCEEDED"
    assert plant(sf, chain(5)).status == 201


def test_five_types_are_the_most(sf: Client):
    families = {
        "Contacts": [node("Contact", "1", LastName="x")],
        "Opportunities": [node("Opportunity", "2", Name="x", StageName="x", CloseDate="2026-01-01")],
        "Cases": [node("Case", "3", Subject="x")],
        "Tasks": [node("Task", "4", Subject="x")],
        "Events": [node("Event", "5", Subject="x", DurationInMinutes=5, ActivityDateTime="2026-01-01T00:00:00Z")],
    }
    assert plant(sf, node("Account", "0", name="x", **families)).code == "LIMIT_EXCEEDED"

    del families["Tasks"]

    assert plant(sf, node("Account", "0", name="x", **families)).status == 201


def test_a_tree_is_one_call(sf: Client, org: Org):
    before = org.allowance.used(org.clock.now())

    plant(sf, *two_families())

    assert org.allowance.used(org.clock.now()) == before + 1


def test_there_are_none_before_v34(org: Org):
    assert Client(org, version="33.0").post(PATH, {"records": []}).code == "NOT_FOUND"
    assert Client(org, version="34.0").post(PATH, {"records": []}).status == 201
