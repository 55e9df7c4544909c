"""XML in and out: rows, queries, trees and refusals for those who ask for them."""

from typing import Any
from xml.etree import ElementTree

import pytest

from mocksf.org import Org
from tests.client import Client, contents

XML = {"accept": "application/xml"}
SENT = {"content-type": "application/xml; charset=UTF-8", **XML}
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def root(answer: Any) -> ElementTree.Element:
    assert answer.headers["Content-Type"] == "application/xml;charset=UTF-8"
    assert answer.raw.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(answer.raw)


class TestAnswers:
    def test_a_row_is_an_element_by_the_name_of_its_object(self, sf: Client):
        account = sf.create("Account", Name="A & <B>")

        row = root(sf.get(f"/sobjects/account/{account}?fields=Name,Phone,CreatedDate", **XML))

        assert (row.tag, row.attrib) == (
            "Account",
            {"type": "Account", "url": f"/services/data/v66.0/sobjects/Account/{account}"},
        )
        assert [(each.tag, each.text) for each in row] == [
            ("Name", "A & <B>"), ("Phone", None), ("CreatedDate", "2026-01-05T09:00:00.000Z"), ("Id", account),
        ]  # fmt: skip
        assert row[1].get(NIL) == "true"

    def test_a_query_is_a_result_with_records(self, sf: Client):
        for name in ("A", "B"):
            sf.create("Account", Name=name)

        result = root(sf.soql("SELECT Name FROM Account ORDER BY Name", **XML))

        assert (result.tag, result.findtext("totalSize"), result.findtext("done")) == ("QueryResult", "2", "true")
        assert [each.findtext("Name") for each in result.findall("records")] == ["A", "B"]

    @pytest.mark.parametrize(
        ("path", "tag"),
        [("/services/data", "Versions"), ("/services/data/v66.0", "urls"), ("/limits", "LimitsSnapshot"),
         ("/sobjects", "DescribeGlobal"), ("/sobjects/Account/describe", "Account"), ("/recent", "Results")],
    )  # fmt: skip
    def test_documents_have_their_roots(self, sf: Client, path: str, tag: str):
        assert root(sf.get(path, **XML)).tag == tag

    def test_a_refusal_is_a_list_of_errors(self, sf: Client):
        answer = sf.get("/sobjects/Nonsense", **XML)

        assert answer.status == 404
        assert answer.raw.decode().endswith(
            "<Errors><Error><errorCode>NOT_FOUND</errorCode>"
            "<message>The requested resource does not exist</message></Error></Errors>"
        )

    def test_so_is_one_of_a_session(self, org: Org):
        assert root(Client(org, "nonsense").get("/limits", **XML)).findtext("Error/errorCode") == "INVALID_SESSION_ID"

    @pytest.mark.parametrize(
        ("accept", "kind"),
        [("application/xml", "xml"), ("text/xml", "xml"), ("application/json", "json"), ("*/*", "json"), ("", "json"),
         ("nonsense", "json"), ("application/xml;q=0.5, application/json", "json"),
         ("application/xml, application/json;q=0.5", "xml"), ("application/xml;q=nonsense", "xml"),
         ("application/json, application/xml", "json")],
    )  # fmt: skip
    def test_what_is_preferred_is_answered(self, sf: Client, accept: str, kind: str):
        assert kind in sf.get("/limits", accept=accept).headers["Content-Type"]

    def test_composites_answer_in_json(self, sf: Client):
        answer = sf.send("POST", "/composite", {"compositeRequest": []}, XML)

        assert answer.body == {"compositeResponse": []}

    def test_what_is_no_json_stays_as_it_is(self, sf: Client):
        attachment = sf.create("Attachment", Name="x", ParentId=sf.create("Account", Name="x"), Body="eA==")

        assert sf.get(f"/sobjects/Attachment/{attachment}/Body", **XML).raw == b"x"

    def test_what_no_xml_may_hold_is_left_out(self, sf: Client):
        account = sf.create("Account", Name="a\x01b")

        assert root(sf.get(f"/sobjects/Account/{account}?fields=Name", **XML)).findtext("Name") == "ab"


