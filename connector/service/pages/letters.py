"""Dead-letter review: groups with their cures, one letter beside the org, edits, replays, and giving up."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from connector.chain import Entry
from connector.config.words import Hint
from connector.intents import Delivery, Unfit
from connector.live.comparing import compared
from connector.messages import Json
from connector.readings import Standing
from connector.replay import RATE_PER_S, Selection
from connector.service.gate import make_room
from connector.service.pages.categories import meaning
from connector.service.pages.frame import UI, back, page
from connector.service.pages.office import Office, actor_in, reason_in, sent
from connector.service.pages.typed import shown, typed
from connector.service.pages.visits import Visit
from connector.service.views import redacted

SHOWN = 200
OVERTAKEN = "somebody has decided about this letter since you opened it; look at how it stands now"
HALF = "this form did not arrive whole, so nothing was replayed; load the page again"


def routes(office: Office) -> APIRouter:
    """The pages under /ui/dead-letters."""
    router = APIRouter(prefix=f"{UI}/dead-letters")
    reviewer = office.needs("letters")
    _groups(router, office, reviewer)
    _deciding(router, office, reviewer)
    _one(router, office, reviewer)
    return router


def _groups(router: APIRouter, office: Office, reviewer: Any) -> None:
    @router.get("", dependencies=[reviewer])
    async def letters(request: Request, category: str = "") -> Response:
        """The dead letters by category."""
        return _listed(request, office, category)

    @router.post("/all")
    async def all_of_them(request: Request, visit: Annotated[Visit, reviewer]) -> Response:
        """Bring a group back, or give it up."""
        form = await sent(request)
        category = form.get("category", "")
        chosen = Selection(category=category) if category else Selection(everything=True)
        try:
            actor, reason = actor_in(form, visit), reason_in(form)
            if form.get("deed") == "discard":
                keys = await office.hub.discard(chosen, actor, reason)
                return back(request, "/dead-letters", notice=f"{len(keys)} given up")
            rate = _rate(form.get("rate", ""))
            make_room(office.hub, len(chosen.of(office.hub.connector.ledger.readings)))
            keys = office.hub.replay(chosen, actor, reason, {}, rate)
        except HTTPException as problem:
            return _listed(request, office, category, str(problem.detail), form)
        return back(request, "/dead-letters", notice=f"{len(keys)} on their way, {rate:g} a second")


def _one(router: APIRouter, office: Office, reviewer: Any) -> None:
    @router.get("/{key:path}", dependencies=[reviewer])
    async def letter(request: Request, key: str, reveal: bool = False) -> Response:
        """One letter beside what the org has now; values are shown only when somebody asks for them."""
        return await _shown(request, office, _known(office, key), reveal)


def _deciding(router: APIRouter, office: Office, reviewer: Any) -> None:
    @router.post("/{key:path}/discard")
    async def discard(request: Request, key: str, visit: Annotated[Visit, reviewer]) -> Response:
        """Give one up."""
        standing, form = _known(office, key), await sent(request)
        try:
            actor, reason = actor_in(form, visit), reason_in(form)
        except HTTPException as problem:
            return await _shown(request, office, standing, "whole" in form, [str(problem.detail)], form)
        keys = await office.hub.discard(Selection((key,)), actor, reason)
        notice = "given up" if keys else f"left alone: it is {standing.status}"
        return back(request, f"/dead-letters/{key}", notice=notice)

    @router.post("/{key:path}/replay")
    async def replay(request: Request, key: str, visit: Annotated[Visit, reviewer]) -> Response:
        """Bring one back, as it was or edited; what is half edited is not replayed."""
        standing, form = _known(office, key), await sent(request)
        try:
            actor, reason = actor_in(form, visit), reason_in(form)
            _refuse_overtaken(standing, form)
            edits = _edits(office, standing, form)
            make_room(office.hub)
            office.hub.replay(Selection((key,)), actor, reason, edits)
            await office.hub.runner.ledger.safe()  # by then it has begun, and the next page shows it
        except HTTPException as problem:
            return await _shown(request, office, standing, "whole" in form, [str(problem.detail)], form)
        except Unfit as problem:
            sentences = [f"{each.intent}: {each.reason}" for each in problem.findings]
            return await _shown(request, office, standing, True, sentences, form)
        return back(request, f"/dead-letters/{key}", notice="on its way")


def _refuse_overtaken(standing: Standing, form: dict[str, str]) -> None:
    if form.get("payload") != standing.payload_sha256 or standing.status != "dead":
        raise HTTPException(409, OVERTAKEN)


def _edits(office: Office, standing: Standing, form: dict[str, str]) -> dict[str, Json]:
    """Intent → another value, of those that were changed. Raises 422 for a form that lacks any of them."""
    if "editing" not in form:
        return {}
    delivery = office.hub.connector.delivery(standing.delivery)
    intents = delivery.intents if delivery else ()
    if "whole" not in form or any(f"value.{each.name}" not in form for each in intents):
        raise HTTPException(422, HALF)
    edits: dict[str, Json] = {}
    for each in intents:
        value = typed(form[f"value.{each.name}"], each.value, _hint(office, each.name))
        if value is not each.value and value != each.value:
            edits[each.name] = value
    return edits


def _hint(office: Office, intent: str) -> Hint:
    mapping = office.hub.connector.composer.mappings.get(intent)
    return mapping.hint if mapping else "text"


def _listed(
    request: Request, office: Office, category: str, problem: str = "", form: dict[str, str] | None = None
) -> Response:
    dead = office.hub.connector.ledger.readings.dead_letters()
    counts = Counter(each.category or "other" for each in dead)
    chosen = [each for each in dead if not category or (each.category or "other") == category]
    return page(
        request,
        "letters",
        422 if problem else 200,
        groups=[(name, count, *meaning(name)) for name, count in counts.most_common()],
        letters=chosen[:SHOWN],
        total=len(chosen),
        category=category,
        queue=office.hub.connector.config.delivery.dead_letter_queue,
        problem=problem,
        form=form or {},
        rate=RATE_PER_S,
    )


async def _shown(
    request: Request,
    office: Office,
    standing: Standing,
    reveal: bool,
    problems: list[str] | None = None,
    form: dict[str, str] | None = None,
) -> Response:
    hub, key = office.hub, standing.delivery
    delivery = hub.connector.delivery(key)
    payload = hub.connector.ledger.payload(standing.payload_sha256)
    beside = await compared(hub, delivery) if delivery and reveal else None
    return page(
        request,
        "letters_letter",
        422 if problems else 200,
        letter=standing,
        delivery=delivery,
        payload=redacted(payload) if payload else None,
        beside=beside,
        said=await _said(office, standing) if reveal else None,
        reveal=reveal,
        problems=problems or [],
        form=form or {},
        intents=_intents(office, delivery, form or {}),
        meaning=meaning(standing.category),
    )


def _intents(office: Office, delivery: Delivery | None, form: dict[str, str]) -> list[dict[str, str]]:
    """What a letter says, intent by intent, as it was or as somebody is just changing it."""
    mappings = office.hub.connector.composer.mappings
    return [
        {
            "name": each.name,
            "target": mappings[each.name].target if each.name in mappings else "not mapped any more",
            "hint": _hint(office, each.name),
            "was": shown(each.value),
            "value": form.get(f"value.{each.name}", shown(each.value)),
        }
        for each in (delivery.intents if delivery else ())
    ]


async def _said(office: Office, standing: Standing) -> str | None:
    """The org's own sentence about the last failure, where one was kept."""
    ledger = office.hub.connector.ledger

    def last() -> Entry | None:
        entries = (each for each in ledger.entries(standing.accepted_seq) if each.delivery == standing.delivery)
        return next((each for each in reversed(list(entries)) if each.kind == "failed"), None)

    await office.hub.runner.ledger.safe()
    entry = await office.hub.beside(last)
    payload = ledger.payload(entry.payload_sha256) if entry and entry.payload_sha256 else None
    return str(payload["said"]) if payload and "said" in payload else None


def _known(office: Office, key: str) -> Standing:
    standing = office.hub.connector.ledger.readings.standings.get(key)
    if standing is None:
        raise HTTPException(404, f"there is no delivery {key!r}")
    return standing


def _rate(text: str) -> float:
    try:
        rate = float(text or RATE_PER_S)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1000:
        raise HTTPException(422, "rate: how many a second, from above 0 to 1000")
    return rate
