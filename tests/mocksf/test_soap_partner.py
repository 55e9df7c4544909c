"""The partner SOAP API beside the REST API: the same records, in the words of a WSDL."""

import re
from datetime import timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.settings import OrgSettings
from tests.client import Client
from tests.mocksf.test_soap import ENVELOPE

PARTNER = "{urn:partner.soap.sforce.com}"
RECORD = "{urn:sobject.partner.soap.sforce.com}"
APEX = "http://soap.sforce.com/2006/08/apex"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def ask(sf: Client, body: str, header: str = "", version: str = "64.0", token: str = "") -> tuple[int, str]:
    """Status and text of a call."""
    content = ENVELOPE.format(token=token or sf.token, body=body).replace(
        "</SessionHeader>", f"</SessionHeader>{header}"
    )
    answer = sf.send("POST", f"/services/Soap/u/{version}", content.encode(), {"authorization": ""})
    return answer.status, answer.raw.decode()


def told(sf: Client, body: str, header: str = "") -> list[ElementTree.Element]:
    """The results of a call that was answered."""
    status, xml = ask(sf, body, header)
    assert status == 200, xml
    return ElementTree.fromstring(xml).findall(f".//{PARTNER}result")


def fault(sf: Client, body: str, **more: str) -> str:
    status, xml = ask(sf, body, **more)
    assert status == 500, xml
    return re.search("<faultstring>(.*)</faultstring>", xml)[1]  # type: ignore[index]


def flat(element: ElementTree.Element) -> dict[str, str]:
    return {each.tag.partition("}")[2]: each.text or "" for each in element}


def record(kind: str, **fields: str) -> str:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f"<sObjects><type>{kind}</type>{inner}</sObjects>"


class TestReading:
    def test_a_query_gives_records_with_parents_and_children(self, sf: Client):
        account = sf.create("Account", Name="A")
        sf.create("Contact", LastName="C", AccountId=account)
        fields = "Name, CreatedDate, Phone, Owner.Username, (SELECT LastName FROM Contacts)"
        (page,) = told(sf, f"<query><queryString>SELECT Id, {fields} FROM Account</queryString></query>")

        assert (page.findtext(f"{PARTNER}done"), page.findtext(f"{PARTNER}size")) == ("true", "1")
        (found,) = page.findall(f"{PARTNER}records")
        assert [each.text for each in found.findall(f"{RECORD}Id")] == [account, account]
        assert found.findtext(f"{RECORD}type") == "Account"
        assert found.findtext(f"{RECORD}CreatedDate") == "2026-01-05T09:00:00.000Z"
        assert found.find(f"{RECORD}Phone").get(f"{XSI}nil") == "true"  # type: ignore[union-attr]
        assert found.findtext(f"{RECORD}Owner/{RECORD}Username") == "admin@mock.example"
        assert found.findtext(f"{RECORD}Contacts/{PARTNER}records/{RECORD}LastName") == "C"

    def test_pages_are_asked_for_by_locator(self, sf: Client):
        for at in range(2):
            sf.post("/composite/sobjects", {"records": [_account(at * 200 + each) for each in range(200)]})
        size = "<QueryOptions><batchSize>200</batchSize></QueryOptions>"
        (first,) = told(sf, "<query><queryString>SELECT Name FROM Account</queryString></query>", size)
        locator = first.findtext(f"{PARTNER}queryLocator")
        (second,) = told(sf, f"<queryMore><queryLocator>{locator}</queryLocator></queryMore>")

        names = {
            each.findtext(f"{RECORD}Name") for page in (first, second) for each in page.findall(f"{PARTNER}records")
        }
        assert (first.findtext(f"{PARTNER}done"), second.findtext(f"{PARTNER}done")) == ("false", "true")
        assert len(names) == 400

    def test_deleted_records_are_found_by_query_all(self, sf: Client):
        sf.delete(f"/sobjects/Account/{sf.create('Account', Name='A')}")
        sizes = [
            told(sf, f"<{name}><queryString>SELECT Id FROM Account</queryString></{name}>")[0].findtext(
                f"{PARTNER}size"
            )
            for name in ("query", "queryAll")
        ]

        assert sizes == ["0", "1"]

    def test_a_search_wraps_each_record(self, sf: Client):
        account = sf.create("Account", Name="Needle")
        sosl = "FIND {Needle} IN ALL FIELDS RETURNING Account(Id, Name)"
        (result,) = told(sf, f"<search><searchString>{sosl}</searchString></search>")

        found = result.find(f"{PARTNER}searchRecords/{PARTNER}record")
        assert found is not None
        assert (found.findtext(f"{RECORD}Id"), found.findtext(f"{RECORD}Name")) == (account, "Needle")

    def test_records_are_retrieved_in_the_order_of_their_ids(self, sf: Client):
        ids = [sf.create("Account", Name=name) for name in "AB"]
        asked = "".join(f"<ids>{each}</ids>" for each in (ids[1], "001000000000000AAA", ids[0]))
        found = told(sf, f"<retrieve><fieldList>Name</fieldList><sObjectType>Account</sObjectType>{asked}</retrieve>")

        assert [each.findtext(f"{RECORD}Name") for each in found] == ["B", None, "A"]

    def test_changes_of_a_span(self, sf: Client, clock: VirtualClock):
        kept, gone = (sf.create("Account", Name=name) for name in "AB")
        sf.delete(f"/sobjects/Account/{gone}")
        clock.advance(seconds=300)
        end = (clock.now() + timedelta(minutes=1)).isoformat()
        span = f"<sObjectType>Account</sObjectType><startDate>2026-01-05T08:00:00Z</startDate><endDate>{end}</endDate>"

        assert told(sf, f"<getUpdated>{span}</getUpdated>")[0].findtext(f"{PARTNER}ids") == kept
        deleted = told(sf, f"<getDeleted>{span}</getDeleted>")[0].find(f"{PARTNER}deletedRecords")
        assert flat(deleted) == {"deletedDate": "2026-01-05T09:00:00.000Z", "id": gone}  # type: ignore[arg-type]


