"""Who may see the pages of a server that is not bound to loopback: whoever once gave the admin token."""

import secrets
from importlib.resources import files

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from mocksf.doors.control.asking import Chosen, Problem, Row
from mocksf.doors.pages.frame import UI, form_of, page

COOKIE = "mocksf_admin"
LOGIN = "/ui/login"
STATIC = "/ui/static"
_KINDS = {
    "style.css": "text/css; charset=utf-8",
    "keys.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


def admitted(request: Request, admin_token: str) -> bool:
    """Whether a request may pass: it has the token, or the cookie that the token earned, or asks how to get in."""
    path = request.url.path.removeprefix("/_mocksf")
    if path == LOGIN or path.startswith(STATIC):
        return True
    given = request.headers.get("authorization", "").removeprefix("Bearer "), request.cookies.get(COOKIE, "")
    return any(secrets.compare_digest(each.encode(), admin_token.encode()) for each in given)


async def door(request: Request, tenant: Chosen) -> Response:
    """Asks for the admin token."""
    return page(request, tenant, "login", wrong=False)


async def enter(request: Request, tenant: Chosen) -> Response:
    """Lets in whoever knows the admin token."""
    token: str | None = request.app.state.admin_token
    given = (await form_of(request)).get("token", "")
    if token is not None and not secrets.compare_digest(given.encode(), token.encode()):
        return page(request, tenant, "login", 401, wrong=True)
    answer = RedirectResponse(f"{UI}/", 303)
    if token is not None:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/_mocksf", secure=secure)
    return answer


async def leave() -> Response:
    """Forgets the cookie."""
    answer = RedirectResponse(f"/_mocksf{LOGIN}", 303)
    answer.delete_cookie(COOKIE, path="/_mocksf")
    return answer


async def static(name: str) -> Response:
    """The style sheet, the keys and the mark."""
    if name not in _KINDS:
        raise Problem(404, "name", f"no such file `{name}`")
    content = (files("mocksf.doors.pages") / "static" / name).read_bytes()
    return Response(content, media_type=_KINDS[name], headers={"Cache-Control": "max-age=300"})


ROWS = (
    Row("GET", LOGIN, door),
    Row("POST", LOGIN, enter),
    Row("POST", "/ui/logout", leave),
    Row("GET", STATIC + "/{name}", static),
)
