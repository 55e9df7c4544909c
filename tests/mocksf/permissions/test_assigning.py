"""Permission sets as rows: who writes them changes what their users see."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client
from tests.staff import fields_of, someone


def only(client: Client, query: str) -> str:
    """The id of the one record that a query finds."""
    records = client.soql(query).body["records"]
    assert len(records) == 1, records
    return records[0]["Id"]


def user_id(admin: Client, name: str) -> str:
    return only(admin, f"SELECT Id FROM User WHERE Username = '{name}@mock.example'")


def give(admin: Client, name: str, set_id: str) -> Any:
    body = {"AssigneeId": user_id(admin, name), "PermissionSetId": set_id}
    return admin.post("/sobjects/PermissionSetAssignment", body)


def profiles_of(admin: Client, name: str) -> list[str]:
    """The profiles whose own permission sets a user has."""
    query = (
        f"SELECT PermissionSet.Profile.Name FROM PermissionSetAssignment WHERE AssigneeId = '{user_id(admin, name)}'"
    )
    return [each["PermissionSet"]["Profile"]["Name"] for each in admin.soql(query).body["records"]]


class TestAnAssignment:
    def test_shows_its_user_what_it_grants_and_hides_it_again_when_it_goes(self, admin: Client, agent: Client):
        sees_leads = only(admin, "SELECT Id FROM PermissionSet WHERE Name = 'See_Leads'")
        assert agent.soql("SELECT Id FROM Lead").code == "INVALID_TYPE"

        made = give(admin, "agent", sees_leads).id
        assert agent.soql("SELECT Id FROM Lead").status == 200

        admin.delete(f"/sobjects/PermissionSetAssignment/{made}")
        assert agent.soql("SELECT Id FROM Lead").code == "INVALID_TYPE"

    def test_is_made_once(self, admin: Client):
        sees_leads = only(admin, "SELECT Id FROM PermissionSet WHERE Name = 'See_Leads'")
        answer = give(admin, "agent.leads", sees_leads)
        assert (answer.code, answer.body[0]["fields"]) == ("DUPLICATE_VALUE", ["AssigneeId", "PermissionSetId"])

    def test_of_a_profile_s_own_set_goes_with_the_profile(self, admin: Client):
        assert profiles_of(admin, "agent") == ["Voice Agent"]

        profile = only(admin, "SELECT Id FROM Profile WHERE Name = 'Standard User'")
        admin.patch(f"/sobjects/User/{user_id(admin, 'agent')}", {"ProfileId": profile})
        assert profiles_of(admin, "agent") == ["Standard User"]

    def test_is_not_for_everybody_to_write(self, agent: Client):
        describe = agent.get("/sobjects/PermissionSetAssignment/describe").body
        assert (describe["createable"], describe["deletable"]) == (False, False)


class TestAPermissionSetMadeThere:
    @pytest.fixture
    def made(self, admin: Client) -> str:
        made = admin.post("/sobjects/PermissionSet", {"Name": "Made", "Label": "Made"}).id
        give(admin, "agent", made)
        return made

    def test_grants_what_its_rows_say(self, admin: Client, agent: Client, made: str):
        body = {"ParentId": made, "SobjectType": "Lead", "PermissionsRead": True, "PermissionsCreate": True}
        admin.post("/sobjects/ObjectPermissions", body)
        admin.post(
            "/sobjects/FieldPermissions",
            {"ParentId": made, "SobjectType": "Lead", "Field": "Lead.Phone", "PermissionsRead": True},
        )

        fields = fields_of(agent, "Lead")
        assert agent.post("/sobjects/Lead", {"LastName": "L", "Company": "C"}).status == 201
        assert "Phone" in fields
        assert "Fax" not in fields

    def test_grants_user_permissions(self, admin: Client, agent: Client, made: str):
        admin.patch(f"/sobjects/PermissionSet/{made}", {"PermissionsViewAllData": True})
        assert agent.soql("SELECT Id FROM Lead").status == 200

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("ObjectPermissions", {"SobjectType": "Nope__c"}),
            ("FieldPermissions", {"SobjectType": "Lead", "Field": "Lead.Nope"}),
            ("FieldPermissions", {"SobjectType": "Lead", "Field": "Account.Phone"}),
            ("FieldPermissions", {"SobjectType": "Lead", "Field": "Lead.LastName"}),
        ],
    )
    def test_grants_nothing_that_is_not_there(self, admin: Client, made: str, name: str, body: dict[str, Any]):
        answer = admin.post(f"/sobjects/{name}", {"ParentId": made, "PermissionsRead": True, **body})
        assert answer.code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"

    def test_speaks_of_an_object_once(self, admin: Client, made: str):
        body = {"ParentId": made, "SobjectType": "lead", "PermissionsRead": True}
        assert admin.post("/sobjects/ObjectPermissions", body).status == 201
        assert admin.post("/sobjects/ObjectPermissions", body).code == "DUPLICATE_VALUE"

    def test_stays_while_somebody_has_it(self, admin: Client, made: str):
        assert admin.delete(f"/sobjects/PermissionSet/{made}").code == "DELETE_FAILED"

        held = only(admin, f"SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{made}'")
        admin.delete(f"/sobjects/PermissionSetAssignment/{held}")
        assert admin.delete(f"/sobjects/PermissionSet/{made}").status == 204

    def test_needs_the_rights_that_a_right_depends_on(self, admin: Client, made: str):
        body = {"ParentId": made, "SobjectType": "Lead", "PermissionsDelete": True, "PermissionsRead": True}
        answer = admin.post("/sobjects/ObjectPermissions", body)
        assert answer.body[0]["message"] == "Permission Delete Lead depends on permission(s): Edit Lead"


class TestWhatAProfileGrants:
    def test_shows_in_rows_and_is_not_changed_there(self, admin: Client):
        query = "SELECT Id, PermissionsModifyAllRecords FROM ObjectPermissions WHERE SobjectType = 'Account'"
        query += " AND Parent.Profile.Name = '{}'"
        rows = [admin.soql(query.format(each)).body["records"] for each in ("System Administrator", "Voice Agent")]
        assert [row[0]["PermissionsModifyAllRecords"] for row in rows] == [True, False]

        answer = admin.patch(f"/sobjects/ObjectPermissions/{rows[1][0]['Id']}", {"PermissionsEdit": False})
        assert answer.code == "FIELD_INTEGRITY_EXCEPTION"

    def test_is_licensed(self, org: Org, admin: Client):
        rows = admin.soql("SELECT UserLicense.Name FROM Profile").body["records"]
        assert {each["UserLicense"]["Name"] for each in rows} == {"Salesforce"}
        assert someone(org, "agent").soql("SELECT Id FROM UserLicense").status == 200
