"""Tokens → nodes. Precedence is the platform's own: `^` binds looser than `*` and `/` (its published grammar)."""

from decimal import Decimal
from typing import NoReturn

from mocksf.formula.nodes import Call, Chain, Literal, Name, Node, Prefix, Step
from mocksf.formula.problems import FormulaError
from mocksf.formula.tokens import Token, tokens_of, unquoted

DEPTH_MAX = 60
"""How deep parentheses and functions may nest; the platform's own bound is on the compiled size (assumed)."""

_LEVELS = (("||",), ("&&",), ("=", "==", "<>", "!="), ("<", ">", "<=", ">="), ("+", "-", "&"), ("^",), ("*", "/"))
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
_SAME = {"==": "=", "!=": "<>"}
_WORDS: dict[str, bool | None] = {"TRUE": True, "FALSE": False, "NULL": None}


def parse(text: str, name: str) -> Node:
    """The formula as nodes. Raises FormulaError."""
    return _Parser(tokens_of(text, name), name).formula()


class _Parser:
    def __init__(self, tokens: list[Token], name: str) -> None:
        self._tokens = tokens
        self._name = name
        self._next = 0
        self._depth = 0

    def formula(self) -> Node:
        """The whole text as one expression."""
        node = self._expression()
        if self._token.kind != "end":
            self._refuse(f"'{self._token.text}' is not expected here; an operator is missing before it")
        return node

    def _expression(self, least: int = 0) -> Node:
        """An operand and all operators behind it that bind at least as tight as `least`."""
        left = self._operand()
        while (level := _LEVEL.get(self._token.sign, -1)) >= least:
            at, steps = self._token.at, []
            while _LEVEL.get(self._token.sign) == level:
                sign = self._take()
                steps.append(Step(_SAME.get(sign.text, sign.text), self._expression(level + 1), sign.at))
            left = Chain(left, tuple(steps), at)
        return left

    def _operand(self) -> Node:
        token = self._token
        if token.sign in {"-", "+", "!"} or token.word == "NOT":
            self._take()
            self._deeper()
            operand = self._operand()
            self._depth -= 1
            return Prefix("NOT" if token.text not in "-+" else token.text, operand, token.at)
        if token.sign == "(":
            return self._inside()
        return self._word() if token.kind == "word" else self._literal()

    def _inside(self) -> Node:
        self._take()
        self._deeper()
        node = self._expression()
        self._depth -= 1
        self._close()
        return node

    def _word(self) -> Node:
        token = self._take()
        if self._token.sign == "(":
            return self._call(token)
        if token.word in _WORDS:
            return Literal(_WORDS[token.word], token.at)
        return Name(token.text, token.at)

    def _call(self, function: Token) -> Node:
        self._take()
        self._deeper()
        arguments = []
        if self._token.sign != ")":
            arguments.append(self._expression())
            while self._token.sign == ",":
                self._take()
                arguments.append(self._expression())
        self._depth -= 1
        self._close()
        return Call(function.word, tuple(arguments), function.at)

    def _literal(self) -> Node:
        token = self._token
        if token.kind not in {"number", "text"}:
            found = f"'{token.text}'" if token.text else "the end"
            self._refuse(f"a value is expected here, not {found}")
        self._take()
        if token.kind == "number":
            return Literal(Decimal(token.text), token.at)
        return Literal(unquoted(token, self._name), token.at)

    # -- tokens --------------------------------------------------------------------------------------------------------

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _close(self) -> None:
        if self._token.sign != ")":
            self._refuse("a ')' is missing here")
        self._take()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            self._refuse(f"a formula nests at most {DEPTH_MAX} deep")

    def _refuse(self, reason: str) -> NoReturn:
        raise FormulaError(self._name, self._token.at, reason)
