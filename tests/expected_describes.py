"""Describes as recorded and documented, kept short under evidence/describes and written out in full here.

Nothing of mocksf is used: what is expected and what is served come from different files through different code.
`python -m tests.expected_describes NAME` prints one of them.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "mocksf" / "evidence" / "describes"


@dataclass(frozen=True)
class Difference:
    """One attribute that is not as expected."""

    place: str
    expected: Any
    served: Any


@cache
def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def names() -> list[str]:
    """The objects of which something is known."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.json"))


def feature(name: str) -> str | None:
    """What an org needs to have this object at all, or None."""
    return read(name)["feature"]


def expected(name: str) -> dict[str, Any]:
    """The describe of an object, as far as it is known: its own flags, every field with 57 keys, its children."""
    short = read(name)
    return {
        **short["object"],
        "fields": [_field(*each) for each in short["fields"]],
        "childRelationships": [_child(*each) for each in short["children"]],
    }


def _field(name: str, label: str, kind: str, differs: dict[str, Any]) -> dict[str, Any]:
    usual = read("_types")[kind] | {"picklistValues": []}
    values = differs.get("picklistValues", [])
    values = read("_values")[values] if isinstance(values, str) else values
    described = usual | differs | {"name": name, "label": label, "type": kind}
    return dict(sorted((described | {"picklistValues": [_value(each) for each in values]}).items()))


def _value(short: str | list[str]) -> dict[str, Any]:
    value, label, *words = [short, short] if isinstance(short, str) else short
    return {
        "active": "inactive" not in words,
        "defaultValue": "default" in words,
        "label": label,
        "validFor": None,
        "value": value,
    }


def _child(sobject: str, field: str, relationship: str | None, *words: str) -> dict[str, Any]:
    return {
        "cascadeDelete": "cascade" in words,
        "childSObject": sobject,
        "deprecatedAndHidden": False,
        "field": field,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": relationship,
        "restrictedDelete": "restrict" in words,
    }


def compare(wanted: dict[str, Any], served: dict[str, Any]) -> tuple[int, list[Difference]]:
    """How many attributes were compared, and those that differ: of the object, of each field, of each child."""
    pairs = list(_pairs(wanted, served))
    return len(pairs), [Difference(*each) for each in pairs if each[1] != each[2]]


def _pairs(wanted: dict[str, Any], served: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    name = wanted["name"]
    for key, value in wanted.items():
        if not isinstance(value, list):
            yield f"{name}: {key}", value, served.get(key)
            continue
        rows = served.get(key, [])
        yield f"{name}: number of {key}", len(value), len(rows)
        for at, (row, other) in enumerate(zip(value, rows, strict=False)):
            for attribute in sorted({*row, *other}):
                yield f"{name}: {key}[{at}].{attribute}", row.get(attribute), other.get(attribute)


if __name__ == "__main__":
    json.dump(expected(sys.argv[1]), sys.stdout, indent=1, ensure_ascii=False)
