"""Users with different permissions side by side in one org, and those who may do everything."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.org import Org
from mocksf.permissions import Rights, View, narrowed
from mocksf.schema import default_schema, load_schema
from tests.client import Client
from tests.staff import fields_of, granting_schema, message, someone, staffed_schema

REQUESTS = [
    ("GET", "/sobjects", None),
    ("GET", "/sobjects/Account/describe", None),
    ("GET", "/sobjects/Opportunity/describe", None),
    ("POST", "/sobjects/Account", {"Name": "Acme", "Fax": "1", "Caller_Key__c": "+49"}),
    ("POST", "/sobjects/Account", {"Nme": "Acme"}),
    ("PATCH", "/sobjects/Account/Caller_Key__c/+491", {"Name": "Keyed"}),
    ("PATCH", "/sobjects/Lead/Call_Key__c/c-1", {"LastName": "Hopper", "Company": "Navy"}),
    ("GET", "/query?q=SELECT+FIELDS(ALL)+FROM+Account+LIMIT+200", None),
    ("GET", "/query?q=SELECT+Id,+Owner.Name,+(SELECT+Id+FROM+Contacts)+FROM+Account", None),
    ("GET", "/query?q=SELECT+Nope+FROM+Account", None),
    ("GET", "/search?q=FIND+{Acme}", None),
    ("GET", "/limits/recordCount", None),
    ("POST", "/sobjects/Nope", {}),
]


class TestUsers:
    def test_two_users_at_once_never_get_each_others_plans(self, agent: Client, leads: Client, admin: Client):
        query = "SELECT Id, Amount FROM Opportunity WHERE Name = '{}'"
        answers = [
            client.soql(query.format(number)).status for number in range(3) for client in (leads, agent, admin, agent)
        ]

        assert answers == [200, 400, 200, 400] * 3

    def test_a_permission_set_adds_to_the_profile(self, agent: Client, leads: Client):
        assert {*fields_of(leads, "Opportunity")} - {*fields_of(agent, "Opportunity")} == {"Amount"}
        assert leads.get("/sobjects/Lead/describe").body["createable"] is False

    def test_without_api_enabled_every_call_is_refused_and_none_counted(self, org: Org):
        guest = someone(org, "guest")
        refused = {"message": "The REST API is not enabled for this Organization.", "errorCode": "API_DISABLED_FOR_ORG"}

        for path in ("/sobjects", "/query?q=SELECT+Id+FROM+Account", "/limits", "/chatter/users/me"):
            answer = guest.get(path)
            assert (answer.status, answer.body) == (403, [refused])
        assert org.allowance.used(org.clock.now()) == 0

    def test_they_log_in_with_their_own_name(self, org: Org, admin: Client):
        form = {"grant_type": "password", "client_id": "mocksf", "client_secret": "mocksf-secret", "password": "mock"}
        token = admin.token_for(**form, username="agent@mock.example").body["access_token"]

        assert Client(org, token).soql("SELECT Fax FROM Account").code == "INVALID_FIELD"

    def test_another_profile_shows_at_the_next_call(self, admin: Client, agent: Client):
        profile = admin.soql("SELECT Id FROM Profile WHERE Name = 'System Administrator'").body["records"][0]["Id"]
        user = admin.soql("SELECT Id FROM User WHERE Username = 'agent@mock.example'").body["records"][0]["Id"]
        before = agent.soql("SELECT Fax FROM Account").status

        assert admin.patch(f"/sobjects/User/{user}", {"ProfileId": profile}).status == 204
        assert (before, agent.soql("SELECT Fax FROM Account").status) == (400, 200)

    def test_a_fork_and_a_restored_org_grant_the_same(self, org: Org):
        twin = org.fork()

        assert someone(twin, "agent").soql("SELECT Fax FROM Account").status == 400
        org.reset()
        assert someone(org, "agent").soql("SELECT Fax FROM Account").status == 400

    def test_a_profile_says_what_is_different_from_its_base(self, org: Org):
        careful = someone(org, "careful")

        assert fields_of(careful, "Opportunity")["Amount"]["updateable"] is False
        assert fields_of(careful, "Opportunity")["NextStep"]["updateable"] is True
        assert (
            message(careful.post("/sobjects/Campaign", {"Name": "x"}))[2] == "entity type cannot be inserted: Campaign"
        )

    def test_profiles_and_permission_sets_are_records(self, admin: Client):
        profiles = admin.soql(
            "SELECT Name, PermissionsApiEnabled, PermissionsViewSetup FROM Profile ORDER BY Name"
        ).body
        sets = admin.soql("SELECT Name, Label, ProfileId FROM PermissionSet WHERE IsOwnedByProfile = false").body

        assert [(each["Name"], each["PermissionsApiEnabled"]) for each in profiles["records"]] == [
            ("Careful User", True),
            ("Minimum Access - Salesforce", False),
            ("Standard User", True),
            ("System Administrator", True),
            ("Voice Agent", True),
        ]
        assert profiles["records"][0]["PermissionsViewSetup"] is False
        assert [(each["Name"], each["Label"], each["ProfileId"]) for each in sets["records"]] == [
            ("See_Leads", "See leads", None)
        ]
        assert admin.soql("SELECT COUNT() FROM PermissionSet WHERE IsOwnedByProfile = true").body["totalSize"] == 5


UNASKED = View(0, None, frozenset(), True)
"""What everybody saw if nobody ever asked for permissions."""


class TestEverything:
    @settings(max_examples=25)
    @given(st.lists(st.sampled_from(REQUESTS), max_size=8))
    def test_who_was_granted_everything_is_answered_byte_for_byte_as_without_permissions(
        self, requests: list[tuple[str, str, Any]]
    ):
        granted, open_ = Org(granting_schema()), Org(granting_schema())
        open_.access.of = lambda _: UNASKED  # type: ignore[method-assign]
        clients = [someone(each, "everything") for each in (granted, open_)]

        for method, path, body in requests:
            asked, answered = (each.send(method, path, body) for each in clients)
            assert (asked.status, asked.raw, asked.headers) == (answered.status, answered.raw, answered.headers)

    def test_they_see_the_schema_itself(self, org: Org):
        schema = staffed_schema()

        assert org.access.of(org.admin_id).seen is None
        assert narrowed(schema, Rights(schema.seeds, "System Administrator")) is schema

    def test_what_is_not_of_objects_goes_along(self):
        schema = load_schema(["sample"], default_schema(frozenset({"OperatingHours"})))
        seen = narrowed(schema, Rights(schema.seeds, "Minimum Access - Salesforce"))

        assert seen is not schema
        assert seen.get("Account") is None
        assert vars(seen).keys() == vars(schema).keys()
        kept = {name: value for name, value in vars(seen).items() if "_" not in name[:1] and name != "sobjects"}
        assert kept == {name: getattr(schema, name) for name in kept}

    def test_what_is_seen_alike_is_the_same_object(self):
        schema = staffed_schema()
        seen = narrowed(schema, Rights(schema.seeds, "Voice Agent"))

        assert seen["Task"].fields[0] is schema["Task"].fields[0]
        assert seen["OpportunityStage"].fields == schema["OpportunityStage"].fields
