"""Settings: knobs, the whole text, and every configuration that was in force; tried before any of it is."""

import difflib
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from connector.live.written import Written
from connector.service.configs import known
from connector.service.pages.drafts import Judged, activated, judged, sorted_out, tried
from connector.service.pages.frame import UI, back, page
from connector.service.pages.knobs import GROUPS, knobs, said, shown
from connector.service.pages.office import Office, actor_in, reason_in, sent
from connector.service.pages.visits import Visit

PLACES = {f"$.{knob.path}": knob.path for knob in knobs()}


def routes(office: Office) -> APIRouter:
    """The pages under /ui/settings."""
    router = APIRouter(prefix=f"{UI}/settings")
    _looking(router, office, office.needs("config"))
    _putting(router, office, office.needs("activate"))
    return router


def _looking(router: APIRouter, office: Office, reader: Any) -> None:
    @router.get("", dependencies=[reader])
    async def settings(request: Request) -> Response:
        """The settings in force."""
        return _knobs_page(request, office, shown(office.book.current.sections()), Judged())

    @router.get("/text", dependencies=[reader])
    async def text(request: Request) -> Response:
        """The whole configuration as it was written."""
        return _text_page(request, office, office.book.current.text, Judged())

    @router.get("/history", dependencies=[reader])
    async def history(request: Request) -> Response:
        """Every configuration that was in force."""
        activations = list(reversed(office.book.history))
        return page(request, "settings_history", activations=activations, version=office.book.version)

    @router.get("/history/{version}", dependencies=[reader])
    async def one(request: Request, version: int) -> Response:
        """One of them: what it changed, and what would change if it came back."""
        return _version_page(request, office, version)


def _putting(router: APIRouter, office: Office, admin: Any) -> None:
    @router.post("", dependencies=[admin])
    async def turned(request: Request) -> Response:
        """Try the settings as they were changed, or put them in force."""
        form = await sent(request)
        written = office.book.current.saying(said(form, office.book.current.sections()))
        version, told, problem = await _done(office, written, form, request.state.visit)
        if version:
            return back(request, "/settings", notice=f"version {version} is in force")
        return _knobs_page(request, office, form, told, form, problem)

    @router.post("/text", dependencies=[admin])
    async def rewritten(request: Request) -> Response:
        """The same for the whole text."""
        form = await sent(request)
        text = form.get("text", "").replace("\r\n", "\n")
        written = Written(text, office.book.current.name)
        version, told, problem = await _done(office, written, form, request.state.visit)
        if version:
            return back(request, "/settings/text", notice=f"version {version} is in force")
        return _text_page(request, office, text, told, form, problem)

    @router.post("/history/{version}")
    async def again(request: Request, version: int, visit: Annotated[Visit, admin]) -> Response:
        """Put an earlier one in force once more."""
        form = await sent(request)
        written = known(office.book, version)
        number, told, problem = await _done(office, written, {**form, "deed": "activate"}, visit)
        if number:
            return back(request, "/settings/history", notice=f"version {version} is in force again, as {number}")
        return _version_page(request, office, version, told, form, problem)


async def _done(office: Office, written: Written, form: dict[str, str], visit: Visit) -> tuple[int, Judged, str]:
    """What a form asks for. The version that came of it, or 0; what is said of the draft; and why nothing was done."""
    if form.get("deed") == "look":
        return 0, await judged(office.book, written.config), ""
    if form.get("deed") != "activate":
        return 0, await tried(office.book, written, slack=form.get("slack") == "1"), ""
    try:
        actor, reason = actor_in(form, visit), reason_in(form)
    except HTTPException as problem:
        return 0, Judged(), str(problem.detail)
    version, told = await activated(office.book, written, actor, reason, form.get("base", ""))
    return version, told, "" if version else told.silent or "nothing was put in force; what is said here comes first"


def _knobs_page(
    request: Request,
    office: Office,
    values: dict[str, str],
    told: Judged,
    form: dict[str, str] | None = None,
    problem: str = "",
) -> Response:
    found = sorted_out(told.remarks, PLACES)
    return page(
        request,
        "settings",
        422 if problem else 200,
        groups=GROUPS,
        values=values,
        said=found.by_place,
        rest=found.rest,
        **_common(office, told, form or {}, problem),
    )


def _text_page(
    request: Request,
    office: Office,
    text: str,
    told: Judged,
    form: dict[str, str] | None = None,
    problem: str = "",
) -> Response:
    rest = [each.as_json() for each in told.remarks]
    known_here = _common(office, told, form or {}, problem)
    return page(request, "settings_text", 422 if problem else 200, text=text, rest=rest, **known_here)


def _version_page(
    request: Request,
    office: Office,
    version: int,
    told: Judged | None = None,
    form: dict[str, str] | None = None,
    problem: str = "",
) -> Response:
    written, book = known(office.book, version), office.book
    said_here = told or Judged()
    return page(
        request,
        "settings_version",
        422 if problem else 200,
        number=version,
        activation=next((each for each in book.history if each.version == version), None),
        changed=_diff(book.written(version - 1), written),
        back_again=[] if version == book.version else _diff(book.current, written),
        text=written.text,
        rest=[each.as_json() for each in said_here.remarks],
        **_common(office, said_here, form or {}, problem),
    )


def _common(office: Office, told: Judged, form: dict[str, str], problem: str) -> dict[str, Any]:
    looked = form.get("deed") in {"try", "look", "activate"}
    return {
        "told": told,
        "looked": looked and not problem,
        "problem": problem,
        "form": form,
        "base": form.get("base", office.book.version),
        "version": office.book.version,
        "prefix": office.book.ground.prefix,
    }


def _diff(before: Written | None, after: Written) -> list[tuple[str, str]]:
    """Lines with what became of them: `+`, `-`, or nothing for those around."""
    if before is None:
        return []
    lines = difflib.unified_diff(before.text.splitlines(), after.text.splitlines(), n=2, lineterm="")
    return [(line[:1], line[1:]) for line in lines if not line.startswith(("+++", "---", "@@"))]
