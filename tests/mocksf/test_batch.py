"""Batches: up to 25 requests in one call, each for itself."""

from typing import Any

import pytest

from mocksf.org import Org, OrgSettings
from mocksf.parked import Terms
from tests.client import VERSION, Answer, Client

PATH = "/composite/batch"
HALTED = [
    {
        "errorCode": "BATCH_PROCESSING_HALTED",
        "message": "The request was halted because a previous request was unsuccessful",
    }
]


def wanted(method: str, path: str, body: Any = None, version: str = VERSION) -> dict[str, Any]:
    return {"method": method, "url": f"v{version}{path}"} | ({} if body is None else {"richInput": body})


def batch(sf: Client, *requests: dict[str, Any], **more: Any) -> Answer:
    return sf.post(PATH, {"batchRequests": list(requests), **more})


def statuses(answer: Answer) -> list[int]:
    return [each["statusCode"] for each in answer.body["results"]]


def used(org: Org) -> int:
    return org.allowance.used(org.clock.now())


def test_each_request_has_its_status_and_its_result(sf: Client):
    account = sf.create("Account", Name="Ada", BillingPostalCode="94105")

    answer = batch(
        sf,
        wanted("PATCH", f"/sobjects/account/{account}", {"Name": "NewName"}),
        wanted("GET", f"/sobjects/account/{account}?fields=Name,BillingPostalCode"),
    )

    assert answer.status == 200
    attributes = {"type": "Account", "url": f"/services/data/v{VERSION}/sobjects/Account/{account}"}
    assert answer.body == {
        "hasErrors": False,
        "results": [
            {"statusCode": 204, "result": None},
            {
                "statusCode": 200,
                "result": {
                    "attributes": attributes, "Name": "NewName", "BillingPostalCode": "94105", "Id": account,
                },
            },
        ],
    }  # fmt: skip


