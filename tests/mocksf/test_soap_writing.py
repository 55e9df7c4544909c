"""Records written by the partner SOAP API: texts become values, headers decide what goes together."""

import pytest

import mocksf
from mocksf.org import Org
from mocksf.schema import changed_schema
from tests.client import Client
from tests.mocksf.test_soap_partner import PARTNER, fault, flat, record, told

ALERT = {
    "objects": {
        "Lead": {
            "duplicateRules": {"Mail": {"actionOnInsert": "Allow", "alertText": "Twice?", "matchFields": ["Email"]}}
        }
    }
}
ALL_OR_NONE = "<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>"


class TestWriting:
    def test_texts_become_values_of_the_fields(self, sf: Client):
        (made,) = told(
            sf, f"<create>{record('Account', Name='A & B', NumberOfEmployees='7', AnnualRevenue='15')}</create>"
        )

        row = sf.get(f"/sobjects/Account/{flat(made)['id']}").body
        assert flat(made)["success"] == "true"
        assert (row["Name"], row["NumberOfEmployees"], row["AnnualRevenue"]) == ("A & B", 7, 15)

    def test_an_update_sets_and_empties(self, sf: Client):
        account = sf.create("Account", Name="A", Phone="1")
        told(sf, f"<update>{record('Account', Id=account, Name='B', fieldsToNull='Phone')}</update>")

        row = sf.get(f"/sobjects/Account/{account}").body
        assert (row["Name"], row["Phone"]) == ("B", None)

    def test_an_upsert_says_whether_it_created(self, sf: Client):
        wish = f"<upsert><externalIDFieldName>Id</externalIDFieldName>{record('Account', Name='A')}</upsert>"
        (first,) = told(sf, wish)
        again = wish.replace("<Name>", f"<Id>{flat(first)['id']}</Id><Name>")

        assert flat(first)["created"] == "true"
        assert flat(told(sf, again)[0]) == {"created": "false", "id": flat(first)["id"], "success": "true"}

    def test_a_parent_may_be_named_by_its_key(self):
        sf = Client(Org(mocksf.load_schema(["sample"])))
        account = sf.create("Account", Name="A", Caller_Key__c="+1")
        parent = "<Account><type>Account</type><Caller_Key__c>+1</Caller_Key__c></Account>"
        wish = record("Contact", LastName="C").replace("</sObjects>", f"{parent}</sObjects>")
        (made,) = told(sf, f"<create>{wish}</create>")

        assert sf.get(f"/sobjects/Contact/{flat(made)['id']}").body["AccountId"] == account

    def test_a_delete_goes_to_the_bin(self, sf: Client):
        account = sf.create("Account", Name="A")

        assert flat(told(sf, f"<delete><ids>{account}</ids></delete>")[0])["success"] == "true"
        assert sf.get(f"/sobjects/Account/{account}").status == 404

    def test_each_record_fails_alone(self, sf: Client):
        bad, good = told(sf, f"<create>{record('Account')}{record('Account', Name='B')}</create>")

        assert flat(good)["success"] == "true"
        assert flat(bad)["id"] == ""
        assert flat(bad.find(f"{PARTNER}errors")) == {  # type: ignore[arg-type]
            "fields": "Name",
            "message": "Required fields are missing: [Name]",
            "statusCode": "REQUIRED_FIELD_MISSING",
        }

    def test_all_or_none_takes_all_back(self, sf: Client):
        results = told(sf, f"<create>{record('Account')}{record('Account', Name='B')}</create>", ALL_OR_NONE)

        codes = [each.findtext(f".//{PARTNER}statusCode") for each in results]
        assert codes == ["REQUIRED_FIELD_MISSING", "ALL_OR_NONE_OPERATION_ROLLED_BACK"]
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0

    def test_duplicates_are_saved_where_the_header_says_so(self):
        sf = Client(Org(mocksf.load_schema([])))
        sf.org.change_schema(changed_schema(sf.org.schema, ALERT))
        wish = f"<create>{record('Lead', LastName='Ada', Company='A', Email='a@mock.example')}</create>"
        header = "<DuplicateRuleHeader><allowSave>true</allowSave></DuplicateRuleHeader>"
        told(sf, wish)

        (refused,), (saved,) = told(sf, wish), told(sf, wish, header)
        assert refused.findtext(f".//{PARTNER}statusCode") == "DUPLICATES_DETECTED"
        assert flat(saved)["success"] == "true"

    def test_assignment_rules_run_only_where_the_header_says_so(self):
        sf = Client(Org(mocksf.load_schema(["sample"])))
        wish = f"<create>{record('Lead', LastName='Ada', Company='A', LeadSource='Web')}</create>"
        header = "<AssignmentRuleHeader><useDefaultRule>true</useDefaultRule></AssignmentRuleHeader>"
        ids = [flat(told(sf, wish, each)[0])["id"] for each in ("", header)]
        by_rest = sf.create("Lead", LastName="Ada", Company="A", LeadSource="Web")

        own, ruled, usual = (sf.get(f"/sobjects/Lead/{each}").body["OwnerId"] for each in (*ids, by_rest))
        assert own == sf.org.admin_id
        assert ruled == usual != own

    def test_more_than_two_hundred_are_refused_whole(self, sf: Client):
        assert "EXCEEDED_ID_LIMIT" in fault(sf, f"<create>{record('Account', Name='A') * 201}</create>")

    @pytest.mark.parametrize(
        ("wish", "code"),
        [
            (record("Nothing", Name="x"), "INVALID_TYPE"),
            (record("Account", Naem="x"), "INVALID_FIELD"),
            (record("Account", Name="x", NumberOfEmployees="many"), "INVALID_TYPE_ON_FIELD_IN_RECORD"),
            ("<sObjects/>", "INVALID_TYPE"),
        ],
    )
    def test_what_does_not_fit_is_an_error_of_its_record(self, sf: Client, wish: str, code: str):
        (result,) = told(sf, f"<create>{wish}</create>")

        assert result.findtext(f".//{PARTNER}statusCode") == code
