"""Whether a record is meant: the words of its texts against the words that are wanted; without a database."""

import re
from collections.abc import Sequence

from mocksf.sosl.words import All, Term, Wanted, Without
from mocksf.tables import digits_of

_WORD = re.compile(r"\w+")
_US = "1"
_US_LENGTH = 11


class Text:
    """One field's value: the words in it, and the digits of a phone."""

    __slots__ = ("digits", "is_name", "words")

    def __init__(self, value: str, is_phone: bool = False, is_name: bool = False) -> None:
        self.words: Sequence[str] = _WORD.findall(value.casefold())
        self.digits = digits_of(value) if is_phone else None
        self.is_name = is_name


def matches(tree: Wanted, texts: Sequence[Text]) -> bool:
    """Whether the texts of a record hold what is wanted; each term may stand in another text."""
    if isinstance(tree, Term):
        return any(found_in(tree, text) for text in texts)
    if isinstance(tree, Without):
        return matches(tree.term, texts) and not matches(tree.unwanted, texts)
    if isinstance(tree, All):
        return all(matches(each, texts) for each in tree.terms)
    return any(matches(each, texts) for each in tree.terms)


def found_in(term: Term, text: Text) -> bool:
    """Whether one text holds a term: its number, or its words one behind the other."""
    if term.digits and text.digits is not None and _dials(term.digits, text.digits):
        return True
    return bool(term.words) and _follows(term.words, text.words)


def _dials(wanted: str, digits: str) -> bool:
    """Whether a number is meant, with or without the 1 that it may begin with in North America (facts on SOQL §3.3)."""
    forms = [digits, digits[1:]] if len(digits) == _US_LENGTH and digits[0] == _US else [digits]
    if wanted.endswith("*"):
        return any(form.startswith(wanted[:-1]) for form in forms)
    return wanted in forms


def _follows(wanted: Sequence[str], words: Sequence[str]) -> bool:
    if len(wanted) == 1 and "*" not in wanted[0] and "?" not in wanted[0]:
        return wanted[0] in words
    starts = range(len(words) - len(wanted) + 1)
    return any(all(fits(word, words[start + place]) for place, word in enumerate(wanted)) for start in starts)


def fits(pattern: str, word: str) -> bool:
    """Whether a word is one that a pattern with `*` and `?` means.

    Never goes back further than to the last `*`, so that no pattern takes longer than their lengths multiplied.
    """
    if pattern.endswith("*") and "*" not in pattern[:-1] and "?" not in pattern:
        return word.startswith(pattern[:-1])
    at = place = retried = 0
    star = -1
    while place < len(word):
        if at < len(pattern) and pattern[at] == "*":
            star, retried = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", word[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            retried += 1
            at, place = star + 1, retried
        else:
            return False
    return all(each == "*" for each in pattern[at:])


def rank(tree: Wanted, texts: Sequence[Text]) -> int:
    """How good a match is, the smaller the better: a whole name, a part of one, anything else (assumed)."""
    names = [text for text in texts if text.is_name]
    if not any(matches(tree, [name]) for name in names):
        return 2
    wanted = {word for term in _terms(tree) for word in term.words}
    return 0 if any(set(name.words) == wanted for name in names) else 1


def _terms(tree: Wanted) -> list[Term]:
    if isinstance(tree, Term):
        return [tree]
    inner = (tree.term,) if isinstance(tree, Without) else tree.terms
    return [term for each in inner for term in _terms(each)]
