"""Permissions: what a user's profile and permission sets grant, and the schema that is left of the org's for them.

Whoever may do everything sees the schema of the org itself, so that permissions cost nothing where there are none.
"""

from mocksf.permissions.access import Access, View
from mocksf.permissions.editions import DEVELOPER, EDITIONS, Edition, EditionError, edition_named, edition_schema
from mocksf.permissions.narrowing import narrowed
from mocksf.permissions.rights import Rights

__all__ = [
    "DEVELOPER",
    "EDITIONS",
    "Access",
    "Edition",
    "EditionError",
    "Rights",
    "View",
    "edition_named",
    "edition_schema",
    "narrowed",
]
