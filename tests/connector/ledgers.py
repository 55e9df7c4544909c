"""Ledgers for tests, on both stores: opened, filled, and changed as somebody would who may do anything there."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import psycopg
from cryptography.fernet import Fernet

from connector.chain import Draft, Entry, Head
from connector.live.disk import DiskLedger
from connector.live.fleet.ledger import FleetLedger
from connector.live.fleet.tables import STEPS as TABLES
from connector.live.ledgers import opened, source_of
from connector.live.verifying import Verified, anchored, verified
from connector.live.versions import STEPS as FILES
from tests.connector.talk import NINE
from tests.postgres import address

KEY = Fernet.generate_key().decode()
PERSON = "Ada Berg of Berg AG"
ORG = "acme"

_schemas = count(1)


@dataclass(frozen=True)
class Shelf:
    """Where one ledger lies. `place` is its address, `anchor` where its head is noted."""

    place: str
    anchor: Path

    refusal: ClassVar[type[Exception]]
    steps: ClassVar[tuple[str, ...]]

    def opened(self, key: str = KEY, org: str = ORG, failpoint=lambda _: None) -> DiskLedger | FleetLedger:
        place = self.place if "://" in self.place else Path(self.place)
        return opened(place, {"CONNECTOR_LEDGER_KEY": key}, org, failpoint, self.anchor)

    def filled(self, entries: int = 6) -> "Shelf":
        """So many entries, each with a payload of its own."""
        ledger = self.opened()
        for number in range(entries):
            ledger.append(Draft("refreshed", f"call/{number}", NINE, {"n": number}, {"who": PERSON, "n": number}))
        ledger.close()
        return self

    def stored(self) -> list[Entry]:
        return list(source_of(self.place).entries())

    def verified(self, anchor: Head | None = None, **more: Any) -> Verified:
        return verified(source_of(self.place), anchor, **more)

    def verified_by_anchor(self) -> Verified:
        return self.verified(anchored(self.anchor))

    def rewritten(self, statement: str, *values: Any) -> "Shelf":
        """Change a ledger as somebody would who may do anything: triggers away, rows edited, triggers back."""
        self.run((*self.open_doors(), statement, *self.close_doors()), *values)
        return self

    def open_doors(self) -> tuple[str, ...]:
        raise NotImplementedError

    def close_doors(self) -> tuple[str, ...]:
        return ()

    def run(self, statements: Iterable[str], *values: Any) -> list[Any]:
        """Statements as anybody can run them; `values` are for the one with question marks."""
        raise NotImplementedError


class FileShelf(Shelf):
    """A ledger in a file."""

    refusal = sqlite3.IntegrityError
    steps = FILES

    def open_doors(self) -> tuple[str, ...]:
        names = self.run(["SELECT name FROM sqlite_master WHERE type = 'trigger'"])
        return tuple(f"DROP TRIGGER {name}" for (name,) in names)

    def script(self, text: str) -> None:
        with closing(sqlite3.connect(self.place)) as disk:
            disk.executescript(text)

    def run(self, statements: Iterable[str], *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.place)) as disk:
            rows = [disk.execute(each, values if "?" in each else ()).fetchall() for each in statements]
            disk.commit()
        return rows[-1]


class DatabaseShelf(Shelf):
    """A ledger in PostgreSQL, in a schema of its own."""

    refusal = psycopg.IntegrityError
    steps = TABLES

    def open_doors(self) -> tuple[str, ...]:
        return tuple(f"ALTER TABLE {each} DISABLE TRIGGER ALL" for each in ("entries", "payloads", "heads"))

    def close_doors(self) -> tuple[str, ...]:
        return tuple(f"ALTER TABLE {each} ENABLE TRIGGER ALL" for each in ("entries", "payloads", "heads"))

    def run(self, statements: Iterable[str], *values: Any) -> list[Any]:
        rows: list[Any] = []
        with psycopg.connect(self.place) as link:
            for each in statements:
                cursor = link.execute(each.replace("?", "%s"), values if "?" in each else None)
                rows = cursor.fetchall() if cursor.description else []
        return rows


def a_file(folder: Path) -> FileShelf:
    path = folder / "ledger.sqlite"
    return FileShelf(str(path), Path(f"{path}.anchor"))


def a_database(folder: Path) -> DatabaseShelf:
    name = f"ledger_{next(_schemas)}"
    with psycopg.connect(address(), autocommit=True) as link:
        link.execute(f"CREATE SCHEMA {name}")
    options = quote(f"-csearch_path={name}", safe="")
    return DatabaseShelf(f"{address()}&options={options}", folder / "ledger.anchor")


SHELVES = {"sqlite": a_file, "postgres": a_database}
