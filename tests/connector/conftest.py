"""Ledgers on both stores."""

from pathlib import Path

import pytest

from tests.connector.ledgers import SHELVES, Shelf


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """Where a ledger is to lie: once in a file, once in PostgreSQL."""
    return SHELVES[request.param](tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Shelf:
    """Where a ledger is to lie that several processes share."""
    return SHELVES["postgres"](tmp_path)
