"""Coverage: which mapped fields and picklist values a run has touched, told by what went over the wire."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connector.config import ConnectorConfig, FieldMapping, field_mappings
from connector.messages import Json

_ROW = re.compile(r"/sobjects/(?P<sobject>[A-Za-z]\w*)(?:/|$)")
_POST = re.compile(r"/chatter/feed-elements$")
_ARCHIVE = "is no HTTP Archive (HAR 1.2, as `mocksf har` and browsers write it)"


class NoArchive(Exception):
    """The file is no archive; the sentence says so."""


@dataclass(frozen=True, slots=True)
class Write:
    """One field that was written, with its value."""

    sobject: str
    field: str
    value: Json


@dataclass(frozen=True, slots=True)
class Touched:
    """One intent: how often its field was written, and which values of its map never were."""

    mapping: FieldMapping
    writes: int
    values: Mapping[str, int]
    """Value of the intent's map → how often it was written."""

    @property
    def missed(self) -> tuple[str, ...]:
        return tuple(value for value, count in self.values.items() if not count)


@dataclass(frozen=True)
class Coverage:
    """All intents of a configuration."""

    touched: tuple[Touched, ...]

    @property
    def share(self) -> float:
        """Fields and values that were written at least once, of all that could be, 0 … 1."""
        wanted = sum(1 + len(each.values) for each in self.touched)
        seen = sum(bool(each.writes) + sum(map(bool, each.values.values())) for each in self.touched)
        return seen / wanted if wanted else 1.0


def coverage(config: ConnectorConfig, writes: Iterable[Write]) -> Coverage:
    """Which of the configuration's fields and values these writes have touched."""
    counted: Counter[tuple[str, str]] = Counter()
    said: Counter[tuple[str, str, str]] = Counter()
    for each in writes:
        place = each.sobject.casefold(), each.field.casefold()
        counted[place] += 1
        said[(*place, str(each.value))] += 1
    mappings = (mapping for mapping in field_mappings(config).values() if mapping.writes)
    return Coverage(tuple(_touched(mapping, counted, said) for mapping in mappings))


def _touched(
    mapping: FieldMapping, counted: Mapping[tuple[str, str], int], said: Mapping[tuple[str, str, str], int]
) -> Touched:
    place = mapping.sobject.casefold(), mapping.field.casefold()
    return Touched(
        mapping,
        counted.get(place, 0),
        {value: said.get((*place, value), 0) for value in dict.fromkeys(mapping.values.values())},
    )


def writes_in(text: str, name: str) -> Iterator[Write]:
    """The fields that an archive's requests wrote; of a composite those of its parts. Raises NoArchive."""
    try:
        entries = json.loads(text.lstrip("\ufeff"))["log"]["entries"]
        asked = [(each["request"]["url"], (each["request"].get("postData") or {}).get("text", "")) for each in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        sentence = f"{name} {_ARCHIVE}: {problem}"
        raise NoArchive(sentence) from None
    for url, body in asked:
        yield from _writes(urlsplit(str(url)).path, _json(body))


def _writes(path: str, body: Any) -> Iterator[Write]:
    if not isinstance(body, Mapping):
        return
    parts = body.get("compositeRequest")
    if isinstance(parts, list):
        for part in parts:
            if isinstance(part, Mapping):
                yield from _writes(str(part.get("url", "")), part.get("body"))
    elif _POST.search(path):
        yield Write("FeedItem", "Body", None)
    elif found := _ROW.search(path):
        for field, value in body.items():
            yield Write(found["sobject"], str(field), value)


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, TypeError, RecursionError):
        return None
