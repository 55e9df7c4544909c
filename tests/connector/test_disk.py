"""The ledger on disk: appended in groups, never changed, sealed, and verified from the file alone."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.ledger import Draft, Head, MemoryLedger
from connector.live.disk import DiskLedger, LedgerBroken, anchor_of
from connector.live.rows import Unreadable, anchored, stored, verify
from connector.live.sealing import KeyProblem, Seal, key_of
from tests.connector.talk import BUSY, NINE, Talk, a_connector, fine

KEY = Fernet.generate_key().decode()
PERSON = "Ada Berg of Berg AG"


def opened(path: Path, key: str = KEY) -> DiskLedger:
    return DiskLedger(path, Seal(key), "acme")


def filled(path: Path, entries: int = 6) -> Path:
    """A closed ledger with so many entries, each with a payload of its own."""
    ledger = opened(path)
    for number in range(entries):
        ledger.append(Draft("refreshed", f"call/{number}", NINE, {"n": number}, {"who": PERSON, "n": number}))
    ledger.close()
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


class TestAppending:
    def test_makes_the_same_entries_as_a_ledger_in_memory(self, file: Path):
        disk, memory = opened(file), MemoryLedger("acme")
        drafts = [Draft("refreshed", "d", NINE, {"n": number, "x": 0.1}, {"p": number}) for number in range(5)]

        for draft in drafts:
            disk.append(draft)
            memory.append(draft)
        disk.close()

        assert list(stored(file)) == list(memory.entries())

    def test_is_safe_when_it_says_so(self, file: Path):
        ledger = opened(file)

        async def play():
            ledger.append(Draft("refreshed", "d", NINE, {}))
            await ledger.safe()
            return [entry.seq for entry in stored(file)]

        assert asyncio.run(play()) == [1]
        ledger.close()

    def test_goes_on_where_an_earlier_life_ended(self, file: Path):
        filled(file)
        ledger = opened(file)

        entry = ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.close()

        assert (entry.seq, verify(file, anchored(anchor_of(file))).broken) == (7, None)

    def test_carries_a_connector_through_a_restart(self, file: Path):
        ledger = opened(file)
        Talk(a_connector(ledger)).tell("demo_requested")
        ledger.close()

        again = opened(file)
        talk = Talk(a_connector(again))
        (flow,) = talk.connector.recover()
        talk.run(flow, [BUSY, fine()])
        again.close()

        assert [entry.kind for entry in stored(file)] == ["accepted", *["failed", "trying"] * 2, "committed"]

    def test_that_fails_is_refused_from_then_on(self, file: Path):
        def full(point: str) -> None:
            if point == "before_group":
                raise OSError(28, "No space left on device")

        ledger = DiskLedger(file, Seal(KEY), "acme", full)
        ledger.append(Draft("refreshed", "d", NINE, {}))

        with pytest.raises(LedgerBroken, match="No space left"):
            ledger.flush()
        with pytest.raises(LedgerBroken, match="No space left"):
            ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.close()


class TestTheFile:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entries SET kind = 'committed' WHERE seq = 3",
            "DELETE FROM entries WHERE seq = 6",
            "INSERT INTO entries SELECT 9, at, org, kind, delivery, detail, NULL, previous, hash FROM entries LIMIT 1",
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 3",
            "UPDATE payloads SET sealed = x'00'",
        ],
    )
    def test_refuses_every_change(self, file: Path, statement: str):
        with closing(sqlite3.connect(filled(file))) as disk, pytest.raises(sqlite3.IntegrityError):
            disk.execute(statement)

    def test_shows_nobody_who_called(self, file: Path):
        filled(file)

        assert PERSON.encode() not in b"".join(each.read_bytes() for each in file.parent.iterdir())

    def test_has_one_writer_at_a_time(self, file: Path):
        ledger = opened(file)

        with pytest.raises(LedgerBroken, match="being written by another process"):
            opened(file)
        ledger.close()

    def test_is_read_while_it_is_written(self, file: Path):
        ledger = opened(file)
        ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.flush()

        assert [entry.kind for entry in stored(file)] == ["refreshed"]
        ledger.close()

    def test_opens_only_with_its_own_key(self, file: Path):
        filled(file)

        with pytest.raises(LedgerBroken, match="another key"):
            opened(file, Fernet.generate_key().decode())

    def test_that_is_no_ledger_is_told(self, file: Path):
        file.write_text("something else that is surely longer than a header of a database file")

        with pytest.raises(LedgerBroken, match="is not a ledger"):
            opened(file)


class TestPayloads:
    def test_are_read_back_with_the_key(self, file: Path):
        ledger = opened(filled(file))

        payload = ledger.payload(next(iter(ledger.entries())).payload_sha256)

        assert payload == {"who": PERSON, "n": 0}
        ledger.close()

    def test_once_erased_are_gone_from_the_file_and_the_chain_holds(self, file: Path):
        ledger = opened(filled(file))
        digest = next(iter(ledger.entries())).payload_sha256
        with closing(sqlite3.connect(file)) as disk:
            (sealed,) = disk.execute("SELECT sealed FROM payloads WHERE sha256 = ?", (digest,)).fetchone()

        assert ledger.erase(digest)
        assert (ledger.payload(digest), ledger.erase(digest)) == (None, False)
        ledger.close()
        assert sealed not in b"".join(each.read_bytes() for each in file.parent.iterdir())
        assert verify(file, anchored(anchor_of(file))).broken is None


def rewritten(path: Path, change) -> None:
    """Change a ledger as somebody would who can write to the file: triggers dropped, rows edited."""
    with closing(sqlite3.connect(path)) as disk:
        for (name,) in disk.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            disk.execute(f"DROP TRIGGER {name}")
        change(disk)
        disk.commit()


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


class TestKeys:
    def test_come_from_the_environment_first(self, file: Path):
        assert key_of(file, {"CONNECTOR_LEDGER_KEY": KEY}) == KEY

    def test_are_made_once_beside_a_new_ledger_for_its_owner_alone(self, file: Path):
        key = key_of(file, {})

        made = Path(f"{file}.key")
        assert (key_of(file, {}), os.stat(made).st_mode & 0o777) == (key, 0o600)

    def test_are_not_made_for_a_ledger_that_has_another(self, file: Path):
        filled(file)

        with pytest.raises(KeyProblem, match="CONNECTOR_LEDGER_KEY"):
            key_of(file, {})

    def test_that_are_none_are_told(self):
        with pytest.raises(KeyProblem, match="no Fernet key"):
            Seal("short")
