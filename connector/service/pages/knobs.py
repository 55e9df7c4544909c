"""The settings as knobs of a form: where each lies in a configuration, what it takes, and how it is read back."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel

from connector.config import ConfigError, DeliveryConfig, LoginConfig, OrgConfig, RegionConfig
from connector.config.reading import parse_text
from connector.config.words import Agents, Grant, ScopeProfile
from connector.live.http import CLIENTS, IN_FLIGHT
from connector.live.written import dumped

Kind = Literal["text", "number", "choice", "list", "switch", "secret", "yaml"]
PLACES = ("env", "file")


RECORDS_HINT = (
    "For objects where the built-in ones do not do: `key` finds the record, `links` lead to others of the call,"
    " `defaults` are a new record's values."
)
RECORDS_EXAMPLE = "Site_Visit__c:\n  key: Call_Key__c\n  links: {Deal__c: Opportunity}"


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting."""

    path: str
    """Its place, as in `org.login.grant`."""
    label: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    hint: str = ""
    default: str = ""
    """What holds where nothing is said."""


def _knobs(section: type[BaseModel], place: str, rows: dict[str, tuple[str, Kind]], **choices: Any) -> tuple[Knob, ...]:
    """Rows of a section: key → label and kind; hints and defaults are the section's own."""
    made = []
    for key, (label, kind) in rows.items():
        info = section.model_fields[key]
        default = info.get_default(call_default_factory=True)
        said = "" if info.is_required() or default is None else _text(default)
        made.append(Knob(f"{place}.{key}", label, kind, choices.get(key, ()), info.description or "", said))
    return tuple(made)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


GROUPS: tuple[tuple[str, tuple[Knob, ...]], ...] = (
    ("Login", _knobs(LoginConfig, "org.login", {
        "instance_url": ("Address of the org", "text"),
        "login_url": ("Address of the login", "text"),
        "grant": ("How it logs in", "choice"),
        "client_id": ("Client id", "text"),
        "client_secret": ("Client secret", "secret"),
        "username": ("User", "text"),
        "password": ("Password", "secret"),
        "private_key": ("Private key", "secret"),
        "refresh_token": ("Refresh token", "secret"),
    }, grant=get_args(Grant))),
    ("Org and region", (
        *_knobs(OrgConfig, "org", {
            "name": ("Name", "text"),
            "scope_profile": ("Scope profile", "choice"),
            "api_version": ("API version", "text"),
            "phone_region": ("Country of bare numbers", "text"),
        }, scope_profile=get_args(ScopeProfile)),
        *_knobs(RegionConfig, "org.region", {
            "agents": ("Where the agents are", "choice"),
            "instance": ("Instance of the org", "text"),
        }, agents=get_args(Agents)),
    )),
    ("Budget, schedule and dead letters", _knobs(DeliveryConfig, "delivery", {
        "budget_ms": ("Budget of a turn, ms", "number"),
        "schedule": ("Waits before retries, s", "list"),
        "jitter": ("Jitter, 0 to 1", "number"),
        "attempt_timeout_s": ("Patience of an attempt, s", "number"),
        "lookup_timeout_s": ("Budget of the lookup, s", "number"),
        "retry_rejections": ("Retry rejections too", "switch"),
        "dead_letter_queue": ("Queue of the dead letters", "text"),
        "dead_letter_broker": ("RabbitMQ beside it", "secret"),
        "slack_webhook": ("Slack webhook", "secret"),
        "review_url": ("Review page that alerts link to", "text"),
        "requests_at_once": ("Requests answered at a time", "number"),
        "pending_max": ("Deliveries under way at most", "number"),
    })),
    ("Requests to the org at a time, by lane", tuple(
        Knob(f"delivery.connections.{lane}", f"Lane {lane}", "number", default=str(clients * IN_FLIGHT))
        for lane, clients in CLIENTS.items()
    )),
    ("Records", (
        Knob("records", "Key, links and defaults by object (YAML)", "yaml", hint=RECORDS_HINT, default=RECORDS_EXAMPLE),
    )),
)  # fmt: skip
"""Everything but the map, which has a page of its own."""


def knobs() -> Iterator[Knob]:
    """All of them."""
    for _, group in GROUPS:
        yield from group


def shown(sections: dict[str, Any]) -> dict[str, str]:
    """What each knob says; a secret says where it is, under its path and under `place:` with its path."""
    told = {}
    for knob in knobs():
        value = _at(sections, knob.path)
        if knob.kind == "secret":
            place = next((each for each in PLACES if isinstance(value, dict) and each in value), "")
            told[f"place:{knob.path}"] = place
            told[knob.path] = str(value[place]) if place else ""
        elif knob.kind == "yaml":
            told[knob.path] = "" if value is None else dumped(value)
        else:
            told[knob.path] = "" if value is None else _text(value)
    return told


def said(form: dict[str, str], sections: dict[str, Any]) -> dict[str, Any]:
    """The configuration with what the knobs say; a knob that says nothing leaves its key out."""
    changed = deepcopy(sections)
    for knob in knobs():
        if knob.path in form:
            _put(changed, knob.path, _value(knob, form))
    return changed


def _value(knob: Knob, form: dict[str, str]) -> Any:
    text = form[knob.path].strip()
    if not text:
        return None
    if knob.kind == "secret":
        place = form.get(f"place:{knob.path}", "")
        return {place if place in PLACES else "env": text}
    return READ.get(knob.kind, str)(text)


def _section(text: str) -> Any:
    """What is no YAML stays the text that it is, for the configuration to refuse it with the place."""
    try:
        return parse_text(text, "records.yaml")
    except ConfigError:
        return text


def _number(text: str) -> Any:
    """A number; what is none stays the text that it is, for the configuration to refuse it with the place."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


READ: Mapping[Kind, Callable[[str], Any]] = {
    "number": _number,
    "list": lambda text: [_number(each.strip()) for each in text.split(",") if each.strip()],
    "switch": lambda text: {"yes": True, "no": False}.get(text, text),
    "yaml": _section,
}
"""How a knob's text is read; what is not here stays text."""


def _at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set a key, making sections where they are missing; or take it out, with sections that are empty then."""
    *sections, key = path.split(".")
    here, way = data, [data]
    for name in sections:
        if not isinstance(here.get(name), dict):
            if value is None:
                return
            here[name] = {}
        here = here[name]
        way.append(here)
    if value is not None:
        here[key] = value
        return
    here.pop(key, None)
    for holder, name in reversed(list(zip(way, sections, strict=False))):
        if not holder[name]:
            del holder[name]
