"""Generated field maps: any writable fields of any type, each with a value that fits, and a call that says them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from connector.config import ConnectorConfig
from mocksf.dice import Dice
from scenarios.recordings import Recording, recording
from scenarios.recordings.model import Heard, Step
from scenarios.shop import PLACES, Place, shop_config

HINTS = {
    "string": "text",
    "textarea": "text",
    "picklist": "picklist",
    "boolean": "checkbox",
    "int": "integer",
    "double": "number",
    "currency": "currency",
    "percent": "percent",
    "date": "date",
    "datetime": "datetime",
    "phone": "phone",
    "email": "email",
    "url": "url",
}
"""A described type → the hint that the map gives."""

OUT_OF_BOUNDS = frozenset(
    {"Name", "LastName", "FirstName", "StageName", "CloseDate", "Company", "Phone", "Country", "Email", "IsConverted"}
    | {"Caller_Key__c", "Call_Key__c", "Status", "IsPrivate", "Probability", "ForecastCategoryName", "IsUnreadByOwner"}
    | {"Jigsaw", "CleanStatus", "IsPriorityRecord", "LastViewedDate", "Salutation"}
)
"""Fields that every record carries anyway, keys, and what follows from other fields."""


@dataclass(frozen=True, slots=True)
class Generated:
    """One generated map: the configuration, a call that says every intent, and where each belongs."""

    config: ConnectorConfig
    recording: Recording
    places: Mapping[str, Place]


def generated(fields: Mapping[str, Sequence[Mapping[str, Any]]], seed: int) -> Generated:
    """The map of a seed over `fields`, the described fields by object."""
    dice = Dice(seed).named("maps")
    known = dice.random() < 0.6
    objects = ("Account", "Contact", "Opportunity") if known else ("Lead",)
    pool = [(sobject, each) for sobject in objects for each in fields[sobject] if fits(each)]
    chosen = dice.sample(pool, k=min(len(pool), dice.randint(4, 9)))
    intents: dict[str, Any] = {}
    places = {name: PLACES[name] for name in ("call_summary", "disposition")}
    values: dict[str, Any] = {}
    for number, (sobject, each) in enumerate(chosen):
        name = f"intent_{number + 1}"
        intents[name] = {"target": f"{sobject}.{each['name']}", "type": HINTS[each["type"]]}
        values[name], there = VALUES[each["type"]](dice, each)
        by = "caller" if sobject in ("Account", "Contact") else "call"
        places[name] = Place(sobject, each["name"], by, _always(there))
    base = recording("happy-call" if known else "unknown-caller")
    config = shop_config({"fields": intents, "org": {"phone_region": "US"}})
    return Generated(config, _call(base, values, dice), places)


def fits(field: Mapping[str, Any]) -> bool:
    """Whether a map may write a field on an existing record, and a new one."""
    name, kind = field["name"], field["type"]
    if kind not in HINTS or name in OUT_OF_BOUNDS or field["calculated"] or field.get("autoNumber"):
        return False
    if kind == "picklist" and not any(value["active"] for value in field["picklistValues"]):
        return False
    return bool(field["createable"] and field["updateable"] and not field.get("externalId"))


def _call(base: Recording, values: Mapping[str, Any], dice: Random) -> Recording:
    """The base call, saying all values, in one to four turns."""
    turns = dice.randint(1, 4)
    begin, end = base.utterances[1].until_s, base.end.at_s
    heard = []
    for number, (name, value) in enumerate(values.items()):
        turn = 1 + number * turns // len(values)
        heard.append(
            Heard(at_s=round(begin + (end - begin) * turn / (turns + 1), 3), turn=turn, name=name, value=value)
        )
    script = (Step(step="all", says="Ask about everything.", hears=tuple(values)),)
    return base.model_copy(update={"intents": tuple(heard), "script": script})


def _always(value: Any) -> Callable[[Any, Any], Any]:
    return lambda _value, _at: value


# -- values that fit: (what the agent says, what the org shows) ----------------------------------------------------

Value = tuple[Any, Any]
WORDS = ("amber", "birch", "cobalt", "delta", "ember", "fjord", "grove", "harbour", "isle", "juniper")


def _text(dice: Random, field: Mapping[str, Any]) -> Value:
    words = " ".join(dice.choice(WORDS) for _ in range(4))[: field["length"] or 40].strip()
    return words, words


def _picklist(dice: Random, field: Mapping[str, Any]) -> Value:
    values = [each["value"] for each in field["picklistValues"] if each["active"] and not each["defaultValue"]]
    value = dice.choice(values or [each["value"] for each in field["picklistValues"] if each["active"]])
    return value, value


def _checkbox(_: Random, field: Mapping[str, Any]) -> Value:
    value = not field["defaultValue"]
    return value, value


def _integer(dice: Random, _: Mapping[str, Any]) -> Value:
    value = dice.randint(1, 9999)
    return value, value


def _number(dice: Random, field: Mapping[str, Any]) -> Value:
    scale = int(field["scale"])
    whole = max(1, min(4, int(field["precision"]) - scale))
    if field["name"].endswith(("Latitude", "Longitude")):
        whole = 1  # degrees have bounds of their own
    value = round(dice.uniform(1, 10**whole - 1), scale)
    return (int(value) if scale == 0 else value), float(value)


def _percent(dice: Random, field: Mapping[str, Any]) -> Value:
    value = round(dice.uniform(1, 99), min(int(field["scale"]), 2))
    return value, float(value)


def _date(dice: Random, _: Mapping[str, Any]) -> Value:
    value = f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    return value, value


def _datetime(dice: Random, _: Mapping[str, Any]) -> Value:
    value = f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}T{dice.randint(0, 23):02d}:30:00"
    return f"{value}Z", f"{value}.000+0000"


def _phone(dice: Random, _: Mapping[str, Any]) -> Value:
    value = f"+1415555{dice.randint(100, 199):04d}"
    return value, value


def _email(dice: Random, _: Mapping[str, Any]) -> Value:
    value = f"{dice.choice(WORDS)}.{dice.choice(WORDS)}@caller.example"
    return value, value


def _url(dice: Random, _: Mapping[str, Any]) -> Value:
    value = f"https://{dice.choice(WORDS)}.example/"
    return value, value


VALUES: Mapping[str, Callable[[Random, Mapping[str, Any]], Value]] = {
    "string": _text,
    "textarea": _text,
    "picklist": _picklist,
    "boolean": _checkbox,
    "int": _integer,
    "double": _number,
    "currency": _number,
    "percent": _percent,
    "date": _date,
    "datetime": _datetime,
    "phone": _phone,
    "email": _email,
    "url": _url,
}
"""Described type → a value of it."""
