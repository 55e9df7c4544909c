"""Counters: which route a request took, how durations fall into buckets, and the page that Prometheus reads."""

import re
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.rest import ROUTER
from mocksf.rest.routing import Route
from mocksf.tally import BOUNDS_S, Histogram, Tally, route_of
from tests.served import ACCOUNT, API, control_of

SAMPLE = re.compile(r'^(?P<name>[a-z_]+)\{(?P<labels>(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\} (?P<value>[-+.\de]+)$')
PAIR = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


@pytest.mark.parametrize("route", ROUTER.routes, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_known_by_its_path(route: Route):
    path = "/".join(("", *("x1" if each.startswith("{") else each for each in route.segments)))
    target = f"{API}{path}" if route.versioned else path

    assert route_of(route.method, f"{target}?q=1") == route.path


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("HEAD", f"{API}/limits", "/limits"),
        ("GET", f"{API}//limits/", "/limits"),
        ("GET", "/services/data/v66.0/SObjects/Account/Describe", "/sobjects/{sobject}/describe"),
        ("GET", f"{API}/nowhere", "other"),
        ("DELETE", f"{API}/limits", "other"),
        ("GET", "/", "other"),
        ("GET", "", "other"),
        ("GET", "/%00/☃", "other"),
    ],
)
def test_other_ways_of_writing_it_lead_there_too(method: str, target: str, route: str):
    assert route_of(method, target) == route


@given(st.lists(st.floats(min_value=0, max_value=1000)))
def test_a_histogram_counts_each_duration_once(durations: list[float]):
    histogram = Histogram()
    for each in durations:
        histogram.add(each)

    counted = dict(histogram.cumulated())
    assert counted == {
        **{str(bound): sum(each <= bound for each in durations) for bound in BOUNDS_S}, "+Inf": len(durations),
    }  # fmt: skip


def test_paths_that_begin_alike_are_told_apart():
    tally = Tally()
    for last in ("001A", "describe", "Describe", "", "001B"):
        tally.count("GET", f"{API}/sobjects/Account/{last}", 200, 0.0)

    assert {route: one.statuses[200] for (_, route), one in tally.routes.items()} == {
        "/sobjects/{sobject}/{id}": 2, "/sobjects/{sobject}/describe": 2, "/sobjects/{sobject}": 1,
    }  # fmt: skip


def test_strangers_cannot_fill_the_memory():
    tally = Tally()
    for number in range(5000):
        tally.count("GET", f"/services/data/v66.0/{number}/{number}", 404, 0.0)

    assert {key: one.statuses for key, one in tally.routes.items()} == {("GET", "other"): {404: 5000}}


Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(line: str) -> tuple[tuple[str, frozenset[tuple[str, str]]], float]:
    """One sample: its name and labels, and its value."""
    match = SAMPLE.match(line)
    assert match, line
    return (match["name"], frozenset(PAIR.findall(match["labels"]))), float(match["value"])


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture(scope="module")
def samples(server: ServedOrg) -> Samples:
    """Every sample of the page after some traffic."""
    with control_of(server) as control, server.client() as sf:
        control.post("/orgs", json={"name": "acme"})
        sf.post(ACCOUNT, json={"Name": "Ada"})
        control.post("/rules", json={"kind": "error", "where": {"path": "*/limits"}})
        control.post("/rules", json={"kind": "lost_answer", "where": {"path": "*/query"}})
        sf.get(f"{API}/limits")
        with pytest.raises(httpx.ReadTimeout):
            sf.get(f"{API}/query", params={"q": "SELECT Id FROM Account"}, timeout=0.1)
        answer = control.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return dict(map(read, (line for line in answer.text.splitlines() if not line.startswith("#"))))


@pytest.mark.sockets
class TestThePage:
    @pytest.mark.parametrize(
        ("name", "labels", "value"),
        [
            ("mocksf_requests_total", {"method": "POST", "route": "/sobjects/{sobject}", "status": "201"}, 1),
            ("mocksf_requests_total", {"method": "GET", "route": "/limits", "status": "503"}, 1),
            ("mocksf_requests_total", {"method": "GET", "route": "/query", "status": "none"}, 1),
            ("mocksf_faults_total", {"kind": "error"}, 1),
            ("mocksf_faults_total", {"kind": "lost_answer"}, 1),
            ("mocksf_lost_total", {"what": "answer"}, 1),
            ("mocksf_request_duration_seconds_bucket", {"method": "GET", "route": "/limits", "le": "+Inf"}, 1),
            ("mocksf_request_duration_seconds_count", {"method": "POST", "route": "/sobjects/{sobject}"}, 1),
            ("mocksf_clock_seconds", {}, 1767603600),
            ("mocksf_clock_factor", {}, 0),
            ("mocksf_rules", {}, 2),
            ("mocksf_records", {"sobject": "Account"}, 1),
        ],
    )
    def test_it_counts(
        self,
        samples: Samples,
        name: str,
        labels: dict[str, str],
        value: float,
    ):
        assert samples[name, frozenset({"org": "default", **labels}.items())] == value

    def test_it_tells_of_every_org(self, samples: Samples):
        assert ("mocksf_clock_factor", frozenset({("org", "acme")})) in samples
