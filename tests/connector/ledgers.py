"""Ledger files for tests: opened, filled, and changed as somebody would who can write to the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cryptography.fernet import Fernet

from connector.chain import Draft
from connector.live.disk import DiskLedger
from connector.live.sealing import Seal
from tests.connector.talk import NINE

KEY = Fernet.generate_key().decode()
PERSON = "Ada Berg of Berg AG"


def opened(path: Path, key: str = KEY) -> DiskLedger:
    return DiskLedger(path, Seal(key), "acme")


def filled(path: Path, entries: int = 6) -> Path:
    """A closed ledger with so many entries, each with a payload of its own."""
    ledger = opened(path)
    for number in range(entries):
        ledger.append(Draft("refreshed", f"call/{number}", NINE, {"n": number}, {"who": PERSON, "n": number}))
    ledger.close()
    return path


def rewritten(path: Path, change) -> None:
    """Change a ledger as somebody would who can write to the file: triggers dropped, rows edited."""
    with closing(sqlite3.connect(path)) as disk:
        for (name,) in disk.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            disk.execute(f"DROP TRIGGER {name}")
        change(disk)
        disk.commit()
