"""Custom settings as formulas see them: the org's values, over them the profile's, over them the user's."""

from collections.abc import Iterable, Mapping
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import SObject
from mocksf.store import Store

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("$Setup is the value of the user, else of their profile, else of the org", Evidence.DOCUMENTED),
    ("A checkbox of a setting is that of the nearest row, as it is never blank", Evidence.ASSUMED),
    ("A formula field that uses $Setup or $Organization is worked out before it is read", Evidence.ASSUMED),
)  # fmt: skip
"""What this room believes, for the fidelity ledger."""


def merged(store: Store, setting: SObject, owners: Iterable[str | None]) -> Mapping[str, Any]:
    """One row of the rows of these owners, later ones over earlier ones; without any, checkboxes are not checked."""
    link = setting.get("SetupOwnerId")
    found: dict[str, Any] = {field.name: 0 for field in setting.fields if field.type == "boolean"}
    for owner in owners if link is not None else ():
        for row in store.find(setting, link, owner) if owner and link is not None else ():
            found |= {name: value for name, value in row.items() if value is not None}
    return found
