"""The frame of every page: templates that escape whatever a visitor sends, one style sheet, and no other host."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mocksf.doors.tenants import Tenant, Tenants

UI = "/_mocksf/ui"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NAVIGATION = (
    ("home", "Overview", "/"),
    ("objects", "Objects", "/objects"),
    ("journal", "Journal", "/journal"),
    ("weather", "Weather", "/weather"),
    ("latency", "Latency", "/latency"),
    ("clock", "Clock", "/clock"),
    ("orgs", "Orgs", "/orgs"),
    ("api", "API", "/api"),
)
FORM_BYTES_MAX = 256 * 1024


def wants_page(request: Request) -> bool:
    """Whether an answer to this request is read by a person in a browser."""
    return request.url.path.startswith(UI)


def page(request: Request, tenant: Tenant, template: str, status: int = 200, **known: Any) -> Response:
    """A page about one org."""
    tenants: Tenants = request.app.state.tenants
    html = (
        _environment()
        .get_template(f"{template}.html")
        .render(
            here=template.partition("_")[0],
            navigation=NAVIGATION,
            tenant=tenant,
            tenants=list(tenants),
            query=dict(request.query_params),
            link=_Links(tenant, tenants),
            shut=request.app.state.admin_token is not None,
            **known,
        )
    )
    return HTMLResponse(html, status, HEADERS)


def refusal(request: Request, status: int, problems: Iterable[tuple[str, str]]) -> Response:
    """What is wrong, as a page."""
    tenants: Tenants = request.app.state.tenants
    return page(request, tenants.default, "refusal", status, code=status, problems=list(problems))


def back(tenant: Tenant, request: Request, path: str, **query: Any) -> Response:
    """On to a page after something was done."""
    return RedirectResponse(_Links(tenant, request.app.state.tenants)(path, **query), 303)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; of a repeated one the last. What is no text in UTF-8 is read as far as it goes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            break
    text = body[:FORM_BYTES_MAX].decode("utf-8", "replace")
    return {name: value.strip() for name, value in parse_qsl(text, keep_blank_values=True)}


class _Links:
    """Addresses of pages that stay with the org."""

    def __init__(self, tenant: Tenant, tenants: Tenants) -> None:
        self._org = {} if tenant is tenants.default else {"org": tenant.name}

    def __call__(self, path: str, **query: Any) -> str:
        given = {name: value for name, value in query.items() if value not in (None, "")}
        text = urlencode(self._org | given)
        return f"{UI}{path}" + (f"?{text}" if text else "")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("mocksf.doors.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"instant": _instant, "clock": _clock, "duration": duration, "bytes": _bytes, "ticks": _ticks}
    return made


def _instant(value: datetime | str | None) -> str:
    if value is None:
        return "–"
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def _clock(value: datetime | None) -> str:
    return value.strftime("%H:%M:%S.%f")[:-3] if value else "–"


def duration(seconds: float | None) -> str:
    """A duration as people read it."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:,.0f} s"


def _ticks(text: str) -> Markup:
    """A sentence whose words between backticks are set as code; all else stays escaped."""
    pieces = str(escape(text)).split("`")
    if len(pieces) % 2 == 0:
        return Markup("`".join(pieces))  # escaped above
    return Markup("".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces)))


def _bytes(count: int) -> str:
    return f"{count:,} B" if count < 10_000 else f"{count / 1024:,.0f} kB"
