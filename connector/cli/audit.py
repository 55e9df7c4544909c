"""`connector audit`: the ledger verified and shown, from outside, whether or not a service is writing to it."""

import json
import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connector.chain import Entry, Head, instant_text
from connector.live.addresses import shown
from connector.live.ledgers import anchor_beside, seal_of, source_of, sources_of
from connector.live.sealing import KeyProblem
from connector.live.verifying import Opens, Unreadable, Verified, anchored, verified

GOOD, BROKEN, USAGE = 0, 1, 2

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True)
app.add_typer(audit, name="audit", help="Verify and show the audit ledger.")

LedgerPlace = Annotated[str, typer.Argument(metavar="LEDGER", help="The ledger's file, or its postgresql:// address.")]
Chain = Annotated[str | None, typer.Option(help="The org whose chain is meant, where a ledger holds several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@audit.command("verify")
def verify_file(
    ledger: LedgerPlace,
    anchor: Annotated[
        Path | None, typer.Option(help="File with the head as noted elsewhere (number and hash).")
    ] = None,
    head: Annotated[str | None, typer.Option(help="The head as noted elsewhere, as NUMBER:HASH.")] = None,
    chain: Chain = None,
    as_json: AsJson = False,
) -> None:
    """Compute the whole chain once more. Names the first entry that does not hold, and a tail that was cut off.

    Without --anchor or --head the file beside the ledger (LEDGER.anchor) is compared. Where the ledger's key is at
    hand (CONNECTOR_LEDGER_KEY, or LEDGER.key) every payload is opened as well. A ledger in PostgreSQL holds a chain
    per org; all are verified, or the one of --chain. Exit codes: 0 holds, 1 broken, 2 the ledger cannot be read.
    """
    try:
        noted = _noted(ledger, anchor, head)
        sources = sources_of(ledger, chain)
        if noted is not None and len(sources) > 1:
            source_of(ledger, chain)
        found = {name: verified(source, noted, _opens(ledger)) for name, source in sources.items()}
    except Unreadable as problem:
        _refuse(str(problem))
    if not found:
        _refuse(f"{shown(ledger)} holds no chain")
    several = len(found) > 1
    if as_json:
        told = {name: _as_json(each) for name, each in found.items()}
        typer.echo(json.dumps(told if several else next(iter(told.values()))))
    else:
        typer.echo("\n".join((f"{name}: " if several else "") + _sentence(each) for name, each in found.items()))
    raise typer.Exit(BROKEN if any(each.broken for each in found.values()) else GOOD)


@audit.command("show")
def show(
    ledger: LedgerPlace,
    delivery: Annotated[str | None, typer.Option(help="Only this delivery's entries.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    chain: Chain = None,
    as_json: AsJson = False,
) -> None:
    """Show the entries, one a line, the oldest first."""
    try:
        for entry in source_of(ledger, chain).entries():
            if delivery in {None, entry.delivery} and kind in {None, entry.kind}:
                typer.echo(json.dumps(entry.as_json()) if as_json else _line(entry))
    except (Unreadable, ValueError) as problem:
        _refuse(f"{problem}; connector audit verify {shown(ledger)} names the place")


def _line(entry: Entry) -> str:
    shown = {name: value for name, value in entry.detail.items() if value not in (None, [], {}) and name != "records"}
    return f"{entry.seq:>6}  {instant_text(entry.at)}  {entry.kind:<12} {entry.delivery}  {json.dumps(shown)}"


def _sentence(verified: Verified) -> str:
    if verified.broken:
        held = f"the {verified.entries} entries before it hold" if verified.entries else "nothing before it holds"
        return f"BROKEN: entry {verified.broken.seq} {verified.broken.reason}; {held}"
    head = f", head {verified.head.seq}:{verified.head.hash}" if verified.head else ""
    compared = "" if verified.anchored else "; nothing was noted outside, so a cut-off tail would not show"
    closed = "" if verified.opened else "; the key is not at hand, so the payloads were only counted"
    return f"OK: {verified.entries} entries hold{head}{compared}{closed}"


def _as_json(verified: Verified) -> dict[str, object]:
    head, broken = verified.head, verified.broken
    return {
        "holds": broken is None,
        "entries": verified.entries,
        "head": {"seq": head.seq, "hash": head.hash} if head else None,
        "broken": {"seq": broken.seq, "reason": broken.reason} if broken else None,
        "anchored": verified.anchored,
        "payloads_opened": verified.opened,
    }


def _noted(ledger: str, anchor: Path | None, head: str | None) -> Head | None:
    """What was noted outside the ledger, if anything was."""
    if head:
        return _head(head)
    path = anchor or anchor_beside(ledger)
    noted = anchored(path) if path else None
    if anchor is not None and noted is None:
        _refuse(f"{anchor} holds no head; it should say NUMBER HASH")
    return noted


def _opens(ledger: str) -> Opens | None:
    """What opens payloads, where the key is at hand."""
    try:
        return seal_of(ledger, os.environ, create=False).open
    except KeyProblem:
        return None


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        _refuse(f"{text!r} is no head; write NUMBER:HASH, as `connector audit verify` prints it")
    return Head(int(number), digest)


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)
