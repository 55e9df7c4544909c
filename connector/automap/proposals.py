"""The automap: every intent beside every field, judged by name first and by type then, the best pairs kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.automap.fitting import Base, entry_of, misfit
from connector.automap.hints import IntentHint
from connector.automap.names import likeness, words
from connector.config import ConnectorConfig, FieldConfig
from connector.config.records import CALL, CHATTER, STANDARD_OBJECTS
from connector.describe import FieldDescribe, ObjectDescribe, OrgDescribe
from connector.settle import HINT_OF_TYPE

AT_LEAST = 0.75
"""Below this confidence nothing is proposed."""
BY_LABEL = 0.97
"""A label is what people read, an API name is what was meant: the same words in a label weigh a little less."""
NOT_NATIVE = 0.05
"""Taken off where the field takes the value but is of another type (a picklist word in a text field)."""
CLOSE = 0.04
"""Two fields whose likeness differs by less are told together: a person has to choose."""
DOUBT = 0.1
"""Taken off where another field is as alike."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One intent with the field that it should write. `confidence` from 0 to 1."""

    intent: str
    entry: FieldConfig
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An intent that got no field. `target` is the likeliest that refused it, where there was one."""

    intent: str
    target: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Automap:
    """All that is proposed, surest first, and all that is not, with the reason."""

    proposals: tuple[Proposal, ...]
    refused: tuple[Refused, ...]

    def entries(self) -> dict[str, FieldConfig]:
        """The proposals as the `fields` of a configuration, in the order of the intents."""
        return {each.intent: each.entry for each in sorted(self.proposals, key=lambda each: each.intent)}


@dataclass(frozen=True, slots=True)
class _Pair:
    intent: str
    sobject: ObjectDescribe
    field: FieldDescribe
    likeness: float
    reason: str

    @property
    def target(self) -> str:
        return f"{self.sobject.name}.{self.field.name}"


@dataclass
class _Round:
    """What has been given away so far."""

    hints: Mapping[str, IntentHint]
    base: Base
    proposals: dict[str, Proposal] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    refusals: dict[str, Refused] = field(default_factory=dict)


def mappable_objects(org: OrgDescribe, config: ConnectorConfig | None = None) -> tuple[ObjectDescribe, ...]:
    """The objects that a call can write: standard ones, and custom ones that have the call's key.

    Raises DescribeError where the org cannot be asked.
    """
    named = {
        *(config.records if config else ()),
        *(each.sobject for each in (config.fields.values() if config else ())),
    }
    names = [name for name in org.names() if name in STANDARD_OBJECTS or name in named or name.endswith("__c")]
    objects = [sobject for name in names if name not in CHATTER and (sobject := org.get(name))]
    return tuple(each for each in objects if each.name in STANDARD_OBJECTS or each.name in named or each.get(CALL))


def propose(
    hints: Mapping[str, IntentHint],
    objects: Sequence[ObjectDescribe],
    config: ConnectorConfig | None = None,
    at_least: float = AT_LEAST,
) -> Automap:
    """The best map of the intents to the fields, one to one; what the configuration maps already is left alone."""
    kept = config.fields if config else {}
    wanted = {intent: hint for intent, hint in hints.items() if intent not in kept}
    pairs = sorted(
        (pair for intent, hint in wanted.items() for pair in _pairs(intent, hint, objects, at_least)),
        key=lambda pair: (-pair.likeness, pair.intent, pair.target),
    )
    state = _Round(wanted, config.records if config else {}, taken={each.target.casefold() for each in kept.values()})
    for pair in pairs:
        _consider(pair, pairs, state)
    confident = sorted(state.proposals.values(), key=lambda each: (-each.confidence, each.intent))
    lacking = (intent for intent in wanted if intent not in state.proposals)
    return Automap(tuple(confident), tuple(state.refusals.get(each) or _nothing_alike(each) for each in lacking))


def _pairs(intent: str, hint: IntentHint, objects: Iterable[ObjectDescribe], at_least: float) -> Iterator[_Pair]:
    said = {words(hint.label): "its label", words(intent.rpartition(".")[2]): "its name"}
    wanted = {name.casefold() for name in hint.objects}
    for sobject in objects:
        if wanted and sobject.name.casefold() not in wanted:
            continue
        for each in sobject.fields:
            score, reason = _alike(said, each)
            score -= 0 if HINT_OF_TYPE.get(each.type) == hint.type else NOT_NATIVE
            if score >= at_least:
                yield _Pair(intent, sobject, each, score, reason)


def _alike(said: Mapping[str, str], field: FieldDescribe) -> tuple[float, str]:
    """The best of name and label of the intent beside API name and label of the field, and which it was."""
    name, label = words(field.name), words(field.label)
    scores = [
        (likeness(own, theirs) * weight, f"{what} and the field's {kind}")
        for own, what in said.items()
        for theirs, kind, weight in ((name, "API name", 1.0), (label, "label", BY_LABEL))
    ]
    score, reason = max(scores, key=lambda each: each[0])
    return score, f"{reason} {'are the same words' if score in (1.0, BY_LABEL) else 'are alike'}"


def _consider(pair: _Pair, pairs: Sequence[_Pair], state: _Round) -> None:
    if pair.intent in state.proposals or pair.target.casefold() in state.taken:
        return
    entry = entry_of(state.hints[pair.intent], pair.sobject, pair.field)
    reason = misfit(pair.intent, entry, (pair.sobject, pair.field), state.base)
    if reason:
        state.refusals.setdefault(pair.intent, Refused(pair.intent, pair.target, reason))
        return
    rival = _rival(pair, pairs, state)
    doubt = f"; {rival.target} is as alike" if rival else ""
    confidence = round(pair.likeness - (DOUBT if rival else 0), 2)
    state.taken.add(pair.target.casefold())
    state.proposals[pair.intent] = Proposal(pair.intent, entry, confidence, pair.reason + doubt)


def _rival(pair: _Pair, pairs: Sequence[_Pair], state: _Round) -> _Pair | None:
    """Another free field that would do as well."""
    close = (
        each
        for each in pairs
        if each.intent == pair.intent and each is not pair and pair.likeness - each.likeness < CLOSE
    )
    hint = state.hints[pair.intent]
    return next((each for each in close if _free(each, hint, state)), None)


def _free(pair: _Pair, hint: IntentHint, state: _Round) -> bool:
    if pair.target.casefold() in state.taken:
        return False
    entry = entry_of(hint, pair.sobject, pair.field)
    return misfit(pair.intent, entry, (pair.sobject, pair.field), state.base) is None


def _nothing_alike(intent: str) -> Refused:
    return Refused(intent, None, "no free field has a name or a label like it")
