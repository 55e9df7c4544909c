"""The journal is measured on real stores: what is counted was safe there."""

from loadtests.bench.journal import journal
from tests.postgres import address


def test_intents_are_counted_on_each_store_that_is_named():
    figures = journal(0.1, address())

    assert [name.rpartition(", ")[2] for name in figures] == ["SQLite", "PostgreSQL"]
    assert all(value > 0 for value in figures.values())


def test_without_an_address_only_the_file_is_measured():
    assert list(journal(0.05)) == ["intents a second through the journal, SQLite"]
