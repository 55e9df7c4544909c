"""Bulk API 1.0: jobs of many batches in three formats."""

import gzip
from collections.abc import Mapping
from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Answer, Client

ROOT = "/services/async/59.0/job"
XML = '<jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload">{}</jobInfo>'


class Loader:
    """Talks to the Bulk API 1.0 of an org."""

    def __init__(self) -> None:
        self.org = Org()
        self.token = self.org.login()
        self._client = Client(self.org, token="")

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self._client.send(method, ROOT + path, body, {"x-sfdc-session": self.token, **(headers or {})})

    def json_job(self, **wish: Any) -> str:
        body = {"operation": "insert", "object": "Account", "concurrencyMode": 0, "contentType": "JSON", **wish}
        return str(self.send("POST", "", body, {"content-type": "application/json"}).body["id"])

    def xml_job(self, operation: str, content_type: str) -> str:
        told = f"<operation>{operation}</operation><object>Account</object><contentType>{content_type}</contentType>"
        answer = self.send("POST", "", XML.format(told).encode(), {"content-type": "application/xml"})
        assert answer.status == 201
        return str(answer.body.partition("<id>")[2][:18])

    def batch(self, job: str, body: Any, headers: Mapping[str, str] | None = None) -> str:
        answer = self.send("POST", f"/{job}/batch", body, headers)
        assert answer.status == 201
        told = answer.body
        self.org.run_due(self.org.clock.now())
        return str(told["id"] if isinstance(told, dict) else told.partition("<id>")[2][:18])


@pytest.fixture
def loader() -> Loader:
    return Loader()


def test_rows_in_json_have_results_in_json(loader: Loader):
    job = loader.json_job()
    batch = loader.batch(job, [{"Name": "Acme"}, {"Phone": "1"}])
    good, bad = loader.send("GET", f"/{job}/batch/{batch}/result").body
    assert (good["success"], good["created"], good["errors"]) == (True, True, [])
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert loader.send("GET", f"/{job}/batch/{batch}/request").body == [{"Name": "Acme"}, {"Phone": "1"}]


def test_rows_in_csv_have_results_in_csv_though_compressed(loader: Loader):
    job = loader.xml_job("insert", "CSV")
    batch = loader.batch(job, gzip.compress(b"Name\nAcme\n"), {"content-encoding": "gzip", "content-type": "text/csv"})
    lines = loader.send("GET", f"/{job}/batch/{batch}/result").body.splitlines()
    assert lines[0] == '"Id","Success","Created","Error"'
    assert lines[1].endswith('","true","true",""')


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_end_either_way(loader: Loader, ending: str):
    job = loader.xml_job("insert", "CSV")
    batch = loader.batch(job, f'"Name"{ending}"Acme"{ending}"Beta"{ending}'.encode(), {"content-type": "text/csv"})
    answer = loader.send("GET", f"/{job}/batch/{batch}/result")
    assert [line.split(",")[1] for line in answer.body.splitlines()[1:]] == ['"true"', '"true"']
    names = Client(loader.org, token=loader.token).soql("SELECT Name FROM Account ORDER BY Name").body["records"]
    assert [each["Name"] for each in names] == ["Acme", "Beta"]


def test_rows_in_xml_have_results_in_xml(loader: Loader):
    job = loader.xml_job("insert", "XML")
    rows = (
        b'<sObjects xmlns="http://www.force.com/2009/06/asyncapi/dataload"><sObject><Name>A</Name></sObject></sObjects>'
    )
    batch = loader.batch(job, rows)
    assert "<success>true</success><created>true</created>" in loader.send("GET", f"/{job}/batch/{batch}/result").body


def test_a_query_has_results_by_id_with_instants_in_milliseconds(loader: Loader):
    writing = loader.json_job()
    loader.batch(writing, [{"Name": "Acme"}])
    job = loader.json_job(operation="query")
    batch = loader.batch(job, b"SELECT Name, CreatedDate FROM Account")
    (result,) = loader.send("GET", f"/{job}/batch/{batch}/result").body
    (row,) = loader.send("GET", f"/{job}/batch/{batch}/result/{result}").body
    assert (len(result), row["Name"], row["CreatedDate"]) == (15, "Acme", 1767603600000)


def test_a_job_of_csv_tells_of_itself_in_xml_whatever_is_asked(loader: Loader):
    job = loader.json_job(contentType="CSV")
    loader.batch(job, b"Name\nAcme\n")
    asked = {"content-type": "application/json"}
    assert loader.send("GET", f"/{job}", None, asked).body.startswith("<?xml")
    assert "<batchInfoList" in loader.send("GET", f"/{job}/batch", None, asked).body
    closed = loader.send("POST", f"/{job}", {"state": "Closed"}, asked).body
    assert (closed["state"], closed["numberBatchesCompleted"]) == ("Closed", 1)


def test_a_chunked_query_is_read_by_batches_behind_the_first(loader: Loader):
    job = loader.json_job(operation="query")
    loader.batch(job, b"SELECT Id FROM Account", {"sforce-enable-pkchunking": "chunkSize=1000; true"})
    states = [each["state"] for each in loader.send("GET", f"/{job}/batch").body["batchInfo"]]
    assert states == ["NotProcessed", "Completed"]


def test_a_query_that_is_wrong_fails_its_batch(loader: Loader):
    job = loader.json_job(operation="query")
    batch = loader.batch(job, b"SELECT Nope FROM Account")
    told = loader.send("GET", f"/{job}/batch/{batch}").body
    assert told["state"] == "Failed"
    assert told["stateMessage"].startswith("InvalidBatch : Failed to process query: INVALID_FIELD")


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "/750xx", None, "InvalidJob"),
        ("POST", "", b"<jobInfo", "ClientInputError"),
        ("POST", "", b"<!DOCTYPE x><jobInfo/>", "ClientInputError"),
        ("POST", "", b"<jobInfo><operation>insert</operation></jobInfo>", "InvalidJob"),
    ],
)
def test_refusals_are_xml_under_400(loader: Loader, method: str, path: str, body: bytes | None, code: str):
    answer = loader.send(method, path, body, {"content-type": "application/xml"})
    assert answer.status == 400
    assert f"<exceptionCode>{code}</exceptionCode>" in answer.body


def test_a_session_that_ended_is_told_in_xml_too(loader: Loader):
    loader.token = "00Dnobody!x"
    assert "<exceptionCode>InvalidSessionId</exceptionCode>" in loader.send("GET", "/750").body


def test_a_closed_job_takes_no_batch_and_a_batch_no_more_than_ten_thousand_rows(loader: Loader):
    job = loader.json_job(contentType="CSV")
    assert "InvalidBatch" in loader.send("POST", f"/{job}/batch", b"Name\n" + b"A\n" * 10_001).body
    loader.send("POST", f"/{job}", {"state": "Closed"}, {"content-type": "application/json"})
    assert "InvalidJobState" in loader.send("POST", f"/{job}/batch", b"Name\nA\n").body
