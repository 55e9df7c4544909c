"""The chain of entries: whoever changes, drops or cuts off anything is found out, and the place is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.chain import GENESIS, Draft, canonical, digest_of, draft_of, first_broken, instant_text
from connector.commands import Note
from connector.ledger import MemoryLedger
from connector.readings import read
from tests.connector.talk import BUSY, NINE, Talk, a_connector, fine

FIELDS = ("seq", "at", "org", "kind", "delivery", "detail", "payload_sha256", "previous", "hash")


def a_ledger(entries: int = 8) -> MemoryLedger:
    ledger = MemoryLedger("acme")
    for number in range(entries):
        payload = {"number": number} if number % 3 == 0 else None
        ledger.append(Draft("refreshed", f"call/{number}", NINE, {"n": number, "text": "ä"}, payload))
    return ledger


def changed(entry, name: str):
    """The entry with one of its fields changed a little."""
    value = getattr(entry, name)
    if name == "at":
        return replace(entry, at=value + timedelta(microseconds=1))
    if name == "seq":
        return replace(entry, seq=value + 1)
    if name == "detail":
        return replace(entry, detail={**value, "n": -1})
    return replace(entry, **{name: "x" + (value or "")[1:]})


class TestTheChain:
    def test_begins_at_nothing_and_goes_on_from_hash_to_hash(self):
        first, second, *_ = a_ledger().entries()

        assert (first.seq, first.previous, second.previous) == (1, GENESIS, first.hash)

    def test_hashes_canonical_json_of_everything_but_the_hash(self):
        (entry,) = a_ledger(1).entries()

        content = {name: value for name, value in entry.as_json().items() if name != "hash"}

        assert entry.hash == digest_of(content)

    def test_pins_one_known_hash(self):
        ledger = MemoryLedger("acme")

        entry = ledger.append(Draft("refreshed", "call-1/1/demo", NINE, {"attempt": 1}))

        assert entry.hash == "e997272720274bd058c79ec774fdc5e1b4aae25e2a562653522cba1bccfb85d7"

    def test_is_whole_as_it_was_written(self):
        ledger = a_ledger()

        assert first_broken(ledger.entries(), ledger.head()) is None

    @given(place=st.integers(0, 7), name=st.sampled_from(FIELDS))
    def test_shows_any_change_of_any_entry(self, place: int, name: str):
        ledger = a_ledger()
        entries = list(ledger.entries())
        entries[place] = changed(entries[place], name)

        broken = first_broken(entries, ledger.head())

        assert broken is not None
        assert broken.seq == place + 1

    @given(place=st.integers(0, 7))
    def test_shows_a_missing_entry(self, place: int):
        ledger = a_ledger()
        entries = list(ledger.entries())
        del entries[place]

        broken = first_broken(entries, ledger.head())

        assert broken is not None
        assert (broken.seq, "missing" in broken.reason) == (place + 1, True)

    @given(kept=st.integers(0, 7))
    def test_shows_a_cut_off_tail_only_to_who_noted_its_head(self, kept: int):
        ledger = a_ledger()
        entries = list(ledger.entries())[:kept]

        assert first_broken(entries) is None
        assert first_broken(entries, ledger.head()).seq == kept + 1

    def test_that_was_written_anew_does_not_fit_the_noted_head(self):
        ledger, forged = a_ledger(), MemoryLedger("acme")
        for entry in ledger.entries():
            forged.append(Draft(entry.kind, entry.delivery, entry.at, {"n": "forged"}))

        assert "rewritten" in first_broken(forged.entries(), ledger.head()).reason

    def test_holds_after_a_payload_was_erased(self):
        ledger = a_ledger()
        (digest, *_) = [entry.payload_sha256 for entry in ledger.entries() if entry.payload_sha256]

        assert ledger.erase(digest)
        assert (ledger.payload(digest), first_broken(ledger.entries(), ledger.head())) == (None, None)


class TestCanonicalForm:
    def test_sorts_keys_and_saves_spaces(self):
        assert canonical({"b": 1, "a": [True, None, "ä"]}) == '{"a":[true,null,"ä"],"b":1}'.encode()

    def test_writes_instants_in_utc_with_six_decimals(self):
        berlin = datetime(2026, 1, 5, 10, 0, tzinfo=timezone(timedelta(hours=1)))

        assert instant_text(berlin) == "2026-01-05T09:00:00.000000Z"

    def test_keeps_a_notes_payload_apart(self):
        draft = draft_of(Note("failed", "d", {"attempt": 1, "payload": {"said": "no"}}), NINE)

        assert (draft.detail, draft.payload) == ({"attempt": 1}, {"said": "no"})


class TestReadings:
    def test_follow_a_delivery_from_promise_to_end(self):
        talk = Talk(a_connector())
        (delivery,) = talk.tell("demo_requested").deliveries
        readings = talk.connector.ledger.readings

        assert [each.delivery for each in readings.unfinished()] == [delivery.key]
        talk.run(talk.connector.deliver(delivery), [BUSY, fine()])
        assert (readings.status(), readings.attempts()) == ({delivery.key: "committed"}, {delivery.key: 2})
        assert readings.unfinished() == []

    def test_are_the_same_when_read_anew(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[BUSY, fine()])
        talk.deliver(seats=3, turn=2, replies=[fine()])

        assert read(talk.connector.ledger.entries()) == talk.connector.ledger.readings

    def test_pass_over_kinds_that_they_do_not_need(self):
        assert read(a_ledger().entries()).standings == {}


@pytest.mark.parametrize("after", [0, 3, 8])
def test_entries_may_be_read_from_a_place_on(after: int):
    assert [entry.seq for entry in a_ledger().entries(after)] == list(range(after + 1, 9))


def test_an_instant_is_stored_in_utc():
    assert next(a_ledger(1).entries()).at.tzinfo is UTC


def test_a_note_may_name_the_instant_that_it_is_about():
    later = NINE + timedelta(seconds=1)

    draft = draft_of(Note("failed", "d", {"attempt": 1, "at": NINE}), later)

    assert (draft.at, draft.detail) == (NINE, {"attempt": 1})
    assert draft_of(Note("failed", "d", {"at": None}), later).at == later
