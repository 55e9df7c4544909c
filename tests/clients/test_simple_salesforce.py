"""simple-salesforce as published, over TLS to `mocksf serve`, and once more without a socket."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

import mocksf

pytestmark = pytest.mark.clients

MANY = 2100
"""Two pages of rows."""


class Resolved(HTTPAdapter):
    """Every name is the server's address, as a hosts file would have it; certificates are still checked."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._at = urlsplit(url)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = host["host"]
        return {**host, "host": self._at.hostname, "port": self._at.port}, {
            **pool, "server_hostname": name, "assert_hostname": name,
        }  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One way to bring the client to an org."""

    session: requests.Session
    url: str
    token: str

    def client(self, token: str | None = None) -> Salesforce:
        return Salesforce(session=self.session, instance_url=self.url, session_id=token or self.token)


def over_tls() -> Iterator[Way]:
    command = [sys.executable, "-m", "mocksf", "serve", "--tls", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = json.loads(process.stdout.readline())
            session = requests.Session()
            session.trust_env = False  # or a bundle named in the environment would win over the next line
            session.verify = printed["ca"]
            session.mount("https://mock.my.salesforce.com", Resolved(printed["url"]))
            yield Way(session, printed["url"], printed["token"])
            session.close()
        finally:
            process.terminate()


def without_a_socket() -> Iterator[Way]:
    org = mocksf.Org("sample")
    yield Way(org.requests_session(), org.url, org.login())


@pytest.fixture(scope="module", params=[over_tls, without_a_socket], ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    yield from request.param()


@pytest.fixture
def sf(way: Way) -> Salesforce:
    return way.client()


@pytest.fixture(scope="module")
def many(way: Way) -> None:
    """So many leads, by composites of 25."""
    sf = way.client()
    for first in range(0, MANY, 25):
        parts = [
            {
                "method": "POST",
                "url": f"/services/data/v{sf.sf_version}/sobjects/Lead",
                "referenceId": f"lead{number}",
                "body": {"LastName": f"Lead {number:04}", "Company": "Acme"},
            }
            for number in range(first, min(first + 25, MANY))
        ]
        answer = sf.restful("composite", method="POST", json={"allOrNone": True, "compositeRequest": parts})
        assert {part["httpStatusCode"] for part in answer["compositeResponse"]} == {201}


class TestLogin:
    def test_a_session_suffices(self, way: Way):
        assert way.client().limits()["DailyApiRequests"]["Max"] > 0

    def test_username_and_password_by_soap(self, way: Way):
        sf = Salesforce(
            "admin@mock.example", "mock", security_token="", domain="mock.my", session=way.session, version="59.0"
        )

        assert sf.session_id.startswith("00D")
        assert sf.query("SELECT COUNT() FROM Account")["done"] is True

    def test_a_wrong_password_is_the_org_s_own_refusal(self, way: Way):
        with pytest.raises(SalesforceAuthenticationFailed) as caught:
            Salesforce("admin@mock.example", "wrong", security_token="", domain="mock.my", session=way.session)

        assert caught.value.code == "INVALID_LOGIN"

    def test_client_credentials(self, way: Way):
        sf = Salesforce(consumer_key="mocksf", consumer_secret="mocksf-secret", domain="mock.my", session=way.session)

        assert sf.limits()

    def test_a_wrong_secret_is_refused(self, way: Way):
        with pytest.raises(SalesforceAuthenticationFailed):
            Salesforce(consumer_key="mocksf", consumer_secret="wrong", domain="mock.my", session=way.session)

    def test_a_session_that_ended_is_said_to_have_expired(self, way: Way):
        with pytest.raises(SalesforceExpiredSession):
            way.client("00D000000000001!gone").limits()


class TestRecords:
    def test_a_life_from_create_to_delete(self, sf: Salesforce):
        made = sf.Contact.create({"LastName": "Lovelace", "Phone": "+4930123"})
        assert (made["success"], made["errors"], len(made["id"])) == (True, [], 18)

        assert sf.Contact.update(made["id"], {"FirstName": "Ada"}) == 204
        found = sf.Contact.get(made["id"])
        assert (found["Name"], found["attributes"]["type"]) == ("Ada Lovelace", "Contact")
        assert sf.Contact.delete(made["id"]) == 204
        with pytest.raises(SalesforceResourceNotFound):
            sf.Contact.get(made["id"])

    def test_an_upsert_makes_and_then_changes_one_record(self, sf: Salesforce):
        assert sf.Account.upsert("Caller_Key__c/+49301", {"Name": "Ada"}) == 201
        assert sf.Account.upsert("Caller_Key__c/+49301", {"Name": "Eve"}) == 200

        assert sf.Account.get_by_custom_id("Caller_Key__c", "+49301")["Name"] == "Eve"

    def test_a_refusal_comes_through_word_for_word(self, sf: Salesforce):
        with pytest.raises(SalesforceMalformedRequest) as caught:
            sf.Contact.create({"FirstName": "Ada"})

        assert caught.value.content == [
            {
                "message": "Required fields are missing: [LastName]",
                "errorCode": "REQUIRED_FIELD_MISSING",
                "fields": ["LastName"],
            }
        ]


class TestDescribe:
    def test_an_object_and_all_objects(self, sf: Salesforce):
        described = sf.Opportunity.describe()

        assert {"Demo_Requested_At__c", "StageName"} <= {field["name"] for field in described["fields"]}
        assert "Opportunity" in {sobject["name"] for sobject in sf.describe()["sobjects"]}


class TestQueries:
    def test_a_query_finds_records_with_their_parents(self, sf: Salesforce):
        account = sf.Account.create({"Name": "Parent"})["id"]
        sf.Contact.create({"LastName": "Child", "AccountId": account})

        (found,) = sf.query(f"SELECT Name, Account.Name FROM Contact WHERE AccountId = '{account}'")["records"]

        assert (found["Name"], found["Account"]["Name"]) == ("Child", "Parent")

    @pytest.mark.usefixtures("many")
    def test_a_long_answer_comes_in_pages(self, sf: Salesforce):
        first = sf.query("SELECT Name FROM Lead ORDER BY Name")
        rest = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)

        assert (first["totalSize"], first["done"], len(first["records"])) == (MANY, False, 2000)
        assert (rest["done"], len(rest["records"])) == (True, MANY - 2000)

    @pytest.mark.usefixtures("many")
    def test_query_all_brings_every_row_once(self, sf: Salesforce):
        names = [row["Name"] for row in sf.query_all("SELECT Name FROM Lead ORDER BY Name")["records"]]

        assert names == [f"Lead {number:04}" for number in range(MANY)]

    def test_a_query_that_cannot_be_parsed_is_a_malformed_request(self, sf: Salesforce):
        with pytest.raises(SalesforceMalformedRequest) as caught:
            sf.query("SELECT Naem FROM Account")

        assert caught.value.content[0]["errorCode"] == "INVALID_FIELD"


class TestComposite:
    def test_parts_refer_to_each_other_and_fail_together(self, sf: Salesforce):
        root = f"/services/data/v{sf.sf_version}/sobjects"
        account = {"method": "POST", "url": f"{root}/Account", "referenceId": "acc", "body": {"Name": "Together"}}
        contact = {
            "method": "POST", "url": f"{root}/Contact", "referenceId": "con",
            "body": {"LastName": "Reed", "AccountId": "@{acc.id}"},
        }  # fmt: skip

        def send(*parts: dict[str, Any]) -> list[int]:
            body = {"allOrNone": True, "compositeRequest": list(parts)}
            answer = sf.restful("composite", method="POST", json=body)
            return [part["httpStatusCode"] for part in answer["compositeResponse"]]

        assert send(account, contact) == [201, 201]
        assert send(account, {**contact, "body": {"FirstName": "Nobody"}}) == [400, 400]
        assert sf.query("SELECT COUNT() FROM Account WHERE Name = 'Together'")["totalSize"] == 1


class TestBulk:
    def test_one_loads_and_queries_in_json(self, sf: Salesforce):
        rows = [{"Name": f"Bulk one {place}"} for place in range(150)] + [{"Phone": "1"}]
        told = sf.bulk.Account.insert(rows)
        assert [each["success"] for each in told] == [True] * 150 + [False]
        found = sf.bulk.Account.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk one%'")
        assert len(found) == 150
        gone = sf.bulk.Account.delete([{"Id": each["Id"]} for each in found])
        assert all(each["success"] for each in gone)

    def test_two_loads_and_queries_in_csv(self, sf: Salesforce):
        rows = [{"Name": f"Bulk two {place:03}", "Phone": "415"} for place in range(250)]
        (told,) = sf.bulk2.Account.insert(records=rows, wait=0.05)
        assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (250, 0)
        assert len(sf.bulk2.Account.get_successful_records(told["job_id"]).splitlines()) == 251
        assert len(sf.bulk2.Account.get_failed_records(told["job_id"]).splitlines()) == 1
        asked = "SELECT Name FROM Account WHERE Name LIKE 'Bulk two%' ORDER BY Name"
        pages = list(sf.bulk2.Account.query(asked, max_records=100, wait=0.05))
        assert [len(page.splitlines()) for page in pages] == [101, 101, 51]
