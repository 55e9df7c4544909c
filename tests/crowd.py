"""Clients that write to a served org from several threads, and remember what they were told."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from loadtests.processes import Server, start

ROOT = "/services/data/v66.0"
ROWS = f"{ROOT}/sobjects"


def serve(*options: str) -> Server:
    """A `mocksf serve` of the sample company, ready."""
    return start([sys.executable, "-m", "mocksf", "serve", "--port", "0", "--schema", "sample", *options])


def kill(server: Server) -> None:
    """End it as a power cut would."""
    server.process.kill()
    server.process.wait()
    if server.process.stdout:
        server.process.stdout.close()


def client(server: Server, token: str | None = None) -> httpx.Client:
    """A client of a server, logged in."""
    shown = {"Authorization": f"Bearer {token or server.said['token']}"}
    return httpx.Client(base_url=server.url, headers=shown, timeout=30)


def soql(asked: httpx.Client, text: str) -> list[dict[str, Any]]:
    """All rows of a query, page after page."""
    answer = asked.get(f"{ROOT}/query", params={"q": text}).raise_for_status().json()
    rows = list(answer["records"])
    while not answer["done"]:
        answer = asked.get(answer["nextRecordsUrl"]).raise_for_status().json()
        rows += answer["records"]
    return rows


def family(key: str, fails: bool = False) -> dict[str, Any]:
    """A composite of an account, its contact and its deal, all or none; one that fails does so at its last part."""
    deal = {"Name": key, "CloseDate": "2026-12-31", **({} if fails else {"StageName": "Prospecting"})}
    parts = [
        ("POST", "Account", "acc", {"Name": key, "Caller_Key__c": key}),
        ("POST", "Contact", "con", {"LastName": key, "AccountId": "@{acc.id}"}),
        ("POST", "Opportunity", "opp", {**deal, "AccountId": "@{acc.id}"}),
    ]
    return {
        "allOrNone": True,
        "compositeRequest": [
            {"method": method, "url": f"{ROWS}/{sobject}", "referenceId": name, "body": body}
            for method, sobject, name, body in parts
        ],
    }


@dataclass
class Promises:
    """What clients were told is there."""

    records: dict[str, set[str]] = field(default_factory=dict)
    """Id → the name of every account whose creation was answered; two names while it is being given another."""
    families: set[str] = field(default_factory=set)
    """Keys of the composites that were answered with success."""
    answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, record: tuple[str, str] | None = None, key: str | None = None) -> int:
        """Note an answer; how many there have been."""
        with self._lock:
            if record:
                assert record[0] not in self.records, f"the id {record[0]} was given twice"
                self.records[record[0]] = {record[1]}
            if key:
                self.families.add(key)
            self.answers += 1
            return self.answers

    def renamed(self, record_id: str, name: str, answered: bool) -> None:
        """Note that a record is being renamed, or was."""
        with self._lock:
            self.records[record_id] = {name} if answered else {*self.records[record_id], name}
            self.answers += answered


def at_once(work: Sequence[Callable[[], None]]) -> None:
    """Everything side by side; the first error of any is raised."""
    with ThreadPoolExecutor(len(work)) as crowd:
        for done in [crowd.submit(each) for each in work]:
            done.result()


def write_until_it_dies(server: Server, names: Iterator[int], promises: Promises, after: int) -> None:
    """Four writers; the server is killed as soon as `after` answers were given, while others are on their way."""

    def write() -> None:
        with client(server) as asked:
            for number in names:
                try:
                    _write_one(asked, number, promises)
                except httpx.TransportError:
                    return
                if promises.answers >= after:
                    kill(server)
                    return

    at_once([write] * 4)


def _write_one(asked: httpx.Client, number: int, promises: Promises) -> None:
    name = f"n{number}"
    if number % 3:
        made = asked.post(f"{ROWS}/Account", json={"Name": name}).raise_for_status().json()
        promises.told(record=(made["id"], name))
        promises.renamed(made["id"], f"{name}!", answered=False)
        asked.patch(f"{ROWS}/Account/{made['id']}", json={"Name": f"{name}!"}).raise_for_status()
        promises.renamed(made["id"], f"{name}!", answered=True)
    else:
        fails = number % 2 == 0
        answer = asked.post(f"{ROOT}/composite", json=family(name, fails)).raise_for_status().json()
        done = all(part["httpStatusCode"] == 201 for part in answer["compositeResponse"])
        assert done is not fails
        promises.told(key=name if done else None)


def kept(server: Server, promises: Promises) -> None:
    """Every promise is kept, no composite is there by half, and no id is given a second time."""
    with client(server) as asked:
        accounts = {row["Id"]: row for row in soql(asked, "SELECT Id, Name, Caller_Key__c FROM Account")}
        contacts = soql(asked, "SELECT LastName, Account.Caller_Key__c FROM Contact")
        deals = soql(asked, "SELECT Name, Account.Caller_Key__c FROM Opportunity")
        fresh = asked.post(f"{ROWS}/Account", json={"Name": "after"}).raise_for_status().json()["id"]
    lost = {id_: names for id_, names in promises.records.items() if accounts.get(id_, {}).get("Name") not in names}
    keys = sorted(row["Caller_Key__c"] for row in accounts.values() if row["Caller_Key__c"])
    assert not lost
    assert keys == sorted(row["LastName"] for row in contacts) == sorted(row["Name"] for row in deals)
    assert keys == sorted(row["Account"]["Caller_Key__c"] for row in contacts)
    assert keys == sorted(row["Account"]["Caller_Key__c"] for row in deals)
    assert promises.families <= set(keys)
    assert fresh not in accounts
    promises.told(record=(fresh, "after"))


def numbers() -> Iterator[int]:
    """1, 2, 3 … for any number of threads."""
    return count(1)  # one C call each, so that no number is given twice
