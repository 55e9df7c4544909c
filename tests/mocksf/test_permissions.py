"""What users may see and do: by describe, query, row, write and composite, side by side in one org."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.org import Org
from mocksf.permissions import Rights, narrowed
from mocksf.schema import Schema, load_schema
from tests.client import Answer, Client, part, statuses

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
WRITABLE_NOT = (
    "Unable to create/update fields: {}. Please check the security settings of this field"
    " and verify that it is read/write for your profile or permission set."
)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The sample, and the users of the example in the docs."""
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    file = tmp_path_factory.mktemp("schema") / "access.yaml"
    file.write_text(example[1], encoding="utf-8")
    return load_schema(["sample", file])


@pytest.fixture
def org(schema: Schema) -> Org:
    return Org(schema)


@pytest.fixture
def admin(org: Org) -> Client:
    return Client(org)


@pytest.fixture
def agent(org: Org) -> Client:
    return Client(org, org.login("agent@mock.example"))


@pytest.fixture
def leads(org: Org) -> Client:
    return Client(org, org.login("agent.leads@mock.example"))


@pytest.fixture
def account(admin: Client) -> str:
    return admin.create(
        "Account", Name="Acme", Phone="+49 30 1111111", Fax="+49 30 2222222", Website="https://acme.example"
    )


def fields_of(client: Client, sobject: str) -> dict[str, Any]:
    return {each["name"]: each for each in client.get(f"/sobjects/{sobject}/describe").body["fields"]}


