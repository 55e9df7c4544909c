"""Payloads on their stores: sealed, erasable, never taken for one another; and the verification of the whole ledger."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.chain import Draft, Head, digest_of
from connector.erasure import announced, erase
from connector.live.rows import COLUMNS
from connector.live.sealing import Seal
from connector.live.verifying import Unreadable
from tests.connector.ledgers import KEY, PERSON, DatabaseShelf, Shelf, a_database, a_file
from tests.connector.talk import NINE, Talk, a_connector, fine


class TestPayloads:
    def test_are_read_back_with_the_key(self, shelf: Shelf):
        ledger = shelf.filled().opened()

        payload = ledger.payload(next(iter(ledger.entries())).payload_sha256)

        assert payload == {"who": PERSON, "n": 0}
        ledger.close()

    def test_once_erased_are_gone_and_the_chain_holds(self, shelf: Shelf):
        ledger = shelf.opened()
        Talk(a_connector(ledger)).deliver("demo_requested", replies=[fine()])
        ledger.flush()
        digest = next(iter(ledger.entries())).payload_sha256
        sealed = sealed_of(shelf, digest)

        erase(ledger, announced(ledger, "call-1", "mara", "asked", NINE))

        assert (ledger.payload(digest), ledger.erase(digest)) == (None, False)
        ledger.close()
        assert sealed not in b"".join(each.read_bytes() for each in shelf.anchor.parent.iterdir())
        assert shelf.verified_by_anchor().broken is None

    def test_that_stand_in_the_place_of_others_are_not_taken_for_them(self, shelf: Shelf):
        first, second, *_ = [entry.payload_sha256 for entry in shelf.filled().stored()]
        shelf.rewritten("UPDATE payloads SET sealed = ? WHERE sha256 = ?", sealed_of(shelf, second), first)
        ledger = shelf.opened()

        assert (ledger.payload(first), ledger.payload(second)) == (None, {"who": PERSON, "n": 1})
        ledger.close()

    def test_that_are_damaged_are_as_good_as_erased(self, shelf: Shelf):
        (digest, *_) = [entry.payload_sha256 for entry in shelf.filled().stored()]
        shelf.rewritten("UPDATE payloads SET sealed = ? WHERE sha256 = ?", b"\0", digest)
        ledger = shelf.opened()

        assert ledger.payload(digest) is None
        ledger.close()

    def test_that_say_the_same_have_different_hashes(self, shelf: Shelf):
        ledger = shelf.opened()

        entries = [ledger.append(Draft("refreshed", "d", NINE, {}, {"who": PERSON})) for _ in range(2)]
        ledger.close()

        assert entries[0].payload_sha256 != entries[1].payload_sha256

    def test_once_erased_cannot_be_guessed_by_their_hash(self, shelf: Shelf):
        ledger = shelf.opened()

        entry = ledger.append(Draft("refreshed", "d", NINE, {}, {"who": PERSON}))
        ledger.close()

        assert entry.payload_sha256 != digest_of({"who": PERSON})


class TestVerification:
    def test_of_an_untouched_ledger_holds(self, shelf: Shelf):
        verified = shelf.filled().verified_by_anchor()

        assert (verified.entries, verified.broken, verified.anchored) == (6, None, True)

    @pytest.mark.parametrize(
        "column", ["at", "org", "kind", "delivery", "detail", "payload_sha256", "previous", "hash"]
    )
    def test_names_the_entry_whose_column_was_changed(self, shelf: Shelf, column: str):
        shelf.filled().rewritten(f"UPDATE entries SET {column} = {column} || 'x' WHERE seq = 4")

        verified = shelf.verified()

        assert (verified.broken.seq, verified.entries) == (4, 3)

    def test_names_an_entry_that_was_taken_out(self, shelf: Shelf):
        shelf.filled().rewritten("DELETE FROM entries WHERE seq = 2")

        assert shelf.verified().broken.seq == 2

    def test_names_a_tail_that_was_cut_off(self, shelf: Shelf):
        shelf.filled().rewritten("DELETE FROM entries WHERE seq > 4")

        broken = shelf.verified_by_anchor().broken

        assert (broken.seq, "cut off" in broken.reason) == (5, True)

    def test_names_a_tail_that_was_cut_off_although_nobody_noted_a_head(self, database: DatabaseShelf):
        database.filled().rewritten("DELETE FROM entries WHERE seq > 4")

        broken = database.verified().broken

        assert (broken.seq, "cut off" in broken.reason) == (5, True)

    def test_names_an_entry_whose_payload_was_taken_away(self, shelf: Shelf):
        shelf.filled()
        (_, digest, *_) = [entry.payload_sha256 for entry in shelf.stored()]
        shelf.run(["DELETE FROM payloads WHERE sha256 = ?"], digest)

        broken = shelf.verified_by_anchor().broken

        assert (broken.seq, "lost its payload" in broken.reason) == (2, True)

    def test_compares_with_a_head_that_was_noted_elsewhere(self, shelf: Shelf):
        shelf.filled()
        (*_, last) = shelf.stored()

        assert shelf.verified(Head(6, last.hash)).broken is None
        assert shelf.verified(Head(6, "0" * 64)).broken.seq == 6

    def test_with_the_key_names_an_entry_whose_payload_was_exchanged(self, shelf: Shelf):
        first, second, *_ = [entry.payload_sha256 for entry in shelf.filled().stored()]
        shelf.rewritten("UPDATE payloads SET sealed = ? WHERE sha256 = ?", sealed_of(shelf, first), second)

        broken = shelf.verified(opens=Seal(KEY).open).broken

        assert (broken.seq, "damaged or exchanged" in broken.reason) == (2, True)

    def test_of_what_is_not_there_says_so(self, tmp_path: Path):
        with pytest.raises(Unreadable, match="no such file"):
            a_file(tmp_path).verified()
        with pytest.raises(Unreadable, match="holds no ledger"):
            a_database(tmp_path).verified()


def sealed_of(shelf: Shelf, digest: str) -> bytes:
    [(sealed,)] = shelf.run(["SELECT sealed FROM payloads WHERE sha256 = ?"], digest)
    return bytes(sealed)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_character_of_any_entry_is_found_and_the_entry_named(shelf: Shelf, data: st.DataObject):
    if not shelf.anchor.exists():
        shelf.filled()
    seq, column = data.draw(st.integers(1, 6)), data.draw(st.sampled_from(COLUMNS[1:]))
    [(text,)] = shelf.run([f"SELECT {column} FROM entries WHERE seq = {seq}"])
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0a~").filter(lambda each: each != text[place]))

    shelf.rewritten(f"UPDATE entries SET {column} = ? WHERE seq = {seq}", text[:place] + other + text[place + 1 :])
    broken = shelf.verified_by_anchor().broken
    shelf.rewritten(f"UPDATE entries SET {column} = ? WHERE seq = {seq}", text)

    assert broken is not None
    assert broken.seq in {seq, seq + 1} if column == "hash" else broken.seq == seq
    assert shelf.verified_by_anchor().broken is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_any_payload_is_found_with_the_key_and_the_entry_named(shelf: Shelf, data: st.DataObject):
    if not shelf.anchor.exists():
        shelf.filled()
    entry = shelf.stored()[data.draw(st.integers(0, 5))]
    sealed = sealed_of(shelf, entry.payload_sha256)
    place = data.draw(st.integers(0, len(sealed) - 2))
    changed = bytes([sealed[place] ^ data.draw(st.integers(1, 127))])

    change = "UPDATE payloads SET sealed = ? WHERE sha256 = ?"
    shelf.rewritten(change, sealed[:place] + changed + sealed[place + 1 :], entry.payload_sha256)
    broken = shelf.verified(opens=Seal(KEY).open).broken
    shelf.rewritten(change, sealed, entry.payload_sha256)

    assert broken is not None
    assert broken.seq == entry.seq


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_flipped_byte_never_passes_for_another_history(tmp_path_factory, place: float, flip: int):
    folder = tmp_path_factory.mktemp("flips")
    shelf = a_file(folder).filled()
    file, before = Path(shelf.place), shelf.stored()
    image = bytearray(file.read_bytes())
    image[int(place * len(image))] ^= flip
    file.write_bytes(bytes(image))

    try:
        verified = shelf.verified_by_anchor()
        harmless = verified.broken is not None or shelf.stored() == before
    except (Unreadable, ValueError):
        harmless = True

    shutil.rmtree(folder)
    assert harmless
