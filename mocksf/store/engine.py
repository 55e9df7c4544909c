"""What a store asks of a database: to run statements, to undo them, and to keep its counters and images."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol
from weakref import WeakMethod

from mocksf.schema.model import Schema

COUNTERS = '"$counters"'
"""The table of counters: how far the numbers of each key prefix and auto-number are given out."""

Run = Callable[..., Any]
"""A statement and, where it has question marks, the values for them → a cursor."""

Ends = list[WeakMethod[Callable[[], None]]]


class Engine(Protocol):
    """One database with the tables of one schema, laid out when it is opened."""

    run: Run
    counters: dict[str, int]
    """How far numbers are given out; put an older copy back to undo."""
    shared: bool
    """Whether other processes may write to the same rows."""
    lasting: bool
    """Whether the rows outlive the process, and the schema is kept with them."""
    turns: int
    """How many turns have begun; where nobody else writes, there are none."""
    ends: Ends
    """What is done at the end of each turn, before it is committed."""

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of many lists of values, inside of `atomic`."""
        ...

    def unsettled(self) -> bool:
        """Whether what is read now may be taken back, or may be old already."""
        ...

    def atomic(self) -> AbstractContextManager[Callable[[], None]]:
        """A savepoint, nested to any depth. Gives a function that undoes; an exception undoes and goes on."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """One request that writes: nobody else writes meanwhile, and nothing is undone at its end."""
        ...

    def become(self, old: Schema, new: Schema) -> None:
        """Turn the tables of a schema into those of another; all of it or, raising SchemaError, nothing."""
        ...

    def keep_schema(self, text: str) -> None:
        """Keep what the schema has become with the rows, for whoever opens them next."""
        ...

    def snapshot(self) -> bytes:
        """All rows and counters as they stand, outside of `atomic`."""
        ...

    def restore(self, image: bytes) -> None:
        """Back to an image that `snapshot` gave."""
        ...

    def settle(self) -> None:
        """Keep what is there now as home, where others share it."""
        ...

    def home(self) -> bytes | None:
        """What `settle` kept, or None."""
        ...

    def beside(self) -> str:
        """The address for a second database of the same kind."""
        ...

    def serial(self, kind: str) -> int:
        """The next number of a kind, for as long as the database lives, whatever is restored; 0 where nobody shares."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class Savepoint(AbstractContextManager[Callable[[], None]]):
    """One savepoint; a class and not a generator, because it stands on the path of every write."""

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run

    def __enter__(self) -> Callable[[], None]:
        self._run("SAVEPOINT s")
        return self.undo

    def undo(self) -> None:
        """Take back everything done inside so far; what follows counts again."""
        self._run("ROLLBACK TO s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._run("ROLLBACK TO s")
        self._run("RELEASE s")


class DatabaseError(ValueError):
    """A database that cannot be used; the message says why, and what helps."""
