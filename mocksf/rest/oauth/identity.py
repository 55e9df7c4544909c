"""Who a token stands for: the identity resource and OpenID's userinfo."""

from typing import Any

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.ids import normalise_id
from mocksf.messages import Response
from mocksf.moments import datetime_text
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session

_PLACES = {
    "enterprise": "/services/Soap/c/{version}/",
    "metadata": "/services/Soap/m/{version}/",
    "partner": "/services/Soap/u/{version}/",
    "rest": "/services/data/v{version}/",
    "sobjects": "/services/data/v{version}/sobjects/",
    "search": "/services/data/v{version}/search/",
    "query": "/services/data/v{version}/query/",
    "recent": "/services/data/v{version}/recent/",
    "tooling_soap": "/services/Soap/T/{version}/",
    "tooling_rest": "/services/data/v{version}/tooling/",
}
"""Where the APIs are; `{version}` stays as it is, for the client to fill in."""
_LATEST = "66.0"


def identity(session: Session, call: Call, org: str, user: str) -> Response:
    """The identity of the calling user, in Salesforce's own words."""
    person = _person(session, org, user)
    host = session.base_url
    body = {
        "id": f"{host}/id/{session.org.org_id}/{person['Id']}",
        "asserted_user": True,
        "user_id": person["Id"],
        "organization_id": session.org.org_id,
        "username": person.get("Username"),
        "nick_name": person.get("CommunityNickname"),
        "display_name": person.get("Name"),
        "email": person.get("Email"),
        "email_verified": True,
        "first_name": person.get("FirstName"),
        "last_name": person.get("LastName"),
        "timezone": person.get("TimeZoneSidKey"),
        "photos": _photos(host),
        "is_lightning_login_user": False,
        "urls": _urls(session, person["Id"], call.query.get("version")),
        "active": bool(person.get("IsActive")),
        "user_type": "STANDARD",
        "language": person.get("LanguageLocaleKey"),
        "locale": person.get("LocaleSidKey"),
        "utcOffset": -28800000,
        "last_modified_date": _modified(person),
        "is_app_installed": True,
    }
    return Response(200, body)


def userinfo(session: Session, _: Call) -> Response:
    """The calling user in the words of OpenID."""
    person = _person(session, session.org.org_id, session.user_id)
    host = session.base_url
    body = {
        "sub": f"{host}/id/{session.org.org_id}/{person['Id']}",
        "user_id": person["Id"],
        "organization_id": session.org.org_id,
        "preferred_username": person.get("Username"),
        "nickname": person.get("CommunityNickname"),
        "name": person.get("Name"),
        "email": person.get("Email"),
        "email_verified": True,
        "given_name": person.get("FirstName"),
        "family_name": person.get("LastName"),
        "zoneinfo": person.get("TimeZoneSidKey"),
        "photos": _photos(host),
        "profile": f"{host}/{person['Id']}",
        "picture": f"{host}/profilephoto/005/F",
        "address": {},
        "is_salesforce_integration_user": False,
        "urls": _urls(session, person["Id"], None),
        "active": bool(person.get("IsActive")),
        "user_type": "STANDARD",
        "language": person.get("LanguageLocaleKey"),
        "locale": person.get("LocaleSidKey"),
        "utcOffset": -28800000,
        "updated_at": _modified(person),
    }
    return Response(200, body)


def _person(session: Session, org: str, user: str) -> dict[str, Any]:
    """The stored row of the user that an identity address names: only one's own is shown."""
    if normalise_id(org) != session.org.org_id:
        raise Refuse.WRONG_ORG()
    row = session.org.store.fetch(session.org.schema["User"], normalise_id(user) or "")
    if row is None or row["Id"] != session.user_id:
        raise Refuse.BAD_IDENTITY()
    return row


def _photos(host: str) -> dict[str, str]:
    return {"picture": f"{host}/profilephoto/005/F", "thumbnail": f"{host}/profilephoto/005/T"}


def _urls(session: Session, user_id: str, version: str | None) -> dict[str, str]:
    host = session.base_url
    urls = {name: f"{host}{path}" for name, path in _PLACES.items()}
    urls |= {"profile": f"{host}/{user_id}", "custom_domain": host}
    if version is None:
        return urls
    number = _LATEST if version == "latest" else version
    return {name: url.replace("{version}", number) for name, url in urls.items()}


def _modified(person: dict[str, Any]) -> str:
    return datetime_text(person.get("LastModifiedDate") or 0)


ROUTES = (
    Route("GET", "/id/{org}/{user}", identity, Needs.SESSION, dialects.text),
    Route("GET", "/services/oauth2/userinfo", userinfo, Needs.SESSION, dialects.text),
    Route("POST", "/services/oauth2/userinfo", userinfo, Needs.SESSION, dialects.text),
)
