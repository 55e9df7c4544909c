"""Ledgers on both stores."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connector.fleets import Member
from tests.connector.ledgers import SHELVES, DatabaseShelf, Shelf, a_database


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """Where a ledger is to lie: once in a file, once in PostgreSQL."""
    return SHELVES[request.param](tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> DatabaseShelf:
    """Where a ledger is to lie that several processes share."""
    return a_database(tmp_path)


@pytest.fixture
def two(database: DatabaseShelf) -> Iterator[tuple[Member, Member]]:
    """Two processes on one ledger."""
    with ExitStack() as stack:
        members = [Member(database.opened()) for _ in range(2)]
        for each in members:
            stack.callback(each.leave)
        yield members[0], members[1]
