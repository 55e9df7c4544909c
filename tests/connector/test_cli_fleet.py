"""The command lines of the ledger on a PostgreSQL that holds the chains of several orgs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connector.__main__ import app
from connector.chain import Draft
from connector.messages import Answer
from tests.connector.ledgers import KEY, DatabaseShelf
from tests.connector.talk import KNOWN, NINE, Talk, a_connector, fine, halted

LETTER = "call-1/2/seats"
CONFIG = {
    "org": {
        "name": "acme",
        "login": {"instance_url": "http://127.0.0.1:9", "client_id": "id", "client_secret": {"env": "S"}},
    },
    "fields": {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}},
}


def run(*arguments: object, **environ: str) -> Result:
    held = {"CONNECTOR_LEDGER_KEY": KEY, "S": "s", **environ}
    return CliRunner().invoke(app, [str(each) for each in arguments], env=held)


@pytest.fixture
def shelf(database: DatabaseShelf) -> DatabaseShelf:
    """One org with a committed delivery and a dead letter, and another with an entry."""
    ledger = database.opened()
    talk = Talk(a_connector(ledger))
    talk.deliver(seats=1, caller=KNOWN, replies=[fine("opp")])
    talk.deliver(seats=2, turn=2, caller=KNOWN, replies=[halted("opp", "STRING_TOO_LONG"), Answer(200, "ok")])
    ledger.close()
    other = DatabaseShelf(database.place, database.anchor.with_name("hooli.anchor")).opened(org="hooli")
    other.append(Draft("refreshed", "theirs", NINE, {}))
    other.close()
    return database


def test_every_chain_is_verified(shelf: DatabaseShelf):
    result = run("audit", "verify", shelf.place)

    assert result.exit_code == 0, result.output
    assert [line[:27] for line in result.output.splitlines()] == [
        "acme: OK: 6 entries hold, h",
        "hooli: OK: 1 entries hold, ",
    ]


def test_a_broken_chain_is_named(shelf: DatabaseShelf):
    shelf.rewritten("UPDATE entries SET kind = 'dead' WHERE org = 'acme' AND seq = 2")

    result = run("audit", "verify", shelf.place)

    assert (result.exit_code, "acme: BROKEN: entry 2 was changed" in result.output) == (1, True)
    assert "hooli: OK" in result.output


def test_one_chain_is_verified_by_the_head_that_was_noted(shelf: DatabaseShelf):
    chosen = ("audit", "verify", shelf.place, "--chain", "acme", "--anchor", shelf.anchor, "--json")
    whole = json.loads(run(*chosen).output)
    shelf.rewritten("DELETE FROM entries WHERE org = 'acme' AND seq > 4")
    cut = json.loads(run(*chosen).output)

    assert (whole["holds"], whole["anchored"], whole["payloads_opened"]) == (True, True, True)
    assert (cut["holds"], cut["broken"]["seq"]) == (False, 5)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit", "show", "PLACE"), "holds several chains: say --chain, one of acme, hooli"),
        (("dead-letters", "list", "PLACE"), "say --chain"),
        (("audit", "verify", "PLACE", "--chain", "acm"), "holds no chain of acm; there are acme, hooli"),
        (("audit", "verify", "PLACE", "--head", f"1:{'0' * 64}"), "say --chain"),
        (("audit", "verify", "postgresql://me:secret@127.0.0.1:9/none"), "//me:…@127.0.0.1:9/none cannot be reached"),
    ],
)
def test_what_is_asked_wrongly_is_said(shelf: DatabaseShelf, arguments: tuple[str, ...], said: str):
    result = run(*(shelf.place if each == "PLACE" else each for each in arguments))

    assert (result.exit_code, said in result.output, "secret" in result.output) == (2, True, False), result.output


def test_dead_letters_are_listed_and_discarded(shelf: DatabaseShelf, tmp_path: Path):
    config = tmp_path / "connector.json"
    config.write_text(json.dumps(CONFIG), encoding="utf-8")
    listed = run("dead-letters", "list", shelf.place, "--chain", "acme")

    who = ["--actor", "mara", "--reason", "spam", "--config", config]
    discarded = run("dead-letters", "discard", shelf.place, LETTER, *who)

    assert listed.output == f"value (1)\n  {LETTER}: STRING_TOO_LONG on opp after 1 attempts\n"
    assert (discarded.exit_code, discarded.output) == (0, f"{LETTER}: discarded\n")
    assert run("dead-letters", "list", shelf.place, "--chain", "acme").output == "no dead letters\n"
    assert shelf.run(["SELECT count(*) FROM processes"]) == [(0,)]


def test_a_ledger_in_a_database_needs_its_key_in_the_environment(shelf: DatabaseShelf, tmp_path: Path):
    config = tmp_path / "connector.json"
    config.write_text(json.dumps(CONFIG), encoding="utf-8")

    result = run("serve", config, "--ledger", shelf.place, "--port", 0, CONNECTOR_LEDGER_KEY="")

    assert (result.exit_code, "set CONNECTOR_LEDGER_KEY" in result.output) == (2, True), result.output
