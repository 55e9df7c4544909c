"""Asking an org here and now, for whoever has no event loop: a client that is logged in, by a token or a login."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx

from connector.commands import Command, Flow, Now, Send
from connector.config import ConnectorConfig, DeliveryConfig, SecretMissing
from connector.describe import DescribeError, unreachable
from connector.login import Session, credentials_of
from connector.messages import Answer
from connector.verdicts import Verdict

TIMEOUT_S = 30.0
"""A describe of a large org takes its time; nobody is on the phone."""

Trust = ssl.SSLContext | Path | None
"""Who vouches for the org: a context, a certificate authority's file (PEM), or those that the system trusts."""


def client_of(place: str, config: ConnectorConfig, environ: Mapping[str, str], trust: Trust) -> httpx.Client:
    """A client that is logged in to the org at an address. Raises DescribeError with a sentence for the reader."""
    try:
        client = httpx.Client(base_url=place, timeout=TIMEOUT_S, verify=_verified(trust))
    except (httpx.InvalidURL, OSError, ssl.SSLError) as problem:
        sentence = f"{trust if isinstance(trust, Path) else place} cannot be used: {problem}"
        raise DescribeError(sentence) from problem
    client.headers["Authorization"] = f"Bearer {_token(client, config, environ)}"
    return client


def _verified(trust: Trust) -> ssl.SSLContext | bool:
    return ssl.create_default_context(cafile=str(trust)) if isinstance(trust, Path) else trust or True


def _token(client: httpx.Client, config: ConnectorConfig, environ: Mapping[str, str]) -> str:
    silent = config.model_copy(update={"delivery": DeliveryConfig()})  # the webhook's secret is not needed here
    if environ.get("CONNECTOR_TOKEN"):
        silent = silent.model_copy(update={"org": config.org.model_copy(update={"login": None})})
    try:
        credentials = credentials_of(silent, environ)
    except SecretMissing as problem:
        sentence = f"no login to {client.base_url}: {problem}; or put an access token in CONNECTOR_TOKEN"
        raise DescribeError(sentence) from problem
    token = run_once(Session(credentials, TIMEOUT_S).bearer(), client)
    if isinstance(token, Verdict):
        said = ", ".join(filter(None, (token.reason, token.said)))
        sentence = f"no login to {client.base_url}: {said} (an access token may be given in CONNECTOR_TOKEN)"
        raise DescribeError(sentence)
    return token


def run_once(flow: Flow[str | Verdict], client: httpx.Client) -> str | Verdict:
    """Carry out a login flow here and now: there is nobody else whose turn it could be."""
    reply: object = None
    while True:
        try:
            command = flow.send(reply)
        except StopIteration as end:
            outcome: str | Verdict = end.value
            return outcome
        reply = _carried_out(command, client)


def _carried_out(command: Command, client: httpx.Client) -> object:
    if isinstance(command, Send):
        return _sent(command, client)
    return datetime.now(UTC) if isinstance(command, Now) else None


def _sent(command: Send, client: httpx.Client) -> Answer:
    asked = command.request
    content = asked.body if isinstance(asked.body, str) else None
    try:
        answer = client.request(asked.method, asked.url or asked.path, content=content, headers=dict(asked.headers))
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise DescribeError(unreachable(asked.url or client.base_url, problem)) from problem
    try:
        return Answer(answer.status_code, answer.json(), dict(answer.headers))
    except ValueError:
        return Answer(answer.status_code, answer.text, dict(answer.headers))
