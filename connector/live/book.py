"""The configurations of one org: the one in force, those before it, and how another takes its place without a restart.

They lie in the ledger, so that who put which in force, when and why is part of the audit trail.
"""

import asyncio
from datetime import datetime, timedelta

import structlog

from connector.chain import Draft
from connector.config import ConnectorConfig
from connector.ledger import Ledger
from connector.live.describing import Atlas
from connector.live.http import HttpTransport
from connector.live.hub import Hub
from connector.live.trial import Ground, OrgSilent, Remark, Tried, address_in, tried
from connector.live.written import Written
from connector.readings import Activation
from connector.settle import settle
from connector.validate import Finding

log = structlog.get_logger("connector.book")

KEY = "configuration"
"""Under which the ledger keeps activations."""
STARTED_BY = "the start"
"""The actor of what no person put in force through the service."""

PATIENCE_S = 30.0
"""How long another process may decide about configurations before this one says so."""
FOLLOW_S = 1.0
"""On the wall: how soon a process goes by what another has put in force."""
WARM_S = 45.0
"""On the wall; clients let an idle connection go after 55 seconds."""
WARM_TIMEOUT_S = 10.0
VERSIONS = "/services/data"
"""What an org answers without a login, and without counting it (facts, REST §2)."""


class NotGood(Exception):
    """A configuration that must not be put in force; `remarks` name each place and cure."""

    def __init__(self, remarks: tuple[Remark, ...]) -> None:
        self.remarks = remarks
        wrong = [each for each in remarks if each.severity == "error"]
        super().__init__("; ".join(f"{each.path}: {each.sentence}" for each in wrong))


class Overtaken(Exception):
    """What was changed is not what is in force any more, or it is just that."""


