"""Text → a search: FIND in braces, then clauses in their strict order, which lean on the grammar of queries."""

import re

from mocksf.errors import Refusal, Refuse
from mocksf.soql.caret import refusal_at
from mocksf.soql.grouping import is_aggregate, is_count
from mocksf.soql.nodes import Path, Query, Selected, Source
from mocksf.soql.parser import Grammar
from mocksf.sosl.nodes import Returning, Search
from mocksf.sosl.words import Wanted, wanted

LENGTH_MAX = 100_000
OFFSET_MAX = 2_000
GROUPS = frozenset({"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"})
WITHOUT_EFFECT = frozenset({"SNIPPET", "HIGHLIGHT", "SPELL_CORRECTION", "NETWORK", "PRICEBOOKID"})
"""WITH clauses that are read and change nothing here: they are about articles, communities and price books."""
_FORBIDDEN = frozenset("&|![]{^~")
"""Reserved characters that the lexer stumbles over unless they are escaped. Of `|` recorded, of the rest assumed;
`+ - : '` are reserved by the documentation, and read as punctuation here."""
_FIND = re.compile(r"\s*FIND\b\s*", re.IGNORECASE)
_CLAUSES = frozenset({"WHERE", "USING", "ORDER", "LIMIT", "OFFSET"})


def parse_sosl(text: str, version: float = 66.0) -> Search:
    """The search that `text` says. Raises Refusal (MALFORMED_SEARCH) at the place that is wrong."""
    if len(text) > LENGTH_MAX:
        raise Refuse.SEARCH_TOO_LONG(length=LENGTH_MAX)
    found = _FIND.match(text)
    if found is None:
        word = re.match(r"\s*(\S+)?", text)
        assert word is not None, "the pattern matches every text"
        if word[1] is None:
            raise Refuse.NO_SEARCH_TERM()
        raise refusal_at(text, word.start(1), Refuse.SEARCH_TOKEN, token=word[1])
    return _found(text, version, found.end())


def _found(text: str, version: float, start: int) -> Search:
    """The search whose braces stand at `start`; what the grammar of queries refuses is a search gone wrong here."""
    if text[start : start + 1] != "{":
        raise Refuse.NO_SEARCH_TERM()
    end = _brace(text, start + 1)
    tree = wanted(text, start + 1, end)
    try:
        return _Parser(text, version, end + 1).search(tree)
    except Refusal as refusal:
        raise as_search(refusal) from None


def as_search(refusal: Refusal) -> Refusal:
    """A refusal of the query language as a search says it: MALFORMED_SEARCH instead of MALFORMED_QUERY."""
    return Refusal(Refuse.BAD_SEARCH, refusal.message) if refusal.code == "MALFORMED_QUERY" else refusal


def _brace(text: str, start: int) -> int:
    """Where the search query ends: at the first brace that is not escaped."""
    at = start
    while at < len(text) and text[at] != "}":
        if text[at] in _FORBIDDEN:
            raise _mismatched(text, at, text[at])
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise _mismatched(text, len(text), "<EOF>")
    return at


def _mismatched(text: str, at: int, character: str) -> Exception:
    """Recorded: the caret stands one before the character that the sentence counts to."""
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1)
    facts = {"row": row, "column": column, "character": character}
    return refusal_at(text, max(at - 1, 0), Refuse.SEARCH_CHARACTER, **facts)


class _Parser(Grammar):
    """What follows the braces."""

    def search(self, tree: Wanted) -> Search:
        """The whole statement; nothing may follow it."""
        group = self._fields_group() if self.accept("IN") else "ALL"
        returning = self.list_of(self._returning) if self.accept("RETURNING") else ()
        labels = False
        while self.accept("WITH"):
            labels = self._modifier() or labels
        limit = self.number() if self.accept("LIMIT") else None
        if self.accept("UPDATE"):
            self.list_of(self._purpose)
        if self.next.kind != "end":
            self.unexpected()
        if len(returning) > 1 and any(each.query.offset for each in returning):
            raise Refuse.SEARCH_OFFSET_ALONE()
        return Search(tree, group, returning, limit, labels)

    def _fields_group(self) -> str:
        token = self.name()
        if token.word not in GROUPS:
            self.unexpected(token)
        self.expect("FIELDS")
        return token.word

    def _returning(self) -> Returning:
        """An object, with what is read of it or not: without fields there is no WHERE, no ORDER BY and no LIMIT."""
        start = self.path()
        source = Source(start)
        if not self.accept("("):
            return Returning(Query((Selected(Path(("Id",), start.at)),), source, at=start.at))
        items = self.list_of(self._field)
        where = self.where()
        if self.accept("USING"):
            self._list_view()
        order = self.order()
        limit = self.number() if self.accept("LIMIT") else None
        offset = self.number() if self.accept("OFFSET") else 0
        self.expect(")")
        if offset > OFFSET_MAX:
            raise Refuse.SEARCH_OFFSET(offset=OFFSET_MAX)
        query = Query(items, source, where=where, order=order, limit=limit, offset=offset, at=start.at)
        if is_count(query) or is_aggregate(query):
            raise self.refusal(items[0].expression.at, Refuse.AGGREGATE_BELOW_ROOT)
        return Returning(query)

    def _field(self) -> Selected:
        if self.next.word in _CLAUSES:
            self.unexpected()
        return Selected(self.expression(), self.alias())

    def _list_view(self) -> None:
        """`USING ListView = Name`: there are no list views that could be meant."""
        self.expect("LISTVIEW")
        self.expect("=")
        token = self.name()
        raise self.refusal(token.at, Refuse.NO_LIST_VIEW, name=token.text)

    def _modifier(self) -> bool:
        """One WITH clause; whether it asks for labels."""
        start = self.next
        if self.accept("DATA", "CATEGORY"):
            self.categories()
            raise self.refusal(start.at, Refuse.SEARCH_WITH, what="DATA CATEGORY")
        name = self.name().word
        if name == "DIVISION":
            self._value()
            raise self.refusal(start.at, Refuse.SEARCH_WITH, what="DIVISION")
        if name == "METADATA":
            return self._labels()
        if name not in WITHOUT_EFFECT:
            self.unexpected(start)
        if name == "SNIPPET":
            self._target_length()
        elif name == "NETWORK" and self.accept("IN"):
            self.expect("(")
            self.list_of(self.literal)
            self.expect(")")
        elif name != "HIGHLIGHT":
            self._value()
        return False

    def _labels(self) -> bool:
        """`= 'LABELS'`: there is no other metadata."""
        self.expect("=")
        wanted = self.next
        if self.literal().text.upper() != "'LABELS'":
            self.unexpected(wanted)
        return True

    def _value(self) -> str:
        self.expect("=")
        return self.literal().text

    def _target_length(self) -> None:
        """`(target_length = 120)`, or nothing."""
        if not self.accept("("):
            return
        self.name()
        self.expect("=")
        self.number()
        self.expect(")")

    def _purpose(self) -> None:
        token = self.name()
        if token.word not in {"TRACKING", "VIEWSTAT"}:
            self.unexpected(token)
