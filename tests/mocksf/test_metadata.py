"""The Metadata API: components described, listed, read, and changed while the org runs."""

import re
from xml.etree import ElementTree

import pytest

import mocksf
from mocksf.org import Org
from tests.client import Client
from tests.mocksf.test_soap import ENVELOPE

META = "{http://soap.sforce.com/2006/04/metadata}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
FIELD = "<label>Key</label><length>20</length><type>Text</type>"
VISIT = (
    "<fullName>Visit__c</fullName><label>Visit</label><pluralLabel>Visits</pluralLabel>"
    "<nameField><label>Visit Name</label><type>Text</type></nameField>"
    "<deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel>"
)


def ask(sf: Client, body: str, version: str = "60.0", place: str = "") -> tuple[int, str]:
    content = ENVELOPE.format(token=sf.token, body=body).replace(
        "urn:partner.soap.sforce.com", "http://soap.sforce.com/2006/04/metadata"
    )
    answer = sf.send("POST", f"/services/Soap/m/{version}{place}", content.encode(), {"authorization": ""})
    return answer.status, answer.raw.decode()


def told(sf: Client, body: str) -> list[ElementTree.Element]:
    """The results of a call that was answered."""
    status, xml = ask(sf, body)
    assert status == 200, xml
    return ElementTree.fromstring(xml).findall(f".//{META}result")


def fault(sf: Client, body: str, version: str = "60.0") -> str:
    status, xml = ask(sf, body, version)
    assert status == 500, xml
    assert "<faultcode>sf:" in xml
    return re.search("<faultstring>(.*)</faultstring>", xml)[1]  # type: ignore[index]


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [each.text or "" for each in element.iter(f"{META}{name}")]


def metadata(kind: str, inner: str) -> str:
    return f'<metadata xsi:type="m:{kind}">{inner}</metadata>'


def made(sf: Client, kind: str, inner: str, call: str = "create") -> tuple[bool, str]:
    """Whether a component was saved, and what was against it."""
    (result,) = told(sf, f"<{call}Metadata>{metadata(kind, inner)}</{call}Metadata>")
    return texts(result, "success") == ["true"], "; ".join([*texts(result, "statusCode"), *texts(result, "message")])


def deleted(sf: Client, kind: str, name: str) -> tuple[bool, str]:
    (result,) = told(sf, f"<deleteMetadata><type>{kind}</type><fullNames>{name}</fullNames></deleteMetadata>")
    return texts(result, "success") == ["true"], "; ".join(texts(result, "message"))


@pytest.fixture
def sample() -> Client:
    return Client(Org(mocksf.load_schema(["sample"])))


class TestReading:
    def test_kinds_are_described(self, sf: Client):
        (result,) = told(sf, "<describeMetadata><asOfVersion>60.0</asOfVersion></describeMetadata>")

        kinds = {each.findtext(f"{META}xmlName"): each for each in result.findall(f"{META}metadataObjects")}
        assert kinds["CustomObject"].findtext(f"{META}directoryName") == "objects"
        assert "CustomField" in texts(kinds["CustomObject"], "childXmlNames")
        assert {"PermissionSet", "GlobalValueSet", "Layout"} < set(kinds)

    def test_components_are_listed_by_type(self, sample: Client):
        found = told(sample, "<listMetadata><queries><type>CustomField</type></queries></listMetadata>")

        names = [texts(each, "fullName")[0] for each in found]
        assert "Account.Caller_Key__c" in names
        assert texts(found[names.index("Account.Caller_Key__c")], "fileName") == ["objects/Account.object"]
        assert all(texts(each, "id")[0].startswith("00N") for each in found)

    def test_an_object_is_read_with_its_fields(self, sample: Client):
        names = "<fullNames>Account</fullNames><fullNames>No__c</fullNames>"
        (result,) = told(sample, f"<readMetadata><type>CustomObject</type>{names}</readMetadata>")

        account, nothing = result.findall(f"{META}records")
        assert account.get(f"{XSI}type") == "CustomObject"
        assert account.findtext(f"{META}fullName") == "Account"
        fields = [each.findtext(f"{META}fullName") for each in account.findall(f"{META}fields")]
        assert fields == ["Caller_Key__c", "Region__c"]
        assert nothing.get(f"{XSI}nil") == "true"

    def test_a_field_is_read_by_its_full_name(self, sample: Client):
        name = "Account.Caller_Key__c"
        (result,) = told(sample, f"<readMetadata><type>CustomField</type><fullNames>{name}</fullNames></readMetadata>")

        (record,) = result.findall(f"{META}records")
        tags = [each.tag.removeprefix(META) for each in record]
        assert tags == ["fullName", *sorted(tags[1:])]
        assert (record.findtext(f"{META}fullName"), record.findtext(f"{META}type")) == (name, "Text")


