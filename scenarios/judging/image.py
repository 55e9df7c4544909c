"""An org's records as two runs may be compared: business values only, ids and instants left out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mocksf.divergence.compare import plain

Row = tuple[tuple[str, str], ...]
Image = Mapping[str, Counter[Row]]
"""Object → its rows, as often as each is there."""
Ask = Callable[[str], Any]
"""A path under the version → the JSON of a GET."""

_LEFT_OUT = frozenset({"Id", "OwnerId", "attributes"})
ROWS_MAX = 2000


def image(ask: Ask, objects: Iterable[str]) -> dict[str, Counter[Row]]:
    """The rows of these objects, by the fields that a client can write."""
    return {name: Counter(_rows(ask, name)) for name in sorted(set(objects))}


def _rows(ask: Ask, name: str) -> list[Row]:
    described = ask(f"/sobjects/{name}/describe")
    fields = [each["name"] for each in described["fields"] if each["createable"] and each["type"] != "base64"]
    wanted = [each for each in fields if each not in _LEFT_OUT]
    found = ask(f"/query?q=SELECT+{','.join(wanted)}+FROM+{name}+LIMIT+{ROWS_MAX}")["records"]
    return [_row(record) for record in found]


def _row(record: Mapping[str, Any]) -> Row:
    told = ((name, plain(value)) for name, value in record.items() if name not in _LEFT_OUT)
    return tuple(sorted((name, str(value)) for name, value in told if value not in (None, "", False)))


def missing(wanted: Image, there: Image) -> list[str]:
    """Rows of the first that the second has not, each as a sentence."""
    return _told(wanted, there)


def beyond(wanted: Image, there: Image) -> list[str]:
    """Rows of the second that the first has not."""
    return _told(there, wanted)


def _told(here: Image, there: Image) -> list[str]:
    less = {name: rows - there.get(name, Counter()) for name, rows in here.items()}
    return [f"{name} {_shown(row)}" for name, rows in less.items() for row in rows.elements()]


def _shown(row: Row) -> str:
    known = dict(row)
    first = next((known[name] for name in ("Name", "LastName", "Subject") if name in known), None)
    return repr(first) if first else ", ".join(f"{name}={value}" for name, value in row[:3])
