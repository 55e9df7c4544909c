"""The control plane and its pages as an application of its own, described by OpenAPI; never on the org's path."""

from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from mocksf.doors.control import journal, metrics, orgs, profiles, records, rules, schema, state, time
from mocksf.doors.control.asking import Problem, Row
from mocksf.doors.opening import Opening
from mocksf.doors.pages import rows as pages
from mocksf.doors.pages.frame import refusal, wants_page
from mocksf.doors.pages.gate import COOKIE, LOGIN, admitted
from mocksf.doors.tenants import NoSuchOrg, Tenants
from mocksf.weather import NoSuchRule, RuleError

SECTIONS: dict[str, tuple[Row, ...]] = {
    "orgs": orgs.ROWS,
    "weather": (*rules.ROWS, *profiles.ROWS),
    "clock": time.ROWS,
    "journal": journal.ROWS,
    "state": state.ROWS,
    "records": records.ROWS,
    "schema": schema.ROWS,
    "metrics": metrics.ROWS,
}
"""The operations by what they are about."""
SAYS = """Everything about a running server that is not Salesforce: its orgs, their weather, time, journal and state.

Every operation is about one org: `?org=NAME`, else the one that the host's first label names, else the default."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Next = Callable[[Request], Awaitable[Response]]


def control_app(tenants: Tenants, opening: Opening, admin_token: str | None = None) -> FastAPI:
    """The control plane as an application; with a token it wants `Authorization: Bearer <token>` on every call."""
    app = FastAPI(
        title="mocksf control plane", version=version("mocksf"), description=SAYS, docs_url=None, redoc_url=None
    )
    app.state.tenants, app.state.opening, app.state.admin_token = tenants, opening, admin_token
    for section, rows in SECTIONS.items():
        _route(app, rows, section)
    _route(app, pages.ROWS, None)
    _answer_problems(app)
    _guard(app, admin_token)
    return app


def _route(app: FastAPI, rows: Iterable[Row], section: str | None) -> None:
    for row in rows:
        app.add_api_route(
            row.path,
            row.operation,
            methods=[row.method],
            status_code=row.status,
            response_model=None,
            tags=[section] if section else None,
            summary=row.operation.__name__.replace("_", " "),
            include_in_schema=section is not None,
        )


def _answer_problems(app: FastAPI) -> None:
    """Whatever is wrong is said as `{"errors": [{"path", "message"}]}`, to a browser as a page."""

    async def rule_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RuleError)
        return _errors(request, 422, error.problems)

    async def no_such(request: Request, error: Exception) -> Response:
        return _errors(request, 404, [("rule_id" if isinstance(error, NoSuchRule) else "org", str(error))])

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return _errors(request, error.status, [(error.path, str(error))])

    async def unfit(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = [(".".join(str(step) for step in one["loc"]), one["msg"]) for one in error.errors()]
        return _errors(request, 422, said)

    async def nowhere(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        path = request.url.path
        return _errors(request, error.status_code, [(path, HTTPStatus(error.status_code).phrase)])

    app.add_exception_handler(RuleError, rule_error)
    app.add_exception_handler(NoSuchRule, no_such)
    app.add_exception_handler(NoSuchOrg, no_such)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(HTTPException, nowhere)


def _guard(app: FastAPI, admin_token: str | None) -> None:
    @app.middleware("http")
    async def guarded(request: Request, call_next: Next) -> Response:
        if request.method not in SAFE and _from_elsewhere(request, admin_token is None):
            return _errors(request, 403, [("origin", "a page of another site may not change anything here")])
        if admin_token is None or admitted(request, admin_token):
            return await call_next(request)
        if request.method == "GET" and wants_page(request):
            return RedirectResponse(f"/_mocksf{LOGIN}", 303)
        said = f"the control plane wants `Authorization: Bearer <admin token>`, or the cookie `{COOKIE}` of its pages"
        return _errors(request, 401, [("authorization", said)])


def _from_elsewhere(request: Request, open_to_all: bool) -> bool:
    """Whether a browser says that another site's page asks; what is no browser says nothing.

    Where no token is wanted, a host must be this machine's by its name too: another site's name may lead here.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        told = urlsplit(origin)
        host = told.hostname or ""
    except ValueError:
        return True
    here = host in LOCAL or host.endswith(".localhost") or not open_to_all
    return not here or told.netloc != request.headers.get("host")


def _errors(request: Request, status: int, problems: Iterable[tuple[str, str]]) -> Response:
    listed = list(problems)
    if wants_page(request):
        return refusal(request, status, listed)
    return JSONResponse({"errors": [{"path": path, "message": said} for path, said in listed]}, status)
