"""Health, readiness and metrics: what watchers ask."""

from typing import Any

from fastapi import APIRouter, Response

from connector.live.hub import Hub
from connector.messages import Json
from connector.service.metrics import Metrics

LEDGER_BROKEN = "ledger broken"


def routes(hub: Hub, needs: Any, metrics: Metrics) -> APIRouter:
    """/health and /ready, which are open to all, and /metrics."""
    router = APIRouter()
    _open_to_all(router, hub)

    @router.get("/metrics", dependencies=[needs("metrics")])
    def told() -> Response:
        """Everything for Prometheus."""
        return Response(metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")

    return router


def _open_to_all(router: APIRouter, hub: Hub) -> None:
    @router.get("/health")
    async def health(response: Response) -> Json:
        """Whether the connector works, and how much is under way. No token needed, nothing personal told.

        503 where the ledger cannot be written: nothing is accepted until it can be again.
        """
        told = health_of(hub)
        response.status_code = 503 if told["status"] == LEDGER_BROKEN else 200
        return told

    @router.get("/ready")
    async def ready(response: Response) -> Json:
        """Whether turns should be sent here: the ledger is written, and the org has said what its fields take.

        503 until then. A connector that is not ready accepts all the same: nothing is lost by telling it a turn.
        """
        lacking = lacking_of(hub)
        response.status_code = 503 if lacking else 200
        return {"ready": not lacking, "lacking": lacking}


def health_of(hub: Hub) -> dict[str, Json]:
    """How one org's connector is."""
    readings, head = hub.connector.ledger.readings, hub.connector.ledger.head()
    broken = hub.runner.ledger.broken is not None
    return {
        "status": LEDGER_BROKEN if broken else "flows broke off" if hub.runner.broke_off else "ok",
        "pending": len(readings.under_way),
        "dead": len(readings.dead),
        "untold": len(readings.untold()),
        "broke_off": hub.runner.broke_off,
        "queue": hub.connector.config.delivery.dead_letter_queue,
        "ledger": {"seq": head.seq, "hash": head.hash},
    }


def lacking_of(hub: Hub) -> list[str]:
    """What one org's connector lacks to be ready."""
    lacking = []
    if hub.runner.ledger.broken is not None:
        lacking.append(
            "the ledger cannot be written; where it lies in a database that is away, it is taken up again by itself"
        )
    if hub.connector.composer.describe is None:
        lacking.append("the org was not described yet; values are checked by the configuration alone")
    return lacking
