"""Every standard object's describe, asked for over HTTP, is what the evidence says, attribute by attribute."""

import sys
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.schema import Schema, default_schema, describe_sobject
from tests import expected_describes as evidence

ATTRIBUTES = 122_000
"""At least so many are compared; the exact number is printed."""


@pytest.fixture(scope="module")
def served() -> dict[str, Any]:
    """The describes of all objects as a client gets them, by name."""
    features = {feature for name in evidence.names() if (feature := evidence.feature(name))}
    schemas = {None: default_schema(), **{each: default_schema(frozenset({each})) for each in features}}
    describes: dict[str, Any] = {}
    for feature, schema in schemas.items():
        with ServedOrg(Served(schema, factor=0)) as org, httpx.Client(base_url=org.url) as client:
            client.headers["Authorization"] = f"Bearer {org.token}"
            for name in evidence.names():
                if evidence.feature(name) == feature:
                    answer = client.get(f"/services/data/v66.0/sobjects/{name}/describe")
                    describes[name] = answer.raise_for_status().json()
    return describes


@pytest.mark.sockets
@pytest.mark.parametrize("name", evidence.names())
def test_a_served_describe_is_the_expected_one(name: str, served: dict[str, Any]):
    assert evidence.compare(evidence.expected(name), served[name])[1] == []


@pytest.mark.sockets
def test_so_many_attributes_are_compared(served: dict[str, Any], capsys: pytest.CaptureFixture[str]):
    counts = [evidence.compare(evidence.expected(name), served[name])[0] for name in evidence.names()]

    with capsys.disabled():
        sys.stdout.write(f"\n{len(counts)} objects, {sum(counts)} attributes of describes equal to the evidence\n")
    assert (len(counts), sum(counts) >= ATTRIBUTES) == (40, True)


UNPROVEN = {
    "CampaignMemberStatus",
    "EntityDefinition",
    "FieldPermissions",
    "ObjectPermissions",
    "PermissionSetAssignment",
    "PushTopic",
    "TabDefinition",
    "UserLicense",
}
"""Standard objects beyond the evidence: written from the documentation's pages, flags by their type."""


def test_the_evidence_covers_every_standard_object_but_those_named_here():
    known = {each.name for each in default_schema(frozenset({"ContactsToMultipleAccounts"}))}
    assert known == {*evidence.names(), *UNPROVEN}


@pytest.mark.parametrize(
    ("attribute", "key", "value"),
    [("updateable", "updateable", False), ("filterable", "filterable", False), ("length", "length", 81)],
)
def test_one_changed_attribute_is_seen(attribute: str, key: str, value: Any):
    contact = default_schema()["Contact"]
    at = next(at for at, field in enumerate(contact.fields) if field.name == "LastName")
    changed = replace(contact.fields[at], **{attribute: value})
    sobject = replace(contact, fields=(*contact.fields[:at], changed, *contact.fields[at + 1 :]))

    described = describe_sobject(Schema([sobject]), sobject, "66.0")

    _, differences = evidence.compare(evidence.expected("Contact"), described)
    assert [each.place for each in differences] == [f"Contact: fields[{at}].{key}"]


def test_one_changed_flag_of_an_object_is_seen():
    lead = default_schema()["Lead"]
    sobject = replace(lead, flags={**lead.flags, "mergeable": False})

    described = describe_sobject(Schema([sobject]), sobject, "66.0")

    assert [each.place for each in evidence.compare(evidence.expected("Lead"), described)[1]] == ["Lead: mergeable"]
