"""What users with different permissions see, by describe and by query."""

import re
from urllib.parse import quote

import pytest

from tests.client import Answer, Client
from tests.staff import fields_of, message

NO_FIELD = (
    "No such column '{0}' on entity '{1}'. If you are attempting to use a custom field, be sure to append the '__c'"
    " after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
)


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
