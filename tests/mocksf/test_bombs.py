"""Small requests that would grow beyond all measure are refused before they do; odd rows end a job, not the org."""

import json
import subprocess
import sys

import pytest

from mocksf.org import Org
from tests.client import Client

ODDITIES = (
    b"", b"\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbfName\nx\n", b"Name", b"Name\n", b"Name\n\n\n", b'Name\n"x\n',
    b'Name\n"x"y\n', b"Name,Name\nx,y\n", b"Name\nx,y,z\n", b"Name,Phone\nx\n", b",,,\n,,,\n", b"Nonsense\nx\n",
    b"Name;Phone\nx;1\n", b"Name\r\nx\r\n", b"Name\rx\r", b"Name\n=HYPERLINK(1)\n",
    b"Name\n" + b"x" * 100_000 + b"\n", (b"x," * 5_000) + b"\n1\n", b"Name\n\xf0\x28\n", b'"Name"\n"a ""b"" c"\n',
    b"Owner.Email\nx@y.example\n", b"Account.Owner.Manager.Name\nx\n", b"Id\n001Rt0000000001IAA\n",
)  # fmt: skip


@pytest.mark.parametrize("rows", ODDITIES, ids=range(len(ODDITIES)))
def test_odd_rows_end_a_job_and_not_the_org(org: Org, sf: Client, rows: bytes):
    job = sf.post("/jobs/ingest", {"object": "Account", "operation": "insert"}).body["id"]
    put = sf.send("PUT", f"/jobs/ingest/{job}/batches", rows, {"content-type": "text/csv"})
    assert put.status in {201, 400}
    closed = sf.patch(f"/jobs/ingest/{job}", {"state": "UploadComplete"})
    assert closed.status in {200, 400}

    while (due := org.next_due()) is not None and sf.get(f"/jobs/ingest/{job}").body["state"] in {
        "UploadComplete",
        "InProgress",
    }:
        org.clock.move_to(max(due, org.clock.now()))
        org.run_due(org.clock.now())

    assert sf.get(f"/jobs/ingest/{job}").body["state"] in {"JobComplete", "Failed", "Open", "UploadComplete"}
    for name in ("successfulResults", "failedResults", "unprocessedRecords"):
        assert sf.get(f"/jobs/ingest/{job}/{name}").status in {200, 400}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is bounded by Linux")
def test_nothing_grows_beyond_measure():
    run = subprocess.run(
        [sys.executable, "-m", "tests.mocksf.bombs"], capture_output=True, text=True, check=False, timeout=240
    )

    assert run.returncode == 0, run.stderr
    answers = json.loads(run.stdout)
    assert {name: answers[name] for name in ("gzip", "deflate")} == {"gzip": 413, "deflate": 413}
    assert all(
        answers[name] == 400 for name in ("gzip in gzip", "brackets", "depth", "numbers", "entities", "elements")
    )
    assert (answers["entities of SOAP"], answers["a long query"]) == (500, 200)
