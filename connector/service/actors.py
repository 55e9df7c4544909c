"""Whose name stands in the audit trail: the one that was told, beside the key by which they came."""

from fastapi import HTTPException

from connector.service.access import Access
from connector.service.shapes import ReviewIn


def actor_of(review: ReviewIn, access: Access) -> str:
    """`mara`, `mara (key desk)`, or `desk` alone. Raises 422 where neither a name was told nor a named key shown."""
    if review.actor is None and access.name is None:
        raise HTTPException(422, "actor: say who decides this; with an API key its name is taken")
    if review.actor is None:
        return str(access.name)
    return review.actor if access.name is None else f"{review.actor} (key {access.name})"