class TestSuffixes:
    @pytest.mark.parametrize("version", ["31.0", "57.0"])
    def test_an_address_may_say_what_is_answered(self, org: Org, version: str):
        sf = Client(org, version=version)
        account = sf.create("Account", Name="x")

        for _ in range(2):
            row = sf.get(f"/sobjects/Account/{account}.xml?fields=Name", accept="application/json")
            assert root(row).findtext("Name") == "x"
            assert sf.get(f"/sobjects/Account/{account}.json?fields=Name", **XML).body["Name"] == "x"
            assert sf.get("/limits.json").status == 200
            assert root(sf.get("/sobjects/Account/describe.xml")).tag == "Account"

    def test_since_v58_it_may_not(self, org: Org):
        sf = Client(org, version="58.0")
        account = sf.create("Account", Name="x")

        assert [sf.get(path).status for path in (f"/sobjects/Account/{account}.xml", "/limits.json")] == [404, 404]


class TestBodies:
    def test_a_record_is_created_changed_and_upserted(self, sf: Client):
        body = b"<Account><Name>A &amp; B</Name><NumberOfEmployees>3</NumberOfEmployees></Account>"

        created = root(sf.post("/sobjects/Account", body, **SENT))
        account = created.findtext("id")
        changed = sf.patch(f"/sobjects/Account/{account}", b"<Account><Name>C</Name></Account>", **SENT)
        upserted = sf.patch("/sobjects/Account/Caller_Key__c/1", b"<Account><Name>D</Name></Account>", **SENT)

        assert (created.tag, created.findtext("success"), changed.status) == ("Result", "true", 204)
        assert root(upserted).findtext("created") == "true"
        row = sf.get(f"/sobjects/Account/{account}").body
        assert (row["Name"], row["NumberOfEmployees"]) == ("C", 3)

    def test_nil_is_null(self, sf: Client):
        account = sf.create("Account", Name="x", Phone="1")
        body = b'<Account xmlns:x="http://www.w3.org/2001/XMLSchema-instance"><Phone x:nil="true"/></Account>'

        assert sf.patch(f"/sobjects/Account/{account}", body, **SENT).status == 204
        assert sf.get(f"/sobjects/Account/{account}").body["Phone"] is None

    def test_a_tree_is_planted(self, sf: Client):
        body = (
            b'<SObjectTreeRequest><records type="Account" referenceId="ref1"><Name>A</Name><Contacts>'
            b'<records type="Contact" referenceId="ref2"><LastName>x</LastName></records></Contacts></records>'
            b"</SObjectTreeRequest>"
        )

        answer = sf.post("/composite/tree/Account", body, **SENT)

        assert answer.status == 201
        tree = root(answer)
        assert (tree.tag, tree.findtext("hasErrors")) == ("SObjectTreeResponse", "false")
        assert [each.findtext("referenceId") for each in tree.findall("results")] == ["ref1", "ref2"]

    @pytest.mark.parametrize(
        "body",
        [b"<Account>", b"nonsense", b"<A><B></A></B>", b"\xff\xfe", b"<!DOCTYPE a><Account><Name>x</Name></Account>",
         b'<!DOCTYPE a [<!ENTITY b "c">]><Account><Name>&b;</Name></Account>',
         b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Account><Name>x</Name></Account>', b"<a>" * 300 + b"</a>" * 300],
    )  # fmt: skip
    def test_what_is_no_harmless_xml_is_refused(self, sf: Client, org: Org, body: bytes):
        before = contents(org)

        answer = sf.post("/sobjects/Account", body, **SENT)

        assert answer.status == 400
        assert root(answer).findtext("Error/errorCode") == "XML_PARSER_ERROR"
        assert contents(org) == before

    def test_nothing_is_no_body(self, sf: Client):
        assert root(sf.post("/sobjects/Account", b" ", **SENT)).findtext("Error/errorCode") == "JSON_PARSER_ERROR"
