"""How alike an intent's name and a field's are: the words of both, compared without case, order or house style."""

import re

from rapidfuzz import fuzz

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SUFFIX = re.compile(r"__(c|pc|r|e|mdt)$", re.IGNORECASE)


def words(name: str) -> str:
    """`Demo_Requested_At__c`, `demoRequestedAt` and `demo requested at` are the same three words."""
    return " ".join(word.casefold() for word in _WORD.findall(_SUFFIX.sub("", name)))


def intent_name(field: str) -> str:
    """The intent that a field would have if it were named after it: `Demo_Requested_At__c` → `demo_requested_at`."""
    name = words(field).replace(" ", "_")
    return name if name[:1].isalpha() else f"field_{name}"


def likeness(intent: str, field: str) -> float:
    """From 0 to 1; both given as `words`.

    Half of it counts letters in any order of the words; the other half forgives words that one side has alone, for
    a field is often named more fully than what people say (`Demo_Requested_At__c` for `demo_requested`).
    """
    if not intent or not field:
        return 0.0
    if intent == field:
        return 1.0
    return (fuzz.token_sort_ratio(intent, field) + fuzz.token_set_ratio(intent, field)) / 200
