"""The routes of an org as requests: every one of the router's table, so that a new one is covered by itself."""

from collections.abc import Mapping
from typing import Any

from mocksf.org import Org
from mocksf.rest import ROUTER
from mocksf.rest.routing import Needs, Route

VERSION = "66.0"
GUARDED = tuple(route for route in ROUTER.routes if route.needs is not Needs.NOTHING)
OPEN = tuple(route for route in ROUTER.routes if route.needs is Needs.NOTHING)


def named(route: Route) -> str:
    """How a test case is called after its route."""
    return f"{route.method} {route.path}"


def usual_values(org: Org) -> dict[str, str]:
    """For each name in a path a value that means something in this org."""
    return {
        "sobject": "Account",
        "id": org.admin_id,
        "ids": org.admin_id,
        "field": "Name",
        "value": "x",
        "relationship": "Owner",
        "further": "Owner",
        "record_type_id": "012000000000000AAA",
        "version": VERSION,
        "org": org.org_id,
        "user": org.admin_id,
        "locator": "01gRt0000000001IAA-0",
        "action": "LogACall",
        "name": "chatterPost",
        "kind": "flow",
        "menu": "AppSwitcher",
        "path": "cases/1",
        "place": org.org_id,
    }


def address(route: Route, values: Mapping[str, str]) -> str:
    """A target of a route, its names replaced by values as they are; what nobody knows is called `x`."""
    filled = [values.get(each.strip("{*}"), "x") if each.startswith("{") else each for each in route.segments]
    if route.versioned:
        return f"/services/data/v{VERSION}/{'/'.join(filled)}"
    path = "/" + "/".join(filled)
    return path.replace("/services/data/" + VERSION, f"/services/data/v{VERSION}")


def details(value: Any) -> str:
    """What of an answer a stranger must not see, as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
