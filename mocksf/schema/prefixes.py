"""The key prefixes that standard objects have in every org, those included that no schema here describes."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from mocksf.evidence import Evidence

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("2,244 key prefixes of standard objects are known; no custom object gets one of them", Evidence.RECORDED),
    ("An id of a standard object that the schema lacks is an id of the wrong type, as of any other", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@cache
def _table() -> Mapping[str, str]:
    text = (files("mocksf.schema") / "objects" / "_prefixes.json").read_text(encoding="utf-8")
    known: Mapping[str, str] = json.loads(text)
    return known


def standard_owner(prefix: str) -> str | None:
    """The standard object that has a key prefix, or None. Read from its file when first asked for."""
    return _table().get(prefix)
