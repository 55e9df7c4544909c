"""What stands in the braces of FIND: words, phrases and operators, read into a tree."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from mocksf.errors import Refuse
from mocksf.soql.caret import refusal_at

LONGEST, LONGEST_LOGIC = 10_000, 4_000
"""A longer query finds nothing; one longer than the second has no operators, any of its words will do (documented)."""
DEPTH_MAX = 40
PHONE_DIGITS_MIN = 7
"""With fewer digits it is no phone number but a part of one (facts on SOQL §3.3)."""

_PIECE = re.compile(
    r"""
      (?P<space>  \s+ )
    | (?P<phrase> "(?:[^"\\]|\\.)*" )
    | (?P<open>   \( )
    | (?P<close>  \) )
    | (?P<word>   (?:[^\s"()\\]|\\.)+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TOKENS = re.compile(r"[\w*?\x02\x03]+")
_DIGITS_ONLY = re.compile(r"[0-9*]+")
_HIDDEN = {"*": "\x02", "?": "\x03"}
"""What escaped wildcards are called until the words are cut: neither is part of a word."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other, casefolded, `*` and `?` in them wildcards; of a phone number its digits too."""

    words: tuple[str, ...]
    digits: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """All of these are found, in whichever fields."""

    terms: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these is found."""

    terms: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The first is found and the second is not."""

    term: "Wanted"
    unwanted: "Wanted"


Wanted: TypeAlias = Term | All | Any | Without
NOTHING = Any(())


def wanted(text: str, start: int, end: int) -> Wanted:
    """The tree of the search query that stands in `text` between two offsets.

    Raises Refusal (MALFORMED_SEARCH): no words, a single letter, an operator or a bracket out of place.
    """
    query = text[start:end]
    if not query.strip():
        raise Refuse.NO_SEARCH_TERM()
    if len(query) > LONGEST:
        return NOTHING
    if len(query) > LONGEST_LOGIC:
        words = [_term(found[0]) for found in _PIECE.finditer(query) if found.lastgroup in {"word", "phrase"}]
        return Any(tuple(each for each in words if each.words))
    tree = _Reader(text, start, end).whole()
    if not any(len(word.strip("*?")) > 1 for term in terms_of(tree) for word in term.words):
        raise Refuse.SEARCH_TERM_SHORT(term=query.strip())
    return tree


def terms_of(tree: Wanted) -> tuple[Term, ...]:
    """The terms of a tree, from left to right, those that must be missing among them."""
    if isinstance(tree, Term):
        return (tree,)
    inner = (tree.term, tree.unwanted) if isinstance(tree, Without) else tree.terms
    return tuple(term for each in inner for term in terms_of(each))


def dialled_only(tree: Wanted) -> Wanted:
    """A tree for phone fields alone: there, groups of digits that make a number together are that number."""
    if isinstance(tree, Term):
        return tree
    if isinstance(tree, Without):
        return Without(dialled_only(tree.term), dialled_only(tree.unwanted))
    for each in tree.terms if isinstance(tree, Any) else ():
        if isinstance(each, Term) and each.digits and any(_are_groups(other, each) for other in tree.terms):
            return each
    return type(tree)(tuple(map(dialled_only, tree.terms)))


def _are_groups(tree: Wanted, number: Term) -> bool:
    """Whether a tree is what `_joined` wrote beside a number: its groups, each for itself."""
    terms = tree.terms if isinstance(tree, All) else ()
    words = [word for each in terms if isinstance(each, Term) for word in each.words]
    return tuple(words) == number.words and all(isinstance(each, Term) for each in terms)


def _term(piece: str) -> Term:
    """A word or a phrase as the words it is cut into; punctuation inside a word joins them to a phrase."""
    quoted = piece[:1] == '"'
    plain = _ESCAPED.sub(lambda found: _HIDDEN.get(found[1], found[1]), piece[1:-1] if quoted else piece)
    words = [word for word in _TOKENS.findall(plain.casefold()) if word.strip("*?\x02\x03")]
    # A wildcard may not lead (documented); the word is searched for without it.
    cut = tuple(word.translate({2: None, 3: None}).lstrip("*?") for word in words)
    letters = re.search(r"[^\W\d_]", plain)
    return Term(cut, "" if letters else _digits(cut))


def _digits(words: tuple[str, ...]) -> str:
    """The digits of words that are nothing but digits, where they may be a phone number; a `*` ends them."""
    joined = "".join(words)
    enough = len(joined.rstrip("*")) >= PHONE_DIGITS_MIN
    return joined if enough and re.fullmatch(r"[0-9]+\*?", joined) else ""


class _Reader:
    """Reads a search query: brackets bind first, then AND and AND NOT from right to left, then OR."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        found = _PIECE.finditer(text, start, end)
        self._pieces = [
            (str(each.lastgroup), each[0], each.start()) for each in found if each.lastgroup not in {None, "space"}
        ]
        self._pieces.append(("end", "}", end))
        self._at = 0

    def whole(self) -> Wanted:
        tree = self._either(0)
        if self._kind != "end":
            self._unexpected()
        return tree

    @property
    def _kind(self) -> str:
        return self._pieces[self._at][0]

    @property
    def _operator(self) -> str:
        kind, piece, _ = self._pieces[self._at]
        return piece.upper() if kind == "word" and piece.upper() in _OPERATORS else ""

    def _unexpected(self) -> None:
        _, piece, at = self._pieces[self._at]
        raise refusal_at(self._text, at, Refuse.SEARCH_TOKEN, token=piece)

    def _either(self, depth: int) -> Wanted:
        if depth > DEPTH_MAX:
            raise Refuse.SEARCH_TOO_DEEP()
        terms = [self._together(depth)]
        while self._operator == "OR":
            self._at += 1
            terms.append(self._together(depth))
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def _together(self, depth: int) -> Wanted:
        """Terms with AND, AND NOT or nothing between them."""
        runs: list[list[Wanted]] = [[self._one(depth)]]
        while self._kind in {"word", "phrase", "open"} and self._operator != "OR":
            if self._operator:
                self._expect("AND")
            if self._operator == "NOT":
                self._at += 1
                runs.append([])
            runs[-1].append(self._one(depth))
        tree = _joined(runs.pop())
        while runs:
            tree = Without(_joined(runs.pop()), tree)
        return tree

    def _expect(self, operator: str) -> None:
        if self._operator != operator:
            self._unexpected()
        self._at += 1

    def _one(self, depth: int) -> Wanted:
        kind, piece, _ = self._pieces[self._at]
        if self._operator or kind in {"close", "end"}:
            self._unexpected()
        self._at += 1
        if kind != "open":
            return _term(piece)
        tree = self._either(depth + 1)
        if self._kind != "close":
            self._unexpected()
        self._at += 1
        return tree


def _joined(terms: list[Wanted]) -> Wanted:
    """All of some terms; groups of digits that make a phone number together are one as well: `(415) 555-0100`."""
    kept = [each for each in terms if not isinstance(each, Term) or each.words]
    if not kept:
        return NOTHING if terms and len(terms) > 1 else Term(())
    if len(kept) == 1:
        return kept[0]
    groups = [each.words for each in kept if isinstance(each, Term)]
    parts = tuple(word for words in groups for word in words)
    number = _digits(parts) if len(groups) == len(kept) and all(map(_DIGITS_ONLY.fullmatch, parts)) else ""
    return Any((All(tuple(kept)), Term(parts, number))) if number else All(tuple(kept))
