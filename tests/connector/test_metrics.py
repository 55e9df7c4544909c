"""Metrics: what a watcher reads off the ledger, without a word about anybody."""

import asyncio
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from connector.chain import Entry
from connector.messages import Answer
from connector.service import service
from tests.connector.livewire import Live, a_live, at_rest
from tests.connector.talk import BUSY, fine, halted

PHONE = "+14155550100"
TURN = {
    "turn": 1,
    "caller": {"phone": PHONE, "name": "Ada Berg", "looked_up": True},
    "intents": [{"name": "demo_requested"}],
}


def scraped(live: Live, *turns: dict[str, Any], path: str = "/metrics") -> httpx.Response:
    """What is told after these turns came to rest."""

    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(service(live.hub, None))
        async with httpx.AsyncClient(transport=transport, base_url="http://connector") as client:
            for number, turn in enumerate(turns):
                await client.post(f"/calls/call-{number}/intents", json=turn)
                await at_rest(live)
            return await client.get(path)

    return asyncio.run(play())


def samples(answer: httpx.Response) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_commit_is_counted_and_lies_in_its_bucket():
    told = samples(scraped(a_live(lambda _: fine(), takes_s=0.15), TURN))

    assert told["connector_turns_total", (("status", "committed"),)] == 1
    assert told["connector_answer_seconds_bucket", (("le", "0.1"),)] == 0
    assert told["connector_answer_seconds_bucket", (("le", "0.2"),)] == 1
    assert told["connector_commit_seconds_bucket", (("le", "0.2"),)] == 1


def test_acknowledgement_and_commit_are_told_apart():
    told = samples(scraped(a_live(lambda _: fine(), takes_s=3.0), TURN))

    assert told["connector_turns_total", (("status", "accepted"),)] == 1
    assert told["connector_answer_seconds_bucket", (("le", "0.18"),)] == 1
    assert told["connector_commit_seconds_bucket", (("le", "1.0"),)] == 0
    assert told["connector_commit_seconds_bucket", (("le", "5.0"),)] == 1


def test_failures_have_their_category_and_the_dead_theirs():
    live = a_live(lambda request: Answer(200, "ok") if request.url else halted("opp", "STRING_TOO_LONG"))

    told = samples(scraped(live, TURN))

    dead = {labels: value for (name, labels), value in told.items() if name == "connector_dead_letters"}
    assert sum(dead.values()) == 1
    assert told["connector_deliveries_pending", ()] == 0


def test_retries_are_counted_as_attempts_that_failed():
    answers = iter([BUSY, BUSY])

    told = samples(scraped(a_live(lambda _: next(answers, fine())), TURN))

    failed = {labels: value for (name, labels), value in told.items() if name == "connector_attempts_failed_total"}
    assert sum(failed.values()) == 2


def test_nobody_is_named():
    text = scraped(a_live(lambda _: fine()), TURN).text

    assert PHONE not in text
    assert "Ada" not in text
    assert "call-0" not in text


def test_the_service_is_ready_when_the_org_was_described():
    live = a_live(lambda _: fine())

    answer = scraped(live, path="/ready")

    described = live.hub.connector.composer.describe is not None
    assert (answer.status_code, answer.json()["ready"]) == ((200, True) if described else (503, False))


class TestTheTrail:
    def test_is_exported_line_by_line_as_it_is(self):
        live = a_live(lambda _: fine())

        lines = scraped(live, TURN, path="/audit/export").text.splitlines()

        assert len(lines) == live.ledger.head().seq
        assert f'"hash":"{live.ledger.head().hash}"' in lines[-1]

    def test_holds_as_it_was_written(self):
        assert scraped(a_live(lambda _: fine()), TURN, path="/audit/verify").json()["holds"] is True

    def test_that_was_changed_names_the_entry(self):
        live = a_live(lambda _: fine())
        asyncio.run(at_rest(live))
        scraped(live, TURN)
        second: Entry = live.ledger._entries[1]
        live.ledger._entries[1] = Entry(**{**{name: getattr(second, name) for name in Entry.__slots__}, "kind": "dead"})

        told = scraped(live, path="/audit/verify").json()
        assert (told["holds"], told["broken"]["seq"]) == (False, 2)
