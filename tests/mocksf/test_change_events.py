"""Change events: what of a committed write is told, in Salesforce's own words, and what belongs to one transaction."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.conversion import Wish
from mocksf.records import Actor
from tests.client import Client, part
from tests.listening import Listener, listening

ACCOUNTS, CONTACTS, EVERYTHING = "/data/AccountChangeEvent", "/data/ContactChangeEvent", "/data/ChangeEvents"
STAMP = "2026-01-05T09:00:00.000Z"


@pytest.fixture
def ear(sf: Client) -> Listener:
    return listening(sf, ACCOUNTS)


class TestPayloads:
    def test_a_new_record_is_told_with_all_that_is_not_empty(self, sf: Client, ear: Listener):
        account = sf.create("Account", Name="Acme", BillingCity="Rome", BillingCountry="Italy", AnnualRevenue=5)
        (event,) = ear.hear()

        admin = sf.org.admin_id
        header = event["data"]["payload"].pop("ChangeEventHeader")
        assert (event["channel"], event["data"]["event"]) == (ACCOUNTS, {"replayId": 1})
        assert event["data"]["payload"] == {
            "CreatedDate": STAMP, "LastModifiedDate": STAMP, "CreatedById": admin, "LastModifiedById": admin,
            "OwnerId": admin, "Name": "Acme", "AnnualRevenue": 5.0,
            "BillingAddress": {"City": "Rome", "Country": "Italy"},
        }  # fmt: skip
        assert {**header, "transactionKey": "x"} == {
            "commitNumber": 1, "commitUser": admin, "sequenceNumber": 1, "entityName": "Account",
            "changeType": "CREATE", "changedFields": [], "changeOrigin": "com/salesforce/api/rest/66.0",
            "transactionKey": "x", "commitTimestamp": 1_767_603_600_000, "recordIds": [account],
        }  # fmt: skip

    def test_a_changed_record_is_told_with_what_changed_and_when(self, sf: Client, clock: VirtualClock):
        account = sf.create("Account", Name="Acme", Phone="1", BillingCity="Rome", BillingStreet="Via 1")
        ear = listening(sf, ACCOUNTS)
        clock.advance(31)

        sf.patch(f"/sobjects/Account/{account}", {"Name": "Acme", "Phone": None, "BillingCity": "Pisa"})

        (payload,) = ear.payloads()
        header = payload.pop("ChangeEventHeader")
        assert payload == {
            "LastModifiedDate": "2026-01-05T09:00:31.000Z", "Phone": None, "BillingAddress": {"City": "Pisa"},
        }  # fmt: skip
        assert header["changedFields"] == ["LastModifiedDate", "Phone", "BillingAddress.City"]

    def test_a_deleted_record_is_told_by_its_id_alone(self, sf: Client):
        account = sf.create("Account", Name="Acme")
        ear = listening(sf, ACCOUNTS)

        sf.delete(f"/sobjects/Account/{account}")

        (payload,) = ear.payloads()
        assert list(payload) == ["ChangeEventHeader"]
        assert (payload["ChangeEventHeader"]["changeType"], payload["ChangeEventHeader"]["recordIds"]) == (
            "DELETE",
            [account],
        )

    def test_a_record_that_comes_back_is_told_whole(self, sf: Client, ear: Listener):
        account = sf.create("Account", Name="Acme")
        sf.delete(f"/sobjects/Account/{account}")
        ear.hear()

        records, kind = sf.org.records, sf.org.schema["Account"]
        actor = Actor(sf.org.admin_id, sf.org.clock.now())
        with sf.org.store.atomic(), sf.org.streaming.occasion(actor.now, actor.user_id):
            records.undelete(actor, kind, account)

        (payload,) = ear.payloads()
        assert (payload["ChangeEventHeader"]["changeType"], payload["Name"]) == ("UNDELETE", "Acme")
        assert payload["ChangeEventHeader"]["changeOrigin"] == ""

    def test_people_have_their_names_in_one_field(self, sf: Client):
        ear = listening(sf, CONTACTS)
        contact = sf.create("Contact", LastName="Lovelace", FirstName="Ada", MailingCity="London")
        sf.patch(f"/sobjects/Contact/{contact}", {"FirstName": "Augusta"})

        new, changed = ear.payloads()
        assert new["Name"] == {"LastName": "Lovelace", "FirstName": "Ada"}
        assert new["MailingAddress"] == {"City": "London"}
        assert changed["Name"] == {"FirstName": "Augusta"}
        assert changed["ChangeEventHeader"]["changedFields"] == ["LastModifiedDate", "Name.FirstName"]

    def test_places_and_dates_of_custom_objects(self, sf: Client):
        account = sf.create("Account", Name="Acme")
        ear = listening(sf, "/data/Site_Visit__ChangeEvent")

        sf.create("Site_Visit__c", Account__c=account, Wanted_On__c="2026-02-01", Place__Latitude__s=1.5,
                  Place__Longitude__s=2)  # fmt: skip

        (payload,) = ear.payloads()
        assert (payload["Wanted_On__c"], payload["Place__c"]) == ("2026-02-01", {"Latitude": 1.5, "Longitude": 2.0})
        assert payload["ChangeEventHeader"]["entityName"] == "Site_Visit__c"

    def test_the_schema_id_says_whether_fields_are_the_same(self, sf: Client, ear: Listener):
        sf.create("Account", Name="Acme")
        sf.create("Account", Name="Beta")
        ear.subscribe(CONTACTS)
        sf.create("Contact", LastName="Ada")

        one, two, other = (each["schema"] for each in ear.data())
        assert one == two != other
        assert len(one) == 22

    @pytest.mark.parametrize(
        ("options", "ending"), [("", ""), ("client=Astro", ";client=Astro"), ("a=b, client=x/y", ";client=x/y")]
    )
    def test_the_origin_names_the_api_and_its_client(self, sf: Client, ear: Listener, options: str, ending: str):
        sf.version = "58.0"
        sf.post("/sobjects/Account", {"Name": "Acme"}, **({"sforce-call-options": options} if options else {}))

        (payload,) = ear.payloads()
        assert payload["ChangeEventHeader"]["changeOrigin"] == f"com/salesforce/api/rest/58.0{ending}"


class TestTransactions:
    def test_the_parts_of_a_composite_share_one(self, sf: Client):
        ear = listening(sf, EVERYTHING)
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme"),
            part("POST", "/sobjects/Contact", "c", LastName="Ada", AccountId="@{a.id}"),
            part("PATCH", "/sobjects/Account/@{a.id}", "p", Phone="7"),
            all_or_none=True,
        )
        sf.create("Account", Name="Beta")

        *together, alone = (each["ChangeEventHeader"] for each in ear.payloads())
        assert [(each["entityName"], each["sequenceNumber"]) for each in together] == [("Account", 1), ("Contact", 2)]
        assert len({each["transactionKey"] for each in together}) == 1
        assert alone["transactionKey"] != together[0]["transactionKey"]
        assert alone["commitNumber"] > together[0]["commitNumber"]

    def test_a_leads_conversion_is_one_with_its_changes_in_order(self, sf: Client):
        lead = sf.create("Lead", LastName="Ada", Company="Acme")
        ear = listening(sf, EVERYTHING)
        actor = Actor(sf.org.admin_id, sf.org.clock.now())
        status = next(each.value for each in sf.org.schema.seeds.lead_statuses if each.ends)
        with sf.org.streaming.occasion(actor.now, actor.user_id):
            sf.org.records.convert(actor, Wish(lead, status))

        headers = [each["ChangeEventHeader"] for each in ear.payloads()]
        told = [(each["entityName"], each["changeType"]) for each in headers]
        assert told[:3] == [("Account", "CREATE"), ("Contact", "CREATE"), ("Opportunity", "CREATE")]
        assert ("Lead", "UPDATE") in told[3:]
        assert len({each["transactionKey"] for each in headers}) == 1
        assert [each["sequenceNumber"] for each in headers] == list(range(1, len(headers) + 1))

    def test_two_writes_of_one_record_are_one_change(self, sf: Client, ear: Listener):
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme", Phone="6"),
            part("PATCH", "/sobjects/Account/@{a.id}", "p", Phone="7", Fax="8"),
            all_or_none=True,
        )

        (payload,) = ear.payloads()
        assert (payload["Phone"], payload["Fax"], payload["ChangeEventHeader"]["changeType"]) == ("7", "8", "CREATE")

    def test_what_comes_and_goes_in_one_never_was(self, sf: Client, ear: Listener):
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme"),
            part("DELETE", "/sobjects/Account/@{a.id}", "d"),
            all_or_none=True,
        )

        assert ear.payloads() == []

    def test_the_same_change_of_several_records_is_one_event(self, sf: Client):
        ids = [sf.create("Account", Name=name) for name in ("Acme", "Beta", "Gamma")]
        ear = listening(sf, ACCOUNTS)
        rows = [{"attributes": {"type": "Account"}, "id": each, "Industry": "Apparel"} for each in ids]
        sf.patch("/composite/sobjects", {"records": rows})
        sf.delete(f"/composite/sobjects?ids={','.join(ids)}")

        headers = [each["ChangeEventHeader"] for each in ear.payloads()]
        assert [(each["changeType"], each["recordIds"], each["sequenceNumber"]) for each in headers] == [
            ("UPDATE", ids, 1), ("DELETE", ids, 1),
        ]  # fmt: skip

    def test_different_changes_of_several_records_are_not(self, sf: Client, ear: Listener):
        rows = [{"attributes": {"type": "Account"}, "Name": each} for each in ("Acme", "Acme")]
        sf.post("/composite/sobjects", {"records": rows})

        assert [each["ChangeEventHeader"]["sequenceNumber"] for each in ear.payloads()] == [1, 2]

    @pytest.mark.in_memory
    def test_the_records_of_a_bulk_job_come_from_the_bulk_api(self, sf: Client, clock: VirtualClock, ear: Listener):
        job = sf.post("/jobs/ingest", {"object": "Account", "operation": "insert"}).body["id"]
        sf.send("PUT", f"/jobs/ingest/{job}/batches", b"Name\nAcme\nBeta\n", {"content-type": "text/csv"})
        sf.patch(f"/jobs/ingest/{job}", {"state": "UploadComplete"})
        sf.org.run_due(clock.now())

        headers = [each["ChangeEventHeader"] for each in ear.payloads()]
        assert {each["changeOrigin"] for each in headers} == {"com/salesforce/api/bulkapi/66.0"}
        assert [(each["sequenceNumber"], each["commitUser"]) for each in headers] == [
            (1, sf.org.admin_id),
            (2, sf.org.admin_id),
        ]

    def test_what_goes_along_with_a_deleted_record_is_told(self, sf: Client):
        account = sf.create("Account", Name="Acme")
        sf.create("Contact", LastName="Ada", AccountId=account)
        ear = listening(sf, EVERYTHING)

        sf.delete(f"/sobjects/Account/{account}")

        assert [each["ChangeEventHeader"]["entityName"] for each in ear.payloads()] == ["Account", "Contact"]
