"""What is wrong with a text that is no JSON, in the words of the parser that real orgs use (Jackson)."""

import re

import orjson

SCANNED_MAX = 1_000_000
"""Longer texts are not walked through to find out what is wrong with them: that would hold everybody up."""
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
_VALUES = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
_EXPECTED = {
    "value": f"expected a valid value ({_VALUES})",
    "value or ]": f"expected a valid value ({_VALUES})",
    "key": "was expecting double-quote to start field name",
    "key or }": "was expecting double-quote to start field name",
    "colon": "was expecting a colon to separate field name and value",
    "comma {": "was expecting comma to separate Object entries",
    "comma [": "was expecting comma to separate Array entries",
    "end": "was expecting the end of the input",
}
_UNEXPECTED = "Unexpected character ('{char}' (code {code})): {wish}"
_BAD_TOKEN = f"Unrecognized token '{{token}}': was expecting ({_VALUES})"
_BAD_ESCAPE = "Unrecognized character escape '{char}' (code {code})"
_CONTROL = (
    "Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using backslash to be included in {what}"
)
_CUT_OFF = "Unexpected end-of-input"
_OPEN_STRING = "Unexpected end-of-input: was expecting closing quote for a {what}"
_OPEN_MARKER = (
    "Unexpected end-of-input: expected close marker for {kind} (start marker at [line:{line}, column:{column}])"
)

Complaint = tuple[str, int, int]
"""The reason, the line and the column, both counted from one."""


class _Wrong(Exception):
    """Where the text goes astray, and how."""

    def __init__(self, sentence: str, at: int, swallowed: int = 0, **facts: object) -> None:
        self.reason = sentence.format(**facts)
        self.at = at
        self.swallowed = swallowed
        """How many characters the parser has read beyond that place when it complains."""
        super().__init__(self.reason)


def complaint(raw: bytes, error: orjson.JSONDecodeError) -> Complaint:
    """Why `raw`, which orjson refused with `error`, cannot be read; of a very long text in orjson's own words."""
    if len(raw) > SCANNED_MAX:
        return error.msg, error.lineno, error.colno
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as bad:
        before = raw[: bad.start].decode("utf-8", "replace")
        return f"Invalid UTF-8 start byte 0x{raw[bad.start]:x}", *_place(before, len(before))
    try:
        _Scan(text).run()
    except _Wrong as wrong:
        line, column = _place(text, wrong.at)
        return wrong.reason, line, column + wrong.swallowed
    # What the scan accepts and orjson does not: nesting beyond its depth, lone surrogates.
    return error.msg, error.lineno, error.colno


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


class _Scan:
    """A walk along the text that knows what it expects next, and stops at the first surprise."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.open: list[int] = []
        self.expects = "value"

    def run(self) -> None:
        """Walk to the end; raises `_Wrong` where the text goes astray."""
        while True:
            space = _SPACE.match(self.text, self.at)
            assert space is not None, "the pattern matches nothing, too"
            self.at = space.end()
            if self.at == len(self.text):
                break
            self._step(self.text[self.at])
        if self.expects != "end":
            raise self._cut_off()

    def _step(self, char: str) -> None:
        if self.expects.startswith("value"):
            self._value(char)
        elif self.expects.startswith("key") and char == '"':
            self._string("field name")
            self.expects = "colon"
        elif self.expects == "colon" and char == ":":
            self.at += 1
            self.expects = "value"
        elif self.expects.startswith("comma") and char == ",":
            self.at += 1
            self.expects = "key" if self._closer() == "}" else "value"
        else:
            self._close(char)

    def _value(self, char: str) -> None:
        if char in "{[":
            self.open.append(self.at)
            self.at += 1
            self.expects = "key or }" if char == "{" else "value or ]"
        elif char == '"':
            self._string("string value")
            self._after_value()
        elif number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            self._after_value()
        elif char == "]" and self.expects == "value or ]":
            self._close(char)
        else:
            self._word(char)

    def _word(self, char: str) -> None:
        word = _WORD.match(self.text, self.at)
        if word is None or not char.isalpha():
            raise self._unexpected(char)
        self.at = word.end()
        if word[0] not in {"true", "false", "null"}:
            raise _Wrong(_BAD_TOKEN, self.at, token=word[0][:80])
        self._after_value()

    def _string(self, what: str) -> None:
        body = _STRING.match(self.text, self.at)
        assert body is not None, "a string begins here"
        self.at = body.end()
        if self.at == len(self.text):
            raise _Wrong(_OPEN_STRING, self.at, what=what)
        char = self.text[self.at]
        if char == "\\":
            bad = self.text[self.at + 1 : self.at + 2]
            raise _Wrong(_BAD_ESCAPE, self.at, 2, char=bad, code=ord(bad or " "))
        if char != '"':
            raise _Wrong(_CONTROL, self.at, 1, code=ord(char), what=what)
        self.at += 1

    def _close(self, char: str) -> None:
        empty = self.expects in {"key or }", "value or ]"}
        if not self.open or char != self._closer() or not (empty or self.expects.startswith("comma")):
            raise self._unexpected(char)
        self.open.pop()
        self.at += 1
        self._after_value()

    def _after_value(self) -> None:
        self.expects = f"comma {self.text[self.open[-1]]}" if self.open else "end"

    def _closer(self) -> str:
        return "}" if self.text[self.open[-1]] == "{" else "]"

    def _unexpected(self, char: str) -> _Wrong:
        return _Wrong(_UNEXPECTED, self.at, 1, char=char, code=ord(char), wish=_EXPECTED[self.expects])

    def _cut_off(self) -> _Wrong:
        if not self.open:
            return _Wrong(_CUT_OFF, self.at)
        line, column = _place(self.text, self.open[-1])
        kind = "Object" if self._closer() == "}" else "Array"
        return _Wrong(_OPEN_MARKER, self.at, kind=kind, line=line, column=column)
