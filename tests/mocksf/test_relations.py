"""Addresses that follow relationships: to parents, and to children."""

import pytest

from mocksf.org import Org
from tests.client import Client, contents, part, statuses


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme")


@pytest.fixture
def contact(sf: Client, account: str) -> str:
    return sf.create("Contact", LastName="Ada", AccountId=account)


class TestParents:
    def test_a_parent_is_read_as_itself(self, sf: Client, account: str, contact: str):
        answer = sf.get(f"/sobjects/contact/{contact}/account")

        assert (answer.status, answer.body) == (200, sf.get(f"/sobjects/Account/{account}").body)

    def test_with_the_fields_that_are_asked_for(self, sf: Client, account: str, contact: str):
        answer = sf.get(f"/sobjects/Contact/{contact}/Account?fields=Name")

        assert list(answer.body) == ["attributes", "Name", "Id"]
        assert answer.body["attributes"]["url"].endswith(f"/sobjects/Account/{account}")
        assert sf.get(f"/sobjects/Contact/{contact}/Account?fields=Nmae").code == "INVALID_FIELD"

    def test_several_steps_are_taken(self, sf: Client, org: Org, contact: str):
        answer = sf.get(f"/sobjects/Contact/{contact}/Account/Owner/CreatedBy?fields=Id")

        assert answer.body["Id"] == org.admin_id

    def test_five_steps_are_the_most(self, sf: Client, contact: str):
        path = f"/sobjects/Contact/{contact}" + "/CreatedBy" * 5

        assert sf.get(path).status == 200
        assert sf.get(path + "/CreatedBy").code == "INVALID_FIELD"

    def test_a_parent_of_any_kind_is_told_by_its_id(self, sf: Client, account: str, contact: str):
        task = sf.create("Task", Subject="x", WhatId=account, WhoId=contact)

        assert sf.get(f"/sobjects/Task/{task}/What").body["Id"] == account
        assert sf.get(f"/sobjects/Task/{task}/Who").body["Id"] == contact

    def test_no_parent_is_not_found(self, sf: Client, account: str):
        answer = sf.get(f"/sobjects/Account/{account}/Parent")

        assert (answer.status, answer.code) == (404, "NOT_FOUND")

    def test_a_parent_is_changed(self, sf: Client, account: str, contact: str):
        assert sf.patch(f"/sobjects/Contact/{contact}/Account", {"Name": "New"}).status == 204
        assert sf.patch(f"/sobjects/Contact/{contact}/Account/Owner", {"Title": "New"}).status == 204

        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "New"

    def test_a_parent_is_deleted(self, sf: Client, account: str, contact: str):
        assert sf.delete(f"/sobjects/Contact/{contact}/Account").status == 204

        assert sf.get(f"/sobjects/Account/{account}").code == "ENTITY_IS_DELETED"

    def test_the_parent_of_a_parent_is_deleted(self, sf: Client, account: str):
        leaf = sf.create("Account", Name="leaf", ParentId=sf.create("Account", Name="middle", ParentId=account))

        assert sf.delete(f"/sobjects/Account/{leaf}/Parent/Parent").status == 204

        assert sf.get(f"/sobjects/Account/{account}").code == "ENTITY_IS_DELETED"


class TestChildren:
    def test_children_are_read_like_a_query(self, sf: Client, account: str, contact: str):
        answer = sf.get(f"/sobjects/Account/{account}/Contacts?fields=LastName,Id")

        record = {
            "attributes": {"type": "Contact", "url": f"/services/data/v66.0/sobjects/Contact/{contact}"},
            "LastName": "Ada",
            "Id": contact,
        }
        assert (answer.status, answer.body) == (200, {"totalSize": 1, "done": True, "records": [record]})

    def test_without_fields_they_have_all(self, sf: Client, account: str, contact: str):
        (record,) = sf.get(f"/sobjects/Account/{account}/contacts").body["records"]

        assert record == sf.get(f"/sobjects/Contact/{contact}").body

    def test_none_are_an_empty_result(self, sf: Client, account: str):
        assert sf.get(f"/sobjects/Account/{account}/Opportunities").body == {
            "totalSize": 0,
            "done": True,
            "records": [],
        }

    def test_they_come_in_pages(self, sf: Client, account: str):
        record = {"attributes": {"type": "Contact"}, "LastName": "x", "AccountId": account}
        for _ in range(2):
            assert sf.post("/composite/sobjects", {"records": [record] * 150}).status == 200

        first = sf.get(
            f"/sobjects/Account/{account}/Contacts?fields=Id", **{"sforce-query-options": "batchSize=200"}
        ).body
        second = sf.get(first["nextRecordsUrl"]).body

        assert (len(first["records"]), len(second["records"]), second["totalSize"]) == (200, 100, 300)

    def test_those_of_a_parent_are_reached(self, sf: Client, contact: str):
        assert sf.get(f"/sobjects/Contact/{contact}/Account/Contacts").body["totalSize"] == 1

    @pytest.mark.usefixtures("contact")
    def test_nothing_follows_them(self, sf: Client, account: str):
        assert sf.get(f"/sobjects/Account/{account}/Contacts/Account").status == 404

    @pytest.mark.usefixtures("contact")
    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_they_are_read_only(self, sf: Client, org: Org, account: str, method: str):
        before = contents(org)

        answer = sf.send(method, f"/sobjects/Account/{account}/Contacts", {"LastName": "x"})

        assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
        assert contents(org) == before

    def test_a_field_that_they_do_not_have_is_refused(self, sf: Client, account: str):
        assert sf.get(f"/sobjects/Account/{account}/Contacts?fields=Nmae").code == "INVALID_FIELD"


class TestElse:
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_what_is_no_relationship_is_refused_as_an_external_id(self, sf: Client, account: str, method: str):
        answer = sf.send(method, f"/sobjects/Account/{account}/Nonsense", {})

        assert answer.status == 404
        assert answer.body[0]["message"] == (
            f"Provided external ID field does not exist or is not accessible: {account}"
        )

    @pytest.mark.parametrize("path", ["Nonsense/Owner", "Owner/Nonsense", "Owner/Contact/x/y/z"])
    def test_a_path_that_leads_nowhere_is_not_found(self, sf: Client, account: str, path: str):
        assert sf.get(f"/sobjects/Account/{account}/{path}").status == 404

    def test_a_record_that_is_gone_has_no_relationships(self, sf: Client, account: str):
        sf.delete(f"/sobjects/Account/{account}")

        assert sf.get(f"/sobjects/Account/{account}/Contacts").code == "ENTITY_IS_DELETED"
        assert sf.get(f"/sobjects/Account/{account}/Owner").code == "ENTITY_IS_DELETED"
        assert sf.get("/sobjects/Account/001Rt000000zzzzIAA/Owner").code == "NOT_FOUND"

    def test_they_may_be_parts_of_a_composite(self, sf: Client, account: str, contact: str):
        answer = sf.composite(
            part("GET", f"/sobjects/Contact/{contact}/Account", "one"),
            part("GET", f"/sobjects/Contact/{contact}/Account/Owner", "two"),
            part("GET", f"/sobjects/Account/{account}/Contacts", "three"),
        )

        assert statuses(answer) == [200, 200, 200]
