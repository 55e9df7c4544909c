"""The connector's HTTP service: calls, lookup, dead letters, audit and health (design §8.8), with OpenAPI."""

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.intents import Conflict, Unfit
from connector.live.hub import Hub
from connector.live.opening import LedgerBroken
from connector.messages import Json
from connector.phones import e164
from connector.replay import Selection
from connector.service_shapes import EndIn, GroupIn, ReplayAllIn, ReplayIn, ReviewIn, TurnIn
from connector.service_views import answered_view, call_view, letter_view, letters_view, lookup_view

BODY_BYTES_MAX = 1_000_000
TOO_LARGE = f"the body is larger than {BODY_BYTES_MAX} bytes"
AUDIT_PAGE_MAX = 1000

bearer = HTTPBearer(auto_error=False)
api_key = APIKeyHeader(name="X-API-Key", auto_error=False)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
ApiKey = Annotated[str | None, Depends(api_key)]


def service(
    hub: Hub, token: str | None, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
) -> FastAPI:
    """The service over a hub. With a `token` every path asks for it, as Bearer or X-API-Key.

    Open to all are /health, /docs and /openapi.json, which tell nothing of any call.
    """

    def let_in(held: Bearer, key: ApiKey) -> None:
        given = held.credentials if held else key
        if token is not None and not hmac.compare_digest((given or "").encode(), token.encode()):
            raise HTTPException(401, "the service token is missing or wrong; send Authorization: Bearer <token>")

    app = FastAPI(title="connector", version="1", lifespan=lifespan or _nothing, docs_url="/docs", redoc_url=None)
    guarded = [Depends(let_in)]
    _calls(app, hub, guarded)
    _letters(app, hub, guarded)
    _audit(app, hub, guarded)
    _errors(app)
    return app


@asynccontextmanager
async def _nothing(_: FastAPI) -> AsyncIterator[None]:
    yield


def _calls(app: FastAPI, hub: Hub, guarded: list[Any]) -> None:
    @app.post("/calls/{call_id}/intents", dependencies=guarded)
    async def tell(call_id: str, said: TurnIn, response: Response) -> Json:
        """Write a turn's intents: 200 when they are in the org, 202 when they are safe and go on in the background."""
        told = await hub.tell(said.call(call_id, _number(hub, said.phone)), said.turn, said.wants(), said.at)
        response.status_code = 200 if told.status == "committed" else 202
        return answered_view(call_id, said.turn, told)

    @app.post("/calls/{call_id}/end", dependencies=guarded, status_code=202)
    async def end(call_id: str, said: EndIn) -> Json:
        """Log an ended call; the agent need not wait for it."""
        told = await hub.end(said.call(call_id, _number(hub, said.phone)), said.ending(), said.at)
        return answered_view(call_id, "end", told)

    @app.get("/calls/{call_id}", dependencies=guarded)
    async def call(call_id: str) -> Json:
        """What became of a call: each delivery, where it stands and how it came there."""
        view = call_view(hub.connector.ledger, call_id)
        if view is None:
            raise HTTPException(404, f"nothing was ever accepted for the call {call_id!r}")
        return view

    @app.post("/calls/{call_id}/erase", dependencies=guarded)
    async def erase(call_id: str, review: ReviewIn) -> Json:
        """Forget what a call said (its payloads); the audit trail stays valid and tells who forgot it and why."""
        return {"call": call_id, "erased": await hub.erase(call_id, review.actor, review.reason)}

    @app.get("/lookup", dependencies=guarded)
    async def lookup(phone: Annotated[str, Query(min_length=1, max_length=40)]) -> Json:
        """Who has this number. `caller` is null where nobody has it, `answered` false where the org did not say."""
        return lookup_view(*await hub.lookup(phone))


def _number(hub: Hub, phone: str | None) -> str | None:
    """The caller's number in E.164, so that one person has one key. Raises 422 where it cannot be read."""
    if phone is None:
        return None
    number = e164(phone, hub.connector.config.org.numbers_region)
    if number is None:
        raise HTTPException(422, "caller.phone: is no phone number with a country code, as in +14155550100")
    return number


