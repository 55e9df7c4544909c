"""Where a ledger lies: in a file, or in a PostgreSQL that several processes share."""

import re
from pathlib import Path

SCHEMES = ("postgresql://", "postgres://")
PASSWORD = re.compile(r"(//[^:/@]*:)[^@/]*@|([?&]password=)[^&]*")


def in_database(ledger: Path | str) -> bool:
    """Whether a ledger's address is that of a database."""
    return isinstance(ledger, str) and ledger.startswith(SCHEMES)


def place_of(ledger: str) -> Path | str:
    """A ledger's address as the command line says it: a file's path, unless it is a database's."""
    return ledger if in_database(ledger) else Path(ledger)


def shown(ledger: Path | str) -> str:
    """A ledger's address as it may stand in sentences and logs: without a password."""
    return PASSWORD.sub(lambda found: f"{found[1]}…@" if found[1] else f"{found[2]}…", str(ledger))
