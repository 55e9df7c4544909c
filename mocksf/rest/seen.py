"""The org as one of its users sees it: the same org, with their part of its schema and of its records."""

from typing import Any, cast

from mocksf.permissions import View
from mocksf.rest.session import Premises


class _Seen:
    """Everything of an org, but for its schema and its records."""

    def __init__(self, org: Premises, view: View) -> None:
        assert view.seen is not None, "who sees everything sees the org itself"
        self._org = org
        self.schema = view.seen
        self.records = org.records.under(view.seen)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)


def as_seen(org: Premises, view: View | None, known: dict[int, Premises]) -> Premises:
    """The org for somebody with this view; the org itself for who sees all of it, and where nobody calls.

    `known` keeps what was made before, by the numbers of views.
    """
    if view is None or view.seen is None:
        return org
    if view.number not in known:
        known[view.number] = cast(Premises, _Seen(org, view))
    return known[view.number]
