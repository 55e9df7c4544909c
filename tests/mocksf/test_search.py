"""The search resources: what is found, how the answer looks by version, and phones however they were written down."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.ids import make_id
from mocksf.org import Org, OrgSettings
from mocksf.schema import load_schema
from mocksf.sosl import ENGINE_MAX
from mocksf.sosl.candidates import PAGE, question
from mocksf.sosl.places import searched_fields
from mocksf.sosl.words import dialled_only, wanted
from tests.client import Client

NUMBER = "4155550100"
WRITTEN = [
    "4155550100",
    "(415) 555-0100",
    "415-555-0100",
    "415.555.0100",
    "+1 415 555 0100",
    "1-415-555-0100",
    "+14155550100",
    "415/555 0100 x12",
]


def phone_search(sf: Client, digits: str, returning: str = "Contact(Id)") -> list[str]:
    answer = sf.get(f"/search?q=FIND {{{digits}}} IN PHONE FIELDS RETURNING {returning}")
    return [record["Id"] for record in answer.body["searchRecords"]]


class TestAPhone:
    @pytest.mark.parametrize("phone", WRITTEN)
    @pytest.mark.parametrize("field", ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax"])
    def test_is_found_however_it_was_written_down(self, sf: Client, phone: str, field: str):
        contact = sf.create("Contact", LastName="Ada", **{field: phone})

        assert phone_search(sf, NUMBER) == [contact]

    @pytest.mark.parametrize(
        "asked", [r"415\-555\-0100", "(415) 555-0100", '"(415) 555-0100"', "4155550*", "415 555 0100", "(415)", "0100"]
    )
    def test_may_be_asked_for_in_many_ways(self, sf: Client, asked: str):
        contact = sf.create("Contact", LastName="Ada", Phone="(415) 555-0100")

        assert phone_search(sf, asked) == [contact]

    @pytest.mark.parametrize("asked", ["5550100", "14155550100", "4155550101", "41555501"])
    def test_is_not_found_by_a_part_or_by_a_country_code_that_is_not_stored(self, sf: Client, asked: str):
        sf.create("Contact", LastName="Ada", Phone="(415) 555-0100")

        assert phone_search(sf, asked) == []

    def test_is_no_longer_found_once_it_has_changed(self, sf: Client):
        contact = sf.create("Contact", LastName="Ada", Phone="(415) 555-0100")
        sf.patch(f"/sobjects/Contact/{contact}", {"Phone": None, "MobilePhone": "+49 30 1234567"})

        assert (phone_search(sf, NUMBER), phone_search(sf, "49301234567")) == ([], [contact])

    def test_is_not_found_on_what_is_deleted(self, sf: Client):
        contact = sf.create("Contact", LastName="Ada", Phone=NUMBER)
        sf.delete(f"/sobjects/Contact/{contact}")

        assert phone_search(sf, NUMBER) == []

    def test_is_found_on_converted_leads_unless_they_are_filtered(self, sf: Client):
        lead = sf.create("Lead", LastName="Bo", Company="Bo AG", Phone="415.555.0100")

        assert phone_search(sf, NUMBER, "Lead(Id WHERE IsConverted = false)") == [lead]
        assert phone_search(sf, NUMBER, "Lead(Id WHERE IsConverted = true)") == []

    def test_that_a_caller_has_is_all_three_objects_at_once(self, sf: Client):
        account = sf.create("Account", Name="Berg AG", Phone="+1 (415) 555 0100")
        contact = sf.create("Contact", LastName="Ada", AccountId=account, MobilePhone="1.415.555.0100")

        answer = sf.get(
            f"/search?q=FIND {{{NUMBER}}} IN PHONE FIELDS RETURNING Contact(Id, Name, AccountId, Account.Name), "
            "Lead(Id, Name, Company WHERE IsConverted = false), Account(Id, Name)"
        )

        assert [record["Id"] for record in answer.body["searchRecords"]] == [contact, account]
        assert answer.body["searchRecords"][0]["Account"]["Name"] == "Berg AG"

    @pytest.mark.in_memory  # asks how SQLite goes about it
    @pytest.mark.parametrize("number", [NUMBER, f"{NUMBER}*", "(415) 555 0100", "+1 415 555 0100*", "415 5550100"])
    def test_is_looked_up_by_an_index(self, org: Org, number: str):
        contact = org.schema["Contact"]
        fields = searched_fields(contact, "PHONE")
        asked = question(contact, fields, fields, dialled_only(wanted(number, 0, len(number))), None)

        steps = [row[3] for row in org.store.rows(f"EXPLAIN QUERY PLAN {asked.sql}", (*asked.values, ""))]
        assert [step for step in steps if step.startswith("SCAN")] == []
        assert [step for step in steps if "Phone$d" in step]
        assert "LIKE" not in asked.sql


def filled(org: Org, *descriptions: str, names: str = "Anybody") -> None:
    """Leads straight into the store, one per description, the last of them called by its description as well."""
    lead = org.schema["Lead"]
    with org.store.turn(), org.store.atomic():
        for number, text in enumerate(descriptions, 1):
            name = text if number == len(descriptions) else names
            row = {"Id": make_id("00Q", number), "LastName": name, "Name": name, "Company": "-", "Description": text}
            org.store.insert(lead, {**row, "IsDeleted": 0, "OwnerId": org.admin_id})


class TestManyMatches:
    def test_a_name_is_not_missed_for_texts_that_come_before_it(self, sf: Client, org: Org):
        filled(org, *["a demo"] * (ENGINE_MAX + 5), "demo")

        answer = sf.get("/search?q=FIND {demo} RETURNING Lead(Id, Name LIMIT 1)")

        assert [record["Name"] for record in answer.body["searchRecords"]] == ["demo"]

    def test_no_more_are_looked_at_than_the_engine_does(self, sf: Client, org: Org):
        filled(org, *["a demo"] * (ENGINE_MAX + 5), "nothing")

        answer = sf.get("/search?q=FIND {demo} RETURNING Lead(Id ORDER BY Id DESC LIMIT 2000)")

        assert len(answer.body["searchRecords"]) == ENGINE_MAX

    def test_what_only_looks_alike_hides_nothing(self, sf: Client, org: Org):
        filled(org, *["demos"] * (PAGE * 2), "demo")

        answer = sf.get("/search?q=FIND {demo} RETURNING Lead(Name)")

        assert [record["Name"] for record in answer.body["searchRecords"]] == ["demo"]


class TestAnAnswer:
    def test_is_an_object_around_the_records(self, sf: Client):
        contact = sf.create("Contact", LastName="Lovelace")

        address = f"/services/data/v66.0/sobjects/Contact/{contact}"
        assert sf.get("/search/?q=FIND {Lovelace}").raw == (
            f'{{"searchRecords":[{{"attributes":{{"type":"Contact","url":"{address}"}},"Id":"{contact}"}}]}}'.encode()
        )

    def test_is_a_bare_array_before_version_37(self, org: Org, sf: Client):
        sf.create("Contact", LastName="Lovelace")
        old = Client(org, version="36.0")

        assert [record["attributes"]["type"] for record in old.get("/search?q=FIND {Lovelace}").body] == ["Contact"]

    def test_of_nothing_is_an_empty_list(self, sf: Client):
        assert sf.get("/search?q=FIND {nobody}").raw == b'{"searchRecords":[]}'

    def test_tells_labels_where_they_are_asked_for(self, sf: Client):
        sf.create("Account", Name="Acme")

        body = sf.get("/search?q=FIND {acme} RETURNING Account(Id, Name) WITH METADATA = 'LABELS'").body

        fields = [{"name": "Id", "label": "Account ID"}, {"name": "Name", "label": "Account Name"}]
        assert body["metadata"] == {"entityMetadata": [{"entityName": "Account", "fieldMetadata": fields}]}

    @pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=FIND acme"])
    def test_wants_a_term_in_braces(self, sf: Client, path: str):
        answer = sf.get(path)

        assert (answer.status, answer.code) == (400, "MALFORMED_SEARCH")
        assert answer.body[0]["message"] == "No search term found. The search term must be enclosed in braces."

    def test_is_at_most_250_of_an_object_unless_they_are_sorted(self, sf: Client):
        for page in range(2):
            sf.post("/composite/sobjects", {"records": [_lead(page * 200 + n) for n in range(200)]})

        assert len(sf.get("/search?q=FIND {many} RETURNING Lead").body["searchRecords"]) == 250
        assert len(sf.get("/search?q=FIND {many} RETURNING Lead(Id ORDER BY Id)").body["searchRecords"]) == 400
        assert len(sf.get("/search?q=FIND {many} RETURNING Lead(Id LIMIT 7)").body["searchRecords"]) == 7


def _lead(number: int) -> dict:
    return {"attributes": {"type": "Lead"}, "LastName": f"Lead {number}", "Company": "Many"}


def test_an_index_may_lag_behind(clock: VirtualClock):
    org = Org(load_schema(["sample"]), clock=clock, settings=OrgSettings(search_lag_s=60))
    sf = Client(org)
    contact = sf.create("Contact", LastName="Ada", Phone=NUMBER)
    clock.advance(59)
    assert phone_search(sf, NUMBER) == []

    clock.advance(timedelta(seconds=1).total_seconds())

    assert phone_search(sf, NUMBER) == [contact]


class TestAParameterizedSearch:
    def test_says_in_json_what_sosl_says(self, sf: Client):
        smith = sf.create("Contact", LastName="Smith", FirstName="Ann")
        sf.create("Contact", LastName="Smith", FirstName="Bob")
        said = {
            "q": "Smith",
            "in": "NAME",
            "sobjects": [{"name": "Contact", "fields": ["id", "firstName"], "where": "FirstName = 'Ann'", "limit": 5}],
        }

        (record,) = sf.post("/parameterizedSearch", said).body["searchRecords"]

        assert (record["Id"], record["FirstName"], list(record)[1:]) == (smith, "Ann", ["Id", "FirstName"])

    def test_may_be_asked_by_address(self, sf: Client):
        contact = sf.create("Contact", LastName="Smith")
        lead = sf.create("Lead", LastName="Smith", Company="X")

        body = sf.get(
            "/parameterizedSearch?q=Smith&sobject=Contact&sobject=Lead&Contact.fields=id,name&Lead.limit=1"
        ).body

        assert [record["Id"] for record in body["searchRecords"]] == [contact, lead]
        assert body["searchRecords"][0]["Name"] == "Smith"

    @pytest.mark.parametrize(
        ("q", "count"),
        [("sm*", 1), ("smith-jones", 1), ("{smith}", 1), ('"jones smith"', 0), ("smith & jones", 1), ("(smith", 1)],
    )
    def test_takes_what_is_reserved_for_text(self, sf: Client, q: str, count: int):
        sf.create("Contact", LastName="Smith-Jones")

        assert len(sf.post("/parameterizedSearch", {"q": q}).body["searchRecords"]) == count

    def test_has_limits_for_all_and_for_each(self, sf: Client):
        for name in ("Ann", "Bob", "Cyd"):
            sf.create("Contact", LastName="Smith", FirstName=name)
            sf.create("Lead", LastName="Smith", FirstName=name, Company="X")
        said = {"q": "Smith", "fields": ["id"], "sobjects": [{"name": "Contact"}, {"name": "Lead"}]}

        each = sf.post("/parameterizedSearch", {**said, "defaultLimit": 1}).body["searchRecords"]
        all_ = sf.post("/parameterizedSearch", {**said, "overallLimit": 3}).body["searchRecords"]

        assert (len(each), len(all_)) == (2, 3)

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({}, "No search term found"),
            ({"q": ""}, "No search term found"),
            ({"q": "smith", "limit": 1}, "there is no property 'limit'"),
            ({"q": 5}, "q must be a text"),
            ({"q": "smith", "in": "SOME"}, "in is one of ALL"),
            ({"q": "smith", "overallLimit": -1}, "overallLimit must be a number"),
            ({"q": "smith", "sobjects": [5]}, "each of sobjects is an object with a name"),
            ({"q": "smith", "sobjects": [{"name": "Contact", "fields": ["Id WHERE"]}]}, "'Id WHERE' is no name"),
            ({"q": "smith", "sobjects": [{"name": "Nope"}]}, "sObject type 'Nope' is not supported"),
            ({"q": "smith", "sobjects": [{"name": "Contact", "where": "x"}]}, "unexpected token: ')'"),
        ],
    )
    def test_says_what_is_wrong_with_it(self, sf: Client, said: dict, sentence: str):
        answer = sf.post("/parameterizedSearch", said)

        assert answer.status == 400
        assert sentence in answer.body[0]["message"]
