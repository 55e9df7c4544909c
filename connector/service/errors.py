"""Errors in one form: `error`, `message`, and what names the place; and bodies that are too large."""

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.intents import Conflict, Unfit
from connector.live.opening import LedgerBroken
from connector.service.access import KeysProblem

BODY_BYTES_MAX = 1_000_000
TOO_LARGE = f"the body is larger than {BODY_BYTES_MAX} bytes"


def handle_errors(app: FastAPI) -> None:
    """Teach the service its errors."""

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

    @app.exception_handler(KeysProblem)
    async def locked_out(_: Request, problem: KeysProblem) -> JSONResponse:
        return JSONResponse({"error": "keys", "message": str(problem)}, 503)

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
