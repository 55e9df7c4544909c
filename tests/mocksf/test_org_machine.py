"""An org beside a plain dictionary: whatever is done in whatever order, both tell the same records.

Rows, unique keys without regard to case, references, deletion with its cascade, composites that are undone as a
whole, savepoints of collections, row locks on virtual time, snapshots and forks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.parked import Parked, Stranger, Terms
from mocksf.schema import load_schema
from tests.client import Client, part

NAMES = st.sampled_from(["Acme", "Bee", "Cee", "Dee"])
KEYS = st.sampled_from(["k1", "K1", "k2", "straße", "STRASSE", None])
NOBODY = "001000000000000AAA"
GONE = {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"}

Rows = dict[str, dict[str, Any]]


class Book:
    """What should be there: accounts and contacts by id, nothing else."""

    def __init__(self) -> None:
        self.accounts: Rows = {}
        self.contacts: Rows = {}

    def owner(self, key: str | None) -> str | None:
        """The account with this key, whatever its case; `ß` and `SS` are one letter apart from nobody."""
        if key is None:
            return None
        return next(
            (id_ for id_, row in self.accounts.items() if (row["key"] or "").casefold() == key.casefold()), None
        )

    def remove(self, account: str) -> None:
        """An account goes with its contacts."""
        del self.accounts[account]
        self.contacts = {id_: row for id_, row in self.contacts.items() if row["account"] != account}


class OrgMachine(RuleBasedStateMachine):
    accounts: Bundle[str] = Bundle("accounts")
    contacts: Bundle[str] = Bundle("contacts")

    @initialize()
    def begin(self) -> None:
        self.clock = VirtualClock()
        self.org = Org(load_schema(["sample"]), clock=self.clock)
        self.sf = Client(self.org)
        self.book = Book()

    # -- one record at a time ------------------------------------------------------------------------------------

    @rule(target=accounts, name=NAMES, key=KEYS)
    def create_account(self, name: str, key: str | None) -> Any:
        answer = self.sf.post("/sobjects/Account", {"Name": name, "Caller_Key__c": key})
        if self.book.owner(key):
            assert answer.code == "DUPLICATE_VALUE"
            return multiple()
        self.book.accounts[answer.id] = {"name": name, "key": key}
        return answer.id

    @rule(target=contacts, name=NAMES, account=accounts | st.just(NOBODY) | st.none())
    def create_contact(self, name: str, account: str | None) -> Any:
        answer = self.sf.post("/sobjects/Contact", {"LastName": name, "AccountId": account})
        if account is not None and account not in self.book.accounts:
            assert answer.code in GONE
            return multiple()
        self.book.contacts[answer.id] = {"name": name, "account": account}
        return answer.id

    @rule(account=accounts, name=NAMES, key=KEYS)
    def update_account(self, account: str, name: str, key: str | None) -> None:
        answer = self.sf.patch(f"/sobjects/Account/{account}", {"Name": name, "Caller_Key__c": key})
        if account not in self.book.accounts:
            assert (answer.status, answer.code) == (404, "ENTITY_IS_DELETED")
        elif self.book.owner(key) not in (None, account):
            assert answer.code == "DUPLICATE_VALUE"
        else:
            assert answer.status == 204
            self.book.accounts[account] = {"name": name, "key": key}

    @rule(target=accounts, name=NAMES, key=KEYS.filter(lambda key: key is not None))
    def upsert_account(self, name: str, key: str) -> Any:
        owner = self.book.owner(key)
        answer = self.sf.patch(f"/sobjects/Account/Caller_Key__c/{key}", {"Name": name})
        assert answer.body["created"] is (owner is None)
        self.book.accounts[answer.id] = {"name": name, "key": self.book.accounts[owner]["key"] if owner else key}
        assert owner in (None, answer.id)
        return multiple() if owner else answer.id

    @rule(account=consumes(accounts))
    def delete_account(self, account: str) -> None:
        answer = self.sf.delete(f"/sobjects/Account/{account}")
        assert answer.status == (204 if account in self.book.accounts else 404)
        if account in self.book.accounts:
            self.book.remove(account)

    @rule(contact=contacts, account=accounts)
    def move_contact(self, contact: str, account: str) -> None:
        answer = self.sf.patch(f"/sobjects/Contact/{contact}", {"AccountId": account})
        if contact not in self.book.contacts:
            assert answer.status == 404
        elif account not in self.book.accounts:
            assert answer.code in GONE
        else:
            self.book.contacts[contact]["account"] = account

    # -- several at once -----------------------------------------------------------------------------------------

    @rule(target=accounts, name=NAMES, key=KEYS, fails=st.sampled_from(["nothing", "the contact", "the account"]))
    def composite_of_two(self, name: str, key: str | None, fails: str) -> Any:
        account = {"Name": None if fails == "the account" else name, "Caller_Key__c": key}
        contact = {"LastName": None if fails == "the contact" else name, "AccountId": "@{acc.id}"}
        answer = self.sf.composite(
            part("POST", "/sobjects/Account", "acc", **account),
            part("POST", "/sobjects/Contact", "con", **contact),
            all_or_none=True,
        )
        statuses = {name: each["httpStatusCode"] for name, each in answer.parts.items()}
        if fails != "nothing" or self.book.owner(key):
            assert statuses == {"acc": 400, "con": 400}
            return multiple()
        assert statuses == {"acc": 201, "con": 201}
        made = answer.parts["acc"]["body"]["id"]
        self.book.accounts[made] = {"name": name, "key": key}
        self.book.contacts[answer.parts["con"]["body"]["id"]] = {"name": name, "account": made}
        return made

    @rule(target=accounts, keys=st.lists(KEYS, min_size=1, max_size=4), all_or_none=st.booleans())
    def collection(self, keys: list[str | None], all_or_none: bool) -> Any:
        records = [{"attributes": {"type": "Account"}, "Name": "Many", "Caller_Key__c": key} for key in keys]
        results = self.sf.post("/composite/sobjects", {"allOrNone": all_or_none, "records": records}).body
        before, made = deepcopy(self.book), []
        for key, result in zip(keys, results, strict=True):
            taken = self.book.owner(key) is not None
            if taken:
                assert not result["success"]
            elif result["success"]:
                self.book.accounts[result["id"]] = {"name": "Many", "key": key}
                made.append(result["id"])
            else:
                self.book.accounts[f"rolled back {len(made)}"] = {"name": "Many", "key": key}
                made.append("")
        if all_or_none and not all(result["success"] for result in results):
            self.book = before
            return multiple()
        assert all(made)
        return multiple(*made)

    # -- time ----------------------------------------------------------------------------------------------------

    @rule(account=accounts, name=NAMES, held_s=st.sampled_from([3.0, 9.5, 12.0]))
    def update_a_held_row(self, account: str, name: str, held_s: float) -> None:
        """An outsider holds the row: the writer waits, at most ten seconds."""
        if account not in self.book.accounts:
            return
        terms = Terms(strangers=(Stranger("Account", held_s),))
        parked = self.org.handle(self.sf.request("PATCH", f"/sobjects/Account/{account}", {"Name": name}), terms)
        assert isinstance(parked, Parked)
        self.clock.move_to(parked.until)
        answer = self.sf.resume(parked)
        if held_s > 10:
            assert answer.code == "UNABLE_TO_LOCK_ROW"
        else:
            assert answer.status == 204
            self.book.accounts[account]["name"] = name
        self.clock.advance(held_s)
        self.org.run_due(self.clock.now())

    @rule(name=NAMES)
    def what_is_undone_was_never_there(self, name: str) -> None:
        """A snapshot is gone back to; a fork goes its own way."""
        snapshot, twin = self.org.snapshot(), Client(self.org.fork())
        with self._forgotten():
            self.sf.create("Account", Name=name)
            twin.create("Contact", LastName=name)
            self.org.restore(snapshot)

    @contextmanager
    def _forgotten(self) -> Iterator[None]:
        before = deepcopy(self.book)
        yield
        self.book = before

    # -- both tell the same --------------------------------------------------------------------------------------

    @invariant()
    def both_tell_the_same(self) -> None:
        if not hasattr(self, "sf"):
            return
        accounts = self.sf.soql("SELECT Id, Name, Caller_Key__c FROM Account").body["records"]
        contacts = self.sf.soql("SELECT Id, LastName, AccountId, Account.Name FROM Contact").body["records"]
        assert {row["Id"]: {"name": row["Name"], "key": row["Caller_Key__c"]} for row in accounts} == self.book.accounts
        assert {
            row["Id"]: {"name": row["LastName"], "account": row["AccountId"]} for row in contacts
        } == self.book.contacts
        names = {id_: row["name"] for id_, row in self.book.accounts.items()}
        assert all((row["Account"] or {}).get("Name") == names.get(row["AccountId"]) for row in contacts)


def test_an_org_is_a_dictionary(store_kind: str):
    examples = 25 if store_kind == "sqlite" else 5  # a fork of an org in PostgreSQL lays out tables
    quick = settings(max_examples=examples, stateful_step_count=30, deadline=None)

    run_state_machine_as_test(OrgMachine, settings=quick)
