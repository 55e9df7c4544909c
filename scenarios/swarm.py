"""The faults that a storm may bring: the swarm's rows, and one for every kind of the weather that has none yet."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from random import Random
from typing import Any

from mocksf.faults import BY_NAME
from mocksf.weather import RuleError, parse_rule

Rule = Mapping[str, Any]
Maker = Callable[[Random], Rule]

CALM_AFTER_S = 480.0
"""From here on no fault strikes any more: liveness is judged after that."""


def _often(dice: Random) -> dict[str, Any]:
    start = round(dice.uniform(0, 60), 3)
    end = round(min(start + dice.choice((5.0, 20.0, 60.0, 150.0, 420.0)), CALM_AFTER_S), 3)
    return {"chance": dice.choice((0.1, 0.3, 0.6, 1.0)), "window": {"from_s": start, "to_s": end}}


def raging(make: Maker, call: str, dice: Random) -> Rule:
    """A fault that the storm's first call meets for certain."""
    rule = dict(make(dice))
    window = {"from_s": 0, "to_s": round(dice.uniform(100, CALM_AFTER_S), 3)}
    if make is _lock:
        rule["settings"] = {"sobject": "Opportunity" if call == "happy-call" else "Lead", "hold_s": 14.0}
    if make is _bad_session:
        return rule
    return {**rule, "how_often": {"chance": dice.choice((0.4, 0.8)), "window": window}}


def _path(dice: Random) -> dict[str, Any]:
    return dice.choice(
        ({}, {"path": "*/composite"}, {"path": "*/composite"}, {"path": "*/chatter/*"}, {"method": "GET"})
    )


def _lost_answer(dice: Random) -> Rule:
    return {"kind": "lost_answer", "where": _path(dice), "how_often": _often(dice)}


def _lost_request(dice: Random) -> Rule:
    return {"kind": "lost_request", "where": _path(dice), "how_often": _often(dice)}


def _undone(dice: Random) -> Rule:
    return {"kind": "timeout", "phase": "before_commit", "where": _path(dice), "how_often": _often(dice)}


def _reset(dice: Random) -> Rule:
    phase = dice.choice(("before_org", "before_commit", "after_commit"))
    return {"kind": "reset", "phase": phase, "where": _path(dice), "how_often": _often(dice)}


def _outage(dice: Random) -> Rule:
    settings = {"status": 503, "code": "SERVER_UNAVAILABLE", "message": "The server is busy."}
    return {"kind": "error", "settings": settings, "where": _path(dice), "how_often": _often(dice)}


