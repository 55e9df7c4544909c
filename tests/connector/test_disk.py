"""The ledger on its stores: appended in groups, refused to whoever may not go on with it, never changed."""

import asyncio
import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.chain import Draft, Head
from connector.erasure import announced
from connector.ledger import MemoryLedger
from connector.live.opening import LedgerBroken, anchor_line
from connector.live.sealing import KeyProblem, Seal, key_of
from connector.live.verifying import Unreadable, anchored
from tests.connector.ledgers import KEY, PERSON, DatabaseShelf, Shelf, a_file
from tests.connector.talk import BUSY, NINE, Talk, a_connector, fine


class TestAppending:
    def test_makes_the_same_entries_as_a_ledger_in_memory(self, shelf: Shelf):
        ledger, memory = shelf.opened(), MemoryLedger("acme")
        drafts = [Draft("refreshed", "d", NINE, {"n": number, "x": 0.1}) for number in range(5)]

        for draft in drafts:
            ledger.append(draft)
            memory.append(draft)
        ledger.close()

        assert shelf.stored() == list(memory.entries())

    def test_is_safe_when_it_says_so(self, shelf: Shelf):
        ledger = shelf.opened()

        async def play():
            ledger.append(Draft("refreshed", "d", NINE, {}))
            await ledger.safe()
            return [entry.seq for entry in shelf.stored()]

        assert asyncio.run(play()) == [1]
        ledger.close()

    def test_goes_on_where_an_earlier_life_ended(self, shelf: Shelf):
        shelf.filled()
        ledger = shelf.opened()

        ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.close()

        assert (shelf.stored()[-1].seq, shelf.verified_by_anchor().broken) == (7, None)

    def test_carries_a_connector_through_a_restart(self, shelf: Shelf):
        ledger = shelf.opened()
        Talk(a_connector(ledger)).tell("demo_requested")
        ledger.close()

        again = shelf.opened()
        talk = Talk(a_connector(again))
        (flow,) = talk.connector.recover()
        talk.run(flow, [BUSY, fine()])
        again.close()

        assert [entry.kind for entry in shelf.stored()] == ["accepted", *["failed", "trying"] * 2, "committed"]

    def test_that_fails_is_refused_from_then_on(self, shelf: Shelf):
        def full(point: str) -> None:
            if point == "before_group":
                raise OSError(28, "No space left on device")

        ledger = shelf.opened(failpoint=full)
        ledger.append(Draft("refreshed", "d", NINE, {}))

        with pytest.raises(LedgerBroken, match="No space left"):
            ledger.flush()
        with pytest.raises(LedgerBroken, match="No space left"):
            ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.close()


class TestOpening:
    def test_another_orgs_ledger_is_refused_and_says_what_to_do(self, tmp_path: Path):
        shelf = a_file(tmp_path).filled()

        with pytest.raises(LedgerBroken, match=r"is that of acme, not of hooli.*write `name: acme`"):
            shelf.opened(org="hooli")

    @pytest.mark.parametrize("cut", ["DELETE FROM entries WHERE seq > 4", "DELETE FROM entries"])
    def test_a_ledger_whose_tail_is_missing_is_not_gone_on_with(self, shelf: Shelf, cut: str):
        shelf.filled().rewritten(cut)
        before = anchored(shelf.anchor)

        with pytest.raises(LedgerBroken, match="to 6 are missing at its end"):
            shelf.opened()
        assert anchored(shelf.anchor) == before

    def test_an_older_copy_with_another_history_is_not_gone_on_with(self, shelf: Shelf):
        shelf.filled()
        shelf.anchor.write_bytes(anchor_line(Head(6, "0" * 64)))

        with pytest.raises(LedgerBroken, match="entry 6 is not the one that was anchored"):
            shelf.opened()

    def test_is_possible_once_the_anchor_was_put_away(self, tmp_path: Path):
        shelf = a_file(tmp_path).filled().rewritten("DELETE FROM entries WHERE seq > 4")
        shelf.anchor.unlink()

        ledger = shelf.opened()

        assert ledger.head().seq == 4
        ledger.close()

    def test_keeps_the_word_of_an_erasure_that_a_crash_cut_short(self, shelf: Shelf):
        ledger = shelf.opened()
        Talk(a_connector(ledger)).deliver("demo_requested", replies=[fine()])
        ledger.flush()
        (entry,) = announced(ledger, "call-1", "mara", "asked", NINE)
        ledger.close()

        again = shelf.opened()

        assert again.payload(entry.detail["payload"]) is None
        again.close()

    def test_only_with_its_own_key(self, shelf: Shelf):
        shelf.filled()

        with pytest.raises(LedgerBroken, match="another key"):
            shelf.opened(Fernet.generate_key().decode())

    def test_of_what_is_no_ledger_is_refused(self, tmp_path: Path):
        shelf = a_file(tmp_path)
        Path(shelf.place).write_text("something else that is surely longer than a header of a database file")

        with pytest.raises(LedgerBroken, match="is not a ledger"):
            shelf.opened()

    def test_has_one_writer_at_a_time_where_it_is_a_file(self, tmp_path: Path):
        shelf = a_file(tmp_path)
        ledger = shelf.opened()

        with pytest.raises(LedgerBroken, match="being written by another process"):
            shelf.opened()
        ledger.close()


