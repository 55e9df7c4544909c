"""What each category of dead letters means, and what usually cures it: a table for whoever reviews them."""

from collections.abc import Mapping

CURES: Mapping[str, tuple[str, str]] = {
    "silence": ("the org never answered", "Replay: what may have been written is found by its key."),
    "outage": ("the org was down longer than the schedule", "Replay once the org is well."),
    "lock": ("somebody held the record all the time", "Replay; if it comes back, look for a long job in the org."),
    "limit": ("a limit of the org was used up", "Replay when the limit is over, at a gentle rate."),
    "maintenance": ("the org was in maintenance", "Replay after it."),
    "login": ("the login does not hold", "Mend the login under Settings, then replay."),
    "session": ("the session was refused", "Look at the connected app and its policies, then replay."),
    "permission": ("the user may not do that", "Grant it to the connector's user, then replay."),
    "required field": ("a required field was not set", "Give it a default or an intent, then replay."),
    "unknown field": ("the org has no such field any more", "Mend the field map, then replay."),
    "not writable": ("the field may not be written", "Grant it, or map the intent elsewhere, then replay."),
    "value": ("a value does not fit its field", "Edit the value, or the map, and replay."),
    "validation rule": ("a rule of the org says no", "Edit the value as the rule wants it, and replay."),
    "trigger": ("a trigger or flow of the org failed", "Have it mended in the org, then replay."),
    "duplicate": ("another record has this key", "Merge the two in the org, then replay."),
    "duplicate rule": ("a duplicate rule stopped it", "Merge, or let the rule pass the API user, then replay."),
    "ambiguous key": ("several records have this key", "Merge them in the org, then replay."),
    "reference": ("a record that is pointed at is not there", "Mend the reference in the org, then replay."),
    "not found": ("the record is not there", "Replay: it is looked for anew, or made."),
    "deleted": ("the record was deleted", "Undelete it, or replay: it is made anew."),
    "converted lead": ("the lead was converted meanwhile", "Replay: the caller is looked up anew."),
    "person": ("the caller turned out to be somebody else", "Convert the lead or mend the map, then replay."),
    "map": ("the map does not write this intent any more", "Put a map in force that does, then replay."),
    "storage": ("the org is full", "Make room, then replay."),
    "request": ("the org does not take such a request", "Look at the API version under Settings."),
    "erased": ("the payload was erased or damaged", "There is nothing left to write: discard it."),
}
"""Category → what happened, and the usual cure."""
OTHER = ("the org refused it with a code of its own", "Read what it said; mend that, then replay.")


def meaning(category: str | None) -> tuple[str, str]:
    """What happened, and the usual cure."""
    return CURES.get(category or "", OTHER)
