"""Bulk API 2.0: jobs that the org works off a slice at a time."""

import csv
import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mocksf.locks import LockKey
from mocksf.org import Org
from tests.client import Client

CSV = {"content-type": "text/csv; charset=UTF-8"}


def work(client: Client, slices: int = 1) -> None:
    for _ in range(slices):
        client.org.run_due(client.org.clock.now())


def ingest(client: Client, text: str, slices: int = 1, **wish: Any) -> str:
    job = client.send("POST", "/jobs/ingest", {"object": "Account", "operation": "insert", **wish}).body["id"]
    assert client.send("PUT", f"/jobs/ingest/{job}/batches", text.encode(), CSV).status == 201
    assert client.send("PATCH", f"/jobs/ingest/{job}", {"state": "UploadComplete"}).status == 200
    work(client, slices)
    return str(job)


def table(client: Client, job: str, which: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.send("GET", f"/jobs/ingest/{job}/{which}").body or "")))


def names(client: Client) -> list[Any]:
    found = client.send("GET", "/query?q=SELECT+Name,Phone+FROM+Account+ORDER+BY+Name").body["records"]
    return [(each["Name"], each["Phone"]) for each in found]


class TestIngest:
    def test_saves_what_it_can_and_says_why_not_of_the_rest(self):
        client = Client(Org())
        job = ingest(client, "Name,Phone\nAcme,415\n,1\n")
        assert [each["Name"] for each in table(client, job, "successfulResults")] == ["Acme"]
        (failed,) = table(client, job, "failedResults")
        assert failed["sf__Error"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
        info = client.send("GET", f"/jobs/ingest/{job}").body
        assert (info["state"], info["numberRecordsProcessed"], info["numberRecordsFailed"]) == ("JobComplete", 2, 1)

    def test_goes_on_slice_after_slice_and_shows_how_far_it_is(self):
        client = Client(Org())
        job = ingest(client, "Name\n" + "A\n" * 450, slices=0)
        seen = []
        for _ in range(3):
            work(client)
            info = client.send("GET", f"/jobs/ingest/{job}").body
            seen.append((info["state"], info["numberRecordsProcessed"]))
        assert seen == [("InProgress", 200), ("InProgress", 400), ("JobComplete", 450)]

    def test_leaves_empty_cells_and_empties_what_is_na(self):
        client = Client(Org())
        acme = client.send("POST", "/sobjects/Account", {"Name": "Acme", "Phone": "1"}).id
        beta = client.send("POST", "/sobjects/Account", {"Name": "Beta", "Phone": "2"}).id
        ingest(client, f"Id,Phone,Name\n{acme},,New\n{beta},#N/A,\n", operation="update")
        assert names(client) == [("Beta", None), ("New", "1")]

    def test_reads_the_delimiter_and_the_line_ending_that_the_job_names(self):
        client = Client(Org())
        ingest(client, 'Name;Phone\r\n"A;\r\nB";5\r\n', columnDelimiter="SEMICOLON", lineEnding="CRLF")
        assert names(client) == [("A;\r\nB", "5")]

    def test_of_another_line_ending_fails_whole(self):
        client = Client(Org())
        job = ingest(client, "Name\r\nAcme\r\n")
        info = client.send("GET", f"/jobs/ingest/{job}").body
        assert info["state"] == "Failed"
        assert info["errorMessage"].endswith("Current LineEnding setting is LF")
        assert names(client) == []

    def test_of_an_unknown_column_fails_whole_and_gives_the_rows_back(self):
        client = Client(Org())
        job = ingest(client, "Name,Colour\nAcme,red\n")
        assert client.send("GET", f"/jobs/ingest/{job}").body["errorMessage"].endswith("not found : Colour")
        assert table(client, job, "unprocessedrecords") == [{"Name": "Acme", "Colour": "red"}]

    def test_upserts_and_deletes_by_id(self):
        client = Client(Org())
        acme = client.send("POST", "/sobjects/Account", {"Name": "Acme"}).id
        job = ingest(client, f"Id,Name\n{acme},Other\n,New\n", operation="upsert", externalIdFieldName="Id")
        assert [each["sf__Created"] for each in table(client, job, "successfulResults")] == ["false", "true"]
        ingest(client, f"Id\n{acme}\n", operation="delete")
        assert names(client) == [("New", None)]

    def test_hard_deletes_past_the_bin(self):
        client = Client(Org())
        acme = client.send("POST", "/sobjects/Account", {"Name": "Acme"}).id
        ingest(client, f"Id\n{acme}\n", operation="hardDelete")
        assert client.send("GET", "/queryAll?q=SELECT+Id+FROM+Account").body["totalSize"] == 0

    def test_waits_for_a_held_row_and_fails_it_after_ten_seconds(self):
        org = Org()
        client = Client(org)
        acme = client.send("POST", "/sobjects/Account", {"Name": "Acme"}).id
        now = org.clock.now()
        org.locks.hold([LockKey("Account", acme)], 99, now.replace(hour=now.hour + 1))
        job = ingest(client, f"Id,Name\n{acme},New\n", operation="update")
        assert client.send("GET", f"/jobs/ingest/{job}").body["state"] in {"UploadComplete", "InProgress"}
        org.clock.advance(10)
        work(client)
        assert "UNABLE_TO_LOCK_ROW" in table(client, job, "failedResults")[0]["sf__Error"]

    def test_comes_with_its_data_in_one_request(self):
        client = Client(Org())
        body = (
            b'--x\r\nContent-Disposition: form-data; name="job"\r\nContent-Type: application/json\r\n\r\n'
            b'{"object":"Account","operation":"insert"}\r\n'
            b'--x\r\nContent-Disposition: form-data; name="content"; filename="c"\r\nContent-Type: text/csv\r\n\r\n'
            b"Name\nAcme\n\r\n--x--\r\n"
        )
        made = client.send("POST", "/jobs/ingest", body, {"content-type": "multipart/form-data; boundary=x"})
        assert made.body["state"] == "UploadComplete"
        work(client)
        assert names(client) == [("Acme", None)]

    def test_is_as_it_was_after_a_restore_and_goes_its_own_way_in_a_fork(self):
        client = Client(Org())
        job = ingest(client, "Name\n" + "A\n" * 300)
        before = client.org.snapshot()
        twin = Client(client.org.fork(), client.token)
        work(client)
        client.org.restore(before)
        assert client.send("GET", f"/jobs/ingest/{job}").body["numberRecordsProcessed"] == 200
        work(twin)
        assert twin.send("GET", f"/jobs/ingest/{job}").body["state"] == "JobComplete"

    @given(st.lists(st.sampled_from(["Acme", '"a, b"', '""', 'br"oken" x', '"open" x', "a,b,c"]), max_size=12))
    def test_loses_no_row_and_keeps_the_order(self, rows: list[str]):
        client = Client(Org())
        job = ingest(client, "Name,Phone\n" + "".join(f"{name},{place}\n" for place, name in enumerate(rows)), slices=2)
        parts = ("successfulResults", "failedResults")
        counted = [table(client, job, which) for which in parts]
        left = client.send("GET", f"/jobs/ingest/{job}/unprocessedRecords").body.splitlines()[1:]
        assert sum(map(len, counted)) + len(left) == len(rows)
        places = [int(each["Phone"]) for each in counted[0]]
        assert places == sorted(places)


class TestRefusals:
    def test_name_the_state_that_forbids(self):
        client = Client(Org())
        job = ingest(client, "Name\nAcme\n")
        assert client.send("PATCH", f"/jobs/ingest/{job}", {"state": "UploadComplete"}).code == "INVALIDJOBSTATE"
        assert client.send("PUT", f"/jobs/ingest/{job}/batches", b"Name\n", CSV).code == "INVALIDJOBSTATE"
        assert client.send("DELETE", f"/jobs/ingest/{job}").status == 204
        assert client.send("GET", f"/jobs/ingest/{job}").status == 404

    def test_name_what_a_job_lacks(self):
        client = Client(Org())
        assert client.send("POST", "/jobs/ingest", {"object": "Nope", "operation": "insert"}).code == "INVALIDJOB"
        answer = client.send("POST", "/jobs/ingest", {"object": "Account", "operation": "eat"})
        assert "insert, update, upsert" in answer.body[0]["message"]
        job = client.send("POST", "/jobs/ingest", {"object": "Account", "operation": "insert"}).body["id"]
        assert client.send("PUT", f"/jobs/ingest/{job}/batches", b"[]").status == 415
        assert client.send("PATCH", f"/jobs/ingest/{job}", {"state": "Aborted"}).body["state"] == "Aborted"


class TestQuery:
    def test_results_come_page_after_page_until_the_locator_is_null(self):
        client = Client(Org())
        ingest(client, "Name\nA\nB\nC\n")
        text = "SELECT Name, owner.username, CreatedDate FROM Account ORDER BY Name"
        job = client.send("POST", "/jobs/query", {"operation": "query", "query": text}).body["id"]
        work(client)
        page = client.send("GET", f"/jobs/query/{job}/results?maxRecords=2")
        assert page.body.splitlines()[0] == '"Name","Owner.Username","CreatedDate"'
        assert (page.headers["Sforce-Locator"], page.headers["Sforce-NumberOfRecords"]) == ("2", "2")
        last = client.send("GET", f"/jobs/query/{job}/results?maxRecords=2&locator=2")
        assert last.headers["Sforce-Locator"] == "null"
        assert last.body.splitlines()[1] == '"C","admin@mock.example","2026-01-05T09:00:00.000Z"'

    def test_what_bulk_queries_cannot_ask_is_refused_at_once(self):
        client = Client(Org())
        for text in ("SELECT COUNT() FROM Account", "SELECT Id, (SELECT Id FROM Contacts) FROM Account"):
            answer = client.send("POST", "/jobs/query", {"operation": "query", "query": text})
            assert answer.code == "FUNCTIONALITY_NOT_ENABLED"
        assert client.send("POST", "/jobs/query", {"operation": "query", "query": "SELECT"}).status == 400

    def test_batches_of_the_day_show_in_the_limits(self):
        client = Client(Org())
        ingest(client, "Name\nA\n")
        assert client.send("GET", "/limits").body["DailyBulkApiBatches"]["Remaining"] == 14_999
