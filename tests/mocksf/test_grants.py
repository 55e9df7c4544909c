"""Profiles and permission sets as sources say them, and what they come to."""

from pathlib import Path

import pytest

from mocksf.permissions import Rights
from mocksf.schema import Schema, SchemaError, default_schema, load_schema
from mocksf.schema.export import as_yaml, schema_tree
from mocksf.schema.grants import ALL, with_implied
from mocksf.schema.sfdx import project_files

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<{0} xmlns="http://soap.sforce.com/2006/04/metadata">{1}</{0}>\n'
OBJECT = (
    "<objectPermissions><allowCreate>{}</allowCreate><allowRead>true</allowRead><object>{}</object></objectPermissions>"
)
FIELD = "<fieldPermissions><editable>{}</editable><field>{}</field><readable>{}</readable></fieldPermissions>"
FILE = "profiles/A.profile-meta.xml"
USER = "<userPermissions><enabled>{}</enabled><name>{}</name></userPermissions>"


def loaded(folder: Path, name: str, text: str, base: Schema | None = None) -> Schema:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return load_schema([file], base)


def project(folder: Path, name: str, text: str) -> Schema:
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    return load_schema([folder])


class TestYaml:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("profiles: {A: {objects: {Acount: [read]}}}", "Acount: no such object 'Acount'; did you mean 'Account'"),
            ("profiles: {A: {objects: {Account: [raed]}}}", "Account.0: no such value 'raed'; did you mean 'read'?"),
            ("profiles: {A: {objects: {Account: some}}}", "no such value 'some'; known are all, none"),
            ("profiles: {A: {fields: {Account.Fux: edit}}}", "no such field 'Fux' on Account; did you mean 'Fax'?"),
            ("profiles: {A: {fields: {Account.Fax: write}}}", "no such value 'write'"),
            ("profiles: {A: {fields: {Fax: edit}}}", "a field is named 'Object.Field'"),
            ("profiles: {A: {fields: {Account.Name: read}}}", "everybody who sees Account sees 'Name'"),
            ("profiles: {A: {basedOn: Standrad User}}", "did you mean 'Standard User'?"),
            ("profiles: {A: {based: Standard User}}", "unknown name 'based'; did you mean 'basedOn'?"),
            ("profiles: {A: {}, B: {basedOn: C}, C: {}}", "profiles.B.basedOn: no such value 'C'"),
            ("profiles: {Standard User: {basedOn: Standard User}}", "cannot be based on itself"),
            ("permissionSets: {A: {fields: {Account.Fax: none}}}", "no such value 'none'"),
            ("permissionSets: {A: {permissions: [-ApiEnabled]}}", "a permission set only adds"),
            ("users: [{username: a@b.example, lastName: A, permissionSets: [B]}]", "no such value 'B'"),
            ("users: [{username: a@b.example, lastName: A, profile: Admin}]", "no such value 'Admin'"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_meant_is_refused_at_its_place(self, tmp_path: Path, text: str, says: str):
        with pytest.raises(SchemaError) as caught:
            loaded(tmp_path, "access.yaml", text)

        assert str(caught.value).startswith("access.yaml: ")
        assert says in str(caught.value)

    def test_a_later_source_puts_a_profile_in_the_place_of_its_namesake(self, tmp_path: Path):
        first = loaded(tmp_path, "one.yaml", "profiles: {A: {objects: {Account: [edit]}}}")
        second = loaded(tmp_path, "two.yaml", "profiles: {A: {objects: {Lead: all}}}", first)

        rights = Rights(second.seeds, "A")
        assert (rights.on("Account"), rights.on("Lead")) == (frozenset(), ALL)

    def test_parts_of_an_address_go_with_it(self, tmp_path: Path):
        seeds = loaded(tmp_path, "a.yaml", "profiles: {A: {fields: {Account.BillingCity: read}}}").seeds

        assert Rights(seeds, "A").level("Account", "BillingAddress") == "read"


class TestRights:
    @pytest.mark.parametrize(
        ("given", "held"),
        [
            (["read"], {"read"}),
            (["create"], {"create", "read"}),
            (["delete"], {"delete", "edit", "read"}),
            (["viewAll"], {"viewAll", "read"}),
            (["modifyAll"], {"modifyAll", "viewAll", "delete", "edit", "read"}),
            ([], set()),
        ],
    )
    def test_a_right_brings_along_what_it_needs(self, given: list[str], held: set[str]):
        assert with_implied(given) == held

    @pytest.mark.parametrize(
        ("sobject", "parent"),
        [
            ("OpportunityLineItem", "Opportunity"),
            ("CampaignMember", "Campaign"),
            ("CaseComment", "Case"),
            ("PricebookEntry", "Pricebook2"),
        ],
    )
    @pytest.mark.parametrize(("words", "held"), [("[read]", {"read"}), ("[edit]", ALL), ("none", set())])
    def test_lines_and_members_follow_their_parents(
        self, tmp_path: Path, sobject: str, parent: str, words: str, held: set[str]
    ):
        seeds = loaded(tmp_path, "a.yaml", f"profiles: {{A: {{objects: {{{parent}: {words}}}}}}}").seeds

        assert Rights(seeds, "A").on(sobject) == held

    @pytest.mark.parametrize(
        ("permissions", "held"),
        [("[ViewAllData]", {"read", "viewAll"}), ("[ModifyAllData]", ALL), ("[ManageUsers]", set())],
    )
    def test_some_user_permissions_reach_every_object(self, tmp_path: Path, permissions: str, held: set[str]):
        rights = Rights(loaded(tmp_path, "a.yaml", f"profiles: {{A: {{permissions: {permissions}}}}}").seeds, "A")

        assert rights.on("Case") == held
        assert rights.level("Case", "Description") == "none"
        assert ("edit" in rights.on("User")) is ("ManageUsers" in permissions)

    def test_names_win_over_wildcards_and_a_profile_over_its_base(self, tmp_path: Path):
        text = """
profiles:
  Base: {objects: {"*": [edit], Lead: [read]}, fields: {"*": edit, Lead.*: read, Lead.Phone: edit}}
  Child: {basedOn: Base, objects: {Account: [delete]}, fields: {Lead.Phone: none}}
"""
        rights = Rights(loaded(tmp_path, "a.yaml", text).seeds, "Child")

        assert [sorted(rights.on(name)) for name in ("Account", "Lead", "Case")] == [
            ["delete", "edit", "read"], ["read"], ["edit", "read"],
        ]  # fmt: skip
        assert [rights.level("Lead", name) for name in ("Phone", "Fax")] == ["none", "read"]
        assert rights.level("Case", "Phone") == "edit"

    def test_of_several_grants_the_widest_holds(self, tmp_path: Path):
        text = """
profiles: {A: {fields: {Account.Fax: edit, Account.Phone: read}}}
permissionSets:
  B: {objects: {Account: [read]}, fields: {Account.Fax: read, Account.Phone: edit}, permissions: [ApiEnabled]}
  C: {objects: {Account: [create]}}
"""
        rights = Rights(loaded(tmp_path, "a.yaml", text).seeds, "A", ["B", "C"])

        assert [rights.level("Account", name) for name in ("Fax", "Phone")] == ["edit", "edit"]
        assert rights.on("Account") == {"read", "create"}
        assert rights.permissions == {"ApiEnabled"}

    def test_a_profile_that_nobody_describes_grants_everything(self):
        assert Rights(default_schema().seeds, "Made By Hand").on("Account") == ALL


class TestMetadata:
    def test_a_profile_says_what_it_grants(self, tmp_path: Path):
        body = (
            USER.format("true", "ApiEnabled")
            + OBJECT.format("true", "Account")
            + FIELD.format("true", "Account.Fax", "true")
            + FIELD.format("false", "Account.Phone", "true")
            + FIELD.format("false", "Account.BillingAddress", "true")
        )
        schema = project(tmp_path, "profiles/Voice Agent.profile-meta.xml", XML.format("Profile", body))

        rights = Rights(schema.seeds, "Voice Agent")
        assert "Voice Agent" in schema.seeds.profile_names
        assert (rights.on("Account"), rights.on("Lead")) == ({"create", "read"}, frozenset())
        fields = ("Fax", "Phone", "BillingAddress", "Website")
        assert [rights.level("Account", name) for name in fields] == ["edit", "read", "read", "none"]
        assert rights.permissions == {"ApiEnabled"}

    @pytest.mark.parametrize("name", ["profiles/Standard.profile-meta.xml", "profiles/Standard.profile"])
    def test_the_files_of_the_orgs_own_profiles_change_these(self, tmp_path: Path, name: str):
        body = FIELD.format("false", "Account.Fax", "false") + USER.format("false", "ApiEnabled")
        schema = project(tmp_path, name, XML.format("Profile", body))

        rights = Rights(schema.seeds, "Standard User")
        assert [rights.level("Account", name) for name in ("Fax", "Phone")] == ["none", "edit"]
        assert "ApiEnabled" not in rights.permissions

    def test_a_permission_set_adds(self, tmp_path: Path):
        body = (
            "<label>See leads</label>" + OBJECT.format("false", "Lead") + FIELD.format("false", "Lead.Phone", "false")
        )
        schema = project(tmp_path, "permissionsets/See_Leads.permissionset-meta.xml", XML.format("PermissionSet", body))

        (found,) = schema.seeds.permission_sets
        assert (found.name, found.label, found.fields) == ("See_Leads", "See leads", {})
        assert Rights(schema.seeds, "Minimum Access - Salesforce", ["See_Leads"]).on("Lead") == {"read"}

    def test_what_the_schema_does_not_have_is_noted(self, tmp_path: Path):
        body = OBJECT.format("true", "Nope__c") + FIELD.format("true", "Account.Nope__c", "true")
        schema = project(tmp_path, FILE, XML.format("Profile", body))

        assert len(schema.notes) == 2
        assert "no such object 'Nope__c'" in schema.notes[0]
        assert "no such field 'Nope__c' on Account" in schema.notes[1]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("<Profile", "profiles/A.profile-meta.xml: line 1"),
            ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "entities are refused"),
            (XML.format("Profile", "<objectPermissions/>"), "Profile.objectPermissions: a <object> is missing"),
            (XML.format("Profile", OBJECT.format("yes", "Account")), "<allowCreate> is true or false, not 'yes'"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, tmp_path: Path, text: str, says: str):
        with pytest.raises(SchemaError) as caught:
            project(tmp_path, FILE, text)

        assert says in str(caught.value)


