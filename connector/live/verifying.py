"""A ledger verified from outside: the whole chain computed once more, and every payload looked at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from connector.chain import Broken, Entry, Head, first_broken
from connector.live.sealing import KeyProblem

Opens = Callable[[bytes], bytes]
"""Unseals a payload; raises KeyProblem."""


class Unreadable(Exception):
    """What is no ledger, or too damaged to be read."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found: how many entries hold, where they end, and the first that does not hold."""

    entries: int
    head: Head | None
    broken: Broken | None
    anchored: bool
    """Whether there was an anchor to compare with; without one a cut-off tail cannot show."""
    opened: bool = False
    """Whether the payloads were unsealed and compared with their hashes, for which the ledger's key is needed."""


class Source(Protocol):
    """One chain of a ledger, read without disturbing whoever writes it."""

    def entries(self) -> Iterator[Entry]:
        """Its entries, the oldest first. Raises Unreadable; ValueError at an entry that cannot be one."""
        ...

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Its payloads, as digest and sealed text. Raises Unreadable."""
        ...

    def head(self) -> Head | None:
        """The head as the ledger itself holds it beside the chain; None where it holds none."""
        ...


def verified(source: Source, anchor: Head | None = None, opens: Opens | None = None) -> Verified:
    """Compute a whole chain once more. Raises Unreadable where it cannot even be begun."""
    held: list[Entry] = []

    def watched() -> Iterator[Entry]:
        for entry in source.entries():
            held.append(entry)
            yield entry

    # What is noted is read first: what is appended while the chain is read makes it longer, never shorter.
    own = source.head()
    try:
        broken = first_broken(watched(), anchor)
    except (ValueError, Unreadable) as problem:
        if isinstance(problem, Unreadable) and not held:
            raise
        broken = Broken(held[-1].seq + 1 if held else 1, f"cannot be read: {problem}")
    broken = broken or _unlike(held, own) or _first_lost(held, source, opens)
    good = [Head(entry.seq, entry.hash) for entry in held if broken is None or entry.seq < broken.seq]
    return Verified(len(good), good[-1] if good else None, broken, anchor is not None, opens is not None)


def _unlike(held: list[Entry], own: Head | None) -> Broken | None:
    return None if own is None or own.seq == 0 else first_broken(held, own)


def _first_lost(held: list[Entry], source: Source, opens: Opens | None) -> Broken | None:
    """The first entry whose payload is gone although no entry says that it was erased, or is not what it was."""
    try:
        payloads = {digest: opens is None or _is(digest, sealed, opens) for digest, sealed in source.kept()}
    except Unreadable as problem:
        return Broken(1, f"and whatever follows it may have lost its payload: the payloads do not read, {problem}")
    erased = {entry.detail.get("payload") for entry in held if entry.kind == "erased"}
    for entry in held:
        digest = entry.payload_sha256
        if not digest or digest in erased:
            continue
        if digest not in payloads:
            # It may have been erased since the entries were read: the entry that says so comes before the erasure.
            said = any(each.kind == "erased" and each.detail.get("payload") == digest for each in source.entries())
            if not said:
                return Broken(entry.seq, "has lost its payload, and no entry says that it was erased")
        elif not payloads[digest]:
            return Broken(entry.seq, "has a payload that was damaged or exchanged (or the key is not this ledger's)")
    return None


def _is(digest: str, sealed: bytes, opens: Opens) -> bool:
    try:
        return sha256(opens(sealed)).hexdigest() == digest
    except KeyProblem:
        return False


def anchored(path: Path) -> Head | None:
    """The head that was noted in an anchor file; None where there is none to be read."""
    try:
        number, digest = path.read_text(encoding="ascii").split()
        return Head(int(number), digest)
    except (OSError, ValueError):
        return None
