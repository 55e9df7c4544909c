"""Tokens → conditions: the grammar of WHERE and HAVING, one method per rule."""

import re
from abc import abstractmethod

from mocksf.errors import Refuse
from mocksf.soql.nodes import Call, Chain, Comparison, Condition, Expression, Literal, Not, Path, Query
from mocksf.soql.reader import QUOTED_SINCE, Reader
from mocksf.soql.tokens import Token

COMPARISONS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
LITERALS = frozenset({"string", "number", "money", "date", "datetime", "time", "span"})
PLACED = frozenset({"DISTANCE", "GEOLOCATION"})
"""The functions whose arguments may be literals."""
WORDS = {"TRUE": "true", "FALSE": "false", "NULL": "null"}
NESTED_CALLS_MAX = 2
_MONEY = re.compile(r"[A-Za-z]{3}-?(?:\d+(?:\.\d*)?|\.\d+)")


class Conditions(Reader):
    """Reads what follows WHERE and HAVING."""

    def condition(self) -> Condition:
        """Terms joined by AND, or terms joined by OR; never both without brackets."""
        first = self._term()
        joiner = self.next.word
        if joiner not in {"AND", "OR"}:
            return first
        terms = [first]
        while self.accept(joiner):
            terms.append(self._term())
        if self.next.word in {"AND", "OR"}:
            self._mixed()
        return Chain(joiner, tuple(terms))

    def _mixed(self) -> None:
        """AND and OR at one level: refused, quoted since version 61."""
        token = self.next
        if self.version >= 61:
            self.unexpected()
        raise self.refusal(token.at, Refuse.UNEXPECTED_WORD, token=token.text)

    def _term(self) -> Condition:
        """NOT before a term, a condition in brackets, or one comparison."""
        self.deeper()
        if self.accept("NOT"):
            term: Condition = Not(self._term())
        elif self.accept("("):
            term = self.condition()
            self.expect(")")
        else:
            term = self._comparison()
        self.shallower()
        return term

    def _comparison(self) -> Comparison:
        start = self.next
        left = self.expression()
        operator = self.take()
        if operator.text in COMPARISONS:
            return Comparison(left, "!=" if operator.text == "<>" else operator.text, self.literal(), operator.at)
        word = operator.word
        if word == "NOT" and self.next.word == "IN":
            self.take()
            word = "NOT IN"
        if word in {"IN", "NOT IN", "INCLUDES", "EXCLUDES"}:
            return Comparison(left, word, self._values(start, word), operator.at)
        if word == "LIKE":
            return Comparison(left, word, self._pattern(), operator.at)
        return self.unexpected(operator)

    def _pattern(self) -> Literal:
        """What follows LIKE: a string and nothing else."""
        token = self.next
        if token.word in WORDS or token.kind in LITERALS - {"string"}:
            if self.version >= 61:
                self.unexpected()
            raise self.refusal(token.at, Refuse.INVALID_OPERATOR)
        return self.literal()

    def literal(self) -> Literal:
        """One literal."""
        token = self.next
        if token.kind in LITERALS:
            self.take()
            return Literal(token.kind, token.text, token.at)
        if token.word in WORDS:
            self.take()
            return Literal(WORDS[token.word], token.text, token.at)
        if self._is_span_word(token):
            self.take()
            return Literal("span", token.text, token.at)
        return self._money(token)

    def _money(self, token: Token) -> Literal:
        """An amount with its currency: `USD5000`, `USD5000.01`, from version 61 on `USD-500` (release notes)."""
        following = self.after()
        joined = token.at + len(token.text) == following.at and following.kind == "number"
        text = token.text + following.text if joined else token.text
        if token.kind != "word" or not _MONEY.fullmatch(text) or ("-" in text and self.version < 61):
            self.unexpected()
        for _ in range(1 + joined):
            self.take()
        return Literal("money", text, token.at)

    @staticmethod
    def _is_span_word(token: Token) -> bool:
        """Whether a bare word can be a date literal; the binder knows which ones exist."""
        word = token.word
        return word in {"TODAY", "YESTERDAY", "TOMORROW"} or word.startswith(("THIS_", "LAST_", "NEXT_"))

    def _values(self, start: Token, word: str) -> tuple[Literal, ...] | Query:
        """The list, or the sub-select, of IN and NOT IN; the list of INCLUDES and EXCLUDES."""
        if self.next.kind == "bind":
            self.unexpected()
        self.expect("(")
        if self.next.word == "SELECT" and word.endswith("IN"):
            query = self.sub_select()
            self.expect(")")
            return query
        if self.next.text == ")" and self.version >= 61:
            self.unexpected(start, self.text[start.at : self.next.at + 1])
        values = [self.literal()]
        while self.accept(","):
            values.append(self.literal())
        self.expect(")")
        return tuple(values)

    def expression(self, nesting: int = 0) -> Expression:
        """A field path, or a function over one."""
        token = self.name()
        if not self.accept("("):
            return Path(tuple(token.text.split(".")), token.at)
        if nesting == NESTED_CALLS_MAX:
            if self.version < QUOTED_SINCE:
                raise self.refusal(self.after(-1).at, Refuse.NESTED_CALL_OLD)
            self.unexpected(self.after(-1))
        arguments = []
        if not self.accept(")"):
            arguments.append(self._argument(token, nesting))
            while self.accept(","):
                arguments.append(self._argument(token, nesting))
            self.expect(")")
        return Call(token.word, tuple(arguments), token.at)

    def _argument(self, function: Token, nesting: int) -> Expression | Literal:
        if function.word in PLACED and self.next.kind in {"number", "string"}:
            return self.literal()
        return self.expression(nesting + 1)

    @abstractmethod
    def sub_select(self) -> Query:
        """A query inside brackets, without the brackets."""
