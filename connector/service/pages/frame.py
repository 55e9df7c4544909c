"""The frame of every page: templates that escape whatever anybody said, one style sheet, and no other host."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from connector.service.access import MAY, Area
from connector.service.pages.visits import COOKIE, Visit

UI = "/ui"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FORM_BYTES_MAX = 900_000


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation; `key` goes there after `g`."""

    name: str
    text: str
    path: str
    key: str
    area: Area


PLACES = (
    Place("home", "Overview", "/", "o", "status"),
    Place("calls", "Calls", "/calls", "c", "status"),
    Place("letters", "Dead letters", "/dead-letters", "d", "letters"),
    Place("map", "Field map", "/map", "m", "config"),
    Place("settings", "Settings", "/settings", "s", "config"),
    Place("deploy", "Rehearsal", "/deploy", "r", "config"),
    Place("audit", "Audit trail", "/audit", "a", "audit"),
)


class Links:
    """Addresses of pages that stay with the org."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, path: str, **query: Any) -> str:
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{self._root}{UI}{path}" + (f"?{urlencode(given)}" if given else "")


def is_page(request: Request) -> bool:
    """Whether an answer to this request is read by a person in a browser."""
    return request.url.path.removeprefix(request.scope.get("root_path", "")).startswith(f"{UI}/")


def links_of(request: Request) -> Links:
    """The addresses of the pages beside this one."""
    return Links(request.scope.get("root_path", ""))


def page(request: Request, template: str, status: int = 200, **known: Any) -> Response:
    """A page, with the cookie by which its forms will be known again."""
    visit: Visit = request.state.visit
    html = (
        _environment()
        .get_template(f"{template}.html")
        .render(
            here=template.partition("_")[0],
            places=[each for each in PLACES if visit.access is not None and visit.access.role in MAY[each.area]],
            visit=visit,
            may=lambda area: visit.access is not None and visit.access.role in MAY[area],
            link=links_of(request),
            org=getattr(request.app.state, "org", None),
            orgs=getattr(request.app.state, "orgs", ()),
            notice=request.query_params.get("notice", ""),
            **known,
        )
    )
    answer = HTMLResponse(html, status, HEADERS)
    if visit.fresh:
        keep(request, answer, visit.id)
    return answer


def keep(request: Request, answer: Response, session: str) -> None:
    """Let the browser remember who it is."""
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session, httponly=True, samesite="lax", path="/", secure=secure)


def refusal(request: Request, status: int, sentences: Iterable[str]) -> Response:
    """What is wrong, as a page."""
    if not hasattr(request.state, "visit"):
        request.state.visit = Visit("", None, "")
    return page(request, "refusal", status, code=status, sentences=list(sentences))


def back(request: Request, path: str, **query: Any) -> Response:
    """On to a page after something was done."""
    return RedirectResponse(links_of(request)(path, **query), 303)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; of a repeated one the last. What is no text in UTF-8 is read as far as it goes."""
    body = (await request.body())[:FORM_BYTES_MAX]
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("connector.service.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"instant": _instant, "clock": _clock, "ms": milliseconds, "ticks": _ticks, "many": _many}
    return made


def _instant(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if value else "–"


def _clock(value: datetime | None) -> str:
    return value.strftime("%H:%M:%S.%f")[:-3] if value else "–"


def milliseconds(value: float | None) -> str:
    """A duration in milliseconds as people read it."""
    if value is None:
        return "–"
    if value < 1000:
        return f"{value:.0f} ms"
    return f"{value / 1000:.2f} s" if value < 100_000 else f"{value / 1000:,.0f} s"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _ticks(text: str) -> Markup:
    """A sentence whose words between backticks are set as code; all else stays escaped."""
    pieces = str(escape(text)).split("`")
    if len(pieces) % 2 == 0:
        return Markup("`".join(pieces))  # escaped above
    return Markup("".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces)))
