"""A bug of the org's own: loud in process, polite over a socket, and without a trace in the records."""

import logging
import re

import pytest

from mocksf.messages import Request
from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.records import Records
from mocksf.rest.trouble import apology
from tests.client import Client, contents, part


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An org that cannot create records."""

    def create(*_: object) -> str:
        message = "a bug"
        raise KeyError(message)

    monkeypatch.setattr(Records, "create", create)


PARTS = [
    part("PATCH", "/sobjects/Account/Caller_Key__c/k", "acc", Name="Ada"),
    part("POST", "/sobjects/Contact", "con", LastName="Doe"),
]


@pytest.mark.usefixtures("broken")
class TestInProcess:
    @pytest.mark.parametrize("terms", [Terms(), Terms(service_s=1), Terms(undone=True)], ids=["now", "later", "undone"])
    def test_it_surfaces_with_everything_undone(self, sf: Client, org: Org, terms: Terms):
        before, counters = contents(org), dict(org.store.counters)

        with pytest.raises(KeyError, match="a bug"):
            org.handle(sf.request("POST", "/composite", {"compositeRequest": PARTS}), terms)

        assert contents(org) == before
        assert org.store.counters == counters
        assert not org.locks.state()

    def test_the_org_goes_on(self, sf: Client):
        with pytest.raises(KeyError):
            sf.create("Account", Name="Ada")

        assert sf.patch("/sobjects/Account/Caller_Key__c/k", {"Name": "Ada"}).status == 201


def stumbled() -> KeyError:
    """An exception that was raised."""
    with pytest.raises(KeyError) as raised:
        raise KeyError
    return raised.value


class TestOverASocket:
    def test_the_client_hears_an_error_id_that_the_log_explains(self, caplog: pytest.LogCaptureFixture):
        error = stumbled()
        with caplog.at_level(logging.ERROR, "mocksf"):
            response = apology(Request("POST", "/services/data/v66.0/composite"), error)

        (entry,) = response.body
        found = re.fullmatch(
            r"An unexpected error occurred\. Please include this ErrorId if you contact support: (\d+-\d+ \(\d+\))",
            entry["message"],
        )
        assert (response.status, entry["errorCode"], list(entry)) == (
            500,
            "UNKNOWN_EXCEPTION",
            ["message", "errorCode"],
        )
        assert found is not None
        (record,) = caplog.records
        assert found[1] in record.getMessage()
        assert record.exc_info is not None
        assert record.exc_info[1] is error

    def test_equal_bugs_have_equal_ids(self):
        ask = Request("GET", "/")

        assert apology(ask, stumbled()).body == apology(ask, stumbled()).body