class Book:
    """One org's configurations. `current` is in force."""

    def __init__(self, hub: Hub, ground: Ground, file: Written, current: Written, transport: HttpTransport) -> None:
        self.hub, self.ground, self.current = hub, ground, current
        self._file = file
        self._transport = transport
        self._config = current.config()
        self._version = self.history[-1].version if self.history else 0
        self._not_followed = 0
        self._retired: dict[HttpTransport, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._atlas = self._fresh_atlas()

    @property
    def history(self) -> list[Activation]:
        """Every configuration that was put in force, the oldest first; empty where only the file ever was."""
        return self.hub.connector.ledger.readings.activations

    @property
    def version(self) -> int:
        """The version that this process goes by; 0 is the file, which nobody has changed yet."""
        return self._version

    @property
    def config(self) -> ConnectorConfig:
        """What is in force, as it was written: what the org settles is left open."""
        return self._config

    def written(self, version: int) -> Written | None:
        """The text of a version, or None where there is none of that number."""
        if version == self.version:
            return self.current
        found = next((each for each in self.history if each.version == version), None)
        return None if found is None else text_of(self.hub.connector.ledger, found)

    async def judged(self, config: ConnectorConfig, anew: bool = False) -> tuple[Finding, ...]:
        """What validation says of a map beside the org as the present login sees it. Raises DescribeError."""
        return await self.atlas(anew).judged(config)

    def atlas(self, anew: bool = False) -> Atlas:
        """What the org has, as far as somebody has asked; `anew` forgets it."""
        if anew:
            self._atlas.forget()
        return self._atlas

    async def tried(self, written: Written, slack: bool = False) -> Tried:
        """Try a configuration with its own login, and change nothing. Raises OrgSilent."""
        return await tried(written, self.ground, slack)

    async def activate(self, written: Written, actor: str, reason: str, base: int | None = None) -> Activation:
        """Put a configuration in force for all turns from now on, once it was tried and found good.

        `base` is the version that it was made from. Raises NotGood, Overtaken, OrgSilent or LedgerBroken; then nothing
        has changed.
        """
        async with self._one_at_a_time, self.hub.runner.alone(KEY, PATIENCE_S):
            self._refuse_overtaken(written, base)
            told = await self.tried(written, slack=self._has_another_webhook(written))
            if not told.good:
                raise NotGood(told.remarks)
            ledger, now = self.hub.connector.ledger, self.hub.runner.clock.now()
            if not self.history:
                noted(ledger, self._file, self._file, STARTED_BY, "what the connector was started with", now)
            noted(ledger, written, self._file, actor, reason, now)
            await self.hub.runner.ledger.safe()
            self._put_in_force(written, told, self.history[-1].version)
            return self.history[-1]

    async def follow(self) -> None:
        """Go by what other processes of a fleet put in force, as soon as that is heard of."""
        clock = self.hub.runner.clock
        pause = timedelta(seconds=FOLLOW_S / clock.real_seconds(1.0))
        while True:
            await clock.sleep_until(clock.now() + pause)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Put in force what was activated last, where this process goes by another yet and can go by that one."""
        async with self._one_at_a_time:
            latest = self.history[-1] if self.history else None
            if latest is None or latest.version in (self._version, self._not_followed):
                return
            written = text_of(self.hub.connector.ledger, latest)
            try:
                told = Tried(()) if written is None else await self.tried(written)
            except OrgSilent:
                return  # it is tried again with the next look
            if written is None or not told.good:
                self._not_followed = latest.version
                wrong = [each.as_json()["code"] for each in told.remarks if each.severity == "error"]
                log.error("another process put a configuration in force that does not hold here", wrong=wrong)
                return
            self._put_in_force(written, told, latest.version)

    async def keep_warm(self) -> None:
        """Open connections before a call needs them, and use them before the org closes them for being idle."""
        clock = self.hub.runner.clock
        pause = timedelta(seconds=WARM_S / clock.real_seconds(1.0))
        while True:
            await self._transport.warm(VERSIONS, WARM_TIMEOUT_S)
            await clock.sleep_until(clock.now() + pause)

    async def close(self) -> None:
        """Let go of every connection."""
        for task in self._retired.values():
            task.cancel()
        await asyncio.gather(*self._retired.values(), return_exceptions=True)
        for transport in (*self._retired, self._transport):
            await transport.close()

    def _refuse_overtaken(self, written: Written, base: int | None) -> None:
        latest = self.history[-1] if self.history else None
        if base is not None and latest is not None and base != latest.version:
            sentence = (
                f"version {base} was changed, but {latest.actor} has put version {latest.version} in force meanwhile;"
                " look at that one first"
            )
            raise Overtaken(sentence)
        if written.sha256 == self.current.sha256:
            sentence = "this very configuration is in force"
            raise Overtaken(sentence)

    def _has_another_webhook(self, written: Written) -> bool:
        data = written.data() if written.text.strip() else None
        wanted = data.get("delivery") if isinstance(data, dict) else None
        secret = self._config.delivery.slack_webhook
        before = secret.model_dump(exclude_none=True) if secret else None
        return isinstance(wanted, dict) and wanted.get("slack_webhook") not in (None, before)

    def _put_in_force(self, written: Written, told: Tried, version: int) -> None:
        config, credentials, describe = told.config, told.credentials, told.describe
        assert config is not None, "only what was found good is put in force"
        assert credentials is not None, "what was found good has logged in"
        assert describe is not None, "what was found good was held against the org"
        before, self.current, self._config, self._version = self._config, written, config, version
        if self._way(before) != self._way(config):
            old, self._transport = self._transport, self.ground.transport(config)
            self.hub.runner.transport = self._transport
            self._retire(old, before)
        self.hub.connector.change(settle(config, describe), credentials, describe)
        self._atlas = self._fresh_atlas()

    def _way(self, config: ConnectorConfig) -> tuple[str | None, dict[str, int]]:
        return address_in(config, self.ground.address), config.delivery.widths

    def _retire(self, old: HttpTransport, config: ConnectorConfig) -> None:
        """Close a transport once nothing can be under way on it any more."""
        clock = self.hub.runner.clock
        until = clock.now() + timedelta(seconds=config.delivery.attempt_timeout_s)

        async def close() -> None:
            await clock.sleep_until(until)
            await old.close()
            del self._retired[old]

        self._retired[old] = asyncio.get_running_loop().create_task(close())

    def _fresh_atlas(self) -> Atlas:
        connector = self.hub.connector
        return Atlas(self.hub.runner, connector.desk.session, connector.composer.root)


def noted(ledger: Ledger, written: Written, file: Written, actor: str, reason: str, at: datetime) -> None:
    """Write an activation into the ledger. The text goes into the payload: it is sealed there like any other."""
    activations = ledger.readings.activations
    detail = {
        "version": activations[-1].version + 1 if activations else 1,
        "actor": actor,
        "reason": reason,
        "sha256": written.sha256,
        "file_sha256": file.sha256,
    }
    payload = {"text": written.text, "name": written.name}
    ledger.append(Draft("configured", KEY, at, detail, payload))


def text_of(ledger: Ledger, activation: Activation) -> Written | None:
    """What an activation put in force; None where its payload does not read."""
    payload = ledger.payload(activation.payload_sha256)
    return None if payload is None else Written(str(payload["text"]), str(payload["name"]))


def in_force(ledger: Ledger, file: Written, at: datetime) -> Written:
    """What a start goes by: what was activated last, or the file where it has changed since, which is noted then."""
    activations = ledger.readings.activations
    if not activations:
        return file
    last = activations[-1]
    if last.file_sha256 == file.sha256:
        return text_of(ledger, last) or file
    noted(ledger, file, file, STARTED_BY, f"{file.name} was changed since version {last.version}", at)
    return file
