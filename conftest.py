"""Fixtures of the whole suite: a clock that stands still, an org on it, and a client of that org."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.schema import load_schema
from tests.client import Client


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def org(clock: VirtualClock) -> Org:
    """The sample company's org."""
    return Org(load_schema(["sample"]), clock=clock)


@pytest.fixture
def sf(org: Org) -> Client:
    return Client(org)
