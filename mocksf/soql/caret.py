"""A refusal at a place in a query → the sentence that shows the place: fragment, caret, row and column."""

import re

from mocksf.errors import Refusal, Refuse

BEFORE_MAX = 50
AFTER_MAX = 42
"""How much of a long query the fragment shows around the caret. Recorded fragments show 30–49 characters before and
33–42 after, cut between tokens; the exact rule is not known, and clients read row and column only."""

_PIECE = re.compile(r"\s+|,|'(?:[^'\\]|\\.)*'|[^\s,']+|'")


def refusal_at(text: str, at: int, situation: Refuse, **facts: object) -> Refusal:
    """The refusal of `situation` with its positional block: `at` is the 0-based offset of the offending token."""
    return Refusal(situation, positional(text, at, situation.value.sentence.format(**facts)))


def positional(text: str, at: int, sentence: str) -> str:
    """The message of a query refusal (recorded: cumulusci cassettes, see the facts on SOQL).

    Row and column count from 1 over the whole query; the caret stands under the token inside the fragment.
    """
    row = text.count("\n", 0, at) + 1
    line_start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    column = at - line_start
    fragment, caret = _window(line, column)
    return f"\n{fragment}\n{' ' * caret}^\nERROR at Row:{row}:Column:{column + 1}\n{sentence}"


def _window(line: str, at: int) -> tuple[str, int]:
    """The part of `line` that is shown and where the caret stands in it. Never splits a token."""
    start, end = 0, len(line)
    if at > BEFORE_MAX:
        starts = (piece.start() for piece in _PIECE.finditer(line) if piece.group()[0] not in " \t\r,")
        start = next(each for each in (*starts, at) if at - each <= BEFORE_MAX)
    if len(line) - at > AFTER_MAX:
        ends = [each.end() for each in _PIECE.finditer(line, at) if each.end() - at <= AFTER_MAX]
        end = max(ends, default=at)
        end = end if ends else _first_end(line, at)
    return line[start:end].rstrip(" \t\r,"), at - start


def _first_end(line: str, at: int) -> int:
    """Where the first token at `at` ends, however long it is."""
    piece = _PIECE.match(line, at)
    return piece.end() if piece else len(line)
