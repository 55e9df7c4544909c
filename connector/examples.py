"""What a caller might say: a value for each intent of a map, for turns that are played and not spoken."""

from collections.abc import Mapping

from connector.composite import Composer
from connector.config import FieldMapping
from connector.config.words import Hint
from connector.intents import Intent
from connector.messages import Json

SAMPLE_PHONE = "+12025550143"
"""Of the range that is kept for fiction; stands for the caller where nobody says who rings."""
EXAMPLES: Mapping[Hint, Json] = {
    "integer": 1,
    "number": 1,
    "currency": 100,
    "percent": 50,
    "time": "12:00:00.000Z",
    "phone": SAMPLE_PHONE,
    "email": "caller@example.com",
    "url": "https://example.com",
}
"""What is said where nobody says a value; the other kinds speak for themselves (design §8.5)."""


def spoken(composer: Composer) -> list[Intent]:
    """All critical intents of the map but those of a lead, each with a value; all there are where none is critical."""
    mappings = [each for each in composer.mappings.values() if each.writes]
    critical = [each for each in mappings if each.lane == "critical" and each.sobject != "Lead"]
    return [Intent(each.intent, example(each, composer)) for each in critical or mappings]


def example(mapping: FieldMapping, composer: Composer) -> Json:
    """A value that the field takes, or None where the intent speaks for itself."""
    if mapping.values:
        return next(iter(mapping.values))
    field = composer.field(mapping)
    if field and field.active_values and mapping.hint in ("picklist", "multipicklist"):
        return field.active_values[0]
    return EXAMPLES.get(mapping.hint)
