"""`connector audit`: the ledger verified and shown, from its file alone, whether or not a service is writing to it."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from connector.chain import Entry, Head, instant_text
from connector.live.opening import anchor_of
from connector.live.rows import Unreadable, Verified, anchored, stored, verify

GOOD, BROKEN, USAGE = 0, 1, 2

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True)
app.add_typer(audit, name="audit", help="Verify and show the audit ledger.")

LedgerFile = Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger's file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@audit.command("verify")
def verify_file(
    ledger: LedgerFile,
    anchor: Annotated[
        Path | None, typer.Option(help="File with the head as noted elsewhere (number and hash).")
    ] = None,
    head: Annotated[str | None, typer.Option(help="The head as noted elsewhere, as NUMBER:HASH.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compute the whole chain once more. Names the first entry that does not hold, and a tail that was cut off.

    Without --anchor or --head the file beside the ledger (LEDGER.anchor) is compared. Exit codes: 0 holds, 1 broken,
    2 the file cannot be read.
    """
    try:
        noted = _head(head) if head else anchored(anchor or anchor_of(ledger))
        if anchor is not None and noted is None:
            _refuse(f"{anchor} holds no head; it should say NUMBER HASH")
        verified = verify(ledger, noted)
    except Unreadable as problem:
        _refuse(str(problem))
    typer.echo(json.dumps(_as_json(verified)) if as_json else _sentence(verified))
    raise typer.Exit(BROKEN if verified.broken else GOOD)


@audit.command("show")
def show(
    ledger: LedgerFile,
    delivery: Annotated[str | None, typer.Option(help="Only this delivery's entries.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the entries, one a line, the oldest first."""
    try:
        for entry in stored(ledger):
            if delivery in {None, entry.delivery} and kind in {None, entry.kind}:
                typer.echo(json.dumps(entry.as_json()) if as_json else _line(entry))
    except (Unreadable, ValueError) as problem:
        _refuse(f"{problem}; connector audit verify {ledger} names the place")


def _line(entry: Entry) -> str:
    shown = {name: value for name, value in entry.detail.items() if value not in (None, [], {}) and name != "records"}
    return f"{entry.seq:>6}  {instant_text(entry.at)}  {entry.kind:<12} {entry.delivery}  {json.dumps(shown)}"


def _sentence(verified: Verified) -> str:
    if verified.broken:
        held = f"the {verified.entries} entries before it hold" if verified.entries else "nothing before it holds"
        return f"BROKEN: entry {verified.broken.seq} {verified.broken.reason}; {held}"
    head = f", head {verified.head.seq}:{verified.head.hash}" if verified.head else ""
    compared = "" if verified.anchored else "; nothing was noted outside, so a cut-off tail would not show"
    return f"OK: {verified.entries} entries hold{head}{compared}"


def _as_json(verified: Verified) -> dict[str, object]:
    head, broken = verified.head, verified.broken
    return {
        "holds": broken is None,
        "entries": verified.entries,
        "head": {"seq": head.seq, "hash": head.hash} if head else None,
        "broken": {"seq": broken.seq, "reason": broken.reason} if broken else None,
        "anchored": verified.anchored,
    }


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        _refuse(f"{text!r} is no head; write NUMBER:HASH, as `connector audit verify` prints it")
    return Head(int(number), digest)


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)
