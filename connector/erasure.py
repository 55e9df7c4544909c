"""What a call said, forgotten on demand: payloads go, the chain stays valid, and the forgetting is itself an entry."""

from datetime import datetime

from connector.intents import Finding, Unfit
from connector.ledger import Draft, Entry, Ledger


def erased(ledger: Ledger, call: str, actor: str, reason: str, at: datetime) -> list[Entry]:
    """Erase every payload of a call; the `erased` entries, one per payload. Raises Unfit while any of it is under way.

    A payload that another call shares word for word stays, for it is that call's as well.
    """
    under_way = [each.delivery for each in ledger.readings.of_call(call) if each.status == "pending"]
    if under_way:
        raise Unfit((Finding(under_way[0], "is still under way; erase the call when it has ended"),))
    own = set(ledger.readings.calls.get(call, ()))
    held = [(entry.payload_sha256, entry.delivery) for entry in ledger.entries() if entry.payload_sha256]
    shared = {digest for digest, delivery in held if delivery not in own}
    mine = {digest: delivery for digest, delivery in held if delivery in own and digest not in shared}
    entries = [
        ledger.append(Draft("erased", delivery, at, {"payload": digest, "actor": actor, "reason": reason}))
        for digest, delivery in mine.items()
        if ledger.payload(digest) is not None
    ]
    for entry in entries:
        ledger.erase(str(entry.detail["payload"]))
    return entries
