"""The describe comes over HTTP or from a folder, and whatever goes wrong has a sentence."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from connector.describe import DescribeError, HttpDescribe, ObjectDescribe, folder_describe
from tests.connector.describes import sample_describes

ORG = "https://acme.my.salesforce.com"
ROOT = f"{ORG}/services/data/v66.0/sobjects"
HORIZONS = ("This Month", "This Quarter", "This Year", "Unknown")


def over_http() -> HttpDescribe:
    return HttpDescribe(httpx.Client(base_url=ORG, headers={"Authorization": "Bearer 00D!token"}))


class TestOverHttp:
    def test_an_object_is_asked_for_once_with_the_token(self, respx_mock: respx.MockRouter):
        listing = respx_mock.get(ROOT).respond(json={"sobjects": [{"name": "Lead"}]})
        lead = respx_mock.get(f"{ROOT}/Lead/describe").respond(json=sample_describes()["Lead"])

        org = over_http()

        assert org.get("lead") == org.get("Lead")
        assert (listing.call_count, lead.call_count) == (1, 1)
        assert lead.calls.last.request.headers["Authorization"] == "Bearer 00D!token"

    def test_an_object_that_is_not_listed_is_not_asked_for(self, respx_mock: respx.MockRouter):
        respx_mock.get(ROOT).respond(json={"sobjects": [{"name": "Lead"}]})

        assert over_http().get("Leed") is None

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            (
                httpx.Response(
                    401, json=[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
                ),
                "answered with 401: INVALID_SESSION_ID, Session expired or invalid",
            ),
            (httpx.Response(503, text="<html>"), "answered with 503: Service Unavailable"),
            (httpx.Response(200, text="<html>"), "something else than JSON"),
            (httpx.Response(200, json={"hello": "world"}), "does not answer like a Salesforce org"),
            (httpx.ConnectError("no route"), "cannot be reached: no route"),
            (httpx.ReadTimeout(""), "cannot be reached: ReadTimeout"),
        ],
    )
    def test_an_org_that_does_not_answer_is_a_sentence(
        self, answer: httpx.Response | Exception, sentence: str, respx_mock: respx.MockRouter
    ):
        respx_mock.get(ROOT).mock(side_effect=[answer])

        with pytest.raises(DescribeError, match=sentence):
            over_http().names()


class TestAFolder:
    def test_holds_one_file_per_object_bare_or_in_an_envelope(self, tmp_path: Path):
        described = sample_describes()
        (tmp_path / "lead.json").write_text(json.dumps(described["Lead"]))
        (tmp_path / "task.json").write_text(json.dumps({"status": 0, "result": described["Task"]}))
        (tmp_path / "global.json").write_text(json.dumps({"sobjects": []}))

        org = folder_describe(tmp_path)

        assert org.names() == ("Lead", "Task")
        assert org.get("LEAD") == ObjectDescribe.read(described["Lead"])

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("{", r"odd\.json cannot be read as JSON"),
            ("[]", r"odd\.json is not the describe of an object"),
            (
                '{"fields": [{"name": "A"}], "name": "B"}',
                r"odd\.json is not the describe of an object: 'type' is missing",
            ),
        ],
    )
    def test_with_an_odd_file_is_refused_by_its_name(self, text: str, sentence: str, tmp_path: Path):
        (tmp_path / "odd.json").write_text(text)

        with pytest.raises(DescribeError, match=sentence):
            folder_describe(tmp_path)

    def test_without_any_file_says_what_to_put_there(self, tmp_path: Path):
        with pytest.raises(DescribeError, match="put one JSON file per object there"):
            folder_describe(tmp_path)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Competitor__c", {"type": "string", "length": 100, "createable": True, "required": False}),
        ("Name", {"type": "string", "length": 120, "required": True}),
        ("Call_Key__c", {"unique": True, "external_id": True}),
        ("Seats__c", {"type": "double", "precision": 6, "scale": 0, "whole_digits": 6}),
        ("AccountId", {"type": "reference", "reference_to": ("Account",)}),
        ("ExpectedRevenue", {"createable": False, "updateable": False}),
        ("Decision_Horizon__c", {"restricted_picklist": True, "active_values": HORIZONS}),
    ],
)
def test_a_field_is_read_with_what_the_checks_need(field: str, expected: dict[str, Any]):
    read = ObjectDescribe.read(sample_describes()["Opportunity"]).get(field)

    assert {name: getattr(read, name) for name in expected} == expected
