"""Tokens: got by a flow, kept, shared by all flows, and renewed once per staleness."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt

from connector.commands import Flow, GivePlace, TakePlace, note, now, send
from connector.config import ConnectorConfig, Secret
from connector.messages import Answer, Reply, Request
from connector.verdicts import Action, Verdict, judge

TOKEN_PATH = "/services/oauth2/token"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LASTS = timedelta(minutes=3)
"""Within the 3 to 5 minutes that the org allows (facts, REST §6.3)."""
MUTEX = ("login",)
"""The place that a flow holds while it logs in, so that all others wait for its token."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The login section with its secrets revealed. It is never written anywhere; its repr shows no secret."""

    grant: str | None = None
    client_id: str = ""
    username: str = ""
    client_secret: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    """A token given from outside; where there is no grant it cannot be renewed."""
    login_url: str | None = None
    """The token endpoint's host, where it is not the org's own."""
    audience: str = "https://login.salesforce.com"
    slack_webhook: str | None = field(default=None, repr=False)


def credentials_of(
    config: ConnectorConfig, environ: Mapping[str, str], read: Callable[[str], str] | None = None
) -> Credentials:
    """The configuration's secrets, revealed. `CONNECTOR_TOKEN` is a token to begin with. Raises SecretMissing."""

    def reveal(secret: Secret | None) -> str:
        if secret is None:
            return ""
        return secret.reveal(environ, read) if read else secret.reveal(environ)

    webhook = reveal(config.delivery.slack_webhook) or None
    token = environ.get("CONNECTOR_TOKEN", "")
    login = config.org.login
    if login is None:
        return Credentials(token=token, slack_webhook=webhook)
    elsewhere = login.token_host if login.token_host != login.instance_url else None
    return Credentials(
        grant=login.grant,
        client_id=login.client_id or "",
        username=login.username or "",
        client_secret=reveal(login.client_secret),
        password=reveal(login.password),
        private_key=reveal(login.private_key),
        refresh_token=reveal(login.refresh_token),
        token=token,
        login_url=elsewhere,
        audience=elsewhere or "https://login.salesforce.com",
        slack_webhook=webhook,
    )


def _client(held: Credentials) -> dict[str, str]:
    return {"client_id": held.client_id, "client_secret": held.client_secret}


def _password(held: Credentials, _: datetime) -> dict[str, str]:
    return {"grant_type": "password", **_client(held), "username": held.username, "password": held.password}


def _client_credentials(held: Credentials, _: datetime) -> dict[str, str]:
    return {"grant_type": "client_credentials", **_client(held)}


def _refresh(held: Credentials, _: datetime) -> dict[str, str]:
    form = {"grant_type": "refresh_token", **_client(held), "refresh_token": held.refresh_token}
    return {name: value for name, value in form.items() if value}


def _assertion(held: Credentials, at: datetime) -> dict[str, str]:
    claims = {
        "iss": held.client_id,
        "sub": held.username,
        "aud": held.audience,
        "exp": int((at + ASSERTION_LASTS).timestamp()),
    }
    return {"grant_type": JWT_GRANT, "assertion": jwt.encode(claims, held.private_key, algorithm="RS256")}


FORMS: Mapping[str, Callable[[Credentials, datetime], dict[str, str]]] = {
    "password": _password,
    "client_credentials": _client_credentials,
    "refresh_token": _refresh,
    "jwt_bearer": _assertion,
}
"""Grant → the form that asks for a token (facts, REST §6.1)."""


