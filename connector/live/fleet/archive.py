"""The chains of a ledger in PostgreSQL, read from outside: verified, shown, reviewed."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg

from connector.chain import Entry, Head
from connector.live.addresses import shown
from connector.live.fleet.link import Link, linked, said
from connector.live.fleet.tables import STEPS, known_version
from connector.live.opening import LedgerBroken
from connector.live.rows import COLUMNS, entry_of
from connector.live.verifying import Unreadable
from connector.live.versions import steps_from

PAGE = 2000
"""Rows that are fetched at a time."""
CHECK = "key check"
"""The name of the payload by which a wrong key is told."""
ENTRIES = f"SELECT {', '.join(COLUMNS)} FROM entries WHERE org = %s AND seq > %s ORDER BY seq LIMIT {PAGE}"


def entries_after(link: Link, org: str, after: int, until: int | None = None) -> Iterator[Entry]:
    """The entries that follow `after`, up to entry `until`, fetched page by page. Raises ValueError at a bad row."""
    return _paged(lambda after: _page(link, org, after), after, until)


def entries_apart(linked: Callable[[], Link], org: str, after: int = 0, until: int | None = None) -> Iterator[Entry]:
    """The same over a connection for each page, so that none is held by whoever stops reading halfway."""

    def page(after: int) -> list[tuple[Any, ...]]:
        with closing(linked()) as link:
            return _page(link, org, after)

    return _paged(page, after, until)


def _page(link: Link, org: str, after: int) -> list[tuple[Any, ...]]:
    return link.execute(ENTRIES, (org, after)).fetchall()


def _paged(page: Callable[[int], list[tuple[Any, ...]]], after: int, until: int | None) -> Iterator[Entry]:
    while True:
        rows = page(after)
        for row in rows:
            if until is not None and row[0] > until:
                return
            yield entry_of(row)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def head_of(link: Link, org: str) -> Head | None:
    """The head as the ledger holds it; None where the org has no chain."""
    row = link.execute("SELECT seq, hash FROM heads WHERE org = %s", (org,)).fetchone()
    return None if row is None else Head(row[0], row[1])


class Chains:
    """A ledger's database as a source of verification and review."""

    def __init__(self, address: str) -> None:
        self._address = address

    def by_org(self) -> dict[str, "Chain"]:
        """Org → its chain. Raises Unreadable."""
        orgs = [str(org) for (org,) in self.rows("SELECT org FROM heads ORDER BY org")]
        return {org: Chain(self, org) for org in orgs}

    def rows(self, question: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question. Raises Unreadable."""
        with closing(self.link()) as link:
            try:
                return link.execute(question.encode(), parameters).fetchall()
            except psycopg.Error as problem:
                raise self._unreadable(problem) from problem

    def entries(self, org: str) -> Iterator[Entry]:
        """The entries of an org's chain. Raises Unreadable; ValueError at a row that cannot be an entry."""
        try:
            yield from entries_apart(self.link, org)
        except psycopg.Error as problem:
            raise self._unreadable(problem) from problem

    def link(self) -> Link:
        """A connection for reading, to a ledger of a version that is known. Raises Unreadable."""
        try:
            link = linked(self._address)
        except LedgerBroken as problem:
            raise Unreadable(str(problem)) from problem
        try:
            version = known_version(link)
            link.read_only = True
            steps_from(version, STEPS)
        except ValueError as problem:
            link.close()
            sentence = f"{shown(self._address)} {problem}"
            raise Unreadable(sentence) from None
        except psycopg.Error as problem:
            link.close()
            raise self._unreadable(problem) from problem
        if version == 0:
            link.close()
            sentence = f"{shown(self._address)} holds no ledger"
            raise Unreadable(sentence)
        return link

    def _unreadable(self, problem: Exception) -> Unreadable:
        return Unreadable(f"{shown(self._address)} is not a ledger, or is damaged: {said(problem)}")


class Chain:
    """One org's chain."""

    def __init__(self, chains: Chains, org: str) -> None:
        self._chains, self._org = chains, org

    def entries(self) -> Iterator[Entry]:
        """Its entries, the oldest first."""
        return self._chains.entries(self._org)

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Its payloads, as digest and sealed text."""
        question = "SELECT sha256, sealed FROM payloads WHERE org = %s AND sha256 <> %s"
        for digest, sealed in self._chains.rows(question, (self._org, CHECK)):
            yield digest, bytes(sealed)

    def head(self) -> Head | None:
        """The head that whoever appends goes by."""
        rows = self._chains.rows("SELECT seq, hash FROM heads WHERE org = %s", (self._org,))
        return Head(rows[0][0], rows[0][1]) if rows else None
