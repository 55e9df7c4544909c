"""How a run's evidence is read, and that the connector takes the configuration that a run gives it."""

import subprocess

import pytest

from connector.config import parse_config
from loadtests.gather import courses
from loadtests.processes import Server
from loadtests.stack import configuration


def entry(seq: int, kind: str, delivery: str, at: str) -> dict[str, object]:
    return {"seq": seq, "kind": kind, "delivery": delivery, "at": f"2026-01-05T09:00:{at}Z"}


ENTRIES = [
    entry(1, "accepted", "call-1/1", "00.000000"),
    entry(2, "accepted", "call-2/1", "00.100000"),
    entry(3, "failed", "call-1/1", "00.500000"),
    entry(4, "trying", "call-1/1", "00.700000"),
    entry(5, "committed", "call-1/1", "00.800000"),
    entry(6, "refreshed", "session", "00.900000"),
]


def test_entries_are_told_apart_by_delivery():
    found = courses(ENTRIES)

    assert sorted(found) == ["call-1/1", "call-2/1"]
    assert [found[key].end for key in sorted(found)] == ["committed", "pending"]


def test_waits_are_read_off_the_instants():
    course = courses(ENTRIES)["call-1/1"]

    assert course.waits() == [pytest.approx(0.2)]
    assert course.tries == 2


@pytest.fixture
def org() -> Server:
    process = subprocess.Popen(["true"], text=True)
    process.wait()
    return Server(process, {"url": "http://127.0.0.1:1234", "client_id": "mocksf", "client_secret": "s"})


def test_the_connector_takes_the_configuration_of_a_run(org: Server):
    config = parse_config(configuration(org))

    assert config.delivery.schedule == (0.2, 1.0, 5.0, 30.0, 300.0)
    assert config.fields["seats"].target == "Opportunity.Seats__c"
    assert org.port == 1234


def test_a_server_that_has_ended_can_be_stopped_once_more(org: Server):
    org.stop()

    assert org.process.returncode == 0
