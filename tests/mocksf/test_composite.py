"""Composite: one call, many parts, all of them or each for itself."""

from typing import Any

import pytest

from mocksf.errors import Refuse
from mocksf.messages import Response
from mocksf.org import Org
from mocksf.parked import Part, Terms
from tests.client import Client, contents, part, statuses
from tests.worked_call import ROLLED_BACK, call


class TestAllOrNone:
    @pytest.mark.parametrize("position", [0, 1, 2])
    def test_one_bad_part_undoes_the_good_ones_wherever_it_stands(self, sf: Client, org: Org, position: int):
        parts = [part("POST", "/sobjects/Account", f"good{number}", Name="Ada") for number in range(2)]
        parts.insert(position, part("POST", "/sobjects/Account", "bad", Nmae="Ada"))
        before = contents(org)

        answer = sf.composite(*parts, all_or_none=True)

        assert answer.parts["bad"]["body"][0]["errorCode"] == "INVALID_FIELD"
        assert [each["body"] for name, each in answer.parts.items() if name != "bad"] == [ROLLED_BACK] * 2
        assert contents(org) == before

    def test_reads_and_queries_are_rewritten_too(self, sf: Client):
        answer = sf.composite(
            part("GET", "/query?q=SELECT Id FROM Account", "query"),
            part("POST", "/sobjects/Account", "bad"),
            all_or_none=True,
        )

        assert answer.parts["query"]["body"] == ROLLED_BACK

    def test_what_comes_after_the_failure_never_runs(self, sf: Client):
        sf.composite(
            part("POST", "/sobjects/Account", "bad", Nmae="Ada"),
            part("POST", "/sobjects/Account", "good", Name="Ada"),
            all_or_none=True,
        )

        assert sf.create("Account", Name="Bea").startswith("001Rt0000000001")

    def test_without_it_the_good_parts_stay(self, sf: Client):
        answer = sf.composite(
            part("POST", "/sobjects/Account", "good", Name="Ada"), part("POST", "/sobjects/Account", "bad", Nmae="x")
        )

        assert statuses(answer) == [201, 400]
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    def test_several_matches_fail_the_part_with_300(self, sf: Client):
        twins = [sf.create("Lead", LastName="A", Company="B", Email="a@b.example") for _ in range(2)]

        answer = sf.composite(
            part("PATCH", "/sobjects/Lead/Email/a@b.example", "lead", LastName="C"),
            part("POST", "/sobjects/Account", "acc", Name="Ada"),
            all_or_none=True,
        )

        assert answer.parts["lead"]["httpStatusCode"] == 300
        assert answer.parts["lead"]["body"] == [f"/services/data/v66.0/sobjects/Lead/{twin}" for twin in twins]
        assert answer.parts["acc"]["body"] == ROLLED_BACK


class TestHeaders:
    def test_a_part_may_be_conditional(self, sf: Client):
        first = sf.composite(part("GET", "/sobjects/Account/describe", "meta")).parts["meta"]

        again = sf.composite(
            part(
                "GET",
                "/sobjects/Account/describe",
                "meta",
                {"If-Modified-Since": first["httpHeaders"]["Last-Modified"]},
            )
        )

        assert again.parts["meta"]["httpStatusCode"] == 304
        assert again.parts["meta"]["body"] is None
        assert again.parts["meta"]["httpHeaders"] == first["httpHeaders"]

    def test_an_account_row_shows_its_etag_and_a_user_row_nothing(self, sf: Client, org: Org):
        account = sf.create("Account", Name="Ada")

        answer = sf.composite(
            part("GET", f"/sobjects/Account/{account}", "acc"),
            part("GET", f"/sobjects/User/{org.admin_id}?fields=Name", "user"),
        )

        assert list(answer.parts["acc"]["httpHeaders"]) == ["ETag", "Last-Modified"]
        assert answer.parts["user"]["httpHeaders"] == {}

    def test_a_header_that_is_null_is_none(self, sf: Client):
        answer = sf.composite(part("GET", "/sobjects/Account/describe", "meta", {"If-None-Match": None}))  # type: ignore[dict-item]

        assert answer.parts["meta"]["httpStatusCode"] == 200

    def test_assignment_rules_are_switched_per_part(self, sf: Client, org: Org):
        lead = {"LastName": "Doe", "Company": "Acme", "Country": "Germany"}
        answer = sf.composite(
            part("POST", "/sobjects/Lead", "ruled", **lead),
            part("POST", "/sobjects/Lead", "mine", {"Sforce-Auto-Assign": "FALSE"}, **lead),
        )

        owners = [sf.get(f"/sobjects/Lead/{each['body']['id']}").body["OwnerId"] for each in answer.parts.values()]
        assert owners[0] != org.admin_id
        assert owners[1] == org.admin_id


def subrequest(**changes: Any) -> dict[str, Any]:
    return part("POST", "/sobjects/Account", "acc", Name="Ada") | changes


