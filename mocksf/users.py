"""Users as logins see them: found by name, known by password."""

from typing import Any

from mocksf.schema import Schema
from mocksf.store import Store


def user_named(schema: Schema, store: Store, username: str) -> dict[str, Any] | None:
    """The stored row of the user with this username (in any case), or None."""
    user = schema["User"]
    field = user.get("Username")
    assert field is not None, "every user has a username"
    found = store.find(user, field, username)
    return found[0] if found else None
