"""What a user's desktop is made of, in its smallest honest shape: tabs, icons and colours, the app menu."""

from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject
from mocksf.schema.catalogue import tab_name, tabbed

MENUS = ("AppSwitcher", "Salesforce1")
_COLOR = {"color": "65CAE4", "context": "primary", "theme": "theme4"}
_SIZES = (32, 16)

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("All tabs have one colour and icons by the name of their object, which nobody serves", Evidence.ASSUMED),
    ("The app menu holds one app, with the name of no product", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def tabs(session: Session, _: Call) -> Response:
    """The tabs that the calling user may see."""
    return Response(200, [_tab(session, each) for each in tabbed(session.org.schema)])


def _tab(session: Session, kind: SObject) -> dict[str, Any]:
    return {
        "colors": [_COLOR],
        "custom": kind.custom,
        "iconUrl": _icon(session, kind, 32)["url"],
        "icons": [_icon(session, kind, size) for size in _SIZES],
        "label": kind.label_plural,
        "miniIconUrl": _icon(session, kind, 16)["url"],
        "name": tab_name(kind),
        "sobjectName": kind.name,
        "url": f"{session.base_url}/{kind.key_prefix}/o",
    }


def _icon(session: Session, kind: SObject, size: int) -> dict[str, Any]:
    name = "custom" if kind.custom else kind.name.lower()
    return {
        "contentType": "image/png",
        "height": size,
        "theme": "theme4",
        "url": f"{session.base_url}/img/icon/{name}{size}.png",
        "width": size,
    }


def theme(session: Session, _: Call) -> Response:
    """The icons and colours of the objects that have tabs."""
    items = [
        {"colors": [_COLOR], "icons": [_icon(session, each, size) for size in _SIZES], "name": each.name}
        for each in tabbed(session.org.schema)
    ]
    return Response(200, {"themeItems": items})


def menus(_: Session, call: Call) -> Response:
    """Which menus there are."""
    return Response(200, {each: f"/services/data/v{call.version}/appMenu/{each}" for each in MENUS})


def menu(session: Session, _: Call, menu: str) -> Response:
    """The items of one menu: the tabs of the mobile app, or the one app of the app launcher."""
    if menu.lower() not in {each.lower() for each in MENUS}:
        raise Refuse.NO_SUCH_RESOURCE()
    if menu.lower() == "salesforce1":
        kinds = tabbed(session.org.schema)
        named = [(each.label_plural, f"Standard.{each.name}", f"/{each.key_prefix}/o") for each in kinds]
    else:
        named = [("Mock", "Mock", "/lightning/page/home")]
    items = [
        {"type": "Standard", "content": None, "icons": None, "colors": None,
         "label": label, "url": f"{session.base_url}{url}", "name": name}
        for label, name, url in named
    ]  # fmt: skip
    return Response(200, {"appMenuItems": items})


ROUTES = (
    Route("GET", "/tabs", tabs),
    Route("GET", "/theme", theme),
    Route("GET", "/appMenu", menus),
    Route("GET", "/appMenu/{menu}", menu),
)
