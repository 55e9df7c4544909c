"""What a call said can be forgotten; that it was said, and that it was forgotten, cannot."""

from datetime import datetime

import pytest

from connector.chain import Entry, first_broken
from connector.erasure import announced, erase
from connector.intents import Unfit
from connector.ledger import Ledger
from connector.messages import Answer
from connector.replay import Selection
from tests.connector.talk import NINE, Talk, a_connector, fine, halted


def a_talk() -> Talk:
    talk = Talk(a_connector())
    talk.deliver("demo_requested", replies=[halted("con", "STRING_TOO_LONG", "too long: Ada Berg"), Answer(200, "ok")])
    return talk


def erased(ledger: Ledger, call: str, actor: str, reason: str, at: datetime) -> list[Entry]:
    """Announced, and done."""
    entries = announced(ledger, call, actor, reason, at)
    erase(ledger, entries)
    return entries


def test_every_payload_of_the_call_goes_and_the_chain_holds():
    talk = a_talk()
    ledger = talk.connector.ledger

    entries = erased(ledger, "call-1", "mara", "asked by the caller", NINE)

    digests = [entry.payload_sha256 for entry in ledger.entries() if entry.payload_sha256]
    assert (len(entries), [ledger.payload(digest) for digest in digests]) == (2, [None, None])
    assert first_broken(ledger.entries(), ledger.head()) is None


def test_the_forgetting_tells_who_and_why():
    talk = a_talk()

    (entry, *_) = erased(talk.connector.ledger, "call-1", "mara", "asked by the caller", NINE)

    assert (entry.kind, entry.detail["actor"], entry.detail["reason"]) == ("erased", "mara", "asked by the caller")


def test_another_call_keeps_what_it_said():
    talk = a_talk()
    talk.deliver("demo_requested", call="call-2", replies=[fine()])

    erased(talk.connector.ledger, "call-1", "mara", "asked", NINE)

    assert talk.connector.delivery("call-2/1/demo_requested") is not None


def test_a_second_time_there_is_nothing_left():
    talk = a_talk()
    erased(talk.connector.ledger, "call-1", "mara", "asked", NINE)

    assert erased(talk.connector.ledger, "call-1", "mara", "asked", NINE) == []


def test_what_is_under_way_cannot_be_forgotten():
    talk = Talk(a_connector())
    talk.tell("demo_requested")

    with pytest.raises(Unfit, match="still under way"):
        erased(talk.connector.ledger, "call-1", "mara", "asked", NINE)


def test_an_erased_dead_letter_cannot_be_replayed():
    talk = a_talk()
    erased(talk.connector.ledger, "call-1", "mara", "asked", NINE)

    assert talk.connector.replay(Selection(everything=True), "mara", "mended") == []
