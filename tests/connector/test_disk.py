"""The ledger on disk: appended in groups, refused to whoever may not go on with it, never changed."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.chain import Draft, Head
from connector.erasure import announced
from connector.ledger import MemoryLedger
from connector.live.disk import DiskLedger
from connector.live.opening import LedgerBroken, anchor_line, anchor_of
from connector.live.rows import stored, verify
from connector.live.sealing import KeyProblem, Seal, key_of
from connector.live.verifying import anchored
from tests.connector.ledgers import KEY, PERSON, filled, opened, rewritten
from tests.connector.talk import BUSY, NINE, Talk, a_connector, fine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


class TestAppending:
    def test_makes_the_same_entries_as_a_ledger_in_memory(self, file: Path):
        disk, memory = opened(file), MemoryLedger("acme")
        drafts = [Draft("refreshed", "d", NINE, {"n": number, "x": 0.1}) for number in range(5)]

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


class TestOpening:
    def test_another_orgs_ledger_is_refused_and_says_what_to_do(self, file: Path):
        filled(file)

        with pytest.raises(LedgerBroken, match=r"is that of acme, not of hooli.*write `name: acme`"):
            DiskLedger(file, Seal(KEY), "hooli")

    @pytest.mark.parametrize("cut", ["DELETE FROM entries WHERE seq > 4", "DELETE FROM entries"])
    def test_a_ledger_whose_tail_is_missing_is_not_gone_on_with(self, file: Path, cut: str):
        rewritten(filled(file), lambda disk: disk.execute(cut))
        before = anchored(anchor_of(file))

        with pytest.raises(LedgerBroken, match="to 6 are missing at its end"):
            opened(file)
        assert anchored(anchor_of(file)) == before

    def test_an_older_copy_with_another_history_is_not_gone_on_with(self, file: Path):
        filled(file)
        anchor_of(file).write_bytes(anchor_line(Head(6, "0" * 64)))

        with pytest.raises(LedgerBroken, match="entry 6 is not the one that was anchored"):
            opened(file)

    def test_is_possible_once_the_anchor_was_put_away(self, file: Path):
        rewritten(filled(file), lambda disk: disk.execute("DELETE FROM entries WHERE seq > 4"))
        anchor_of(file).unlink()

        ledger = opened(file)

        assert ledger.head().seq == 4
        ledger.close()

    def test_keeps_the_word_of_an_erasure_that_a_crash_cut_short(self, file: Path):
        ledger = opened(file)
        Talk(a_connector(ledger)).deliver("demo_requested", replies=[fine()])
        ledger.flush()
        (entry,) = announced(ledger, "call-1", "mara", "asked", NINE)
        ledger.close()

        again = opened(file)

        assert again.payload(entry.detail["payload"]) is None
        again.close()


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