def _rejection(dice: Random) -> Rule:
    settings = {"status": 400, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Not today."}
    return {
        "kind": "error",
        "settings": settings,
        "where": {"part": dice.choice(("acc", "con", "opp", "lead"))},
        "how_often": _often(dice),
    }


def _lock(dice: Random) -> Rule:
    sobject = dice.choice(("Account", "Contact", "Opportunity", "Lead", "Task"))
    settings = {"sobject": sobject, "hold_s": dice.choice((0.5, 4.0, 9.9, 10.1, 14.0))}
    return {"kind": "lock_holder", "settings": settings, "how_often": _often(dice)}


def _slow_way(dice: Random) -> Rule:
    """Requests that come late, some of them after their sender gave up."""
    seconds = dice.choice((0.3, 3.0, 14.9, 16.0))
    return {"kind": "latency", "at": dice.choice(("there", "back")), "seconds": seconds, "how_often": _often(dice)}


def _late_error(dice: Random) -> Rule:
    """An edge that gives up after the org has committed."""
    settings = {"status": dice.choice((502, 503, 504)), "html": True}
    return {
        "kind": "error",
        "settings": settings,
        "phase": "after_commit",
        "where": _path(dice),
        "how_often": _often(dice),
    }


def _bad_session(dice: Random) -> Rule:
    settings = {"status": 401, "code": "INVALID_SESSION_ID", "message": "Session expired or invalid"}
    often = {**_often(dice), "chance": 1.0, "times": dice.choice((1, 2, 5))}
    return {"kind": "error", "settings": settings, "where": {"path": "/services/data/*"}, "how_often": often}


def _torn_answer(dice: Random) -> Rule:
    settings = {"after_bytes": dice.choice((0, 20, 200))}
    return {"kind": "reset", "settings": settings, "phase": "mid_body", "where": _path(dice), "how_often": _often(dice)}


def _duplicate(dice: Random) -> Rule:
    """A rule that blocks a record, and no lookup."""
    return {"kind": "duplicate_rule", "where": {"part": dice.choice(("acc", "con", "lead"))}, "how_often": _often(dice)}


def _deploy(dice: Random) -> Rule:
    """A colleague's field appears, which is none of the connector's business."""
    field = {"type": "Text", "label": "Season", "length": dice.choice((20, 40))}
    change = {"objects": {dice.choice(("Account", "Opportunity", "Lead")): {"fields": {"Season__c": field}}}}
    return {"kind": "deploy", "settings": {"change": change}, "where": _path(dice), "how_often": {"times": 1}}


def _stale(dice: Random) -> Rule:
    """A cache in front of the org that knows an older describe."""
    settings = {"without": ["Opportunity.Seats__c"]}
    return {"kind": "stale_describe", "settings": settings, "how_often": _often(dice)}


def _no_handshake(dice: Random) -> Rule:
    """Connections that do not come about, whatever was to be asked."""
    return {"kind": "tls_refused", "how_often": _often(dice)}


DRAWN: tuple[Maker, ...] = (
    *(_lost_answer, _lost_request, _undone, _reset, _outage, _rejection, _lock, _slow_way),
    *(_late_error, _bad_session, _torn_answer, _duplicate, _deploy, _stale),
    _no_handshake,
)
"""The faults that the swarm knows how to draw."""
GUESSES: dict[str, tuple[Any, ...]] = {
    "float": (4.0, 0.5),
    "int": (100, 1),
    "str": ("Opportunity", "NA130"),
    "bool": (True,),
}
"""What a setting that must be told may be given, by its type; the first that it takes."""


def _of_kind(kind: str) -> Maker:
    """Any kind of fault, with the settings that it has of itself, at any of its phases."""
    fault, settings = BY_NAME[kind], _guessed(kind)

    def make(dice: Random) -> Rule:
        rule: dict[str, Any] = {"kind": kind, "where": _path(dice), "how_often": _often(dice)}
        phases: Any = getattr(fault, "phases", ())
        if phases and not isinstance(phases, property):
            rule["phase"] = dice.choice(phases).value
        return {**rule, "settings": settings} if settings else rule

    return make


def _guessed(kind: str) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for each in fields(BY_NAME[kind]):  # type: ignore[arg-type]  # kinds are dataclasses
        if each.name in _refused(kind, settings):
            guesses = GUESSES.get(getattr(each.type, "__name__", str(each.type)), ())
            trials = ({**settings, each.name: guess} for guess in guesses)
            settings = next((trial for trial in trials if each.name not in _refused(kind, trial)), settings)
    return settings


def _refused(kind: str, settings: Mapping[str, Any]) -> str:
    """The places at which a rule with these settings cannot be; empty where it can."""
    try:
        parse_rule({"kind": kind, "settings": dict(settings)})
    except RuleError as refusal:
        return " ".join(path for path, _ in refusal.problems)
    return ""


def _drawn_kinds() -> set[str]:
    return {str(make(Random(0))["kind"]) for make in DRAWN}  # noqa: S311 - only to read the kinds off


def maker_of(kind: str) -> Rule:
    """A rule of a kind as the swarm would draw it."""
    makers = [make for make in FAULTS if make(Random(0))["kind"] == kind]  # noqa: S311 - only to read the kinds off
    return makers[0](Random(0))  # noqa: S311 - any draw will do


FAULTS: tuple[Maker, ...] = (
    *DRAWN,
    *(_of_kind(kind) for kind in BY_NAME if kind not in _drawn_kinds() and not _refused(kind, _guessed(kind))),
)
"""Every fault that a storm may bring: a new kind of the weather is among them as soon as it is there."""
