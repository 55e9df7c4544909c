"""The tables of a ledger in PostgreSQL, version by version; made and migrated by whoever comes first."""

import psycopg

from connector.live.addresses import shown
from connector.live.fleet.link import SCHEMA, Link, said
from connector.live.opening import LedgerBroken
from connector.live.versions import steps_from

LOCK = 7_206_180_461_522_374_113
"""The advisory lock under which tables are made: any number that nobody else would choose."""

STEPS = (
    """
CREATE TABLE heads (org TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE entries (
    org TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, delivery TEXT NOT NULL,
    detail TEXT NOT NULL, payload_sha256 TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (org, seq)
);
CREATE TABLE payloads (org TEXT NOT NULL, sha256 TEXT NOT NULL, sealed BYTEA NOT NULL, PRIMARY KEY (org, sha256));
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE integrity_constraint_violation USING MESSAGE = TG_ARGV[0]; END $$;
CREATE FUNCTION only_append() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last BIGINT;
    BEGIN
        EXECUTE format('SELECT COALESCE(MAX(seq), 0) FROM %I.entries WHERE org = $1', TG_TABLE_SCHEMA)
            INTO last USING NEW.org;
        IF NEW.seq <> last + 1 THEN
            RAISE integrity_constraint_violation USING MESSAGE = 'entries are only appended';
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse('entries are never changed');
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse('entries are never deleted');
CREATE TRIGGER entries_are_never_emptied BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('entries are never deleted');
CREATE TRIGGER entries_are_appended BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION only_append();
CREATE TRIGGER payloads_are_never_changed BEFORE UPDATE ON payloads
    FOR EACH ROW EXECUTE FUNCTION refuse('payloads are never changed, only erased');
CREATE TRIGGER payloads_are_never_emptied BEFORE TRUNCATE ON payloads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('payloads are erased one by one');
CREATE TRIGGER heads_go_forward BEFORE UPDATE ON heads FOR EACH ROW WHEN (NEW.seq < OLD.seq OR NEW.org <> OLD.org)
    EXECUTE FUNCTION refuse('heads only go forward');
CREATE TRIGGER heads_are_never_deleted BEFORE DELETE ON heads
    FOR EACH ROW EXECUTE FUNCTION refuse('heads are never deleted');
""",
    """
CREATE TABLE processes (
    org TEXT NOT NULL, id TEXT NOT NULL, beat BIGINT NOT NULL DEFAULT 0, host TEXT NOT NULL, pid INTEGER NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE TABLE work (
    org TEXT NOT NULL, delivery TEXT NOT NULL, seq BIGINT NOT NULL, process TEXT NOT NULL, PRIMARY KEY (org, delivery)
);
CREATE INDEX work_by_process ON work (org, process, seq);
CREATE TABLE tickets (
    org TEXT NOT NULL, place TEXT NOT NULL, owner TEXT NOT NULL, turn INTEGER NOT NULL, position BIGINT NOT NULL,
    process TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (org, owner, place)
);
CREATE INDEX tickets_by_place ON tickets (org, place, position);
CREATE INDEX tickets_by_label ON tickets (org, label);
""",
)
"""What leads from each version to the next.

1: the ledger, append-only by triggers: heads (one row per org, locked by whoever appends), entries, sealed payloads.
2: what a fleet agrees by: who lives, who works on what, and who stands in which line. Passing state; none of it is
truth about a delivery, and all of it is written in the transaction of the entry that it follows from.
"""


def laid_out(link: Link, address: str) -> None:
    """Make or migrate the tables, in one transaction. Raises LedgerBroken."""
    try:
        with link.transaction():
            link.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            row = link.execute("SELECT current_schema()").fetchone()
            if row is None or row[0] is None:
                link.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            for number, step in steps_from(version_of(link), STEPS):
                link.execute(step.encode(), prepare=False)
                link.execute("DELETE FROM versions")
                link.execute("INSERT INTO versions VALUES (%s)", (number,))
    except ValueError as problem:
        sentence = f"the ledger {shown(address)} {problem}"
        raise LedgerBroken(sentence) from None
    except psycopg.Error as problem:
        sentence = f"the ledger {shown(address)} cannot be laid out: {said(problem)}"
        raise LedgerBroken(sentence) from problem


def version_of(link: Link) -> int:
    """The version of the tables; 0 where there are none yet. The table that holds it is made on the way."""
    link.execute("CREATE TABLE IF NOT EXISTS versions (version INTEGER NOT NULL)")
    row = link.execute("SELECT max(version) FROM versions").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def known_version(link: Link) -> int:
    """The same for who only reads; 0 where there is no ledger."""
    row = link.execute("SELECT to_regclass('versions')").fetchone()
    if row is None or row[0] is None:
        return 0
    found = link.execute("SELECT max(version) FROM versions").fetchone()
    return int(found[0]) if found and found[0] is not None else 0