class TestWholeRefusals:
    @pytest.mark.parametrize(
        ("body", "code", "words"),
        [
            ({}, "INVALID_INPUT", "compositeRequest"),
            ({"compositeRequest": {}}, "INVALID_INPUT", "compositeRequest"),
            ({"compositeRequest": ["x"]}, "JSON_PARSER_ERROR", "complexvalue"),
            (
                {"compositeRequest": [], "allorNone": True},
                "JSON_PARSER_ERROR",
                'Unrecognized field "allorNone" at [line:1',
            ),
            ({"compositeRequest": [], "allOrNone": "yes"}, "JSON_PARSER_ERROR", "boolean"),
            ({"compositeRequest": [subrequest(referenceId=None)]}, "JSON_PARSER_ERROR", "referenceId"),
            ({"compositeRequest": [subrequest(), subrequest()]}, "JSON_PARSER_ERROR", "'acc'"),
            (
                {"compositeRequest": [subrequest(referenceId="refNewAccount[1]")]},
                "JSON_PARSER_ERROR",
                "Provided referenceId ('refNewAccount[1]') must start with a letter or a number, and it can contain "
                "only letters, numbers and underscores ('_').",
            ),
            ({"compositeRequest": [subrequest(method="post")]}, "INVALID_INPUT", "method"),
            ({"compositeRequest": [subrequest(url="/sobjects/Account")]}, "INVALID_INPUT", "/services/data/"),
            ({"compositeRequest": [subrequest(httpHeaders={"accept": "x"})]}, "INVALID_INPUT", "accept"),
            ({"compositeRequest": [subrequest(httpHeaders={"Authorization": "x"})]}, "INVALID_INPUT", "Authorization"),
            ({"compositeRequest": [subrequest(referenceId=f"r{n}") for n in range(26)]}, "LIMIT_EXCEEDED", "25"),
            (
                {"compositeRequest": [part("GET", "/query?q=SELECT Id FROM Lead", f"q{n}") for n in range(6)]},
                "LIMIT_EXCEEDED",
                "5",
            ),
        ],
    )
    def test_nothing_runs(self, sf: Client, body: Any, code: str, words: str):
        answer = sf.post("/composite", body)

        assert answer.status == 400
        assert answer.code == code
        assert words in answer.body[0]["message"]
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0

    def test_twenty_five_parts_and_five_queries_are_allowed(self, sf: Client):
        queries = [part("GET", "/query/?q=SELECT COUNT() FROM Account", f"q{n}") for n in range(5)]
        creates = [subrequest(referenceId=f"r{n}") for n in range(20)]

        assert statuses(sf.composite(*queries, *creates)) == [200] * 5 + [201] * 20


class TestTargets:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/sobjects/Nonsense/001Rt0000000001IAA", 404, "NOT_FOUND"),
            ("GET", "/nonsense", 404, "NOT_FOUND"),
            ("GET", "/limits", 400, "PROCESSING_HALTED"),
            ("POST", "/chatter/feed-elements", 400, "PROCESSING_HALTED"),
            ("POST", "/composite", 400, "PROCESSING_HALTED"),
            ("PUT", "/sobjects/Account", 405, "METHOD_NOT_ALLOWED"),
            ("POST", "/sobjects/Account", 400, "JSON_PARSER_ERROR"),
            ("GET", "/query?q=select count() from XYZZY", 400, "INVALID_TYPE"),
        ],
    )
    def test_a_wrong_part_fails_alone(self, sf: Client, method: str, path: str, status: int, code: str):
        answer = sf.composite(part(method, path, "wrong"), subrequest())

        assert answer.parts["wrong"]["httpStatusCode"] == status
        assert answer.parts["wrong"]["body"][0]["errorCode"] == code
        assert answer.parts["acc"]["httpStatusCode"] == 201

    def test_the_whole_counts_as_one_call(self, sf: Client):
        before = sf.get("/limits").body["DailyApiRequests"]["Remaining"]
        sf.composite(*[subrequest(referenceId=f"r{n}") for n in range(10)])

        assert sf.get("/limits").body["DailyApiRequests"]["Remaining"] == before - 2

    def test_a_get_lists_the_family(self, sf: Client):
        assert sf.get("/composite").body == {
            "tree": "/services/data/v66.0/composite/tree",
            "batch": "/services/data/v66.0/composite/batch",
            "sobjects": "/services/data/v66.0/composite/sobjects",
            "graph": "/services/data/v66.0/composite/graph",
        }


def test_the_weather_hinders_one_part_and_is_asked_once(sf: Client, org: Org):
    asked: list[Part] = []

    def hinder(each: Part):
        asked.append(each)
        return Refuse.UNAVAILABLE() if each.sobject == "Opportunity" else None

    request = sf.request("POST", "/composite", call({"Name": "A"}, {"StageName": "Prospecting"}, all_or_none=True))
    response = org.handle(request, Terms(hinder=hinder))

    assert isinstance(response, Response)
    parts = {each["referenceId"]: each for each in response.body["compositeResponse"]}
    assert parts["opp"]["httpStatusCode"] == 503
    assert parts["acc"]["body"] == ROLLED_BACK
    assert [(each.method, each.sobject, each.reference_id) for each in asked] == [
        ("PATCH", "Account", "acc"),
        ("POST", "Contact", "con"),
        ("POST", "Opportunity", "opp"),
    ]
