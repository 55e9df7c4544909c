"""Text → tokens: one regular expression whose group names are the kinds of token."""

import re
from typing import NamedTuple

from mocksf.errors import Refusal, Refuse
from mocksf.soql.caret import refusal_at

LENGTH_MAX = 100_000
"""The longest query that Salesforce reads (SOQL reference, limits)."""

_TOKEN = re.compile(
    r"""
      (?P<space>    \s+ )
    | (?P<string>   '(?:[^'\\]|\\.)*' )
    | (?P<datetime> \d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:?\d{2}) )
    | (?P<date>     \d{4}-\d{2}-\d{2}(?![\w-]) )
    | (?P<time>     \d{2}:\d{2}:\d{2}(?:\.\d+)?[Zz]? )
    | (?P<number>   [+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<span>     [A-Za-z_]+:\d+ )
    | (?P<word>     [A-Za-z_]\w*(?:\.[A-Za-z_]\w*)* )
    | (?P<bind>     :\s*[A-Za-z_][\w.]* )
    | (?P<sign>     <=|>=|!=|<>|[=<>(),] )
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)


class Token(NamedTuple):
    """One word of a query, where it starts (0-based offset), and its kind."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The token as a keyword would be written: upper case; empty for anything that is not a word."""
        return self.text.upper() if self.kind == "word" else ""


def tokens_of(text: str, version: float, start: int = 0) -> list[Token]:
    """The tokens of a query from an offset on, closed by one of kind `end`.

    Raises Refusal for text that is too long, a character that means nothing, a string that never ends.
    """
    if len(text) > LENGTH_MAX:
        raise Refuse.QUERY_TOO_LONG(length=LENGTH_MAX)
    found = []
    at = start
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at, version)
        kind = match.lastgroup
        if kind != "space":
            found.append(Token(str(kind), match.group(), at))
        at = match.end()
    found.append(Token("end", "<EOF>", len(text)))
    return found


def digit_refusal(text: str, at: int, last: str) -> Refusal:
    """A digit that the lexer before Summer ’24 did not go on from; `last` is the greatest that it expected, if any."""
    row, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1)
    situation = Refuse.STRANGE_DIGIT_OLD if last else Refuse.STRANGE_CHARACTER_OLD
    return refusal_at(text, at, situation, row=row, column=column, character=text[at], last=last)


def _unreadable(text: str, at: int, version: float) -> Exception:
    """A quote that is never closed, or a character that no rule of the language begins with."""
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1)
    if text[at] == "'":
        end = len(text) - (text.rfind("\n") + 1)
        return refusal_at(text, at, Refuse.UNTERMINATED_STRING, row=text.count("\n") + 1, column=end)
    situation = Refuse.STRANGE_CHARACTER if version >= 61 else Refuse.STRANGE_CHARACTER_OLD
    return refusal_at(text, at, situation, row=row, column=column, character=text[at])