def message(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.code, answer.body[0]["message"].rpartition("\n")[2]


class TestDescribe:
    def test_only_what_may_be_read_is_listed(self, agent: Client, leads: Client, admin: Client):
        def listed(client: Client) -> set[str]:
            return {each["name"] for each in client.get("/sobjects").body["sobjects"]}

        assert listed(admin) - listed(leads) >= {"Case", "Campaign", "CampaignMember", "Call_Outcome__c"}
        assert listed(leads) - listed(agent) == {"Lead"}
        assert {"Account", "OpportunityContactRole", "Task", "User", "RecordType"} <= listed(agent)

    @pytest.mark.parametrize(
        ("sobject", "flags"),
        [
            ("Account", (True, True, True, True, True)),
            ("Opportunity", (True, True, False, False, False)),
            ("Contact", (False, False, False, False, False)),
            ("User", (False, False, False, False, False)),
            ("Task", (True, True, True, True, False)),
        ],
    )
    def test_flags_speak_of_the_user(self, agent: Client, sobject: str, flags: tuple[bool, ...]):
        described = agent.get(f"/sobjects/{sobject}/describe").body

        names = ("createable", "updateable", "deletable", "undeletable", "mergeable")
        assert tuple(described[name] for name in names) == flags
        assert described["queryable"] is True

    def test_a_hidden_field_is_not_there_and_one_to_read_is_not_writable(self, agent: Client):
        fields = fields_of(agent, "Account")

        assert "Fax" not in fields
        assert [fields["Phone"][flag] for flag in ("createable", "updateable")] == [False, False]
        assert [fields["Website"][flag] for flag in ("createable", "updateable")] == [True, True]
        assert [fields["Name"][flag] for flag in ("createable", "updateable")] == [True, True]

    def test_fields_are_not_writable_where_the_object_is_not(self, agent: Client):
        assert not any(each["createable"] or each["updateable"] for each in fields_of(agent, "Contact").values())

    def test_an_address_is_hidden_as_a_whole(self, leads: Client, admin: Client, agent: Client):
        assert {"MailingAddress", "MailingCity"} <= fields_of(agent, "Contact").keys()
        opportunity = fields_of(leads, "Opportunity").keys()

        assert {"Amount", "NextStep", "Name", "StageName"} <= opportunity
        assert fields_of(admin, "Opportunity").keys() - opportunity >= {"Description", "AccountId", "Call_Key__c"}

    def test_relationships_to_what_is_hidden_are_not_told(self, agent: Client, admin: Client):
        def children(client: Client) -> set[str]:
            return {
                each["childSObject"] for each in client.get("/sobjects/Account/describe").body["childRelationships"]
            }

        assert {"Case", "Opportunity"} <= children(admin)
        assert not {"Case", "Opportunity"} & children(agent), "the agent sees no Opportunity.AccountId"

    def test_an_object_that_may_not_be_read_is_no_resource(self, agent: Client):
        for path in ("/sobjects/Lead/describe", "/sobjects/Lead", "/sobjects/Case/500000000000001AAA"):
            assert agent.get(path).status == 404
            assert agent.get(path).code == "NOT_FOUND"


NO_FIELD = (
    "No such column '{0}' on entity '{1}'. If you are attempting to use a custom field, be sure to append the '__c'"
    " after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
)


class TestQueries:
    @pytest.mark.parametrize(
        "query",
        [
            "SELECT Fax FROM Account",
            "SELECT Id FROM Account WHERE Fax = 'x'",
            "SELECT Id FROM Account ORDER BY Fax",
            "SELECT COUNT(Fax) FROM Account",
            "SELECT Fax, COUNT(Id) FROM Account GROUP BY Fax",
            "SELECT Account.Fax FROM Contact",
            "SELECT Id, Account.Parent.Fax FROM Contact",
        ],
    )
    def test_a_hidden_field_reads_as_one_that_does_not_exist(self, agent: Client, admin: Client, query: str):
        hidden, unknown = agent.soql(query), admin.soql(query.replace("Fax", "Fix"))

        assert hidden.status == 400
        assert hidden.raw.replace(b"Fax", b"Fix") == unknown.raw
        assert message(hidden)[1:] == ("INVALID_FIELD", NO_FIELD.format("Fax", "Account"))

    @pytest.mark.parametrize(
        "query", ["SELECT Id FROM Lead", "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Case)"]
    )
    def test_a_hidden_object_reads_as_one_that_does_not_exist(self, agent: Client, query: str):
        status, code, said = message(agent.soql(query))

        assert (status, code) == (400, "INVALID_TYPE")
        assert re.match(r"sObject type '(Lead|Case)' is not supported\.", said)

    def test_relationships_to_hidden_objects_are_not_understood(self, agent: Client, admin: Client):
        assert agent.soql("SELECT (SELECT Id FROM Cases) FROM Account").code == "INVALID_TYPE"
        assert agent.soql("SELECT Account.Name FROM Opportunity").code == "INVALID_FIELD"
        assert admin.soql("SELECT Account.Name, Account.Fax FROM Opportunity").status == 200

    @pytest.mark.usefixtures("account")
    def test_fields_all_are_those_that_are_seen(self, agent: Client):
        record = agent.soql("SELECT FIELDS(ALL) FROM Account LIMIT 1").body["records"][0]

        assert "Fax" not in record
        assert record["Phone"] == "+49 30 1111111"

    def test_a_search_neither_looks_into_nor_shows_what_is_hidden(self, agent: Client, admin: Client, account: str):
        def found(client: Client, words: str, returning: str = "Account(Id)") -> Answer:
            return client.get(f"/search?q={quote(f'FIND {{{words}}} IN ALL FIELDS RETURNING {returning}')}")

        assert [each["Id"] for each in found(admin, "49302222222").body["searchRecords"]] == [account]
        assert found(agent, "49302222222").body["searchRecords"] == []
        assert [each["Id"] for each in found(agent, "49301111111").body["searchRecords"]] == [account]
        assert found(agent, "Acme", "Account(Fax)").code == "INVALID_FIELD"
        assert found(agent, "Acme", "Lead(Id)").code == "INVALID_TYPE"

    def test_explaining_tells_no_more(self, agent: Client):
        assert agent.get(f"/query?explain={quote('SELECT Fax FROM Account')}").code == "INVALID_FIELD"


class TestRows:
    def test_a_row_shows_what_its_reader_sees_whoever_came_first(self, agent: Client, admin: Client, account: str):
        path = f"/sobjects/Account/{account}"
        whole, part, again = admin.get(path), agent.get(path), admin.get(path)

        assert whole.raw == again.raw
        assert part.raw == agent.get(path).raw
        assert {*whole.body} - {*part.body} == {"Fax"}

    def test_a_hidden_field_cannot_be_asked_for(self, agent: Client, account: str):
        for path in (
            f"/sobjects/Account/{account}?fields=Fax",
            f"/composite/sobjects/Account?ids={account}&fields=Fax",
        ):
            assert message(agent.get(path)) == (400, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account")

    def test_a_hidden_key_addresses_nothing(self, leads: Client, admin: Client):
        admin.create("Lead", LastName="Hopper", Company="Navy", Call_Key__c="call-1")
        key = "/sobjects/Opportunity/Call_Key__c/call-1"

        assert leads.get("/sobjects/Lead/Call_Key__c/call-1").body["LastName"] == "Hopper"
        assert message(leads.patch(key, {"Name": "x"})) == (
            404,
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: Call_Key__c",
        )

    def test_record_counts_are_of_what_is_seen(self, agent: Client, admin: Client):
        admin.create("Lead", LastName="Hopper", Company="Navy")

        assert agent.get("/limits/recordCount?sObjects=Lead").body == {"sObjects": []}
        assert admin.get("/limits/recordCount?sObjects=Lead").body == {"sObjects": [{"count": 1, "name": "Lead"}]}

    def test_recent_items_are_of_what_is_seen(self, org: Org, leads: Client):
        hidden = Client(org, org.login("careful@mock.example"))
        hidden.create("Case", Subject="Broken")

        assert [each["attributes"]["type"] for each in hidden.get("/recent").body] == ["Case"]
        assert leads.get("/recent").body == []


class TestWrites:
    @pytest.mark.parametrize(
        ("body", "code", "said"),
        [
            ({"Fax": "1"}, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account"),
            ({"Phone": "1"}, "INVALID_FIELD_FOR_INSERT_UPDATE", WRITABLE_NOT.format("Phone")),
            ({"Phone": "1", "Fax": "1"}, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account"),
        ],
    )
    def test_fields_refuse_alike_on_create_and_update(
        self, agent: Client, admin: Client, account: str, body: dict[str, str], code: str, said: str
    ):
        created = agent.post("/sobjects/Account", {"Name": "New", **body})
        changed = agent.patch(f"/sobjects/Account/{account}", body)

        assert message(created) == message(changed) == (400, code, said)
        assert admin.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    @pytest.mark.parametrize(
        ("method", "sobject", "said"),
        [
            ("POST", "Contact", "entity type cannot be inserted: Contact"),
            ("PATCH", "Contact", "entity type cannot be updated: Contact"),
            ("DELETE", "Contact", "entity type cannot be deleted: Contact"),
            ("DELETE", "Opportunity", "entity type cannot be deleted: Opportunity"),
            ("POST", "User", "entity type cannot be inserted: User"),
        ],
    )
    def test_objects_refuse_what_is_not_granted(
        self, agent: Client, admin: Client, method: str, sobject: str, said: str
    ):
        body = {"LastName": "Lovelace"}
        usual = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-03-31"}
        record = admin.create(sobject, **(usual if sobject == "Opportunity" else body)) if method != "POST" else ""

        answer = agent.send(method, f"/sobjects/{sobject}/{record}".rstrip("/"), None if method == "DELETE" else body)

        assert message(answer) == (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", said)

    def test_an_object_without_read_is_no_resource(self, agent: Client):
        assert message(agent.post("/sobjects/Lead", {"LastName": "x"}))[:2] == (404, "NOT_FOUND")

    def test_what_is_granted_is_done(self, agent: Client, admin: Client):
        made = agent.create("Account", Name="Agent's", Website="https://a.example")
        deal = agent.create("Opportunity", Name="D", StageName="Prospecting", CloseDate="2026-03-31", NextStep="call")

        assert agent.patch(f"/sobjects/Account/{made}", {"Website": None}).status == 204
        assert agent.delete(f"/sobjects/Account/{made}").status == 204
        assert admin.get(f"/sobjects/Opportunity/{deal}").body["Probability"] == 10, (
            "the org sets what the agent cannot see"
        )

    def test_a_lookup_to_a_hidden_object_is_refused(self, agent: Client, admin: Client):
        case = admin.create("Case", Subject="Broken")

        answer = agent.post("/sobjects/Task", {"Subject": "Call", "WhatId": case})

        said = f"insufficient access rights on cross-reference id: {case[:15]}"
        assert message(answer) == (400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", said)

    def test_hidden_defaults_and_keys_stay_as_they_are(self, agent: Client, admin: Client, account: str):
        agent.patch(f"/sobjects/Account/{account}", {"Name": "Renamed"})

        seen = admin.get(f"/sobjects/Account/{account}").body
        assert (seen["Name"], seen["Fax"], seen["Phone"]) == ("Renamed", "+49 30 2222222", "+49 30 1111111")


class TestComposite:
    def test_a_part_that_may_not_halts_the_whole(self, agent: Client, admin: Client):
        answer = agent.composite(
            part("POST", "/sobjects/Account", "acc", Name="Acme"),
            part("POST", "/sobjects/Contact", "con", LastName="Lovelace"),
            all_or_none=True,
        )

        assert statuses(answer) == [400, 400]
        assert answer.parts["con"]["body"][0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        assert admin.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0

    def test_parts_are_refused_as_calls_are(self, agent: Client, account: str):
        answer = agent.composite(
            part("PATCH", f"/sobjects/Account/{account}", "phone", Phone="1"),
            part("PATCH", f"/sobjects/Account/{account}", "fax", Fax="1"),
            part("GET", "/query?q=SELECT+Fax+FROM+Account", "soql"),
            part("GET", "/sobjects/Lead/describe", "lead"),
            part("PATCH", f"/sobjects/Account/{account}", "name", Name="New"),
        )

        assert statuses(answer) == [400, 400, 400, 404, 204]

    def test_collections_refuse_each_record_for_itself(self, agent: Client):
        def record(sobject: str, **fields: str) -> dict[str, Any]:
            return {"attributes": {"type": sobject}, **fields}

        records = [record("Account", Name="A"), record("Account", Name="B", Phone="1"), record("Lead", LastName="C")]
        answer = agent.post("/composite/sobjects", {"records": records}).body

        codes = [each["errors"][0]["statusCode"] if each["errors"] else None for each in answer]
        assert codes == [None, "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE"]


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
        guest = Client(org, org.login("guest@mock.example"))
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

        assert Client(twin, twin.login("agent@mock.example")).soql("SELECT Fax FROM Account").status == 400
        org.reset()
        assert Client(org, org.login("agent@mock.example")).soql("SELECT Fax FROM Account").status == 400

    def test_a_profile_says_what_is_different_from_its_base(self, org: Org):
        careful = Client(org, org.login("careful@mock.example"))

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


class TestEverything:
    @settings(max_examples=25)
    @given(st.lists(st.sampled_from(REQUESTS), max_size=8))
    def test_who_may_do_everything_is_answered_byte_for_byte_as_without_permissions(
        self, schema: Schema, requests: list[tuple[str, str, Any]]
    ):
        """The same users stand in an org whose permissions are never asked for."""
        guarded, open_ = Client(Org(schema)), Client(Org(schema))
        open_.org.access.of = lambda _: guarded.org.access.of(guarded.org.admin_id)  # type: ignore[method-assign]

        for method, path, body in requests:
            asked, answered = guarded.send(method, path, body), open_.send(method, path, body)
            assert (asked.status, asked.raw, asked.headers) == (answered.status, answered.raw, answered.headers)

    def test_they_see_the_schema_itself(self, schema: Schema, org: Org):
        assert org.access.of(org.admin_id).seen is None
        assert narrowed(schema, Rights(schema.seeds, "System Administrator")) is schema

    def test_what_is_seen_alike_is_the_same_object(self, schema: Schema):
        seen = narrowed(schema, Rights(schema.seeds, "Voice Agent"))

        assert seen["Task"].fields[0] is schema["Task"].fields[0]
        assert seen["OpportunityStage"].fields == schema["OpportunityStage"].fields
