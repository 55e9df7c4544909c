"""Joining a fleet: the tables there, the key right, no entry missing, and everything read that was ever written."""

from collections.abc import Iterable
from hashlib import sha256

import psycopg

from connector.chain import GENESIS, Entry
from connector.live.addresses import shown
from connector.live.fleet.archive import CHECK, entries_after, head_of
from connector.live.fleet.clerk import Clerk
from connector.live.fleet.link import Link, linked, said
from connector.live.fleet.tables import laid_out
from connector.live.opening import CHECK as KEY_TEXT
from connector.live.opening import LedgerBroken, Noted, Reception
from connector.live.sealing import KeyProblem, Seal

IDLE = "SET idle_in_transaction_session_timeout = '10s'"
"""A process that is stopped amid a transaction holds the head's lock; after this the server takes it back."""


def founded(address: str, seal: Seal, org: str, process: str, noted: Noted | None) -> tuple[Clerk, list[Entry]]:
    """A clerk for an org's chain, which is begun where there is none, and all its entries. Raises LedgerBroken."""
    link = linked(address)
    try:
        laid_out(link, address)
        link.execute("INSERT INTO heads (org, seq, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING", (org, GENESIS))
        _check_key(link, seal, org)
        entries = _received(link, shown(address), org, noted)
        clerk = Clerk(link, org, process, seal, channel_of(link, org), entries[-1].seq if entries else 0)
        link.execute(IDLE)
        clerk.crew.join()
    except (psycopg.Error, KeyProblem, ValueError, KeyError, TypeError) as problem:
        link.close()
        sentence = f"the ledger {shown(address)} {_reason(problem)}"
        raise LedgerBroken(sentence) from problem
    except LedgerBroken:
        link.close()
        raise
    return clerk, entries


def channel_of(link: Link, org: str) -> str:
    """On which a fleet's processes tell each other that there is news."""
    row = link.execute("SELECT current_schema()").fetchone()
    return "connector_" + sha256(f"{row[0] if row else ''}/{org}".encode()).hexdigest()[:32]


def _check_key(link: Link, seal: Seal, org: str) -> None:
    link.execute("INSERT INTO payloads VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (org, CHECK, seal.close(KEY_TEXT)))
    row = link.execute("SELECT sealed FROM payloads WHERE org = %s AND sha256 = %s", (org, CHECK)).fetchone()
    if row is not None:
        seal.open(bytes(row[0]))


def _received(link: Link, name: str, org: str, noted: Noted | None) -> list[Entry]:
    reception = Reception(name, org, noted.head() if noted else None, noted.path if noted else None)
    head = head_of(link, org)
    entries = []
    for entry in entries_after(link, org, 0):
        reception.look(entry)
        entries.append(entry)
    reception.end()
    if head is not None and head.seq > (entries[-1].seq if entries else 0):
        sentence = (
            f"the ledger {name} once had {head.seq} entries of {org}; connector audit verify names what is missing"
        )
        raise LedgerBroken(sentence)
    _help_to_erase(link, org, entries)
    return entries


def _help_to_erase(link: Link, org: str, entries: Iterable[Entry]) -> None:
    """Whoever died between the entry and the erasing is helped here to keep the word."""
    erased = [entry.detail["payload"] for entry in entries if entry.kind == "erased"]
    if erased:
        link.execute("DELETE FROM payloads WHERE org = %s AND sha256 = ANY(%s)", (org, erased))


def _reason(problem: Exception) -> str:
    if isinstance(problem, KeyProblem):
        return "was written with another key"
    if isinstance(problem, psycopg.Error):
        return f"is not a ledger, or is damaged: {said(problem)}"
    return f"does not read ({problem}); connector audit verify names the place"
