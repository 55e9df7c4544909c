"""Two answers side by side: status, kind, and every value of the body, but for what two orgs never share."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mocksf.divergence.exchanges import Heard

LISTED_MAX = 200
"""Of a longer list the rest is not walked: what differs in two hundred rows differs the same way in more."""

_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_ADDRESS = re.compile(r"https?://[^/\s]+")
_IN_PATH = re.compile(r"(?<=/)(?=[a-zA-Z]*\d)[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?(?=$|[/?\s'\"-])")


@dataclass(frozen=True, slots=True)
class Divergence:
    """One place at which two answers part. `what`: missing, extra, value, type, order, length, status, kind."""

    path: str
    what: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: ours {_short(self.ours)}, theirs {_short(self.theirs)}"


def compare(ours: Heard, theirs: Heard) -> list[Divergence]:
    """All places at which the answers part, in the order of the body; of one that was cut, status and kind alone."""
    found = []
    if ours.status != theirs.status:
        found.append(Divergence("status", "status", ours.status, theirs.status))
    if ours.kind != theirs.kind and ours.body is not None and theirs.body is not None:
        found.append(Divergence("content-type", "kind", ours.kind, theirs.kind))
    return found if ours.cut or theirs.cut else found + list(_bodies("$", ours.body, theirs.body))


def _bodies(path: str, ours: Any, theirs: Any) -> Iterator[Divergence]:
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        yield from _objects(path, ours, theirs)
    elif _is_list(ours) and _is_list(theirs):
        yield from _lists(path, ours, theirs)
    elif _type(ours) != _type(theirs):
        yield Divergence(path, "type", ours, theirs)
    elif plain(ours) != plain(theirs):
        yield Divergence(path, "value", ours, theirs)


def _objects(path: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Divergence]:
    for key in ours:
        if key not in theirs:
            yield Divergence(f"{path}.{key}", "extra", ours[key], None)
    for key in theirs:
        if key not in ours:
            yield Divergence(f"{path}.{key}", "missing", None, theirs[key])
    shared = [key for key in ours if key in theirs]
    order = [key for key in theirs if key in ours]
    if shared != order:
        yield Divergence(path, "order", shared, order)
    for key in shared:
        yield from _bodies(f"{path}.{key}", ours[key], theirs[key])


def _lists(path: str, ours: Sequence[Any], theirs: Sequence[Any]) -> Iterator[Divergence]:
    if len(ours) != len(theirs):
        yield Divergence(path, "length", len(ours), len(theirs))
    for at, (here, there) in enumerate(zip(ours[:LISTED_MAX], theirs, strict=False)):
        yield from _bodies(f"{path}[{at}]", here, there)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _type(value: Any) -> str:
    """JSON's own types; a whole number and another are one."""
    if isinstance(value, bool) or value is None:
        return str(type(value))
    return "number" if isinstance(value, int | float) else type(value).__name__


def plain(value: Any) -> Any:
    """A value without what two orgs never share: ids, instants, hosts, and ids inside paths."""
    if not isinstance(value, str):
        return value
    if _ID.fullmatch(value) and any(each.isdigit() for each in value):
        return f"(id {value[:3]})"
    if _INSTANT.fullmatch(value):
        return "(instant)"
    return _IN_PATH.sub("(id)", _ADDRESS.sub("(host)", value))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}…"
