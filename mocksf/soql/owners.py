"""USING SCOPE: whose records a query sees, a row for each scope."""

from collections.abc import Callable

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.soql.bound import Bound, Column, Every, Inverse, Slot, Test
from mocksf.soql.nodes import Query
from mocksf.soql.scope import Scope

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Scope mine: the records that the asking user owns", Evidence.DOCUMENTED),
    ("Scope delegated: what the asking user created and somebody else owns", Evidence.ASSUMED),
    ("Scope team: without teams, the records that the asking user owns", Evidence.ASSUMED),
    ("Scope scopingRule: without scoping rules, everything", Evidence.ASSUMED),
    ("The scopes of territories are refused where there are no territories", Evidence.ASSUMED),
    ("A scope that an object has no owner for lets everything through", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def _everything(_: Scope) -> Bound | None:
    return None


def _user() -> Slot:
    return Slot("", lambda _, moment: moment.user_id, dated=True)


def _mine(scope: Scope) -> Bound | None:
    owner = scope.sobject.get("OwnerId")
    return None if owner is None else Test(Column(scope.root, owner), "=", (_user(),))


def _delegated(scope: Scope) -> Bound | None:
    mine, creator = _mine(scope), scope.sobject.get("CreatedById")
    if mine is None or creator is None:
        return mine
    return Every((Test(Column(scope.root, creator), "=", (_user(),)), Inverse(mine)))


SCOPES: dict[str, Callable[[Scope], Bound | None]] = {
    "everything": _everything,
    "scopingrule": _everything,
    "mine": _mine,
    "mine_and_my_groups": _mine,
    "team": _mine,
    "delegated": _delegated,
}
"""Per scope: which rows it lets through."""


def scoped(query: Query, scope: Scope) -> Bound | None:
    """The condition of a query's scope, or None where it lets everything through. Raises Refusal for no such scope."""
    if not query.scope:
        return None
    condition = SCOPES.get(query.scope.lower())
    if condition is None:
        raise scope.refusal(query.source.path.at, Refuse.NO_SUCH_SCOPE, name=query.scope)
    return condition(scope)
