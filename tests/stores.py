"""A plugin: the tests of the engine run once on each kind of store, each on a clean one.

On PostgreSQL every store in memory becomes an org of this process's server. Orgs are handed out clean, and again when
the store that had them is gone: laying one out takes a quarter of a second, cleaning it a millisecond.
"""

import gc
import os
import weakref
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from mocksf.schema import Schema
from mocksf.store.engine import Engine
from mocksf.store.engines import ENGINES
from mocksf.store.sqlite import MEMORY, SqliteEngine
from tests.postgres import ELSEWHERE, address

if TYPE_CHECKING:
    from mocksf.store.postgres import PostgresEngine

KINDS = ("sqlite", "postgres")
ON_EACH = frozenset(
    {
        "test_any_request",
        "test_assigning",
        "test_bad_input",
        "test_change_events",
        "test_chatter",
        "test_checks",
        "test_choices",
        "test_collections",
        "test_composite",
        "test_composite_laws",
        "test_conditional_upserts",
        "test_duplicates",
        "test_editions",
        "test_effects",
        "test_explain",
        "test_files",
        "test_formula_fields",
        "test_formula_settings",
        "test_formula_upkeep",
        "test_founding",
        "test_grants",
        "test_graph",
        "test_grip",
        "test_large_sums",
        "test_layouts",
        "test_lead_mapping",
        "test_letters",
        "test_limits",
        "test_locks",
        "test_master_detail",
        "test_names",
        "test_oauth",
        "test_org",
        "test_org_machine",
        "test_parent_locks",
        "test_platform_events",
        "test_products",
        "test_push_topics",
        "test_query",
        "test_query_pages",
        "test_recent",
        "test_recents",
        "test_records",
        "test_records_convert",
        "test_records_delete",
        "test_records_derive",
        "test_records_keys",
        "test_records_laws",
        "test_records_merge",
        "test_recycle_bin",
        "test_references",
        "test_replication",
        "test_rollups",
        "test_row_locks",
        "test_sample",
        "test_schema_change",
        "test_search",
        "test_seen",
        "test_sessions",
        "test_soap",
        "test_sobjects",
        "test_soql_cache",
        "test_soql_cases",
        "test_soql_dates",
        "test_soql_laws",
        "test_soql_schema",
        "test_soql_shape",
        "test_sosl_cases",
        "test_sosl_laws",
        "test_store",
        "test_transcripts",
        "test_trouble",
        "test_users",
        "test_validation_rules",
        "test_write_plans",
        "test_written",
    }
)
"""The files whose tests run on each kind of store; the others run in memory."""
LENT_MAX = 4
"""So many orgs in use make it worth to look for garbage first."""
VACUUM_EVERY = 20
"""After so many uses an org is slow with the rows that were deleted from it."""


class Pool:
    """Orgs in PostgreSQL, by the tables that they have."""

    def __init__(self) -> None:
        self._free: dict[str, list[PostgresEngine]] = {}
        self._numbers = count(1)
        self._lent = 0
        self._clears: Counter[PostgresEngine] = Counter()
        self.made: list[PostgresEngine] = []

    def engine(self, schema: Schema, path: str, _: str) -> Engine:
        """What a store gets instead of a database in memory."""
        if path != MEMORY:
            return SqliteEngine(schema, path)
        mark = " ".join(f"{kind.name}({','.join(field.name for field in kind.columns)})" for kind in schema)
        if self._lent >= LENT_MAX and not self._free.get(mark):
            gc.collect()
        free = self._free.setdefault(mark, [])
        owned = free.pop() if free else self._new(schema)
        while not owned.laid_as(schema):  # a test changed its schema
            owned = free.pop() if free else self._new(schema)
        owned.clear()
        self._clears[owned] += 1
        if self._clears[owned] % VACUUM_EVERY == 0:
            owned.vacuum()
        self._lent += 1
        lease = object.__new__(type(owned))
        lease.__dict__.update(owned.__dict__)
        lease.__dict__["beside"] = lambda: MEMORY
        weakref.finalize(lease, self._give_back, mark, owned)
        return lease

    def _new(self, schema: Schema) -> "PostgresEngine":
        from mocksf.store.postgres import PostgresEngine  # with its driver, where that is installed

        made = PostgresEngine(schema, address(), f"test_{os.getpid()}_{next(self._numbers)}")
        self.made.append(made)
        return made

    def _give_back(self, mark: str, owned: "PostgresEngine") -> None:
        self._lent -= 1
        self._free[mark].append(owned)


POOL = Pool()
POOL_OPENS = POOL.engine

# A test on each store has as many executors, and none of them is measured by the clock.
# So many cases of each law, where a test names no number of its own; `SUITE_CASES=500` draws more.
CASES = int(os.environ.get("SUITE_CASES", "100"))
settings.register_profile(
    "suite", deadline=None, max_examples=CASES, suppress_health_check=[HealthCheck.differing_executors]
)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "where the tests of the engine keep their rows"
    parser.addoption("--store", choices=(*KINDS, "both"), default="both", help=said)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if Path(metafunc.module.__file__).stem in ON_EACH and not metafunc.definition.get_closest_marker("in_memory"):
        wanted = metafunc.config.getoption("--store")
        metafunc.parametrize("store_kind", KINDS if wanted == "both" else [wanted], indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def store_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """On which kind of store a test runs."""
    kind: str = getattr(request, "param", "sqlite")
    usual = ENGINES[""]
    if kind == "postgres":
        address()
        ENGINES[""] = POOL_OPENS
    yield kind
    ENGINES[""] = usual


LAST_OF_THEIR_FILES: set[str] = set()
"""The tests after which another file's begin."""


def pytest_collection_finish(session: pytest.Session) -> None:  # noqa: ARG001
    """What is there by now stays to the end: let nobody look through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """What a file left open is found with its last test, and not wherever garbage is looked for next."""
    yield
    if nextitem is None or nextitem.path != item.path:
        LAST_OF_THEIR_FILES.add(item.nodeid)
        gc.collect()


def pytest_runtest_logfinish(nodeid: str) -> None:
    """What is still there after a file's last test stays to the end: nobody looks through it for garbage again."""
    if nodeid in LAST_OF_THEIR_FILES:
        gc.collect()
        gc.freeze()


def pytest_sessionfinish(session: pytest.Session, exitstatus: Any) -> None:  # noqa: ARG001
    """A server that others use is left as it was; one of our own goes as a whole."""
    for each in POOL.made if ELSEWHERE in os.environ else ():
        each.drop()
