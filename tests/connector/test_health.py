"""What /health tells whoever is paged: what is under way, what is dead, and what has stopped."""

import asyncio
from typing import Any

import httpx

from connector.messages import Answer
from connector.service import service
from tests.connector.livewire import Live, a_live, at_rest
from tests.connector.talk import fine, halted

TURN = {"turn": 1, "caller": {"phone": "+14155550100"}, "intents": [{"name": "demo_requested"}]}


def health(live: Live, *turns: dict[str, Any]) -> httpx.Response:
    """What is told after these turns came to rest."""

    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(service(live.hub, "secret"))
        headers = {"X-API-Key": "secret"}
        async with httpx.AsyncClient(transport=transport, base_url="http://connector") as client:
            for turn in turns:
                await client.post("/calls/call-1/intents", json=turn, headers=headers)
                await at_rest(live)
            return await client.get("/health")

    return asyncio.run(play())


def dead(request) -> Answer:
    return Answer(200, "ok") if request.url else halted("opp", "STRING_TOO_LONG")


def test_it_counts_the_dead():
    answer = health(a_live(dead), TURN)

    assert (answer.status_code, answer.json()["pending"], answer.json()["dead"]) == (200, 0, 1)


def test_it_counts_those_of_whom_nobody_has_heard_yet():
    live = a_live(lambda request: dead(request) if not request.url else Answer(404, "no_service"))

    assert health(live, TURN).json()["untold"] == 0, "given up, visibly, as alert_failed"
    assert live.kinds[-1] == "alert_failed"


def test_it_is_503_where_the_ledger_cannot_be_written():
    live = a_live(lambda _: fine())
    live.ledger.broken = OSError(28, "No space left on device")

    answer = health(live)

    assert (answer.status_code, answer.json()["status"]) == (503, "ledger broken")


def test_it_tells_of_flows_that_broke_off():
    def never(_request):
        raise AssertionError

    told = health(a_live(never), TURN).json()

    assert (told["status"], told["broke_off"], told["pending"]) == ("flows broke off", 1, 1)
