"""What somebody else does to the org just before a request arrives, as values; `mocksf/deeds.py` carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """The token of the request is revoked."""


@dataclass(frozen=True, slots=True)
class DeleteRecord:
    """The record of this object that the request names, by id or by key, is deleted."""

    sobject: str


@dataclass(frozen=True, slots=True)
class ChangeSchema:
    """A deploy commits: the org goes on with another schema, as a YAML source says it."""

    change: Mapping[str, Any]


Deed = RevokeToken | DeleteRecord | ChangeSchema
