"""Whatever has a lifetime ends by the org's clock, moved through the control plane of a served org."""

from collections.abc import Iterator
from datetime import datetime

import httpx
import jwt
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.settings import OrgSettings
from tests.served import ACCOUNT, API, control_of, leave_waiting

pytestmark = pytest.mark.sockets

HOUR, DAY = 3600, 86_400


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    settings = OrgSettings(daily_requests=40)
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7, settings=settings)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


def advance(control: httpx.Client, seconds: float) -> None:
    assert control.post("/clock/advance", json={"seconds": seconds}).status_code == 200


def token_for(server: ServedOrg, **form: str) -> httpx.Response:
    return httpx.post(f"{server.url}/services/oauth2/token", data=form)


def login(server: ServedOrg) -> dict[str, str]:
    """A fresh session's header."""
    keys = ("client_id", "client_secret", "refresh_token")
    answer = token_for(server, grant_type="refresh_token", **{key: server.credentials[key] for key in keys})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_a_session_dies_of_two_hours_of_silence(control: httpx.Client, sf: httpx.Client):
    advance(control, 2 * HOUR - 1)
    assert sf.get(f"{API}/limits").status_code == 200  # and lives two hours more

    advance(control, 2 * HOUR - 1)
    assert sf.get(f"{API}/limits").status_code == 200
    advance(control, 2 * HOUR)

    assert sf.get(f"{API}/limits").json()[0]["errorCode"] == "INVALID_SESSION_ID"


def test_a_cursor_is_kept_for_two_days(server: ServedOrg, control: httpx.Client, sf: httpx.Client):
    records = [{"attributes": {"type": "Account"}, "Name": f"{number}"} for number in range(200)]
    for _ in range(2):
        sf.post(f"{API}/composite/sobjects", json={"records": records})
    options = {"Sforce-Query-Options": "batchSize=200"}
    more = sf.get(f"{API}/query", params={"q": "SELECT Id FROM Account"}, headers=options).json()["nextRecordsUrl"]

    advance(control, 2 * DAY - 1)
    assert sf.get(more, headers=login(server)).status_code == 200
    advance(control, 1)

    assert sf.get(more, headers=login(server)).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_day_gives_the_calls_of_a_day_back(server: ServedOrg, control: httpx.Client, sf: httpx.Client):
    answers = [sf.get(f"{API}/limits").status_code for _ in range(41)]
    assert (answers[39], answers[40]) == (200, 403)

    advance(control, DAY)

    assert sf.get(f"{API}/limits", headers=login(server)).status_code == 200


def test_a_writer_waits_ten_seconds_for_a_row(control: httpx.Client, sf: httpx.Client):
    control.post("/rules", json={"kind": "lock_holder", "sobject": "Account", "hold_s": 15})
    leave_waiting(control, sf, {"Name": "Ada", "Caller_Key__c": "1"})

    advance(control, 9.9)
    assert control.get("/clock").json()["waiting"] == 1
    advance(control, 0.1)

    (exchange,) = control.get("/journal").json()["exchanges"]
    assert (exchange["status"], exchange["codes"]) == (500, ["UNABLE_TO_LOCK_ROW"])


def test_a_row_that_is_freed_in_time_is_written(control: httpx.Client, sf: httpx.Client):
    control.post("/rules", json={"kind": "lock_holder", "sobject": "Account", "hold_s": 5})
    leave_waiting(control, sf, {"Name": "Ada", "Caller_Key__c": "1"})

    advance(control, 5)

    (exchange,) = control.get("/journal").json()["exchanges"]
    assert (exchange["status"], exchange["answered"]) == (201, "2026-01-05T09:00:05+00:00")


def test_service_time_ends_at_its_instant(control: httpx.Client, sf: httpx.Client):
    control.post("/rules", json={"kind": "latency", "at": "service", "seconds": 30})
    leave_waiting(control, sf)

    advance(control, 3600)

    (exchange,) = control.get("/journal").json()["exchanges"]
    assert exchange["answered"] == "2026-01-05T09:00:30+00:00"


def test_calls_that_run_long_keep_others_out_until_they_end():
    served = Served(mocksf.load_schema([]), factor=0, settings=OrgSettings(edition="Developer"))
    with ServedOrg(served) as server, control_of(server) as control, server.client(timeout=20) as sf:
        control.post("/rules", json={"kind": "latency", "at": "service", "seconds": 60, "where": {"method": "POST"}})
        for number in range(5):  # as many as such an org may have at once
            leave_waiting(control, sf, {"Name": f"Ada {number}"})

        quick = sf.get(f"{API}/limits").status_code
        advance(control, 20)
        refused = sf.get(f"{API}/limits")
        advance(control, 40)
        after = sf.get(f"{API}/limits").status_code

    assert (quick, refused.status_code, after) == (200, 403, 200)
    assert refused.json()[0]["message"] == "ConcurrentPerOrgLongTxn Limit exceeded."


def test_the_recycle_bin_is_emptied_after_fifteen_days(server: ServedOrg, control: httpx.Client, sf: httpx.Client):
    made = sf.post(ACCOUNT, json={"Name": "Ada"}).json()["id"]
    sf.delete(f"{ACCOUNT}/{made}")

    def binned() -> int:
        query = {"q": f"SELECT Id FROM Account WHERE Id = '{made}'"}
        return int(sf.get(f"{API}/queryAll", params=query, headers=login(server)).json()["totalSize"])

    advance(control, 15 * DAY - 1)
    assert binned() == 1
    advance(control, 1)

    assert binned() == 0


def test_a_rule_rains_inside_its_window_only(control: httpx.Client, sf: httpx.Client):
    window = {"from_s": 60, "to_s": 120}
    control.post("/rules", json={"kind": "error", "how_often": {"window": window}})

    def after(seconds: float) -> int:
        advance(control, seconds)
        return sf.get(f"{API}/limits").status_code

    assert [after(seconds) for seconds in (59, 1, 59, 1)] == [200, 503, 503, 200]


def test_an_assertion_is_judged_by_the_org_s_clock(server: ServedOrg, control: httpx.Client):
    now = datetime.fromisoformat(control.get("/clock").json()["now"]).timestamp()
    known = server.credentials
    claims = {"iss": known["client_id"], "sub": known["username"], "aud": server.url, "exp": int(now) + 120}
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    form["assertion"] = jwt.encode(claims, known["jwt_key"], "RS256")

    assert token_for(server, **form).status_code == 200
    advance(control, HOUR)

    assert token_for(server, **form).json()["error"] == "invalid_grant"


def test_a_reset_begins_a_token_s_life_anew_where_the_clock_begins(control: httpx.Client, sf: httpx.Client):
    advance(control, 10 * DAY)
    control.post("/reset")

    advance(control, 2 * HOUR)

    assert sf.get(f"{API}/limits").json()[0]["errorCode"] == "INVALID_SESSION_ID"


def test_a_running_clock_keeps_the_same_promises(control: httpx.Client, sf: httpx.Client):
    control.post("/clock/run", json={"factor": 1_000_000})
    while control.get("/clock").json()["now"] < "2026-01-05T11:00":  # two hours pass in seven milliseconds
        pass
    control.post("/clock/freeze")

    assert sf.get(f"{API}/limits").json()[0]["errorCode"] == "INVALID_SESSION_ID"
