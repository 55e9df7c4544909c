"""Every org's counters in the text form of Prometheus (exposition format 0.0.4)."""

from collections.abc import Iterable, Iterator, Mapping

from fastapi.responses import PlainTextResponse

from mocksf.doors.control.asking import AllOrgs, Row
from mocksf.doors.control.records import listed
from mocksf.doors.tenants import Tenant

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, Mapping[str, str], float]
"""The end of the metric's name, its labels, its value."""


async def metrics(tenants: AllOrgs) -> PlainTextResponse:
    """Requests by route and status, faults by kind, durations, the clock, limits and records, for Prometheus."""
    return PlainTextResponse("".join(f"{line}\n" for line in lines(tenants)), media_type=MEDIA_TYPE)


def lines(tenants: Iterable[Tenant]) -> Iterator[str]:
    """The whole page, line by line: each metric once, with the samples of every org."""
    orgs = list(tenants)
    for name, kind, said, samples in _METRICS:
        yield f"# HELP {name} {said}"
        yield f"# TYPE {name} {kind}"
        for tenant in orgs:
            for suffix, labels, value in samples(tenant):
                pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in {"org": tenant.name, **labels}.items())
                yield f"{name}{suffix}{{{pairs}}} {value:.17g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _requests(tenant: Tenant) -> Iterator[Sample]:
    for (method, route), tally in sorted(tenant.wire.journal.tally.routes.items()):
        for status, count in tally.statuses.items():
            yield "", {"method": method, "route": route, "status": str(status or "none")}, count


def _faults(tenant: Tenant) -> Iterator[Sample]:
    for kind, count in sorted(tenant.wire.journal.tally.faults.items()):
        yield "", {"kind": kind}, count


def _lost(tenant: Tenant) -> Iterator[Sample]:
    for what, count in sorted(tenant.wire.journal.tally.lost.items()):
        yield "", {"what": what}, count


def _durations(tenant: Tenant) -> Iterator[Sample]:
    for (method, route), tally in sorted(tenant.wire.journal.tally.routes.items()):
        labels = {"method": method, "route": route}
        for bound, count in tally.durations.cumulated():
            yield "_bucket", {**labels, "le": bound}, count
        yield "_sum", labels, tally.durations.total_s
        yield "_count", labels, sum(tally.durations.counts)


def _clock(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, tenant.clock.now().timestamp()


def _pace(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, tenant.clock.factor


def _waiting(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, tenant.clock.waiting


def _rules(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, len(tenant.wire.weather.rules)


def _used(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, tenant.wire.org.allowance.used(tenant.clock.now())


def _allowed(tenant: Tenant) -> Iterator[Sample]:
    yield "", {}, tenant.wire.org.allowance.maximum


def _records(tenant: Tenant) -> Iterator[Sample]:
    for each in listed(tenant):
        if each["records"]:
            yield "", {"sobject": each["name"]}, each["records"]


_METRICS = (
    (
        "mocksf_requests_total",
        "counter",
        "Exchanges by method, route and status; none: nobody was answered.",
        _requests,
    ),
    ("mocksf_faults_total", "counter", "Exchanges that a rule of this kind struck.", _faults),
    ("mocksf_lost_total", "counter", "Requests and answers that were lost.", _lost),
    ("mocksf_request_duration_seconds", "histogram", "What clients waited, on the org's clock.", _durations),
    ("mocksf_clock_seconds", "gauge", "The org's time, in seconds since 1970.", _clock),
    ("mocksf_clock_factor", "gauge", "Seconds of the org in one of the wall; 0 stands still.", _pace),
    ("mocksf_requests_waiting", "gauge", "Requests that wait for an instant to come.", _waiting),
    ("mocksf_rules", "gauge", "Rules of the weather that lie.", _rules),
    ("mocksf_api_calls_used", "gauge", "Calls that count against the daily limit.", _used),
    ("mocksf_api_calls_allowed", "gauge", "The daily limit.", _allowed),
    ("mocksf_records", "gauge", "Records by object, deleted ones too.", _records),
)

ROWS = (Row("GET", "/metrics", metrics),)