class TestChanging:
    def test_a_new_field_is_really_there(self, sf: Client):
        account = sf.create("Account", Name="Before")
        assert made(sf, "CustomField", f"<fullName>Account.Key__c</fullName>{FIELD}") == (True, "")

        sf.patch(f"/sobjects/Account/{account}", {"Key__c": "k"})
        found = sf.soql("SELECT Name, Key__c FROM Account WHERE Key__c = 'k'").body["records"]
        assert [(each["Name"], each["Key__c"]) for each in found] == [("Before", "k")]
        assert "Key__c" in [each["name"] for each in sf.get("/sobjects/Account/describe").body["fields"]]
        tooling = sf.get("/tooling/query?q=SELECT+DeveloperName+FROM+CustomField").body["records"]
        assert "Key" in [each["DeveloperName"] for each in tooling]

    def test_a_new_object_with_its_fields_takes_records(self, sf: Client):
        lookup = (
            "<fields><fullName>Account__c</fullName><label>Account</label><type>Lookup</type>"
            "<referenceTo>Account</referenceTo><relationshipName>Visits</relationshipName></fields>"
        )
        assert made(sf, "CustomObject", VISIT + lookup) == (True, "")

        account = sf.create("Account", Name="A")
        sf.create("Visit__c", Name="V", Account__c=account)
        found = sf.soql("SELECT Name, (SELECT Name FROM Visits__r) FROM Account").body["records"]
        assert found[0]["Visits__r"]["records"][0]["Name"] == "V"

    def test_what_goes_takes_its_values_along(self, sf: Client):
        made(sf, "CustomField", f"<fullName>Account.Key__c</fullName>{FIELD}")
        sf.create("Account", Name="A", Key__c="k")

        assert deleted(sf, "CustomField", "Account.Key__c") == (True, "")
        assert sf.soql("SELECT Key__c FROM Account").code == "INVALID_FIELD"
        assert sf.soql("SELECT Name FROM Account").body["totalSize"] == 1
        assert deleted(sf, "CustomField", "Account.Key__c") == (False, "no CustomField named Account.Key__c found")

    def test_a_rule_bites_from_the_next_request_on(self, sf: Client):
        rule = (
            "<fullName>Account.Phone_Needed</fullName><active>true</active>"
            "<errorConditionFormula>ISBLANK(Phone)</errorConditionFormula><errorMessage>Say a phone</errorMessage>"
        )
        assert made(sf, "ValidationRule", rule) == (True, "")

        assert sf.post("/sobjects/Account", {"Name": "A"}).code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
        assert made(sf, "ValidationRule", rule.replace("<active>true", "<active>false"), "update") == (True, "")
        assert sf.post("/sobjects/Account", {"Name": "A"}).status == 201

    def test_a_value_set_changes_its_fields(self, sf: Client):
        value = "<customValue><fullName>{0}</fullName><default>false</default><label>{0}</label></customValue>"
        colours = "<fullName>Colours</fullName><masterLabel>Colours</masterLabel><sorted>false</sorted>"
        made(sf, "GlobalValueSet", colours + value.format("Red"))
        field = "<valueSet><restricted>true</restricted><valueSetName>Colours</valueSetName></valueSet>"
        assert made(
            sf, "CustomField", f"<fullName>Account.C__c</fullName><label>C</label><type>Picklist</type>{field}"
        )[0]
        assert (
            sf.post("/sobjects/Account", {"Name": "A", "C__c": "Blue"}).code
            == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        )

        made(sf, "GlobalValueSet", colours + value.format("Red") + value.format("Blue"), "upsert")
        assert sf.post("/sobjects/Account", {"Name": "A", "C__c": "Blue"}).status == 201

    def test_an_upsert_says_whether_it_created(self, sf: Client):
        field = metadata("CustomField", f"<fullName>Account.Key__c</fullName>{FIELD}")
        results = [told(sf, f"<upsertMetadata>{field}</upsertMetadata>")[0] for _ in range(2)]

        assert [texts(each, "created") for each in results] == [["true"], ["false"]]

    @pytest.mark.parametrize(
        ("kind", "inner", "problem"),
        [
            (
                "CustomField",
                f"<fullName>Account.Key__c</fullName>{FIELD.replace('Text', 'Txt')}",
                "no such value 'Txt'",
            ),
            ("CustomField", f"<fullName>Accoun.Key__c</fullName>{FIELD}", "no such object 'Accoun'"),
            ("CustomField", f"<fullName>Nope__c.Key__c</fullName>{FIELD}", "no such object 'Nope__c'"),
            ("CustomField", f"<fullName>Account.Key</fullName>{FIELD}", "this org has no standard field"),
            ("CustomField", f"<fullName>Key__c</fullName>{FIELD}", "needs a fullName: Object.Name"),
            ("CustomObject", "<label>x</label>", "needs a fullName"),
            ("CustomObject", "<fullName>Nothing</fullName>", "this org has no such standard object"),
            ("ApexClass", "<fullName>X</fullName>", "INVALID_TYPE"),
            (
                "CustomField",
                "<fullName>Account.F__c</fullName><label>F</label><type>Text</type><formula>Nope__c</formula>",
                "has no field 'Nope__c'",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_and_changes_nothing(self, sf: Client, kind: str, inner: str, problem: str):
        before = sf.org.schema

        saved, said = made(sf, kind, inner)
        assert not saved
        assert problem in said
        assert sf.org.schema is before

    def test_what_is_there_is_not_created_again(self, sf: Client):
        field = f"<fullName>Account.Key__c</fullName>{FIELD}"
        assert made(sf, "CustomField", field, "update")[1].startswith("INVALID_CROSS_REFERENCE_KEY")
        made(sf, "CustomField", field)
        assert made(sf, "CustomField", field)[1].startswith("DUPLICATE_DEVELOPER_NAME")

    def test_a_profile_keeps_what_it_is_not_told(self, sf: Client):
        told_ = "<fullName>Admin</fullName><custom>false</custom><fieldPermissions><editable>false</editable>"
        for field in ("Phone", "Website"):
            wish = f"{told_}<field>Account.{field}</field><readable>true</readable></fieldPermissions>"
            assert made(sf, "Profile", wish, "upsert") == (True, "")

        described = sf.get("/sobjects/Account/describe").body["fields"]
        closed = [
            each["name"] for each in described if each["name"] in {"Phone", "Website", "Fax"} and not each["updateable"]
        ]
        assert sorted(closed) == ["Phone", "Website"]

    def test_names_are_not_changed(self, sf: Client):
        asked = "<type>CustomObject</type><oldFullName>A__c</oldFullName><newFullName>B__c</newFullName>"
        assert "not renamed here" in texts(told(sf, f"<renameMetadata>{asked}</renameMetadata>")[0], "message")[0]

    def test_a_reset_takes_it_back(self, sf: Client):
        made(sf, "CustomField", f"<fullName>Account.Key__c</fullName>{FIELD}")
        sf.org.reset()

        assert Client(sf.org).soql("SELECT Key__c FROM Account").code == "INVALID_FIELD"


class TestRefusals:
    def test_ten_components_are_the_most(self, sf: Client):
        field = metadata("CustomField", f"<fullName>Account.Key__c</fullName>{FIELD}")

        assert "EXCEEDED_ID_LIMIT" in fault(sf, f"<createMetadata>{field * 11}</createMetadata>")
        assert sf.org.schema["Account"].get("Key__c") is None

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("<listMetadata><queries><type>Magic</type></queries></listMetadata>", "INVALID_TYPE: Unknown type: Magic"),
            ("<readMetadata><type>Magic</type></readMetadata>", "Unknown type"),
            (
                "<checkDeployStatus><asyncProcessId>0Af1</asyncProcessId></checkDeployStatus>",
                "invalid cross reference id",
            ),
            ("<checkRetrieveStatus/>", "invalid cross reference id"),
            ("<checkStatus/>", "invalid cross reference id"),
            ("<deploy><ZipFile>é</ZipFile></deploy>", "base64"),
            ("<fly/>", "fly is not one of the calls"),
            ("", "no SOAP body"),
        ],
    )
    def test_each_has_its_words(self, sf: Client, body: str, words: str):
        assert words in fault(sf, body)

    def test_whoever_may_not_customize_may_not_look(self, sf: Client):
        profile = sf.soql("SELECT Id FROM Profile WHERE Name = 'Standard User'").body["records"][0]["Id"]
        sf.create(
            "User", Username="g@mock.example", LastName="H", Email="g@mock.example", Alias="g", ProfileId=profile,
            TimeZoneSidKey="GMT", LocaleSidKey="en_US", EmailEncodingKey="UTF-8", LanguageLocaleKey="en_US",
            IsActive=True,
        )  # fmt: skip

        assert "INSUFFICIENT_ACCESS" in fault(Client(sf.org, sf.org.login("g@mock.example")), "<describeMetadata/>")

    def test_a_session_that_ended_is_told_apart(self, sf: Client):
        status, xml = ask(Client(sf.org, "00Dx!y"), "<describeMetadata/>")

        assert (status, "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in xml) == (500, True)
