"""Whether a field takes what an intent carries: the validator decides, so that no proposal is ever refused by it."""

from collections.abc import Iterator, Mapping, Sequence

from connector.automap.hints import IntentHint
from connector.automap.names import likeness, words
from connector.config import ConnectorConfig, FieldConfig, RecordConfig, field_mappings, shape_of
from connector.describe import FieldDescribe, ObjectDescribe
from connector.validate import Code, Finding
from connector.validate.fields import FIELD_CHECKS
from connector.validate.records import links_work
from connector.validate.view import Record, Target

SAME_WORD = 0.9
"""From here on two words mean the same picklist value (`this_month` and `This Month`)."""
UNWELCOME = frozenset({Code.TYPE_AS_TEXT})
"""Good enough for who asks for it, not for being proposed."""
_PICKLISTS = frozenset({"picklist", "multipicklist"})


def misfit(intent: str, entry: FieldConfig, place: tuple[ObjectDescribe, FieldDescribe], base: "Base") -> str | None:
    """Why the field does not take the intent, in the validator's words; None where it does."""
    config = ConnectorConfig.model_construct(fields={intent: entry}, records=dict(base))
    mapping = field_mappings(config)[intent]
    target = Target(config, mapping, *place)
    found = (*(finding for check in FIELD_CHECKS for finding in check(target)), *_unlinked(config, place[0]))
    return next((each.sentence for each in found if each.severity == "error" or each.code in UNWELCOME), None)


def _unlinked(config: ConnectorConfig, sobject: ObjectDescribe) -> Iterator[Finding]:
    """Why a custom object's record would not be one of the call's; standard ones are judged with the whole map."""
    if sobject.name.endswith("__c"):
        yield from links_work(Record(config, shape_of(config, sobject.name), sobject))


Base = Mapping[str, RecordConfig]
"""The records section of the configuration that is added to: which fields the connector itself owns."""


def entry_of(hint: IntentHint, sobject: ObjectDescribe, field: FieldDescribe) -> FieldConfig:
    """The full form of an intent on a field: its type, and its words beside the values that the field has."""
    values = value_map(hint.values, field.active_values) if field.type in _PICKLISTS else {}
    return FieldConfig(target=f"{sobject.name}.{field.name}", type=hint.type, values=values)


def value_map(said: Sequence[str], offered: Sequence[str]) -> dict[str, str]:
    """Each word of the classification with the picklist value that it means; a word that means none keeps itself."""
    return {word: _meant(word, offered) for word in said}


def _meant(word: str, offered: Sequence[str]) -> str:
    if word in offered:
        return word
    alike = max(offered, key=lambda value: likeness(words(word), words(value)), default=word)
    return alike if likeness(words(word), words(alike)) >= SAME_WORD else word