class TestExport:
    TEXT = """
profiles:
  Voice Agent:
    description: Writes what callers say
    permissions: [ApiEnabled]
    objects: {Account: [edit, read], Lead: none}
    fields: {Account.Fax: none, Account.Phone: read, Account.BillingAddress: edit}
  Standard User: {permissions: [-ViewSetup]}
permissionSets:
  See_Leads: {label: See leads, objects: {Lead: [read]}, fields: {Lead.Phone: edit}}
users:
  - {username: a@mock.example, lastName: A, profile: Voice Agent, permissionSets: [See_Leads]}
"""

    def test_yaml_says_the_same_again(self, tmp_path: Path):
        schema = loaded(tmp_path, "a.yaml", self.TEXT)

        assert loaded(tmp_path, "b.yaml", as_yaml(schema_tree(schema))).seeds == schema.seeds

    def test_a_project_says_the_same_again_but_for_the_users(self, tmp_path: Path):
        schema = loaded(tmp_path, "a.yaml", self.TEXT)
        for name, text in project_files(schema, schema_tree(schema)):
            (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "out" / name).write_text(text, encoding="utf-8")

        again = load_schema([tmp_path / "out"])
        assert {each.name: each for each in again.seeds.profiles} == {each.name: each for each in schema.seeds.profiles}
        assert again.seeds.permission_sets == schema.seeds.permission_sets
