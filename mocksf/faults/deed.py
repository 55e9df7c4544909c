"""What somebody else does to the org just before a request arrives, as values; `mocksf/deeds.py` carries them out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """The token of the request is revoked."""


@dataclass(frozen=True, slots=True)
class DeleteRecord:
    """The record of this object that the request names, by id or by key, is deleted."""

    sobject: str


Deed = RevokeToken | DeleteRecord
