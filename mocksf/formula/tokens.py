"""Text → tokens: one regular expression whose group names are the kinds of token."""

import re
from typing import NamedTuple

from mocksf.formula.problems import FormulaError

LENGTH_MAX = 3_900
"""The longest formula that can be saved (documented limit)."""

_TOKEN = re.compile(
    r"""
      (?P<space>  \s+ | /\*.*?\*/ )
    | (?P<text>   "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
    | (?P<number> \d+(?:\.\d+)? )
    | (?P<word>   [A-Za-z$][A-Za-z0-9_$:.\#]* )
    | (?P<sign>   && | \|\| | <> | != | <= | >= | == | [-+*^&=<>!(),] | /(?!\*) )
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """One word of a formula, its kind, and where it starts (counted from zero)."""

    kind: str
    text: str
    at: int

    @property
    def sign(self) -> str:
        """The token as an operator, empty for anything else."""
        return self.text if self.kind == "sign" else ""

    @property
    def word(self) -> str:
        """The token as a keyword would be written: upper case; empty for anything that is not a word."""
        return self.text.upper() if self.kind == "word" else ""


def tokens_of(text: str, name: str) -> list[Token]:
    """The tokens of a formula, closed by one of kind `end`. `name` stands in errors. Raises FormulaError."""
    if len(text) > LENGTH_MAX:
        raise FormulaError(name, LENGTH_MAX, f"a formula has at most {LENGTH_MAX} characters, this one {len(text)}")
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(name, at, _unreadable(text, at))
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, match.group(), at))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _unreadable(text: str, at: int) -> str:
    if text[at] in "\"'":
        return f"the text that begins here has no closing {text[at]}"
    if text.startswith("/*", at):
        return "the comment that begins here has no closing */"
    return f"'{text[at]}' means nothing in a formula"


def unquoted(token: Token, name: str) -> str:
    """The value of a text token. Raises FormulaError for an escape that does not exist."""

    def meant(match: re.Match[str]) -> str:
        escaped = _ESCAPES.get(match[1].lower())
        if escaped is None:
            reason = f"'\\{match[1]}' is no escape; known are \\n \\r \\t \\\" \\' and \\\\"
            raise FormulaError(name, token.at + 1 + match.start(), reason)
        return escaped

    return _ESCAPE.sub(meant, token.text[1:-1])
