"""Errors in one form: `error`, `message`, and what names the place; and bodies that are too large."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.describe import DescribeError
from connector.intents import Conflict, Unfit
from connector.live.book import NotGood, Overtaken
from connector.live.opening import LedgerBroken
from connector.live.trial import OrgSilent
from connector.service.access import KeysProblem
from connector.service.gate import Flooded
from connector.service.pages.frame import back, is_page, refusal
from connector.service.pages.office import NotIn

AGAIN_S = "5"
"""When whoever is told 503 may come again."""
BODY_BYTES_MAX = 1_000_000
TOO_LARGE = f"the body is larger than {BODY_BYTES_MAX} bytes"


ROWS: tuple[tuple[type[Exception], int, str, Callable[[Any], dict[str, Any]]], ...] = (
    (Unfit, 422, "unfit", lambda problem: {"findings": [asdict(each) for each in problem.findings]}),
    (Conflict, 409, "conflict", lambda problem: {"key": problem.intent_key}),
    (NotGood, 422, "not good", lambda problem: {"findings": [each.as_json() for each in problem.remarks]}),
    (Overtaken, 409, "overtaken", lambda _: {}),
    (LedgerBroken, 503, "ledger", lambda _: {}),
    (KeysProblem, 503, "keys", lambda _: {}),
    (Flooded, 503, "flooded", lambda _: {}),
    (OrgSilent, 503, "org", lambda _: {}),
    (DescribeError, 503, "org", lambda _: {}),
)
"""What goes wrong → status, word, and what is told beside the sentence."""


def handle_errors(app: FastAPI) -> None:
    """Teach the service its errors."""
    for kind, status, word, more in ROWS:
        app.add_exception_handler(kind, _told(status, word, more))

    @app.exception_handler(NotIn)
    async def not_in(request: Request, problem: NotIn) -> Response:
        return back(request, "/login", next=problem.path)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, problem: StarletteHTTPException) -> Response:
        if is_page(request):
            return refusal(request, problem.status_code, [str(problem.detail)])
        return JSONResponse({"error": "refused", "message": problem.detail}, problem.status_code, problem.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, problem: RequestValidationError) -> Response:
        places = [{"place": ".".join(map(str, each["loc"])), "reason": each["msg"]} for each in problem.errors()]
        if is_page(request):
            return refusal(request, 422, [f"{each['place']}: {each['reason']}" for each in places])
        message = "; ".join(f"{each['place']}: {each['reason']}" for each in places)
        return JSONResponse({"error": "malformed", "message": message, "places": places}, 422)

    app.add_middleware(SmallBodies)


def _told(status: int, word: str, more: Callable[[Any], dict[str, Any]]):  # type: ignore[no-untyped-def]
    async def answer(request: Request, problem: Exception) -> Response:
        if is_page(request):
            return refusal(request, status, [str(problem)])
        headers = {"Retry-After": AGAIN_S} if status == 503 else {}
        return JSONResponse({"error": word, "message": str(problem), **more(problem)}, status, headers)

    return answer


def answered(status: int, word: str, sentence: str, **headers: str) -> JSONResponse:
    """A refusal in the one form."""
    return JSONResponse({"error": word, "message": sentence}, status, headers)


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