def test_one_that_fails_takes_no_other_back(sf: Client):
    answer = batch(
        sf,
        wanted("POST", "/sobjects/Account", {"Name": "A"}),
        wanted("POST", "/sobjects/Account", {}),
        wanted("POST", "/sobjects/Account", {"Name": "B"}),
    )

    assert (answer.body["hasErrors"], statuses(answer)) == (True, [201, 400, 201])
    assert answer.body["results"][1]["result"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 2


def test_halt_on_error_does_nothing_behind_the_first_failure(sf: Client):
    answer = batch(
        sf,
        wanted("POST", "/sobjects/Account", {"Name": "A"}),
        wanted("GET", "/sobjects/Nonsense"),
        wanted("POST", "/sobjects/Account", {"Name": "B"}),
        haltOnError=True,
    )

    assert statuses(answer) == [201, 404, 412]
    assert answer.body["results"][2]["result"] == HALTED
    assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1


@pytest.mark.parametrize(
    "root", ["v66.0", "/v66.0", "services/data/v66.0", "/services/data/v66.0", "//services/data/v66.0/"]
)
def test_an_address_may_be_written_short_or_long(sf: Client, root: str):
    answer = batch(sf, {"method": "GET", "url": f"{root}/limits"})

    assert statuses(answer) == [200]


@pytest.mark.parametrize(
    "path", ["/limits", "/query?q=SELECT Id FROM Account", "/chatter/users/me", "/sobjects/Account/describe",
             "/search?q=FIND {Ada}"]
)  # fmt: skip
def test_these_may_be_asked_for(sf: Client, path: str):
    assert statuses(batch(sf, wanted("GET", path))) == [200]


@pytest.mark.parametrize(
    "path", ["/composite", "/composite/batch", "/composite/sobjects", "/jobs/query", "/recent", "", "?x=1"]
)
def test_these_may_not(sf: Client, path: str):
    answer = batch(sf, wanted("POST", path, {}), wanted("GET", "/limits"))

    assert statuses(answer) == [400, 200]
    assert answer.body["results"][0]["result"][0]["errorCode"] == "INVALID_BATCH_REQUEST"


def test_files_may_not_be_read(sf: Client):
    parent = sf.create("Account", Name="x")
    attachment = sf.create("Attachment", Name="x", ParentId=parent, Body="eA==")

    answer = batch(sf, wanted("GET", f"/sobjects/Attachment/{attachment}/Body"))

    assert statuses(answer) == [400]


def test_a_caller_without_the_scope_of_a_resource_does_not_get_it_in_a_batch_either():
    org = Org(settings=OrgSettings(scopes_strict=True))
    sf = Client(org, org.login(scopes=("api",)))

    answer = batch(sf, wanted("GET", "/chatter/users/me"), wanted("GET", "/limits"))

    assert statuses(answer) == [401, 200]


@pytest.mark.parametrize(
    "request_", [1, {}, {"method": "GET"}, {"method": "get", "url": "v66.0/limits"}, {"method": "GET", "url": 1},
                 {"method": "GET", "url": "limits"}, {"method": "GET", "url": "v67.0/limits"},
                 {"method": "GET", "url": "v33.0/limits"}, {"method": "GET", "url": "v66.0/limits", "body": {}}]
)  # fmt: skip
def test_one_of_an_unknown_form_refuses_the_whole_batch(sf: Client, request_: Any):
    answer = batch(sf, wanted("POST", "/sobjects/Account", {"Name": "A"}), request_)

    assert answer.status == 400
    assert answer.code in {"INVALID_BATCH_REQUEST", "JSON_PARSER_ERROR"}
    assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0


@pytest.mark.parametrize("body", [{}, {"batchRequests": {}}, {"batchRequests": [], "haltOnError": 1}, {"x": 1}, []])
def test_another_body_is_none(sf: Client, body: Any):
    assert sf.post(PATH, body).code == "JSON_PARSER_ERROR"


def test_twenty_five_are_the_most(sf: Client):
    assert batch(sf, *[wanted("GET", "/limits")] * 26).code == "LIMIT_EXCEEDED"
    assert statuses(batch(sf, *[wanted("GET", "/limits")] * 25)) == [200] * 25


def test_the_version_of_each_request_decides(sf: Client):
    sf.create("Account", Name="x", Caller_Key__c="1")
    requests = [
        wanted("PATCH", "/sobjects/Account/Caller_Key__c/1", {"Name": "y"}, version) for version in ("45.0", "46.0")
    ]

    assert statuses(batch(sf, *requests)) == [204, 200]


class TestAllowance:
    @pytest.mark.parametrize("count", [0, 1, 5])
    def test_each_request_counts(self, sf: Client, org: Org, count: int):
        before = used(org)

        batch(sf, *[wanted("GET", "/limits")] * count)

        assert used(org) == before + max(count, 1)

    def test_those_that_were_halted_do_not(self, sf: Client, org: Org):
        before = used(org)

        batch(sf, wanted("GET", "/nonsense"), wanted("GET", "/limits"), haltOnError=True)

        assert used(org) == before + 1

    def test_where_it_ends_the_rest_is_refused(self):
        org = Org(settings=OrgSettings(daily_requests=3))
        sf = Client(org)

        answer = batch(sf, *[wanted("POST", "/sobjects/Account", {"Name": "x"})] * 5)

        assert statuses(answer) == [201, 201, 201, 403, 403]
        assert answer.body["results"][3]["result"][0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
        assert answer.headers["Sforce-Limit-Info"] == "api-usage=3/3"

    def test_a_batch_that_takes_its_time_counts_once(self, sf: Client, org: Org):
        before = used(org)
        parked = sf.park("POST", PATH, {"batchRequests": [wanted("GET", "/limits")] * 3}, Terms(service_s=1.0))
        org.clock.move_to(parked.until)

        sf.resume(parked)

        assert used(org) == before + 3
