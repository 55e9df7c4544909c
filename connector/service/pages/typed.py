"""Values of intents as people type them: shown as text, read back as what they were, or as what they mean."""

import json

from connector.config.words import Hint
from connector.messages import Json

NUMBERS = frozenset({"integer", "number", "currency", "percent"})
WORDS = {"true": True, "yes": True, "false": False, "no": False}


def shown(value: Json) -> str:
    """A value in a field of a form; nothing at all for an intent that speaks for itself."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def typed(text: str, before: Json, hint: Hint) -> Json:
    """What somebody meant by a text, where `before` was shown; the very same value where nothing was changed.

    What cannot be read as the kind of value that the intent carries stays the text that it is, for the map to refuse.
    """
    if text == shown(before):
        return before
    word = text.strip()
    if not word:
        return None
    if hint in NUMBERS:
        return _number(word)
    if hint == "checkbox":
        return WORDS.get(word.casefold(), word)
    return text


def _number(word: str) -> Json:
    try:
        value = json.loads(word)
    except ValueError:
        return word
    return value if isinstance(value, int | float) and not isinstance(value, bool) else word