def _letters(app: FastAPI, hub: Hub, guarded: list[Any]) -> None:
    @app.get("/dead-letters", dependencies=guarded)
    async def letters(category: str | None = None, call: str | None = None, reveal: bool = False) -> Json:
        """The dead letters by category, payloads redacted unless `reveal` is asked for."""
        narrowed = category is not None or call is not None
        return letters_view(hub.connector, Selection(category=category, call=call, everything=not narrowed), reveal)

    @app.post("/dead-letters/replay", dependencies=guarded, status_code=202)
    async def replay_many(order: ReplayAllIn) -> Json:
        """Bring back a category, a call's, or all dead letters, in order and at a set rate."""
        return {"replayed": hub.replay(order.selection(), order.actor, order.reason, {}, order.rate_per_s)}

    @app.post("/dead-letters/discard", dependencies=guarded)
    async def discard_many(group: GroupIn) -> Json:
        """Give up a category, a call's, or all dead letters."""
        return {"discarded": await hub.discard(group.selection(), group.actor, group.reason)}

    @app.get("/dead-letters/{key:path}", dependencies=guarded)
    async def letter(key: str, reveal: bool = False) -> Json:
        """One dead letter."""
        _known(hub, key)
        return letter_view(hub.connector, hub.connector.ledger.readings.standings[key], reveal)

    @app.post("/dead-letters/{key:path}/replay", dependencies=guarded, status_code=202)
    async def replay(key: str, order: ReplayIn) -> Json:
        """Bring one back, edited if need be. Whatever is not dead (any more) is left alone: replaying twice is safe."""
        _known(hub, key)
        replayed = hub.replay(Selection((key,)), order.actor, order.reason, order.edits)
        standing = hub.connector.ledger.readings.standings[key]
        return {"replayed": replayed, "status": "pending" if replayed else standing.status}

    @app.post("/dead-letters/{key:path}/discard", dependencies=guarded)
    async def discard(key: str, review: ReviewIn) -> Json:
        """Give one up, with a reason that the audit trail keeps."""
        _known(hub, key)
        discarded = await hub.discard(Selection((key,)), review.actor, review.reason)
        return {"discarded": discarded, "status": hub.connector.ledger.readings.standings[key].status}


def _known(hub: Hub, key: str) -> None:
    if key not in hub.connector.ledger.readings.standings:
        raise HTTPException(404, f"there is no delivery {key!r}; GET /dead-letters lists the dead")


def _audit(app: FastAPI, hub: Hub, guarded: list[Any]) -> None:
    @app.get("/audit", dependencies=guarded)
    async def audit(
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=AUDIT_PAGE_MAX)] = 100,
        delivery: str | None = None,
    ) -> Json:
        """Ledger entries after number `after`, the oldest first, and the head to note down elsewhere."""
        page = await hub.audit(after, limit, delivery)
        head = hub.connector.ledger.head()
        return {"entries": [entry.as_json() for entry in page], "head": {"seq": head.seq, "hash": head.hash}}

    @app.get("/health")
    async def health(response: Response) -> Json:
        """Whether the connector works, and how much is under way. No token needed, nothing personal told.

        503 where the ledger cannot be written: nothing is accepted until the process was started anew.
        """
        readings, head = hub.connector.ledger.readings, hub.connector.ledger.head()
        broken = hub.runner.ledger.broken is not None
        response.status_code = 503 if broken else 200
        return {
            "status": "ledger broken" if broken else "flows broke off" if hub.runner.broke_off else "ok",
            "pending": len(readings.under_way),
            "dead": len(readings.dead),
            "untold": len(readings.untold()),
            "broke_off": hub.runner.broke_off,
            "queue": hub.connector.config.delivery.dead_letter_queue,
            "ledger": {"seq": head.seq, "hash": head.hash},
        }


def _errors(app: FastAPI) -> None:
    @app.exception_handler(Unfit)
    async def unfit(_: Request, problem: Unfit) -> JSONResponse:
        findings = [{"intent": each.intent, "reason": each.reason} for each in problem.findings]
        return JSONResponse({"error": "unfit", "message": str(problem), "findings": findings}, 422)

    @app.exception_handler(Conflict)
    async def conflict(_: Request, problem: Conflict) -> JSONResponse:
        return JSONResponse({"error": "conflict", "message": str(problem), "key": problem.intent_key}, 409)

    @app.exception_handler(LedgerBroken)
    async def broken(_: Request, problem: LedgerBroken) -> JSONResponse:
        return JSONResponse({"error": "ledger", "message": str(problem)}, 503)

    @app.exception_handler(StarletteHTTPException)
    async def refused(_: Request, problem: StarletteHTTPException) -> JSONResponse:
        return JSONResponse({"error": "refused", "message": problem.detail}, problem.status_code)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, problem: RequestValidationError) -> JSONResponse:
        places = [{"place": ".".join(map(str, each["loc"])), "reason": each["msg"]} for each in problem.errors()]
        message = "; ".join(f"{each['place']}: {each['reason']}" for each in places)
        return JSONResponse({"error": "malformed", "message": message, "places": places}, 422)

    app.add_middleware(SmallBodies)


class SmallBodies:
    """Refuses bodies that are too large: at once where they say so, else as soon as they have become it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what it brings."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdigit() or int(said) > BODY_BYTES_MAX:
            await JSONResponse({"error": "too large", "message": TOO_LARGE}, 413)(scope, receive, send)
            return
        brought = 0

        async def counted() -> Message:
            nonlocal brought
            message = await receive()
            brought += len(message.get("body", b""))
            if brought > BODY_BYTES_MAX:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self.app(scope, counted, send)
