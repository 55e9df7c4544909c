"""The Tooling API: what an org is made of, as rows; and the Apex that it does not run."""

from urllib.parse import quote

import pytest

import mocksf
from mocksf.org import Org
from tests.client import Answer, Client


@pytest.fixture(scope="module")
def sf() -> Client:
    return Client(Org(mocksf.load_schema(["sample"])))


def tooling(sf: Client, text: str, **headers: str) -> Answer:
    return sf.get(f"/tooling/query?q={quote(text)}", **headers)


def names(answer: Answer, field: str) -> list[str]:
    return [each[field] for each in answer.body["records"]]


def test_the_fields_of_an_object_are_those_of_its_describe(sf: Client):
    wish = "FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Account' ORDER BY QualifiedApiName"
    found = names(tooling(sf, f"SELECT QualifiedApiName {wish}"), "QualifiedApiName")

    described = sf.get("/sobjects/Account/describe").body["fields"]
    assert sorted(found) == sorted(each["name"] for each in described)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Account.Caller_Key__c", "Text(40)"),
        ("Opportunity.Amount", "Currency(16, 2)"),
        ("Opportunity.AccountId", "Lookup(Account)"),
        ("Opportunity.Demo_Requested_At__c", "Date/Time"),
        ("Contact.IsEmailBounced", "Checkbox"),
    ],
)
def test_types_are_said_as_setup_says_them(sf: Client, field: str, kind: str):
    assert names(tooling(sf, f"SELECT DataType FROM FieldDefinition WHERE DurableId = '{field}'"), "DataType") == [kind]


def test_custom_fields_have_ids_of_their_own_that_stay(sf: Client):
    wish = "SELECT Id, DeveloperName FROM CustomField WHERE EntityDefinitionId = 'Account'"
    found = tooling(sf, wish)

    assert found.body["entityTypeName"] == "CustomField"
    assert found.body["size"] == found.body["totalSize"] == len(found.body["records"])
    assert {each[:3] for each in names(found, "Id")} == {"00N"}
    assert names(tooling(Client(Org(mocksf.load_schema(["sample"]))), wish), "Id") == names(found, "Id")
    row = sf.get(found.body["records"][0]["attributes"]["url"])
    assert row.body["DeveloperName"] == found.body["records"][0]["DeveloperName"]


def test_pages_follow_one_another(sf: Client):
    first = tooling(sf, "SELECT DurableId FROM FieldDefinition", **{"sforce-query-options": "batchSize=1500"})
    second = sf.get(first.body["nextRecordsUrl"])

    assert (first.body["done"], second.body["done"]) == (False, True)
    assert first.body["size"] + second.body["size"] == first.body["totalSize"] == second.body["totalSize"]
    assert not set(names(first, "DurableId")) & set(names(second, "DurableId"))


@pytest.mark.parametrize("name", ["ApexClass", "ApexTrigger", "ApexLog", "TraceFlag", "FlowDefinition"])
def test_there_is_no_apex(sf: Client, name: str):
    assert tooling(sf, f"SELECT Id FROM {name}").body["totalSize"] == 0


def test_sources_are_not_tracked(sf: Client):
    assert tooling(sf, "SELECT Id FROM SourceMember").code == "INVALID_TYPE"
    assert sf.get("/tooling/sobjects/SourceMember/describe").status == 404


def test_describes_lead_on_below_tooling(sf: Client):
    listed = sf.get("/tooling/sobjects").body["sobjects"]

    assert "FieldDefinition" in [each["name"] for each in listed]
    for each in listed:
        assert each["urls"]["describe"].startswith("/services/data/v66.0/tooling/sobjects/")
    described = sf.get(listed[0]["urls"]["describe"]).body
    assert described["name"] == listed[0]["name"]
    assert described["urls"]["sobject"] == f"/services/data/v66.0/tooling/sobjects/{listed[0]['name']}"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_anonymous_apex_does_not_compile_and_says_why(sf: Client, method: str):
    answer = sf.send(method, "/tooling/executeAnonymous?anonymousBody=System.debug(1)%3B")

    assert answer.status == 200
    assert (answer.body["compiled"], answer.body["success"]) == (False, False)
    assert answer.body["compileProblem"].startswith("This org runs no Apex.")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tooling/query", 400),
        ("/tooling/query?q=SELECT+x+FROM+CustomField", 400),
        ("/tooling/query/01g000000000000AAA-5", 400),
        ("/tooling/sobjects/Account/describe", 404),
        ("/tooling/sobjects/CustomField/00N000000000000AAA", 404),
        ("/tooling/sobjects/CustomField/x'%20OR%20Id!='", 400),
        ("/tooling/nothing", 404),
    ],
)
def test_what_is_not_there_is_refused(sf: Client, path: str, status: int):
    assert sf.get(path).status == status
