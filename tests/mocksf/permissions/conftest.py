"""One org with staff of different permissions: its administrator, an agent, and an agent who may see leads."""

import pytest

from mocksf.org import Org
from tests.client import Client
from tests.staff import acme, someone, staffed_schema


@pytest.fixture
def org() -> Org:
    return Org(staffed_schema())


@pytest.fixture
def admin(org: Org) -> Client:
    return Client(org)


@pytest.fixture
def agent(org: Org) -> Client:
    return someone(org, "agent")


@pytest.fixture
def leads(org: Org) -> Client:
    return someone(org, "agent.leads")


@pytest.fixture
def account(admin: Client) -> str:
    return acme(admin)
