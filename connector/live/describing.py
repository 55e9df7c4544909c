"""Asking the org what it has, through the runner: what the map writes at the start, all else when it is wanted."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from connector.commands import Flow
from connector.config import ConnectorConfig, written_objects
from connector.describe import DescribeError, KnownDescribe, ObjectDescribe, OrgDescribe
from connector.engine import Connector
from connector.live.runner import Runner
from connector.login import Session, authorised
from connector.messages import Answer, Request
from connector.validate import Finding, validate
from connector.verdicts import Verdict

TIMEOUT_S = 10.0

T = TypeVar("T")


async def described(connector: Connector, runner: Runner) -> KnownDescribe:
    """The describes of all objects that the configuration writes. Raises DescribeError."""
    atlas = Atlas(runner, connector.desk.session, connector.composer.root)
    return KnownDescribe([await atlas.sobject(name) for name in written_objects(connector.config)])


class Atlas:
    """What an org has, as one login sees it, asked object by object and kept until somebody wants it anew."""

    def __init__(self, runner: Runner, session: Session, root: str) -> None:
        self.runner, self.session, self.root = runner, session, root
        self._names: tuple[str, ...] | None = None
        self._objects: dict[str, ObjectDescribe] = {}

    def forget(self) -> None:
        """Ask everything anew from now on."""
        self._names = None
        self._objects.clear()

    async def names(self) -> tuple[str, ...]:
        """The API names of all objects. Raises DescribeError."""
        if self._names is None:
            self._names = await self._asked(f"{self.root}/sobjects", _names_in)
        return self._names

    async def sobject(self, name: str) -> ObjectDescribe:
        """One object by the name that the org gives it. Raises DescribeError."""
        if name not in self._objects:
            self._objects[name] = await self._asked(f"{self.root}/sobjects/{name}/describe", ObjectDescribe.read)
        return self._objects[name]

    async def judged(self, config: ConnectorConfig) -> tuple[Finding, ...]:
        """All that is to be said about a configuration, errors first. Raises DescribeError where the org is mute."""
        return await self.over(lambda org: validate(config, org))

    async def over(self, look: Callable[[OrgDescribe], T]) -> T:
        """What a look at the org comes to; whatever it wants to see that is not known yet is asked, and it looks again.

        Raises DescribeError.
        """
        known = _Known(await self.names(), self._objects)
        while True:
            try:
                # A wide map takes a while to be looked through, and calls are answered meanwhile.
                return await asyncio.to_thread(look, known)
            except _Wanted as wanted:
                await self.sobject(wanted.name)

    async def _asked(self, path: str, read: Callable[[Any, str], T]) -> T:
        found: T | DescribeError = await self.runner.run(_told(self.session, path, read))
        if isinstance(found, DescribeError):
            raise found
        return found


class _Wanted(Exception):
    """An object that has not been described yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Known:
    """What has been asked so far, as validation looks at it; what it lacks it wants."""

    def __init__(self, names: tuple[str, ...], objects: dict[str, ObjectDescribe]) -> None:
        self._names = {name.casefold(): name for name in names}
        self._objects = objects

    def names(self) -> tuple[str, ...]:
        return tuple(self._names.values())

    def get(self, name: str) -> ObjectDescribe | None:
        right = self._names.get(name.casefold())
        if right is None:
            return None
        if right not in self._objects:
            raise _Wanted(right)
        return self._objects[right]


def _told(session: Session, path: str, read: Callable[[Any, str], T]) -> Flow[T | DescribeError]:
    reply = yield from authorised(session, Request("GET", path), TIMEOUT_S, "lookup")
    if isinstance(reply, Verdict):
        return DescribeError(f"no login: {reply.reason}")
    if not isinstance(reply, Answer) or reply.status != 200:
        status = f"status {reply.status}" if isinstance(reply, Answer) else reply.reason
        return DescribeError(f"{path} was answered with {status}")
    try:
        return read(reply.body, path)
    except DescribeError as problem:
        return problem


def _names_in(data: Any, path: str) -> tuple[str, ...]:
    try:
        return tuple(str(each["name"]) for each in data["sobjects"])
    except (KeyError, TypeError):
        sentence = f"{path} lists no sobjects"
        raise DescribeError(sentence) from None
