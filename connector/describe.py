"""The describe as the connector reads it: objects and fields of an org, from its API or from a folder of JSON files."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import httpx


class DescribeError(Exception):
    """The org's description cannot be had; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a picklist."""

    value: str
    label: str
    active: bool


@dataclass(frozen=True)
class FieldDescribe:
    """One field. Lengths in characters; `precision` counts all digits, `scale` those after the point."""

    name: str
    label: str
    type: str
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = False
    updateable: bool = False
    defaulted_on_create: bool = False
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    calculated: bool = False
    auto_number: bool = False
    restricted_picklist: bool = False
    dependent_on: str | None = None
    choices: tuple[Choice, ...] = ()
    reference_to: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether a create must name it (a checkbox is false where nobody says otherwise)."""
        return self.createable and not self.nillable and not self.defaulted_on_create and self.type != "boolean"

    @cached_property
    def active_values(self) -> tuple[str, ...]:
        return tuple(choice.value for choice in self.choices if choice.active)

    @property
    def whole_digits(self) -> int | None:
        """How many digits may stand before the point (0 where all are behind it); None where the type has none."""
        if not self.digits and not self.precision:
            return None
        return self.digits or max(self.precision - self.scale, 0)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "FieldDescribe":
        """From one entry of a describe's `fields` (facts, model §6.3). Raises KeyError where a key is lacking."""
        choices = data.get("picklistValues") or ()
        return cls(
            name=data["name"],
            label=data.get("label") or data["name"],
            type=data["type"],
            choices=tuple(
                Choice(each["value"], each.get("label") or each["value"], each.get("active", True)) for each in choices
            ),
            reference_to=tuple(data.get("referenceTo") or ()),
            dependent_on=data.get("controllerName"),
            **{ours: data[theirs] for ours, theirs in _NUMBERS_AND_FLAGS.items() if data.get(theirs) is not None},
        )


_NUMBERS_AND_FLAGS = {
    "length": "length",
    "digits": "digits",
    "precision": "precision",
    "scale": "scale",
    "nillable": "nillable",
    "createable": "createable",
    "updateable": "updateable",
    "defaulted_on_create": "defaultedOnCreate",
    "unique": "unique",
    "external_id": "externalId",
    "id_lookup": "idLookup",
    "calculated": "calculated",
    "auto_number": "autoNumber",
    "restricted_picklist": "restrictedPicklist",
}


@dataclass(frozen=True)
class ObjectDescribe:
    """One object with its fields in the org's order."""

    name: str
    label: str
    createable: bool
    updateable: bool
    fields: tuple[FieldDescribe, ...] = field(repr=False)

    @cached_property
    def _by_name(self) -> dict[str, FieldDescribe]:
        return {each.name.casefold(): each for each in self.fields}

    def get(self, name: str) -> FieldDescribe | None:
        """A field by its API name in any case, or None."""
        return self._by_name.get(name.casefold())

    @property
    def required(self) -> tuple[FieldDescribe, ...]:
        return tuple(each for each in self.fields if each.required)

    @classmethod
    def read(cls, data: Any, source: str = "describe") -> "ObjectDescribe":
        """From a describe answer (facts, SOQL and model §6.2). Raises DescribeError where it is none."""
        try:
            fields = tuple(FieldDescribe.read(each) for each in data["fields"])
            flags = {flag: bool(data.get(flag, True)) for flag in ("createable", "updateable")}
            return cls(data["name"], data.get("label") or data["name"], fields=fields, **flags)
        except (KeyError, TypeError, AttributeError) as problem:
            sentence = f"{source} is not the describe of an object: {problem} is missing or of the wrong type"
            raise DescribeError(sentence) from None


class OrgDescribe(Protocol):
    """An org that can be asked what it has."""

    def names(self) -> tuple[str, ...]:
        """The API names of all objects. Raises DescribeError."""

    def get(self, name: str) -> ObjectDescribe | None:
        """An object by its API name in any case, or None. Raises DescribeError."""


class KnownDescribe:
    """An org whose describes are all at hand."""

    def __init__(self, objects: Iterable[ObjectDescribe]) -> None:
        self._objects = {each.name.casefold(): each for each in objects}

    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self._objects.values())

    def get(self, name: str) -> ObjectDescribe | None:
        return self._objects.get(name.casefold())


def folder_describe(folder: str | Path) -> KnownDescribe:
    """An org from a folder of describe JSON files, one per object (sf sobject describe). Raises DescribeError."""
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        sentence = f"{folder} holds no describe: put one JSON file per object there, as `sf sobject describe` prints it"
        raise DescribeError(sentence)
    return KnownDescribe(each for file in files for each in _objects_in(file))


def _objects_in(file: Path) -> Iterator[ObjectDescribe]:
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as problem:
        sentence = f"{file} cannot be read as JSON: {problem}"
        raise DescribeError(sentence) from None
    if isinstance(data, dict) and isinstance(data.get("result"), dict):
        data = data["result"]  # the envelope of `sf … --json`
    if isinstance(data, dict) and "sobjects" in data:
        return  # a describe global that lies in the same folder says nothing about fields
    yield ObjectDescribe.read(data, str(file))


class HttpDescribe:
    """An org asked over HTTP, each thing once. The client carries base address, timeout and bearer token."""

    def __init__(self, client: httpx.Client, api_version: str = "66.0") -> None:
        self._client = client
        self._root = f"/services/data/v{api_version}/sobjects"
        self._objects: dict[str, ObjectDescribe] = {}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        data = self._json(self._root)
        try:
            return tuple(str(each["name"]) for each in data["sobjects"])
        except (KeyError, TypeError):
            sentence = f"{self._client.base_url} does not answer like a Salesforce org: {self._root} lists no sobjects"
            raise DescribeError(sentence) from None

    def names(self) -> tuple[str, ...]:
        return self._names

    def get(self, name: str) -> ObjectDescribe | None:
        right = next((each for each in self.names() if each.casefold() == name.casefold()), None)
        if right is None:
            return None
        if right not in self._objects:
            path = f"{self._root}/{right}/describe"
            self._objects[right] = ObjectDescribe.read(self._json(path), path)
        return self._objects[right]

    def _json(self, path: str) -> Any:
        try:
            answer = self._client.get(path)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise DescribeError(unreachable(self._client.base_url, problem)) from problem
        if answer.status_code != 200:
            sentence = f"GET {path} was answered with {answer.status_code}: {_said(answer)}"
            raise DescribeError(sentence)
        try:
            return answer.json()
        except ValueError:
            sentence = f"GET {path} was answered with something else than JSON"
            raise DescribeError(sentence) from None


def unreachable(address: httpx.URL | str, problem: Exception) -> str:
    """Why nothing was heard from an address, with the cure where it is a matter of trust."""
    said = str(problem) or type(problem).__name__
    cure = " (a certificate authority of your own is trusted by --ca FILE)" if "CERTIFICATE_VERIFY" in said else ""
    return f"{address} cannot be reached: {said}{cure}"


def _said(answer: httpx.Response) -> str:
    try:
        first = answer.json()[0]
        return f"{first['errorCode']}, {first['message']}"
    except (ValueError, KeyError, IndexError, TypeError):
        return answer.reason_phrase