class Session:
    """The token that all flows share."""

    def __init__(self, credentials: Credentials, timeout_s: float = 15.0) -> None:
        self.credentials = credentials
        self.timeout_s = timeout_s
        self.token = credentials.token
        self.home: str | None = None
        """The org's address as a login host elsewhere named it, or None: the configured one."""
        self.scope: str | None = None
        """The scopes of the last token, space-separated; None where no login said so."""
        self.renewals = 0
        self._refusals = 0
        self._refusal: Verdict | None = None
        """What the last login that failed came to."""

    def change(self, credentials: Credentials, timeout_s: float) -> None:
        """Log in with other credentials from now on; the token stays where they are the same."""
        self.timeout_s = timeout_s
        if credentials != self.credentials:
            self.credentials, self.token = credentials, credentials.token
            self.home = self.scope = self._refusal = None

    def bearer(self, stale: str | None = None) -> Flow[str | Verdict]:
        """A token that is not `stale`; or why there is none. One flow asks, the others wait for what it gets.

        They share a failure as well: one after the other asking a silent org would keep the last waiting for minutes.
        """
        if self.token and self.token != stale:
            return self.token
        refused_before = self._refusals
        yield TakePlace(MUTEX)
        verdict: Verdict | None = None
        if not (self.token and self.token != stale):
            verdict = self._refusal if self._refusals > refused_before else (yield from self._ask())
        yield GivePlace(MUTEX)
        return verdict or self.token

    def _ask(self) -> Flow[Verdict | None]:
        grant = self.credentials.grant
        if grant is None:
            said = "the token is missing or was refused, and the configuration has no login section to get another"
            return Verdict(Action.REJECT, "login", "no login", said)
        at = yield from now()
        try:
            form = FORMS[grant](self.credentials, at)
        except (ValueError, jwt.PyJWTError) as problem:
            return Verdict(Action.REJECT, "login", "private key", f"the private key cannot sign: {problem}")
        reply = yield from send(self._request(form), self.timeout_s, "login")
        return self._keep(reply)

    def _request(self, form: Mapping[str, str]) -> Request:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        elsewhere = self.credentials.login_url
        url = f"{elsewhere}{TOKEN_PATH}" if elsewhere else None
        return Request("POST", TOKEN_PATH, urlencode(form), headers, url=url, authorised=False)

    def _home_of(self, body: Mapping[str, Any]) -> str | None:
        """Where a shared login host says that the org is (REST §6.1); never from https to plain http.

        The org's own host is asked for tokens under the address that is known to work, which need not be repeated.
        """
        elsewhere = self.credentials.login_url
        named = body.get("instance_url")
        if elsewhere is None or not isinstance(named, str):
            return None
        good = named.startswith("https://") or (named.startswith("http://") and elsewhere.startswith("http://"))
        return named.rstrip("/") if good else None

    def bearing(self, request: Request, token: str) -> Request:
        """The request with its token, and to where the org is."""
        url = request.url or (f"{self.home}{request.path}" if self.home else None)
        return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"}, url=url)

    def _keep(self, reply: Reply) -> Verdict | None:
        """Keep the token of a good answer; a verdict where it is none. Whatever was wanted has not even been sent."""
        body = reply.body if isinstance(reply, Answer) and isinstance(reply.body, dict) else {}
        token = body.get("access_token")
        if isinstance(token, str) and token:
            self.token = token
            self.home, self.scope = self._home_of(body), body.get("scope")
            self.renewals += 1
            return None
        verdict = judge(reply)
        action = Action.RETRY if verdict.action in {Action.RETRY, Action.DONE} else Action.REJECT
        category = "login" if action is Action.REJECT else verdict.category
        refusal = replace(verdict, action=action, category=category, reason=f"login: {verdict.reason}", perhaps=False)
        self._refusals, self._refusal = self._refusals + 1, refusal
        return refusal


def authorised(
    session: Session, request: Request, timeout_s: float, lane: str, delivery: str | None = None
) -> Flow[Reply | Verdict]:
    """Send with the bearer token. A 401 that a new token cures earns one renewal and one immediate second try.

    The answer may be that of the second try. With a `delivery` the renewal is noted before it, as `refreshed`: should
    the second try stay unanswered, the ledger knows that something was sent. Without a token: a Verdict.
    """
    token = yield from session.bearer()
    if isinstance(token, Verdict):
        return token
    reply = yield from send(session.bearing(request, token), timeout_s, lane)
    if judge(reply).action is not Action.RENEW:
        return reply
    fresh = yield from session.bearer(stale=token)
    if isinstance(fresh, Verdict):
        return fresh
    if delivery is not None:
        yield from note("refreshed", delivery)
    again: Reply = yield from send(session.bearing(request, fresh), timeout_s, lane)
    return again
