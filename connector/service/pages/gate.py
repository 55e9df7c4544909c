"""The way in and out: a key is asked for once; and the files that every page needs."""

from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from connector.service.pages.frame import UI, form_of, keep, links_of, page
from connector.service.pages.visits import COOKIE, Visit, Visits

KINDS = {
    "style.css": "text/css; charset=utf-8",
    "plain.css": "text/css; charset=utf-8",
    "keys.js": "text/javascript; charset=utf-8",
    "map.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


def routes(visits: Visits) -> APIRouter:
    """Login, logout, and /ui/static; and /, which leads to the pages."""
    router = APIRouter()
    _files(router)
    _in_and_out(router, visits)
    return router


def _files(router: APIRouter) -> None:
    @router.get("/")
    async def front(request: Request) -> Response:
        """Leads who types the address alone to the pages."""
        return RedirectResponse(links_of(request)("/"), 303)

    @router.get(UI + "/static/{name}")
    def static(name: str) -> Response:
        """Style sheet, scripts and mark."""
        if name not in KINDS:
            raise HTTPException(404, f"there is no file {name!r}")
        content = (files("connector.service.pages") / "static" / name).read_bytes()
        return Response(content, media_type=KINDS[name], headers={"Cache-Control": "max-age=300"})


def _in_and_out(router: APIRouter, visits: Visits) -> None:
    @router.get(f"{UI}/login")
    async def door(request: Request, next: str = "") -> Response:
        """Asks for a key."""
        return _asked(request, visits, next)

    @router.post(f"{UI}/login")
    async def enter(request: Request) -> Response:
        """Lets in whoever shows one."""
        form = await form_of(request)
        visit = visits.enter(form.get("key", "").strip())
        if visit is None:
            return _asked(request, visits, form.get("next", ""), wrong=True)
        answer = RedirectResponse(_inside(form.get("next", "")) or links_of(request)("/"), 303)
        keep(request, answer, visit.id)
        return answer

    @router.post(f"{UI}/logout")
    async def leave(request: Request) -> Response:
        """Forgets who it is."""
        visits.leave(visits.of(request.cookies.get(COOKIE)))
        answer = RedirectResponse(links_of(request)("/login"), 303)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _asked(request: Request, visits: Visits, wanted: str, wrong: bool = False) -> Response:
    known: dict[str, Any] = {"next": _inside(wanted), "wrong": wrong, "nobody": visits.open}
    request.state.visit = Visit("", None, "")
    return page(request, "login", 401 if wrong else 200, **known)


def _inside(wanted: str) -> str:
    """A path of these pages, or nothing: nobody is led elsewhere by a link to the login."""
    split = urlsplit(wanted)
    inside = not split.scheme and not split.netloc and wanted.startswith("/") and "\\" not in wanted
    return wanted if inside and f"{UI}/" in split.path and not wanted.startswith("//") else ""