def _account(number: int) -> dict[str, object]:
    return {"attributes": {"type": "Account"}, "Name": f"A{number}"}


class TestDescribes:
    def test_all_objects_and_one(self, sf: Client):
        (everything,) = told(sf, "<describeGlobal/>")
        names = [each.findtext(f"{PARTNER}name") for each in everything.findall(f"{PARTNER}sobjects")]
        account, contact = told(
            sf,
            "<describeSObjects><sObjectType>Account</sObjectType><sObjectType>contact</sObjectType></describeSObjects>",
        )

        assert names == [each["name"] for each in sf.get("/sobjects").body["sobjects"]]
        fields = {each.findtext(f"{PARTNER}name"): each for each in account.findall(f"{PARTNER}fields")}
        assert list(fields) == [each["name"] for each in sf.get("/sobjects/Account/describe").body["fields"]]
        assert fields["OwnerId"].findtext(f"{PARTNER}referenceTo") == "User"
        assert contact.findtext(f"{PARTNER}keyPrefix") == "003"
        assert account.findtext(f"{PARTNER}urlDetail") == "https://mock.example/{ID}"

    def test_who_and_when(self, sf: Client, org: Org):
        assert told(sf, "<getUserInfo/>")[0].findtext(f"{PARTNER}userId") == org.admin_id
        assert told(sf, "<getServerTimestamp/>")[0].findtext(f"{PARTNER}timestamp") == "2026-01-05T09:00:00.000Z"


class TestSessions:
    def test_logout_ends_the_session(self, sf: Client):
        assert ask(sf, "<logout/>")[0] == 200
        assert "INVALID_SESSION_ID" in fault(sf, "<getUserInfo/>")

    def test_calls_are_counted_and_reported(self, sf: Client):
        used = [int(re.search("<current>(\\d+)<", ask(sf, "<getUserInfo/>")[1])[1]) for _ in range(2)]  # type: ignore[index]

        assert used[1] == used[0] + 1

    def test_a_signed_token_opens_nothing(self, clock: VirtualClock):
        org = Org(clock=clock, settings=OrgSettings(token_format="jwt"))
        form = {"client_id": "mocksf", "client_secret": "mocksf-secret", "grant_type": "password"}
        token = Client(org).token_for(username="admin@mock.example", password="mock", **form).body["access_token"]

        assert "INVALID_SESSION_ID" in fault(Client(org), "<getUserInfo/>", token=token)

    @pytest.mark.parametrize("version", ["20.0", "v29.0", "58", "67.0"])
    def test_old_and_new_versions_are_answered(self, sf: Client, version: str):
        assert ask(sf, "<getUserInfo/>", version=version)[0] == 200

    @pytest.mark.parametrize("version", ["99.0", "x", "5.0", "64.5", "٦٤.0"])
    def test_versions_that_never_were_are_not(self, sf: Client, version: str):
        assert "UNSUPPORTED_API_VERSION" in fault(sf, "<getUserInfo/>", version=version)

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("<query><queryString>SELECT x FROM Account</queryString></query>", "InvalidFieldFault"),
            ("<query><queryString>SELECT</queryString></query>", "MalformedQueryFault"),
            ("<query/>", "MalformedQueryFault"),
            ("<describeSObject><sObjectType>X</sObjectType></describeSObject>", "InvalidSObjectFault"),
            ("<queryMore><queryLocator>x</queryLocator></queryMore>", "InvalidQueryLocatorFault"),
            ("<search><searchString>x</searchString></search>", "MalformedSearchFault"),
            ("<describeTabs/>", "UnexpectedErrorFault"),
        ],
    )
    def test_a_refusal_comes_in_the_fault_of_its_code(self, sf: Client, body: str, kind: str):
        assert f'<sf:{kind} xsi:type="sf:{kind}">' in ask(sf, body)[1]

    def test_a_bomb_does_not_go_off(self, sf: Client):
        bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        content = bomb + ENVELOPE.format(token=sf.token, body="<getUserInfo>&b;</getUserInfo>")
        answer = sf.send("POST", "/services/Soap/u/64.0", content.encode(), {"authorization": ""})

        assert (answer.status, "document type declarations" in answer.raw.decode()) == (500, True)

    def test_depth_is_bounded(self, sf: Client):
        assert "levels deep" in fault(sf, "<a>" * 5000 + "</a>" * 5000)


def test_anonymous_apex_does_not_compile_and_says_why(sf: Client, org: Org):
    body = "<executeAnonymous><String>System.debug(1);</String></executeAnonymous>"
    content = ENVELOPE.format(token=sf.token, body=body).replace("urn:partner.soap.sforce.com", APEX)
    answer = sf.send("POST", f"/services/Soap/s/64.0/{org.org_id}", content.encode(), {"authorization": ""})

    told_ = ElementTree.fromstring(answer.raw)
    assert told_.findtext(f".//{{{APEX}}}compiled") == "false"
    assert "runs no Apex" in str(told_.findtext(f".//{{{APEX}}}compileProblem"))
