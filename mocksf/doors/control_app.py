"""The control plane under `/_mocksf` as an application of its own, described by OpenAPI; never on the org's path."""

from collections.abc import Awaitable, Callable, Iterable
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from mocksf.doors.control import Control, Problem
from mocksf.doors.served_clock import ServedClock
from mocksf.weather import NoSuchRule, RuleError
from mocksf.wire import Wire


def control_app(wire: Wire, clock: ServedClock, admin_token: str | None = None) -> FastAPI:
    """The control plane as an application; with a token it wants `Authorization: Bearer <token>` on every call."""
    app = FastAPI(title="mocksf control plane", version=version("mocksf"), description=__doc__)
    _route(app, Control(wire, clock))
    _answer_problems(app)
    if admin_token is not None:
        _guard(app, admin_token)
    return app


def _route(app: FastAPI, control: Control) -> None:
    rows: tuple[tuple[str, str, int, Callable[..., Awaitable[Any]]], ...] = (
        ("GET", "/health", 200, control.health),
        ("GET", "/rules", 200, control.rules),
        ("POST", "/rules", 201, control.add_rules),
        ("PUT", "/rules", 200, control.replace_rules),
        ("DELETE", "/rules", 204, control.clear_rules),
        ("POST", "/rules/check", 200, control.check_rules),
        ("GET", "/rules/{rule_id}", 200, control.rule),
        ("PATCH", "/rules/{rule_id}", 200, control.patch_rule),
        ("DELETE", "/rules/{rule_id}", 204, control.remove_rule),
        ("GET", "/clock", 200, control.time),
        ("POST", "/clock/advance", 200, control.advance),
        ("POST", "/clock/set", 200, control.set_time),
        ("POST", "/clock/run", 200, control.pace),
        ("POST", "/clock/freeze", 200, control.freeze),
        ("GET", "/journal", 200, control.journal),
        ("DELETE", "/journal", 204, control.forget),
        ("POST", "/reset", 200, control.reset),
        ("GET", "/snapshots", 200, control.snapshots),
        ("PUT", "/snapshots/{name}", 200, control.take_snapshot),
        ("POST", "/snapshots/{name}/restore", 200, control.restore_snapshot),
        ("DELETE", "/snapshots/{name}", 204, control.drop_snapshot),
        ("GET", "/seed", 200, control.seed),
        ("PUT", "/seed", 200, control.set_seed),
    )
    for method, path, status, operation in rows:
        app.add_api_route(path, operation, methods=[method], status_code=status, response_model=None)


def _answer_problems(app: FastAPI) -> None:
    """Whatever is wrong is said as `{"errors": [{"path", "message"}]}`."""

    async def rule_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RuleError)
        return _errors(422, error.problems)

    async def no_such_rule(_: Request, error: Exception) -> JSONResponse:
        return _errors(404, [("rule_id", str(error))])

    async def problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return _errors(error.status, [(error.path, str(error))])

    async def unfit(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return _errors(422, [(".".join(str(step) for step in one["loc"]), one["msg"]) for one in error.errors()])

    app.add_exception_handler(RuleError, rule_error)
    app.add_exception_handler(NoSuchRule, no_such_rule)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, unfit)


def _guard(app: FastAPI, admin_token: str) -> None:
    @app.middleware("http")
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.headers.get("authorization") == f"Bearer {admin_token}":
            return await call_next(request)
        return _errors(401, [("authorization", "the control plane wants `Authorization: Bearer <admin token>`")])


def _errors(status: int, problems: Iterable[tuple[str, str]]) -> JSONResponse:
    return JSONResponse({"errors": [{"path": path, "message": said} for path, said in problems]}, status)
