"""An org that is killed in the middle of writing, and started again on what is left: nothing promised is missing."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests import postgres
from tests.crowd import Promises, kept, kill, numbers, serve, write_until_it_dies

pytestmark = [pytest.mark.sockets, pytest.mark.in_memory]

LIVES = 3


@pytest.fixture(params=["file", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield str(tmp_path / "org.sqlite")
        return
    server = postgres.server()
    yield server.address
    server.close()


def test_a_killed_server_has_lost_nothing_that_it_promised(database: str):
    promises, names, dice = Promises(), numbers(), Random(7)

    for _ in range(LIVES):
        server = serve("--database", database)
        write_until_it_dies(server, names, promises, promises.answers + dice.randint(5, 60))
        again = serve("--database", database)
        kept(again, promises)
        again.stop()

    assert len(promises.records) > LIVES
    assert promises.families


def test_a_database_that_is_killed_under_its_servers_has_lost_nothing_either():
    database = postgres.server()
    try:
        promises, names = Promises(), numbers()
        server = serve("--database", database.address)
        write_until_it_dies(server, names, promises, 40)
        database.kill()
        database.start()
        again = serve("--database", database.address)
        kept(again, promises)
        kill(again)
    finally:
        database.close()
