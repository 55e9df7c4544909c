"""Answers that are kept ready: a kept record is always the record as it stands, whatever was undone meanwhile."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.ready import KEPT_MAX, Ready
from tests.client import Client, part

NAMES = st.sampled_from(["Ada", "Bob", "Eve"])
PLACES = st.integers(0, 2)
UNDONE = Terms(undone=True)


def settled() -> Ready:
    return Ready(lambda: False)


def test_what_is_kept_is_found_until_its_record_changes():
    ready = settled()
    ready.keep("1", "x", "one")
    ready.keep("2", "x", "two")

    ready.drop("1")

    assert (ready.of("1", "x"), ready.of("2", "x"), ready.of("2", "y")) == (None, "two", None)


def test_nothing_is_learnt_of_what_may_be_taken_back():
    ready = Ready(lambda: True)

    ready.keep("1", "x", "one")

    assert ready.of("1", "x") is None


def test_the_first_goes_when_it_is_full():
    ready = settled()

    for number in range(KEPT_MAX + 1):
        ready.keep(str(number), "x", number)

    assert ready.of("0", "x") is None
    assert ready.of(str(KEPT_MAX), "x") == KEPT_MAX


@pytest.fixture
def client() -> Client:
    return Client(Org())


def test_a_record_that_did_not_change_is_not_read_again(client: Client, monkeypatch: pytest.MonkeyPatch):
    ada = client.create("Contact", LastName="Ada")
    first = client.get(f"/sobjects/Contact/{ada}")

    monkeypatch.setattr(client.org.records, "read", None)

    assert client.get(f"/sobjects/Contact/{ada}").raw == first.raw


def test_each_version_has_its_own_addresses(client: Client):
    ada = client.create("Contact", LastName="Ada")
    old = Client(client.org, client.token, "50.0")

    urls = [each.get(f"/sobjects/Contact/{ada}").body["attributes"]["url"] for each in (client, old, client)]

    assert [url.split("/")[3] for url in urls] == ["v66.0", "v50.0", "v66.0"]


def test_a_kept_record_has_not_become_one_of_another_object(client: Client):
    ada = client.create("Contact", LastName="Ada")
    client.get(f"/sobjects/Contact/{ada}")

    assert client.get(f"/sobjects/Account/{ada}").code == "MALFORMED_ID"


def test_a_file_that_others_may_write_is_read_every_time(tmp_path: Any):
    client = Client(Org(database=str(tmp_path / "org.db")))
    ada = client.create("Contact", LastName="Ada")
    client.get(f"/sobjects/Contact/{ada}")

    client.org.store.run('UPDATE "Contact" SET "LastName" = ? WHERE "Id" = ?', ("Eve", ada))

    assert client.get(f"/sobjects/Contact/{ada}").body["LastName"] == "Eve"


class Keeping(RuleBasedStateMachine):
    """Any writes, any undoing: after each step every record is answered as by an org that keeps nothing."""

    @initialize()
    def found(self) -> None:
        self.client = Client(Org())
        self.ids = [self.client.create("Account", Name="Ada"), self.client.create("Contact", LastName="Ada")]
        self.ids.append(self.client.create("Contact", LastName="Bob", AccountId=self.ids[0]))
        self.snapshot = self.client.org.snapshot()

    def path(self, place: int) -> str:
        return f"/sobjects/{'Contact' if place else 'Account'}/{self.ids[place]}"

    def change(self, place: int, name: str) -> dict[str, str]:
        return {"LastName" if place else "Name": name}

    @rule(place=PLACES, name=NAMES)
    def update(self, place: int, name: str) -> None:
        self.client.patch(self.path(place), self.change(place, name))

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        self.client.delete(self.path(place))

    @rule(place=PLACES, name=NAMES, fails=st.booleans(), all_or_none=st.booleans())
    def composite(self, place: int, name: str, fails: bool, all_or_none: bool) -> None:
        """A change that is read in the same breath, perhaps taken back by what comes after it."""
        last = part("GET", f"/sobjects/Account/{'001000000000000AAA' if fails else self.ids[0]}", "z")
        change = part("PATCH", self.path(place), "x", **self.change(place, name))
        self.client.composite(change, part("GET", self.path(place), "y"), last, all_or_none=all_or_none)

    @rule(place=PLACES, name=NAMES)
    def undone(self, place: int, name: str) -> None:
        """A composite that changes and reads, executed and taken back as a whole."""
        parts = [part("PATCH", self.path(place), "x", **self.change(place, name)), part("GET", self.path(place), "y")]
        body = {"compositeRequest": parts}
        self.client.org.handle(self.client.request("POST", "/composite", body), UNDONE)

    @rule(place=PLACES, name=NAMES, keep=st.booleans())
    def savepoint(self, place: int, name: str, keep: bool) -> None:
        store = self.client.org.store
        with store.atomic() as undo:
            self.client.patch(self.path(place), self.change(place, name))
            self.client.get(self.path(place))
            if not keep:
                undo()
            self.client.get(self.path(place))

    @rule()
    def take_snapshot(self) -> None:
        self.snapshot = self.client.org.snapshot()

    @rule()
    def restore(self) -> None:
        self.client.org.restore(self.snapshot)

    @invariant()
    def kept_is_what_stands(self) -> None:
        if not hasattr(self, "ids"):
            return
        read = [f"{self.path(place)}{fields}" for place in range(3) for fields in ("", "?fields=Name,OwnerId")]
        kept = [self.client.get(path) for path in read]
        self.client.org.store.ready.clear()
        fresh = [self.client.get(path) for path in read]
        assert [(each.status, each.raw, each.headers.get("ETag")) for each in kept] == [
            (each.status, each.raw, each.headers.get("ETag")) for each in fresh
        ]


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
