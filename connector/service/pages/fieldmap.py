"""The field map editor: intents with their hints beside the org's fields, judged while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from connector.automap import Automap, Proposal, hints_from_org, mappable_objects, propose
from connector.config import ConfigError, ConnectorConfig, parse_config
from connector.describe import DescribeError, FieldDescribe, ObjectDescribe
from connector.service.pages.drafts import Judged, Sorted, activated, judged, sorted_out
from connector.service.pages.frame import UI, back, page
from connector.service.pages.office import Office, actor_in, reason_in, sent
from connector.service.pages.rows import CHOICES, LABELS, Row, doubled, fields_of, rows_in, rows_of
from connector.service.pages.visits import Visit
from connector.settle import HINT_OF_TYPE

TWICE = {"code": "INTENT_TWICE", "severity": "error", "path": "", "sentence": "stands above already", "nearest": None}


@dataclass(frozen=True, slots=True)
class Draft:
    """The map as somebody is changing it: the rows, the configuration that they make, and what is said of it."""

    rows: list[Row]
    sections: dict[str, Any]
    said: Judged
    sorted: Sorted


def routes(office: Office) -> APIRouter:
    """The pages under /ui/map."""
    router = APIRouter(prefix=f"{UI}/map")
    _looking(router, office, office.needs("config"))
    _putting(router, office, office.needs("activate"))
    return router


def _looking(router: APIRouter, office: Office, reader: Any) -> None:
    @router.get("", dependencies=[reader])
    async def editor(request: Request, propose: str = "", anew: bool = False) -> Response:
        """The map in force; with `propose` what the automap would add."""
        rows = rows_of(office.book.current.sections().get("fields", {}))
        return await _page(request, office, await _draft(office, rows, anew), wants=bool(propose))

    @router.post("/look", dependencies=[reader])
    async def look(request: Request) -> Response:
        """The map as it was changed, judged; with proposals that were ticked as new rows."""
        form = await sent(request)
        rows = rows_in(form) + ([Row()] if form.get("deed") == "add" else [])
        return await _page(request, office, await _draft(office, rows), form, wants=form.get("deed") == "propose")

    @router.post("/check", dependencies=[reader])
    async def check(request: Request) -> Response:
        """The same for the script of the page: what is said, row by row."""
        form = await sent(request)
        draft = await _draft(office, [row for row in rows_in(form) if row.number >= 0])
        by_row = {str(row.number): draft.sorted.by_place.get(str(at), []) for at, row in enumerate(draft.rows)}
        told = {"rows": by_row, "rest": draft.sorted.rest, "silent": draft.said.silent, "good": _good(draft)}
        return JSONResponse(told)


def _putting(router: APIRouter, office: Office, admin: Any) -> None:
    @router.post("/activate")
    async def activate(request: Request, visit: Annotated[Visit, admin]) -> Response:
        """Put the map in force, if it is good."""
        form = await sent(request)
        draft = await _draft(office, rows_in(form))
        try:
            actor, reason = actor_in(form, visit), reason_in(form)
        except HTTPException as problem:
            return await _page(request, office, draft, form, str(problem.detail))
        if not _good(draft):
            return await _page(request, office, draft, form, "this map is not good yet, so nothing was put in force")
        written = await office.hub.beside(office.book.current.saying, draft.sections)
        version, said = await activated(office.book, written, actor, reason, form.get("base", ""))
        if version:
            return back(request, "/map", notice=f"version {version} is in force")
        told = Draft(draft.rows, draft.sections, said, sorted_out(said.remarks, _places(draft.rows)))
        return await _page(request, office, told, form, said.silent or "nothing was put in force")


async def _draft(office: Office, rows: list[Row], anew: bool = False) -> Draft:
    before = office.book.current.sections()
    sections = {**before, "fields": fields_of(rows, before.get("fields", {}))}
    said = await judged(office.book, lambda: parse_config(sections), anew)
    told = sorted_out(said.remarks, _places(rows))
    for number in doubled(rows):
        told.by_place.setdefault(str(number), []).insert(0, TWICE)
    return Draft(rows, sections, said, told)


def _good(draft: Draft) -> bool:
    return draft.said.good and not list(doubled(draft.rows))


def _places(rows: list[Row]) -> dict[str, str]:
    """Where an intent stands in a configuration, in either spelling → its row."""
    spelt = (
        (path, str(at)) for at, row in enumerate(rows) for path in (f"$.fields.{row.name}", f'$.fields["{row.name}"]')
    )
    return dict(spelt)


async def _page(
    request: Request,
    office: Office,
    draft: Draft,
    form: dict[str, str] | None = None,
    problem: str = "",
    wants: bool = False,
) -> Response:
    objects, proposals, silent = await _org(office, draft.sections, wants)
    known = form or {}
    rendered = partial(
        page,
        request,
        "map",
        422 if problem else 200,
        rows=_judged_rows(draft, objects),
        rest=draft.sorted.rest,
        silent=draft.said.silent or silent,
        good=_good(draft),
        changed=draft.sections != office.book.current.sections(),
        objects=[(each, _offered(each)) for each in objects],
        taken={row.target.casefold(): row.name for row in draft.rows},
        proposals=_tickable(proposals) if proposals else None,
        refused=proposals.refused if proposals else (),
        choices=CHOICES,
        labels=LABELS,
        base=known.get("base", office.book.version),
        form=known,
        problem=problem,
    )
    return await office.hub.beside(rendered)  # a wide map makes a long page, and calls are answered meanwhile


def _judged_rows(
    draft: Draft, objects: Sequence[ObjectDescribe]
) -> list[tuple[Row, FieldDescribe | None, list[dict[str, Any]]]]:
    """Each row with the field that it names, where the org has it, and what is said of it."""
    fields = {f"{each.name}.{one.name}".casefold(): one for each in objects for one in each.fields}
    said = draft.sorted.by_place
    return [(row, fields.get(row.target.casefold()), said.get(str(at), [])) for at, row in enumerate(draft.rows)]


def _tickable(found: Automap) -> list[tuple[Proposal, str]]:
    """Each proposal with the entry that its tick sends back."""
    return [(each, orjson.dumps(each.entry.model_dump(exclude_defaults=True)).decode()) for each in found.proposals]


async def _org(
    office: Office, sections: dict[str, Any], wants: bool
) -> tuple[Sequence[ObjectDescribe], Automap | None, str]:
    """The objects that a call can write, what the automap proposes of them where somebody wants that; or why not."""
    try:
        config: ConnectorConfig | None = parse_config(sections)
    except ConfigError:
        config = office.book.config
    try:
        objects = await office.book.atlas().over(lambda org: mappable_objects(org, config))
    except DescribeError as problem:
        return (), None, f"the org cannot be asked now: {problem}"
    found = await office.hub.beside(propose, hints_from_org(objects), objects, config) if wants else None
    return objects, found, ""


def _offered(sobject: ObjectDescribe) -> list[FieldDescribe]:
    """The fields that an intent could ever write, custom ones first: those are what maps are made for."""
    fields = [each for each in sobject.fields if each.createable and each.updateable and each.type in HINT_OF_TYPE]
    return sorted(fields, key=lambda each: not each.name.endswith("__c"))
