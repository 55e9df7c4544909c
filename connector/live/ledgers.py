"""A ledger by its address, whichever store it lies in: opened for work, or read from outside."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from connector.engine import Connector
from connector.live.addresses import in_database, shown
from connector.live.disk import DiskLedger
from connector.live.opening import LedgerBroken, Noted, anchor_of
from connector.live.rows import File
from connector.live.runner import Line, Runner
from connector.live.sealing import Seal, key_of
from connector.live.verifying import Source, Unreadable

if TYPE_CHECKING:
    from connector.live.fleet.archive import Chains
    from connector.live.fleet.keeper import Keeper
    from connector.live.fleet.ledger import FleetLedger

NEEDS_EXTRA = "a ledger in PostgreSQL needs psycopg: pip install 'mocksf[postgres]'"


def opened(
    ledger: Path | str,
    environ: Mapping[str, str],
    org: str,
    failpoint: Callable[[str], None],
    anchor: Path | None = None,
) -> "DiskLedger | FleetLedger":
    """The ledger of an org, for work. `anchor`: where its head is noted, for a database; a file has its own.

    Raises LedgerBroken or KeyProblem.
    """
    seal = seal_of(ledger, environ)
    if not in_database(ledger):
        return DiskLedger(Path(ledger), seal, org, failpoint)
    try:
        from connector.live.fleet.ledger import FleetLedger
    except ImportError as problem:
        raise LedgerBroken(NEEDS_EXTRA) from problem
    return FleetLedger(str(ledger), seal, org, failpoint, Noted(anchor) if anchor else None)


def line_of(ledger: "DiskLedger | FleetLedger") -> Line | None:
    """Where the flows of a ledger's processes stand in line; None where there is but one process."""
    if isinstance(ledger, DiskLedger):
        return None
    from connector.live.fleet.places import SharedPlaces

    return SharedPlaces(ledger)


def keeper_of(
    ledger: "DiskLedger | FleetLedger", connector: Connector, runner: Runner, lease: timedelta
) -> "Keeper | None":
    """Whoever does a process's part in keeping its fleet; None where there is none."""
    if isinstance(ledger, DiskLedger):
        return None
    from connector.live.fleet.keeper import Keeper

    return Keeper(connector, runner, ledger, lease)


def seal_of(ledger: Path | str, environ: Mapping[str, str], create: bool = True) -> Seal:
    """The seal of a ledger. Raises KeyProblem."""
    return Seal(key_of(ledger if in_database(ledger) else Path(ledger), environ, create))


def sources_of(ledger: str, chain: str | None = None) -> dict[str, Source]:
    """The chains of a ledger by their org, or the one that is asked for; a file has one, under its own name.

    Raises Unreadable.
    """
    if not in_database(ledger):
        return {ledger: File(Path(ledger))}
    found: dict[str, Source] = dict(_chains(ledger).by_org())
    if chain is not None and chain not in found:
        sentence = f"{shown(ledger)} holds no chain of {chain}; there are {', '.join(found) or 'none'}"
        raise Unreadable(sentence)
    return found if chain is None else {chain: found[chain]}


def source_of(ledger: str, chain: str | None = None) -> Source:
    """The one chain that is meant. Raises Unreadable where there are several and none is named."""
    found = sources_of(ledger, chain)
    if len(found) != 1:
        several = f"several chains: say --chain, one of {', '.join(found)}"
        sentence = f"{shown(ledger)} holds {several if found else 'no chain'}"
        raise Unreadable(sentence)
    return next(iter(found.values()))


def anchor_beside(ledger: str) -> Path | None:
    """Where the head of a ledger's file is noted; None for a database, whose anchor is where somebody keeps it."""
    return None if in_database(ledger) else anchor_of(Path(ledger))


def _chains(ledger: str) -> "Chains":
    try:
        from connector.live.fleet.archive import Chains
    except ImportError as problem:
        raise Unreadable(NEEDS_EXTRA) from problem
    return Chains(ledger)