class TestVersions:
    @pytest.mark.parametrize("version", [0, 1])
    def test_an_older_ledger_is_brought_up_to_date(self, shelf: Shelf, version: int):
        """Version 0 is a file from before versions were counted, and a database in which nothing is yet."""
        made_by(shelf, version)

        shelf.filled()

        assert (version_of(shelf), shelf.verified_by_anchor().entries) == (len(shelf.steps), 6)

    def test_a_newer_ledger_is_refused_and_left_alone(self, shelf: Shelf):
        shelf.filled()
        newer(shelf)

        with pytest.raises(LedgerBroken, match=r"was written by a newer connector \(its tables have version 99"):
            shelf.opened()
        with pytest.raises(Unreadable, match="was written by a newer connector"):
            shelf.stored()
        assert version_of(shelf) == 99

    def test_entries_of_an_older_ledger_stay_as_they_were(self, tmp_path: Path):
        shelf = a_file(tmp_path).filled()
        before = shelf.stored()
        shelf.run(["DROP TRIGGER payloads_are_never_replaced", "PRAGMA user_version = 0"])

        shelf.opened().close()

        assert (shelf.stored(), version_of(shelf)) == (before, len(shelf.steps))


def made_by(shelf: Shelf, version: int) -> None:
    """Lay tables out as an older connector did."""
    if isinstance(shelf, DatabaseShelf):
        steps = ["CREATE TABLE versions (version INTEGER NOT NULL)", f"INSERT INTO versions VALUES ({version})"]
        shelf.run([*shelf.steps[:version], *(steps if version else [])])
    else:
        # Before versions were counted the first step was taken at each start.
        shelf.script(shelf.steps[0])
        shelf.run([f"PRAGMA user_version = {version}"])


def version_of(shelf: Shelf) -> int:
    ask = "SELECT version FROM versions" if isinstance(shelf, DatabaseShelf) else "PRAGMA user_version"
    return shelf.run([ask])[0][0]


def newer(shelf: Shelf) -> None:
    in_database = isinstance(shelf, DatabaseShelf)
    shelf.run(["UPDATE versions SET version = 99" if in_database else "PRAGMA user_version = 99"])


COPY = "INSERT INTO entries (seq, at, org, kind, delivery, detail, previous, hash) SELECT"


class TestTheStore:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entries SET kind = 'committed' WHERE seq = 3",
            "DELETE FROM entries WHERE seq = 6",
            f"{COPY} 9, at, org, kind, delivery, detail, previous, hash FROM entries WHERE seq = 6",
            f"{COPY} 3, at, org, kind, delivery, detail, previous, hash FROM entries WHERE seq = 3",
            "UPDATE payloads SET sealed = sealed",
        ],
    )
    def test_refuses_every_change(self, shelf: Shelf, statement: str):
        shelf.filled()

        with pytest.raises(shelf.refusal):
            shelf.run([statement])

    @pytest.mark.parametrize(
        "statement",
        [
            "TRUNCATE entries",
            "TRUNCATE payloads",
            "UPDATE heads SET seq = seq - 1",
            "DELETE FROM heads",
        ],
    )
    def test_in_postgresql_refuses_to_be_emptied_or_set_back(self, database: DatabaseShelf, statement: str):
        database.filled()

        with pytest.raises(database.refusal):
            database.run([statement])

    def test_never_replaces_a_payload(self, tmp_path: Path):
        shelf = a_file(tmp_path).filled()
        before = shelf.run(["SELECT * FROM payloads ORDER BY sha256"])

        shelf.run(["INSERT OR REPLACE INTO payloads SELECT sha256, x'00' FROM payloads"])

        assert shelf.run(["SELECT * FROM payloads ORDER BY sha256"]) == before

    def test_shows_nobody_who_called(self, shelf: Shelf):
        shelf.filled()

        rows = shelf.run(["SELECT * FROM payloads"]) + shelf.run(["SELECT * FROM entries"])
        files = b"".join(each.read_bytes() for each in shelf.anchor.parent.iterdir())
        assert PERSON.encode() not in files + repr(rows).encode()

    def test_is_read_while_it_is_written(self, shelf: Shelf):
        ledger = shelf.opened()
        ledger.append(Draft("refreshed", "d", NINE, {}))
        ledger.flush()

        assert [entry.kind for entry in shelf.stored()] == ["refreshed"]
        ledger.close()


class TestKeys:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "ledger.sqlite"

    def test_come_from_the_environment_first(self, file: Path):
        assert key_of(file, {"CONNECTOR_LEDGER_KEY": KEY}) == KEY

    def test_are_made_once_beside_a_new_ledger_for_its_owner_alone(self, file: Path):
        key = key_of(file, {})

        made = Path(f"{file}.key")
        assert (key_of(file, {}), os.stat(made).st_mode & 0o777) == (key, 0o600)

    def test_are_not_made_for_a_ledger_that_has_another(self, file: Path):
        a_file(file.parent).filled()

        with pytest.raises(KeyProblem, match="CONNECTOR_LEDGER_KEY"):
            key_of(file, {})

    def test_that_are_none_are_told(self):
        with pytest.raises(KeyProblem, match="no Fernet key"):
            Seal("short")

    def test_of_a_database_are_in_the_environment_alone(self):
        with pytest.raises(KeyProblem, match="set CONNECTOR_LEDGER_KEY, the same for all who share it"):
            key_of("postgresql://somewhere", {})
