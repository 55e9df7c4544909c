"""The deploy rehearsal: its preconditions, the one under way, where the 47 minutes go, and the rehearsals of before."""

import io
import zipfile
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from connector.readings import Rehearsal
from connector.rehearsal.sample import RECORDING, project
from connector.service.pages.frame import UI, back, page
from connector.service.pages.minutes import drawn, lasted
from connector.service.pages.office import Office, actor_in, sent
from connector.service.pages.visits import Visit
from connector.service.rehearsals import MAPS, Check, Order, Rehearsals, UnderWay

SHOWN = 50
"""How many of before are listed."""


def routes(office: Office) -> APIRouter:
    """The pages under /ui/deploy."""
    router, rehearsals = APIRouter(prefix=f"{UI}/deploy"), Rehearsals(office.hub, office.book)
    _looking(router, rehearsals, office.needs("config"))
    _starting(router, rehearsals, office.needs("activate"))
    return router


def _looking(router: APIRouter, rehearsals: Rehearsals, reader: Any) -> None:
    @router.get("", dependencies=[reader])
    async def deploy(request: Request) -> Response:
        """What is under way, the latest report, and those of before."""
        return _page(request, rehearsals, _form_of(rehearsals))

    @router.get("/sample.zip", dependencies=[reader])
    def sample() -> Response:
        """The sample project, to be served by a mock."""
        headers = {"Content-Disposition": 'attachment; filename="sample.zip"'}
        return Response(_zipped(), media_type="application/zip", headers=headers)

    @router.get("/{number}", dependencies=[reader])
    async def one(request: Request, number: int) -> Response:
        """One of before."""
        run = next((each for each in rehearsals.kept if each.number == number), None)
        if run is None:
            raise HTTPException(404, f"there was no rehearsal {number}")
        return page(request, "deploy_run", run=run, maps=MAPS, **_report(rehearsals, run))


def _starting(router: APIRouter, rehearsals: Rehearsals, admin: Any) -> None:
    @router.post("")
    async def start(request: Request, visit: Annotated[Visit, admin]) -> Response:
        """Look at the preconditions; play one where they are there."""
        form = await sent(request)
        if form.get("deed") == "sample":
            return _page(request, rehearsals, {**form, "recording": _recording()})
        place, recording = form.get("place", "").strip().rstrip("/"), form.get("recording", "").replace("\r\n", "\n")
        order = Order(place, form.get("map", ""), recording)
        said, checks = await rehearsals.checked(order)
        if form.get("deed") != "start":
            return _page(request, rehearsals, form, checks)
        if not all(each.good for each in checks):
            return _page(request, rehearsals, form, checks, "a precondition is missing, so nothing was played")
        try:
            rehearsals.begin(order, said, actor_in(form, visit))
        except (UnderWay, HTTPException) as problem:
            return _page(request, rehearsals, form, checks, str(getattr(problem, "detail", problem)))
        return back(request, "/deploy")


def _page(
    request: Request,
    rehearsals: Rehearsals,
    form: dict[str, str],
    checks: tuple[Check, ...] = (),
    problem: str = "",
) -> Response:
    kept = rehearsals.kept
    return page(
        request,
        "deploy",
        422 if problem else 200,
        now=rehearsals.now,
        run=kept[0] if kept else None,
        kept=kept[:SHOWN],
        count=len(kept),
        form=form,
        checks=checks,
        problem=problem,
        maps=MAPS,
        own=rehearsals.own,
        variable=rehearsals.variable,
        **_report(rehearsals, kept[0] if kept else None),
    )


def _report(rehearsals: Rehearsals, run: Rehearsal | None) -> dict[str, Any]:
    told = rehearsals.report(run) if run else None
    report = told["report"] if told else None
    steps = [(each, lasted(each["to_min"] - each["from_min"])) for each in report["steps"]] if report else []
    return {"told": told, "report": report, "drawing": drawn(report) if report else None, "steps": steps}


def _form_of(rehearsals: Rehearsals) -> dict[str, str]:
    """What was asked for last; at first the org's own address, and no recording."""
    last = rehearsals.report(rehearsals.kept[0]) if rehearsals.kept else None
    if last is None:
        return {"place": rehearsals.own, "map": "automap", "recording": ""}
    return {"place": last["org"], "map": last["map"], "recording": last["recording"]}


def _recording() -> str:
    return dict(project())[RECORDING]


@cache
def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in project():
            archive.writestr(path, text)
    return out.getvalue()
