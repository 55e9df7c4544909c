"""OpenID Connect: where everything is, and the keys with which the org signs."""

from typing import Any

from mocksf import dialects
from mocksf.messages import Response
from mocksf.rest.oauth.clients import IDENTITY_SCOPES
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.settings import SCOPE_PROFILES

_PLACES = {
    "authorization_endpoint": "/services/oauth2/authorize",
    "token_endpoint": "/services/oauth2/token",
    "revocation_endpoint": "/services/oauth2/revoke",
    "introspection_endpoint": "/services/oauth2/introspect",
    "userinfo_endpoint": "/services/oauth2/userinfo",
    "device_authorization_endpoint": "/services/oauth2/token",
    "jwks_uri": "/id/keys",
}
_CLAIMS = (
    *("active", "address", "email", "email_verified", "family_name", "given_name", "is_app_installed", "language"),
    *("locale", "name", "nickname", "organization_id", "photos", "picture", "preferred_username", "profile", "sub"),
    *("updated_at", "urls", "user_id", "user_type", "utcOffset", "zoneinfo"),
)


def discovery(session: Session, _: Call) -> Response:
    """Where everything of OpenID Connect is, and what is spoken there."""
    host = session.base_url
    body: dict[str, Any] = {
        "issuer": host,
        **{name: f"{host}{path}" for name, path in _PLACES.items()},
        "scopes_supported": [*dict.fromkeys((*SCOPE_PROFILES["privileged"], *IDENTITY_SCOPES))],
        "response_types_supported": ["code", "token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "display_values_supported": ["page", "popup", "touch"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [*_CLAIMS],
    }
    return Response(200, body)


def keys(session: Session, _: Call) -> Response:
    """The public keys of the org, as a JSON web key set."""
    return Response(200, {"keys": [session.org.sessions.signing.public()]})


ROUTES = (
    Route("GET", "/.well-known/openid-configuration", discovery, Needs.NOTHING, dialects.rest),
    Route("GET", "/id/keys", keys, Needs.NOTHING, dialects.rest),
)
