"""Callers without number: `caller-17` is always the same person and the same talk; `caller-17.2` rings once more."""

import re
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

from faker import Faker

from scenarios.recordings.model import Caller, CallFacts, End, Heard, Person, Recording, Step, Utterance

NAME = re.compile(r"caller-(?P<person>0|[1-9]\d{0,6})(?:\.(?P<call>[2-9]|[1-9]\d{1,2}))?")
AREAS = tuple(f"{2 + last % 8}{last:02d}" for last in range(90) if last != 11)
"""Area codes of which no two end alike: whoever compares nine digits takes two people for one otherwise."""
PEOPLE_MOST = len(AREAS) * 100
"""Fiction has a hundred numbers in each area code (555-0100 to 555-0199); beyond them numbers would repeat."""

KNOWN, PROSPECT, ENQUIRER, STRANGER = "contact", "lead", "enquirer", "stranger"
MIX = ((KNOWN, 45), (PROSPECT, 10), (ENQUIRER, 20), (STRANGER, 25))
"""Who rings, in a hundred: contacts and leads of the org, and people it does not know, who ask or who buy."""

DEAL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("demo_requested", (None,)),
    ("seats", tuple(range(3, 400, 7))),
    ("budget_confirmed", (None,)),
    ("decision_horizon", ("This Month", "This Quarter", "This Year", "Unknown")),
    ("competitor", ("Routely", "Haulmark", "Dispatchwise", "Our own spreadsheets")),
    ("preferred_channel", ("Phone", "Email", "Text Message")),
)
ENQUIRY: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("interest", ("Depot planning", "Route planning for vans", "Driver hours", "Fuel cards")),
    ("qualified", (None,)),
)
SAYS = {KNOWN: DEAL, STRANGER: DEAL, PROSPECT: ENQUIRY, ENQUIRER: ENQUIRY}
"""Kind of caller → intents and their possible values; a lead is not sold to before somebody converts it."""
TURNS = (1, 1, 2, 2, 2, 3, 4)
"""How many turns of a call say something to be written."""


def is_generated(name: str) -> bool:
    """Whether a name is that of a generated call."""
    return NAME.fullmatch(name) is not None


def generated(name: str) -> Recording:
    """The call of that name: its person by `caller-N`, its talk by the whole name."""
    match = NAME.fullmatch(name)
    assert match is not None, "only what `is_generated` knows can be generated"
    caller, kind = _person(int(match["person"]))
    dice = _dice(name)
    turns = _turns(kind, dice)
    end_s = round(turns[-1].at_s + dice.uniform(8, 40), 2)
    asked = ", ".join(heard.name.replace("_", " ") for heard in turns)
    return Recording(
        name=name,
        tells=f"A generated call about {asked}.",
        language="en-US",
        call=CallFacts(id=name, agents="us"),
        caller=caller,
        script=(Step(step="listen", says="Listen.", hears=tuple(heard.name for heard in turns)),),
        utterances=tuple(_said(heard) for heard in turns),
        intents=turns,
        end=End(at_s=end_s, disposition="Talked", summary=f"Spoke about {asked}.", team_notice=None),
    )


def _turns(kind: str, dice: Random) -> tuple[Heard, ...]:
    talk = SAYS[kind]
    chosen = dice.sample(range(len(talk)), min(dice.choice(TURNS), len(talk)))
    at_s, heard = 0.0, []
    for turn, number in enumerate(sorted(chosen), 1):
        name, values = talk[number]
        at_s = round(at_s + dice.uniform(6, 25), 2)
        heard.append(Heard(at_s=at_s, turn=turn, name=name, value=dice.choice(values)))
    return tuple(heard)


def _said(heard: Heard) -> Utterance:
    value = "" if heard.value is None else f": {heard.value}"
    said = f"{heard.name.replace('_', ' ')}{value}".capitalize()
    return Utterance(at_s=round(heard.at_s - 4, 2), until_s=round(heard.at_s - 0.2, 2), speaker="caller", text=said)


@cache
def _person(number: int) -> tuple[Caller, str]:
    """A caller and what kind he is of."""
    dice, faker = _dice(f"person {number}"), _faker()
    faker.seed_instance(number)
    kind = dice.choices([kind for kind, _ in MIX], [weight for _, weight in MIX])[0]
    company = faker.company()
    first, last = faker.first_name(), faker.last_name()
    person = Person(
        first_name=first,
        last_name=last,
        country="United States",
        account=company if kind == KNOWN else None,
        company=company,
        email=f"{first}.{last}.{number}@caller.example".lower(),
    )
    line = number % PEOPLE_MOST
    phone = f"({AREAS[line // 100]}) 555-01{line % 100:02d}"
    knows = kind in (KNOWN, PROSPECT)
    return Caller(phone=phone, known=person if knows else None, stranger=None if knows else person), kind


@cache
def _faker() -> Faker:
    return Faker("en_US")


def _dice(name: str) -> Random:
    return Random(int.from_bytes(sha256(f"recording/{name}".encode()).digest()[:8], "big"))  # noqa: S311
