"""References in a composite: `@{part.path}` in addresses and bodies, filled in from answers that came before."""

import re
from typing import Any

import orjson

from mocksf.errors import Refusal, Refuse
from mocksf.messages import Json, Raw, Response
from mocksf.rest import bodies
from mocksf.rest.composite.manifest import Subrequest
from mocksf.rest.session import Call

_REFERENCE = re.compile(r"@\{([^{}]*)\}")
_USUAL = re.compile(r"([A-Za-z0-9_]+)\.([^.\[\]]+)")
_NAME = re.compile(r"[A-Za-z0-9_]*")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d{1,9})\]")
_MISSING = object()


class References:
    """The answers of earlier parts, by referenceId; names and paths are case-sensitive (documented)."""

    def __init__(self, keeps_null: bool) -> None:
        self._keeps_null = keeps_null
        self._bodies: dict[str, Json] = {}
        self._rows: set[str] = set()

    def learn(self, part: Subrequest, response: Response) -> None:
        """Remember a part's answer; that of a failed part has no values."""
        if response.ok:
            self._bodies[part.reference_id] = response.body
            if part.is_row:
                self._rows.add(part.reference_id)

    def value(self, path: str) -> Json:
        """What a path such as `acc.id` or `q.records[0].Id` refers to. Raises `Refuse.NO_REFERENCE_VALUE`."""
        usual = _USUAL.fullmatch(path)
        body = self._bodies.get(usual[1]) if usual is not None else None
        if usual is not None and type(body) is dict and type(found := body.get(usual[2])) is str:
            return found  # nearly always it is the id of a row
        named = _NAME.match(path)
        name = named[0] if named else ""
        value = self._walk(name, path[len(name) :])
        empty = value is None and not (self._keeps_null and name in self._rows)
        if value is _MISSING or empty or isinstance(value, dict | list):
            raise missing(path, name)
        return value

    def _walk(self, name: str, steps: str) -> Any:
        value: Any = self._bodies.get(name, _MISSING)
        if isinstance(value, Raw):
            value = orjson.loads(bytes(value))
        at = 0
        while at < len(steps):
            step = _STEP.match(steps, at)
            if step is None:
                return _MISSING
            value = _stepped(value, step)
            at = step.end()
        return value


def _stepped(value: Any, step: re.Match[str]) -> Any:
    if step[1] is not None:
        return value.get(step[1], _MISSING) if isinstance(value, dict) else _MISSING
    place = int(step[2])
    return value[place] if isinstance(value, list) and place < len(value) else _MISSING


def missing(path: str, name: str) -> Refusal:
    """The refusal of a part that refers to nothing."""
    return Refuse.NO_REFERENCE_VALUE(path=path, ref=name)


def resolve(call: Call, part: Subrequest, known: References) -> None:
    """Fill all references of a part into its call. Raises `Refuse.NO_REFERENCE_VALUE` for the first that has no value.

    Address and query are already decoded, so a value with spaces or slashes stays in its segment.
    """
    if "@{" in part.url or ("%" in part.url and "%7B" in part.url.upper()):
        call.segments = [_text(each, known) for each in call.segments]
        call.query = {name: _text(each, known) for name, each in call.query.items()}
    if part.body is not bodies.UNREAD:
        call.give(_filled(part.body, known))


def _filled(value: Json, known: References) -> Json:
    if isinstance(value, str):
        if "@{" not in value:
            return value
        whole = _REFERENCE.fullmatch(value)
        return known.value(whole[1]) if whole else _text(value, known, empty="")
    if isinstance(value, dict):
        return {
            name: each if type(each) is str and "@{" not in each else _filled(each, known)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_filled(each, known) for each in value]
    return value


def _text(text: str, known: References, empty: str | None = None) -> str:
    """A text with its references spelt out: plain interpolation, as documented.

    `empty` stands for an empty field of a row; without it such a reference is one to nothing, as in an address.
    """

    def spelt(found: re.Match[str]) -> str:
        value = known.value(found[1])
        if value is None:
            value = empty
        if value is None:
            raise missing(found[1], found[1].partition(".")[0])
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    return _REFERENCE.sub(spelt, text) if "@{" in text else text
