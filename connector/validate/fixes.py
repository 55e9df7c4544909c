"""Fix: the change to the file that a finding asks for, where there is one that needs no judgement."""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from connector.validate.finding import Code, Finding

Data = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fix:
    """One change at a JSON path; `change` is given the mapping that holds the path's last key, and that key."""

    finding: Finding
    change: Callable[[Data, str], None]

    def apply(self, data: Data) -> bool:
        """Change the data in place; False where the path is no longer there (an earlier fix moved it)."""
        found = located(data, self.finding.path)
        if found is None:
            return False
        self.change(*found)
        return True


def fixes(findings: Iterable[Finding]) -> tuple[Fix, ...]:
    """The findings that the file can be rid of without asking anybody, in their order."""
    return tuple(
        Fix(each, maker(each)) for each in findings if each.nearest and (maker := FIXES.get(each.code)) is not None
    ) + tuple(Fix(each, _removed) for each in findings if each.code in REMOVED)


def located(data: Any, path: str) -> tuple[Data, str] | None:
    """The mapping and the key that a JSON path ends in; keys may themselves hold dots."""
    rest = path.removeprefix("$")
    here: Any = data
    while isinstance(here, Mapping):
        steps = ((key, spelt) for key in here for spelt in (f".{key}", f'["{key}"]'))
        fitting = [(key, spelt) for key, spelt in steps if re.match(re.escape(spelt) + r"(\.|\[|$)", rest)]
        if not fitting:
            return None
        key, spelt = max(fitting, key=lambda each: len(each[1]))
        rest = rest[len(spelt) :]
        if not rest:
            assert isinstance(here, MutableMapping)
            return here, key
        here = here[key]
    return None


def _retargeted(finding: Finding) -> Callable[[Data, str], None]:
    """Another field of the same object, or the same field of another object."""
    right = str(finding.nearest)

    def change(holder: Data, key: str) -> None:
        given = holder[key]
        old = given["target"] if isinstance(given, Mapping) else given
        sobject, _, field = str(old).partition(".")
        new = f"{right}.{field}" if finding.code is Code.OBJECT_UNKNOWN else f"{sobject}.{right}"
        if isinstance(given, MutableMapping):
            given["target"] = new
        else:
            holder[key] = new

    return change


def _renamed(finding: Finding) -> Callable[[Data, str], None]:
    def change(holder: Data, key: str) -> None:
        pairs = [(str(finding.nearest) if each == key else each, value) for each, value in holder.items()]
        holder.clear()
        holder.update(pairs)

    return change


def _name(finding: Finding) -> Callable[[Data, str], None]:
    """A name that the org does not know: a key under `records`, a target under `fields`."""
    return _renamed(finding) if finding.path.startswith("$.records.") else _retargeted(finding)


def _set(name: str) -> Callable[[Finding], Callable[[Data, str], None]]:
    """Set one key of an intent to the nearest right word, whether the path names the key or the intent."""

    def maker(finding: Finding) -> Callable[[Data, str], None]:
        right = finding.nearest

        def change(holder: Data, key: str) -> None:
            if key == name:
                holder[key] = right
            elif isinstance(holder[key], MutableMapping):
                holder[key][name] = right
            else:
                holder[key] = {"target": holder[key], name: right}

        return change

    return maker


def _value(finding: Finding) -> Callable[[Data, str], None]:
    """The value itself; a number stays a number."""
    right = str(finding.nearest)

    def change(holder: Data, key: str) -> None:
        old = holder[key]
        holder[key] = int(right) if isinstance(old, int | float) and right.isdigit() else right

    return change


def _removed(holder: Data, key: str) -> None:
    holder.pop(key, None)


FIXES: Mapping[Code, Callable[[Finding], Callable[[Data, str], None]]] = {
    Code.FIELD_UNKNOWN: _name,
    Code.OBJECT_UNKNOWN: _name,
    Code.LINK_UNKNOWN: _renamed,
    Code.TYPE_MISMATCH: _set("type"),
    Code.TYPE_FROM_ORG: _set("type"),
    Code.CHATTER_FIELD: _set("target"),
    Code.CHATTER_WAITS: _value,
    Code.TASK_WAITS: _value,
    Code.VALUE_UNKNOWN: _value,
    Code.VALUE_UNLISTED: _value,
    Code.LENGTH_OVERSTATED: _value,
    Code.DIGITS_OVERSTATED: _value,
    Code.NEVER_EMPTY: _value,
    Code.DIRECTION_UNREAD: _value,
    Code.KEY_CONFLICT: _value,
    Code.PATIENCE_SHORT: _value,
    Code.SCOPE_TOO_NARROW: _value,
    Code.SCOPE_TOO_WIDE: _value,
}
"""How the nearest right name gets into the file. What is not here needs a person: a key, a region, a default."""

REMOVED = frozenset({Code.VALUES_UNUSED})
"""Settings that only do harm."""
