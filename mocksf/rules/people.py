"""What follows of people: contacts, leads, users."""

from zlib import crc32

from mocksf.errors import Refuse
from mocksf.rules.facts import Changes, Facts, Row, after


def person_name(_: Facts, before: Row, changes: Changes) -> None:
    """Name is first and last name; the salutation is not part of it."""
    if not before or "FirstName" in changes or "LastName" in changes:
        parts = (after(before, changes, "FirstName"), after(before, changes, "LastName"))
        changes["Name"] = " ".join(part for part in parts if part) or None


def nickname(facts: Facts, before: Row, changes: Changes) -> None:
    """A user without a nickname gets one that nobody else has."""
    if not before and not changes.get("CommunityNickname"):
        changes["CommunityNickname"] = f"User{facts.now}{crc32(str(changes.get('Username')).encode())}"


def converted_lead(_: Facts, before: Row, __: Changes) -> None:
    """A converted lead is read-only."""
    if before.get("IsConverted"):
        raise Refuse.CONVERTED_LEAD()
