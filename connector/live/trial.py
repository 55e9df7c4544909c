"""A configuration tried before it is put in force: its secrets, its login, its map beside the org, its webhook."""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from connector.alerts import TIMEOUT_S as SLACK_TIMEOUT_S
from connector.commands import send
from connector.config import ConfigError, ConnectorConfig, Secret, SecretMissing, written_objects
from connector.describe import DescribeError, KnownDescribe
from connector.live.clock import LiveClock
from connector.live.describing import Atlas
from connector.live.http import HttpTransport
from connector.live.runner import DurableLedger, Runner
from connector.live.written import Written
from connector.login import Credentials, Session, credentials_of
from connector.messages import Answer, Request
from connector.scopes import lacking
from connector.validate import Finding, Severity, file_findings, is_good
from connector.verdicts import Action, Verdict

GREETING = "A configuration with this webhook is about to be put in force: alerts of dead letters will come here."


class OrgSilent(Exception):
    """The org does not answer now, so that nothing can be said about a configuration; the sentence says what is so."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands between a configuration and its org beside its map; told like a finding."""

    code: str
    path: str
    sentence: str
    severity: Severity = "error"

    def as_json(self) -> dict[str, Any]:
        """The obstacle with the keys of a finding."""
        told = {"code": self.code, "severity": self.severity, "path": self.path, "sentence": self.sentence}
        return {**told, "nearest": None, "prevents": None}


Remark = Finding | Obstacle


@dataclass(frozen=True)
class Ground:
    """What stays while a connector runs, whatever its configuration."""

    ledger: DurableLedger
    org: str
    """What the ledger calls the org."""
    clock: LiveClock
    environ: Mapping[str, str]
    trust: ssl.SSLContext
    address: str | None = None
    """The org's address where the command line says it; else each configuration does."""
    secrets: frozenset[Secret] = frozenset()
    """Places of secrets that the file names which the connector was started with."""

    @property
    def prefix(self) -> str:
        """How variables begin that any configuration of this org may name beside those."""
        return f"CONNECTOR_SECRET_{re.sub(r'[^A-Z0-9]+', '_', self.org.upper())}__"

    def transport(self, config: ConnectorConfig) -> HttpTransport:
        """The way to the org that a configuration names."""
        return HttpTransport(address_in(config, self.address) or "", self.trust, config.delivery.widths)


@dataclass(frozen=True)
class Tried:
    """What a trial found. The last three are there where the configuration is `good`."""

    remarks: tuple[Remark, ...]
    config: ConnectorConfig | None = None
    credentials: Credentials | None = None
    describe: KnownDescribe | None = field(default=None, repr=False)

    @property
    def good(self) -> bool:
        """Whether it may be put in force."""
        return self.describe is not None


async def tried(written: Written, ground: Ground, slack: bool = False) -> Tried:
    """Try a configuration as if it were in force; with `slack` its webhook is sent a message. Raises OrgSilent."""
    try:
        config = written.config()
    except ConfigError as problem:
        return Tried(file_findings(problem))
    obstacles = tuple(_unreachable(config, ground))
    if obstacles:
        return Tried(obstacles, config)
    credentials = credentials_of(config, ground.environ)
    transport = ground.transport(config)
    try:
        session = Session(credentials, config.delivery.attempt_timeout_s)
        return await _asked(config, session, Runner(ground.ledger, ground.clock, transport), slack)
    finally:
        await transport.close()


async def _asked(config: ConnectorConfig, session: Session, runner: Runner, slack: bool) -> Tried:
    token = await runner.run(session.bearer())
    if isinstance(token, Verdict):
        return Tried((_refused(token),), config)
    atlas = Atlas(runner, session, f"/services/data/v{config.org.api_version}")
    try:
        findings = await atlas.judged(config)
        remarks: tuple[Remark, ...] = (
            *_few_scopes(config, session),
            *findings,
            *(await _greeted(runner, session) if slack else ()),
        )
        if not is_good(findings):
            return Tried(remarks, config)
        describe = KnownDescribe([await atlas.sobject(name) for name in written_objects(config)])
    except DescribeError as problem:
        sentence = f"the org does not say what it has, so the map cannot be held against it: {problem}"
        raise OrgSilent(sentence) from problem
    return Tried(remarks, config, session.credentials, describe)


def address_in(config: ConnectorConfig, said: str | None = None) -> str | None:
    """The org's address: as the command line says, else the login section's; None where nobody says it."""
    login = config.org.login
    address = said or (login.instance_url if login else None)
    return address.rstrip("/") if address else None


def secrets_in(section: BaseModel, path: str = "$") -> Iterator[tuple[str, Secret]]:
    """Every secret that a configuration names, with its JSON path."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Secret):
            yield f"{path}.{name}", value
        elif isinstance(value, BaseModel):
            yield from secrets_in(value, f"{path}.{name}")


def _unreachable(config: ConnectorConfig, ground: Ground) -> Iterator[Obstacle]:
    """What need not even be tried."""
    address = address_in(config, ground.address)
    if address is None:
        yield Obstacle("ORG_UNNAMED", "$.org.login", "names no org; write org.login.instance_url")
    elif (config.org.name or address) != ground.org:
        sentence = f"the ledger is that of {ground.org}; where that org has only a new address, write its name here"
        yield Obstacle("ORG_DIFFERS", "$.org.name", sentence)
    for path, secret in secrets_in(config):
        if secret not in ground.secrets and not (secret.env or "").startswith(ground.prefix):
            sentence = (
                f"only secrets that the file names which the connector was started with may be named, and variables"
                f" that begin with {ground.prefix}: whoever may write a configuration need not read every secret"
            )
            yield Obstacle("SECRET_ELSEWHERE", path, sentence)
            continue
        try:
            secret.reveal(ground.environ)
        except SecretMissing as problem:
            yield Obstacle("SECRET_MISSING", path, str(problem))


def _refused(verdict: Verdict) -> Obstacle:
    """Why there is no token. Raises OrgSilent where another moment may bring one."""
    if verdict.action is Action.RETRY:
        sentence = f"the org does not answer the login now ({verdict.reason})"
        raise OrgSilent(sentence)
    return Obstacle("LOGIN_REFUSED", "$.org.login", f"the org refuses the login: {verdict.reason}")


def _few_scopes(config: ConnectorConfig, session: Session) -> Iterator[Obstacle]:
    if session.scope is not None and (few := lacking(config, session.scope)):
        sentence = f"the login gives {session.scope}, and the map needs {', '.join(few)} as well"
        yield Obstacle("SCOPES_FEW", "$.org.scope_profile", sentence, "warning")


async def _greeted(runner: Runner, session: Session) -> tuple[Obstacle, ...]:
    webhook = session.credentials.slack_webhook
    if webhook is None:
        return ()
    asked = Request("POST", "", {"text": GREETING}, {"Content-Type": "application/json"}, webhook, authorised=False)
    reply = await runner.run(send(asked, SLACK_TIMEOUT_S, "alerts"))
    if isinstance(reply, Answer) and reply.ok:
        return ()
    said = f"status {reply.status}" if isinstance(reply, Answer) else reply.reason
    sentence = f"Slack does not take a message at this webhook: {said}"
    return (Obstacle("SLACK_REFUSED", "$.delivery.slack_webhook", sentence, "warning"),)
