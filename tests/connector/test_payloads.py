"""Payloads on disk: sealed, erasable, never taken for one another; and the verification of the whole file."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.chain import Draft, Head, digest_of
from connector.erasure import announced, erase
from connector.live.opening import anchor_of
from connector.live.rows import stored, verify
from connector.live.verifying import Unreadable, anchored
from tests.connector.ledgers import PERSON, filled, opened, rewritten
from tests.connector.talk import NINE, Talk, a_connector, fine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


class TestPayloads:
    def test_are_read_back_with_the_key(self, file: Path):
        ledger = opened(filled(file))

        payload = ledger.payload(next(iter(ledger.entries())).payload_sha256)

        assert payload == {"who": PERSON, "n": 0}
        ledger.close()

    def test_once_erased_are_gone_from_the_file_and_the_chain_holds(self, file: Path):
        ledger = opened(file)
        Talk(a_connector(ledger)).deliver("demo_requested", replies=[fine()])
        ledger.flush()
        digest = next(iter(ledger.entries())).payload_sha256
        with closing(sqlite3.connect(file)) as disk:
            (sealed,) = disk.execute("SELECT sealed FROM payloads WHERE sha256 = ?", (digest,)).fetchone()

        erase(ledger, announced(ledger, "call-1", "mara", "asked", NINE))

        assert (ledger.payload(digest), ledger.erase(digest)) == (None, False)
        ledger.close()
        assert sealed not in b"".join(each.read_bytes() for each in file.parent.iterdir())
        assert verify(file, anchored(anchor_of(file))).broken is None

    def test_that_changed_places_are_not_taken_for_each_other(self, file: Path):
        def swapped(disk: sqlite3.Connection) -> None:
            disk.execute("UPDATE payloads SET sha256 = 'x' || sha256 WHERE sha256 IN (?, ?)", (first, second))
            disk.execute("UPDATE payloads SET sha256 = ? WHERE sha256 = ?", (first, f"x{second}"))
            disk.execute("UPDATE payloads SET sha256 = ? WHERE sha256 = ?", (second, f"x{first}"))

        first, second, *_ = [entry.payload_sha256 for entry in stored(filled(file))]
        rewritten(file, swapped)
        ledger = opened(file)

        assert (ledger.payload(first), ledger.payload(second)) == (None, None)
        ledger.close()

    def test_that_are_damaged_are_as_good_as_erased(self, file: Path):
        (digest, *_) = [entry.payload_sha256 for entry in stored(filled(file))]
        rewritten(file, lambda disk: disk.execute("UPDATE payloads SET sealed = x'00' WHERE sha256 = ?", (digest,)))
        ledger = opened(file)

        assert ledger.payload(digest) is None
        ledger.close()

    def test_that_say_the_same_have_different_hashes(self, file: Path):
        ledger = opened(file)

        entries = [ledger.append(Draft("refreshed", "d", NINE, {}, {"who": PERSON})) for _ in range(2)]
        ledger.close()

        assert entries[0].payload_sha256 != entries[1].payload_sha256

    def test_once_erased_cannot_be_guessed_by_their_hash(self, file: Path):
        ledger = opened(file)

        entry = ledger.append(Draft("refreshed", "d", NINE, {}, {"who": PERSON}))
        ledger.close()

        assert entry.payload_sha256 != digest_of({"who": PERSON})


class TestVerification:
    def test_of_an_untouched_ledger_holds(self, file: Path):
        verified = verify(filled(file), anchored(anchor_of(file)))

        assert (verified.entries, verified.broken, verified.anchored) == (6, None, True)

    @pytest.mark.parametrize(
        "column", ["at", "org", "kind", "delivery", "detail", "payload_sha256", "previous", "hash"]
    )
    def test_names_the_entry_whose_column_was_changed(self, file: Path, column: str):
        rewritten(
            filled(file), lambda disk: disk.execute(f"UPDATE entries SET {column} = {column} || 'x' WHERE seq = 4")
        )

        verified = verify(file)

        assert (verified.broken.seq, verified.entries) == (4, 3)

    def test_names_an_entry_that_was_taken_out(self, file: Path):
        rewritten(filled(file), lambda disk: disk.execute("DELETE FROM entries WHERE seq = 2"))

        assert verify(file).broken.seq == 2

    def test_names_a_tail_that_was_cut_off(self, file: Path):
        rewritten(filled(file), lambda disk: disk.execute("DELETE FROM entries WHERE seq > 4"))

        broken = verify(file, anchored(anchor_of(file))).broken

        assert (broken.seq, "cut off" in broken.reason) == (5, True)
        assert verify(file).broken is None

    def test_names_an_entry_whose_payload_was_taken_away(self, file: Path):
        filled(file)
        (_, digest, *_) = [entry.payload_sha256 for entry in stored(file)]
        with closing(sqlite3.connect(file)) as disk:
            disk.execute("DELETE FROM payloads WHERE sha256 = ?", (digest,))
            disk.commit()

        broken = verify(file, anchored(anchor_of(file))).broken

        assert (broken.seq, "lost its payload" in broken.reason) == (2, True)

    def test_compares_with_a_head_that_was_noted_elsewhere(self, file: Path):
        filled(file)
        (*_, last) = stored(file)

        assert verify(file, Head(6, last.hash)).broken is None
        assert verify(file, Head(6, "0" * 64)).broken.seq == 6

    def test_of_a_missing_file_says_so(self, file: Path):
        with pytest.raises(Unreadable, match="no such file"):
            verify(file)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_flipped_byte_never_passes_for_another_history(tmp_path_factory, place: float, flip: int):
    folder = tmp_path_factory.mktemp("flips")
    file = filled(folder / "ledger.sqlite")
    before = list(stored(file))
    image = bytearray(file.read_bytes())
    image[int(place * len(image))] ^= flip
    file.write_bytes(bytes(image))

    try:
        verified = verify(file, anchored(anchor_of(file)))
        harmless = verified.broken is not None or list(stored(file)) == before
    except (Unreadable, ValueError):
        harmless = True

    shutil.rmtree(folder)
    assert harmless
