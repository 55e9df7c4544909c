"""Phone numbers: one canonical form (E.164), and the forms in which an org may have stored it."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

SHORTEST_SEARCH = 7
"""Fewer digits than these find half the org (facts, SOQL and model §3.3)."""


def e164(text: str, region: str | None = None) -> str | None:
    """The number as `+14155550100`, or None where it is none. `region` (US, DE) reads numbers without country code."""
    number = _parsed(text, region)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def stored_forms(text: str, region: str | None = None) -> tuple[str, ...]:
    """The shapes in which an org may hold this number, likeliest first; empty where it is no number.

    The API stores a phone exactly as sent, and SOQL compares it literally (facts, SOQL and model §3.3).
    """
    number = _parsed(text, region)
    if number is None:
        return ()
    canonical = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    forms = [canonical, national, international, canonical[1:], phonenumbers.national_significant_number(number)]
    forms += [re.sub(r"\D", "", national), re.sub(r"[ ()/-]+", "-", national).strip("-")]
    if number.country_code == 1:
        forms += _north_american(phonenumbers.national_significant_number(number))
    return tuple(dict.fromkeys(forms))


def search_digits(text: str, region: str | None = None) -> str | None:
    """What a phone search (SOSL, IN PHONE FIELDS) is given: bare national digits, or None where too few to search."""
    number = _parsed(text, region)
    digits = phonenumbers.national_significant_number(number) if number else re.sub(r"\D", "", text)
    return digits if len(digits) >= SHORTEST_SEARCH else None


def search_words(text: str, region: str | None = None) -> str | None:
    """What FIND is given for a number: the digits of each form it may be stored in, or None where too few to search.

    A search looks at all digits of a stored number, and forgives a leading 1 alone (facts, SOQL and model §3.3): abroad
    the country code and the trunk zero have to be asked for.
    """
    digits = search_digits(text, region)
    number = _parsed(text, region)
    if digits is None or number is None or number.country_code == 1:
        return digits
    dialled = (
        phonenumbers.format_number(number, each) for each in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    )
    return " OR ".join(dict.fromkeys([digits, *(re.sub(r"\D", "", each) for each in dialled)]))


@lru_cache(maxsize=4096)
def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _north_american(digits: str) -> list[str]:
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    return [f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}", f"{area}.{exchange}.{line}", f"1{digits}"]
