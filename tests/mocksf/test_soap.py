"""The calls on records that only the SOAP API has: merge, convertLead, undelete, emptyRecycleBin."""

from xml.etree import ElementTree

import pytest

from mocksf.messages import Response
from mocksf.org import Org
from mocksf.parked import Parked, Terms
from tests.client import Client, contents

ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<soapenv:Header xmlns="urn:partner.soap.sforce.com"><SessionHeader><sessionId>{token}</sessionId></SessionHeader>'
    '</soapenv:Header><soapenv:Body xmlns="urn:partner.soap.sforce.com">{body}</soapenv:Body></soapenv:Envelope>'
)


def call(sf: Client, body: str, token: str | None = None) -> tuple[int, str]:
    content = ENVELOPE.format(token=token or sf.token, body=body).encode()
    response = sf.org.handle(sf.request("POST", "/services/Soap/u/64.0", content, {"authorization": ""}))
    assert isinstance(response, Response)
    return response.status, bytes(response.body).decode()


def results(sf: Client, body: str) -> list[list[tuple[str, str]]]:
    """The elements of each result of a call that was answered."""
    status, xml = call(sf, body)
    assert status == 200, xml
    found = [each for each in ElementTree.fromstring(xml).iter() if each.tag.endswith("}result")]
    return [[(each.tag.partition("}")[2], "".join(each.itertext())) for each in result] for result in found]


def test_undelete_brings_back(sf: Client):
    account = sf.create("Account", Name="Acme")
    sf.delete(f"/sobjects/Account/{account}")

    assert results(sf, f"<undelete><ids>{account}</ids></undelete>") == [[("id", account), ("success", "true")]]
    assert sf.get(f"/sobjects/Account/{account}").status == 200


def test_each_record_succeeds_or_fails_alone(sf: Client):
    there, gone = sf.create("Account", Name="There"), sf.create("Account", Name="Gone")
    sf.delete(f"/sobjects/Account/{gone}")

    first, second = results(sf, f"<undelete><ids>{there}</ids><ids>{gone}</ids></undelete>")

    assert first == [("errors", "Entity is not in the recycle binUNDELETE_FAILED"), ("id", ""), ("success", "false")]
    assert second == [("id", gone), ("success", "true")]


def test_an_emptied_bin_gives_nothing_back(sf: Client):
    account = sf.create("Account", Name="Acme")
    sf.delete(f"/sobjects/Account/{account}")

    assert results(sf, f"<emptyRecycleBin><ids>{account}</ids></emptyRecycleBin>")[0][-1] == ("success", "true")
    assert results(sf, f"<undelete><ids>{account}</ids></undelete>")[0][-1] == ("success", "false")


def test_a_merge_says_who_went_and_what_moved(sf: Client):
    master, loser = sf.create("Account", Name="One"), sf.create("Account", Name="Two", Phone="2")
    contact = sf.create("Contact", LastName="Doe", AccountId=loser)
    fields = f"<type>Account</type><Id>{master}</Id><Phone>2</Phone><NumberOfEmployees>7</NumberOfEmployees>"
    record = f"<masterRecord>{fields}</masterRecord>"

    answered = results(sf, f"<merge><request>{record}<recordToMergeIds>{loser}</recordToMergeIds></request></merge>")

    assert answered == [
        [("id", master), ("mergedRecordIds", loser), ("updatedRelatedIds", contact), ("success", "true")]
    ]
    row = sf.get(f"/sobjects/Account/{master}").body
    assert (row["Phone"], row["NumberOfEmployees"]) == ("2", 7)


def test_a_converted_lead_names_what_came_out(sf: Client):
    lead = sf.create("Lead", LastName="Hopper", Company="Navy & Co")
    wish = f"<leadId>{lead}</leadId><convertedStatus>Closed - Converted</convertedStatus>"

    (answered,) = results(sf, f"<convertLead><leadConverts>{wish}</leadConverts></convertLead>")

    made = dict(answered)
    assert (made["leadId"], made["success"]) == (lead, "true")
    assert sf.get(f"/sobjects/Account/{made['accountId']}").body["Name"] == "Navy & Co"
    assert sf.get(f"/sobjects/Opportunity/{made['opportunityId']}").body["ContactId"] == made["contactId"]


def test_a_lead_is_converted_into_records_as_they_are_said_to_be(sf: Client):
    lead = sf.create("Lead", LastName="Hopper", Company="Navy")
    said = (
        "<accountRecord><type>Account</type><Name>Fleet</Name><NumberOfEmployees>7</NumberOfEmployees></accountRecord>"
    )
    wish = f"<leadId>{lead}</leadId><convertedStatus>Closed - Converted</convertedStatus>{said}"

    (answered,) = results(sf, f"<convertLead><leadConverts>{wish}</leadConverts></convertLead>")

    account = sf.get(f"/sobjects/Account/{dict(answered)['accountId']}").body
    assert (account["Name"], account["NumberOfEmployees"]) == ("Fleet", 7)


def test_a_bad_status_is_refused_in_the_orgs_words(sf: Client):
    lead = sf.create("Lead", LastName="Hopper", Company="Navy")
    wish = f"<leadId>{lead}</leadId><convertedStatus>Nope</convertedStatus>"

    (answered,) = results(sf, f"<convertLead><leadConverts>{wish}</leadConverts></convertLead>")

    assert answered[0] == ("errors", "invalid convertedStatusINVALID_STATUS")


@pytest.mark.parametrize("token", ["nonsense", "00Dxx!expired"])
def test_a_session_that_ended_is_a_fault_that_clients_know(sf: Client, token: str):
    status, xml = call(sf, "<undelete><ids>1</ids></undelete>", token)

    assert status == 500
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in xml


@pytest.mark.parametrize(
    "body",
    [
        "<describeTabs/>",
        "<merge><request/></merge>",
        "<merge><request><masterRecord><Id><a>1</a></Id></masterRecord></request></merge>",
        "<undelete><ids>x</ids><ids/></undelete>",
        "",
        "<convertLead/>",
    ],
)
def test_whatever_is_sent_is_answered_and_changes_nothing(sf: Client, org: Org, body: str):
    sf.create("Account", Name="Acme")
    before = contents(org)

    status, _ = call(sf, body)

    assert status in {200, 500}
    assert contents(org) == before


def test_too_many_leads_are_a_fault(sf: Client):
    status, xml = call(sf, f"<convertLead>{'<leadConverts/>' * 101}</convertLead>")

    assert (status, "EXCEEDED_LEAD_CONVERT_LIMIT" in xml) == (500, True)


def test_a_held_row_makes_a_call_wait_and_leaves_no_trace(sf: Client, org: Org):
    other = sf.create("Account", Name="Three")
    sf.park("PATCH", f"/sobjects/Account/{other}", {"Name": "x"}, Terms(service_s=2))
    body = (
        f"<merge><request><masterRecord><type>Account</type><Id>{sf.create('Account', Name='Four')}</Id></masterRecord>"
        f"<recordToMergeIds>{other}</recordToMergeIds></request></merge>"
    )
    before = contents(org)

    parked = org.handle(
        sf.request("POST", "/services/Soap/u/64.0", ENVELOPE.format(token=sf.token, body=body).encode())
    )

    assert isinstance(parked, Parked)
    assert contents(org) == before
