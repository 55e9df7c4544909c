"""The token helpers that every grammar rule leans on: look, take, expect, refuse."""

from typing import NoReturn

from mocksf.errors import Refusal, Refuse
from mocksf.soql.caret import refusal_at
from mocksf.soql.tokens import Token, tokens_of

DEPTH_MAX = 40
"""How deep brackets may nest; a query beyond it is refused as too complicated (our figure)."""

_JOINING = frozenset({"AND", "EXCLUDES", "IN", "INCLUDES", "LIKE", "NOT", "NULL", "OR"})
_OPENING = frozenset({"FROM", "GROUP", "HAVING", "LIMIT", "SELECT", "USING", "WHERE", "WITH"})
RESERVED = _JOINING | _OPENING | {"ASC", "DESC", "FIRST", "LAST", "NULLS"}
"""Words that are no alias (SOQL reference)."""

QUOTED_SINCE = 61
"""The API version from which on refusals quote every word (release notes of Summer ’24)."""
_FOLLOWED = {
    "ORDER": ("BY",),
    "FOR": ("VIEW", "REFERENCE", "UPDATE"),
    "UPDATE": ("TRACKING", "VIEWSTAT"),
    "ALL": ("ROWS",),
}
"""Words that open a clause only before these; elsewhere they are names (`FROM Order`, an alias `all`)."""


class Reader:
    """A position in the tokens of a query."""

    def __init__(self, text: str, version: float, start: int = 0) -> None:
        self.text = text
        self.version = version
        self._tokens = tokens_of(text, version, start)
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._at]

    def after(self, steps: int = 1) -> Token:
        """The token `steps` behind the next one."""
        return self._tokens[min(self._at + steps, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Read the next token, whatever it is; the end is never passed."""
        token = self.next
        if token.kind != "end":
            self._at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Read these keywords or signs if all of them come next."""
        for step, word in enumerate(words):
            token = self.after(step)
            if (token.word or token.text) != word or token.kind == "string":
                return False
        self._at += len(words)
        return True

    def expect(self, word: str) -> Token:
        """Read this keyword or sign; anything else is refused."""
        token = self.next
        if not self.accept(word):
            self.unexpected()
        return token

    def name(self) -> Token:
        """Read a name; anything else is refused."""
        if self.next.kind != "word":
            self.unexpected()
        return self.take()

    def alias(self) -> str:
        """Read an alias if one stands here, else nothing."""
        token = self.next
        if token.kind != "word" or token.word in RESERVED or "." in token.text or self.at_clause():
            return ""
        return self.take().text

    def at_clause(self) -> bool:
        """Whether the next words open a clause that is known by two words, or OFFSET."""
        word = self.next.word
        if word == "OFFSET":
            return self.after().kind in {"number", "end"}
        return self.after().word in _FOLLOWED.get(word, ())

    def deeper(self) -> None:
        """Note that a bracket opens; too many are refused, so that nothing below ever recurses without end."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()

    def shallower(self) -> None:
        """Note that a bracket closed."""
        self._depth -= 1

    def refusal(self, at: int, situation: Refuse, **facts: object) -> Refusal:
        """The refusal of `situation` at an offset of this query."""
        return refusal_at(self.text, at, situation, **facts)

    def unexpected(self, token: Token | None = None, text: str | None = None) -> NoReturn:
        """Refuse a token; a name is quoted from version 61 on (release notes of Summer ’24)."""
        token = token or self.next
        if token.kind == "bind":
            raise self.refusal(token.at, Refuse.BIND_VARIABLE)
        bare = self.version < QUOTED_SINCE and text is None and token.kind == "word" and token.word not in RESERVED
        situation = Refuse.UNEXPECTED_WORD if bare else Refuse.UNEXPECTED_TOKEN
        raise self.refusal(token.at, situation, token=text or token.text)
