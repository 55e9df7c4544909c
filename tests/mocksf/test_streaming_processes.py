"""Streaming from several processes that share an org: what one publishes, those who listen at another hear."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests import postgres
from tests.listening import POLL, listening_at
from tests.served import ACCOUNT, waits_for

ACCOUNTS = "/data/AccountChangeEvent"
ACME = {"Name": "Acme"}


@pytest.mark.sockets
def test_what_one_process_publishes_wakes_a_poll_at_another():
    database = postgres.server()
    try:
        with (
            ServedOrg(Served(database=database.address)) as one,
            ServedOrg(Served(database=database.address, seed=1)) as other,
            one.client(timeout=30) as hears,
            other.client() as writes,
            ThreadPoolExecutor(1) as aside,
        ):
            ear = listening_at(hears, ACCOUNTS)
            polled = aside.submit(ear.ask, {**POLL, "clientId": ear.id})
            waits_for(one, 1)
            made = writes.post(ACCOUNT, json=ACME)
            heard = polled.result(timeout=20)
            moved = listening_at(writes)
            moved.id, writes.cookies = ear.id, hears.cookies
            writes.post(ACCOUNT, json={"Name": "Beta"})
            elsewhere = moved.payloads()
    finally:
        database.close()

    assert made.status_code == 201, made.text
    assert json.dumps(heard[0]).count("Acme") == 1
    assert [each["Name"] for each in elsewhere] == ["Beta"]
