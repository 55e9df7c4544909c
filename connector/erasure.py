"""What a call said, forgotten on demand: payloads go, the chain stays valid, and the forgetting is itself an entry."""

from datetime import datetime

from connector.chain import Draft, Entry
from connector.intents import Finding, Unfit
from connector.ledger import Ledger


def announced(ledger: Ledger, call: str, actor: str, reason: str, at: datetime) -> list[Entry]:
    """Say in the ledger that every payload of a call is erased: the `erased` entries, one per payload.

    What they name under `payload` is then to be erased; should the process die before, the next start does it.
    Raises Unfit while any of the call is under way.
    """
    standings = ledger.readings.of_call(call)
    under_way = [each.delivery for each in standings if each.status == "pending"]
    if under_way:
        raise Unfit((Finding(under_way[0], "is still under way; erase the call when it has ended"),))
    held = [(each.delivery, digest) for each in standings for digest in each.payloads]
    return [
        ledger.append(Draft("erased", delivery, at, {"payload": digest, "actor": actor, "reason": reason}))
        for delivery, digest in held
    ]


def erase(ledger: Ledger, entries: list[Entry]) -> None:
    """Do what was announced."""
    for entry in entries:
        ledger.erase(str(entry.detail["payload"]))
