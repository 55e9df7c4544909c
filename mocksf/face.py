"""`mocksf.Org`: an org in one object, with ways to reach it from httpx, requests and respx, and weather over it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from mocksf import org
from mocksf.clock import Clock, VirtualClock
from mocksf.doors.httpx_transport import LocalTransport
from mocksf.doors.local import LocalDoor
from mocksf.hooks import Hooks
from mocksf.journal import Journal
from mocksf.schema import Schema, load_schema
from mocksf.settings import OrgSettings
from mocksf.weather import Rule, Weather, parse_rule
from mocksf.wire import Wire

if TYPE_CHECKING:
    import requests
    import respx

USUAL = OrgSettings()
RuleLike = Rule | Mapping[str, Any] | str
"""A rule, its JSON form, or the bare name of a kind."""


@dataclass(frozen=True, slots=True)
class Whole(org.Snapshot):
    """All that an org knows, its rules and their tallies included."""

    weather: object = None


class Org(org.Org):
    """A Salesforce org in this process, on virtual time.

    `schema` is a Schema, or sources such as ``["sample", "my-objects.yaml"]``; `rules` is the weather, `[]` none.
    """

    def __init__(
        self,
        schema: Schema | Sequence[str | Path] | str | None = None,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        name: str = "default",
        settings: OrgSettings = USUAL,
        rules: Sequence[RuleLike] = (),
        hooks: Hooks | None = None,
    ) -> None:
        super().__init__(as_schema(schema), clock=clock, seed=seed, name=name, settings=settings, hooks=hooks)
        self.wire = Wire(self, [as_rule(rule) for rule in rules])
        self._door: LocalDoor | None = None

    # -- ways in -------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The address that its clients use; nothing listens there."""
        return f"https://{self.settings.my_domain}"

    @property
    def door(self) -> LocalDoor:
        """The local door: requests as function calls. Raises TypeError where the clock is not virtual."""
        if self._door is None:
            self._door = LocalDoor(self.wire)
        return self._door

    def client(self, *, token: bool = True, **options: Any) -> httpx.Client:
        """An httpx client of this org; with `token` it is logged in as the administrator."""
        return httpx.Client(transport=LocalTransport(self.door), **self._options(token, options))

    def async_client(self, *, token: bool = True, **options: Any) -> httpx.AsyncClient:
        """The same for async code; on `mocksf.doors.loop.VirtualLoop` its requests fly side by side."""
        return httpx.AsyncClient(transport=LocalTransport(self.door), **self._options(token, options))

    def respx_router(self) -> "respx.MockRouter":
        """A respx router that answers every httpx client while it is active: ``with org.respx_router(): …``."""
        from mocksf.doors.respx_router import router  # respx is an extra

        return router(self.door)

    def requests_session(self) -> "requests.Session":
        """A requests session whose every address leads to this org, for everything that is built on requests."""
        from mocksf.doors.requests_adapter import session  # requests is an extra

        return session(self.door)

    def _options(self, token: bool, options: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.login()}"} if token else {}
        return {"base_url": self.url, **options, "headers": {**headers, **(options.get("headers") or {})}}

    # -- weather -------------------------------------------------------------------------------------------------

    @property
    def weather(self) -> Weather:
        """The rules that lie, with what they struck."""
        return self.wire.weather

    @property
    def journal(self) -> Journal:
        """What went over the wire."""
        return self.wire.journal

    @contextmanager
    def faults(self, *rules: RuleLike) -> Iterator[list[Rule]]:
        """Lay rules down for the length of a block: ``with org.faults({"kind": "lost_answer"}): …``.

        They stand before those that lie already, so that within the block they decide.
        """
        laid: list[Rule] = []
        try:
            for place, rule in enumerate(rules):
                laid.append(self.weather.add(as_rule(rule), place))
            yield laid
        finally:
            there = {rule.id for rule in self.weather.rules}
            for rule in laid:
                if rule.id in there:
                    self.weather.remove(rule.id)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass; whatever is due meanwhile happens at its own instant."""
        self.door.advance(seconds)

    # -- state ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> org.Snapshot:
        """Everything, rules and tallies included."""
        held = super().snapshot()
        parts = {one.name: getattr(held, one.name) for one in fields(held)}
        return Whole(**parts, weather=self.weather.state() if hasattr(self, "wire") else None)

    def restore(self, snapshot: org.Snapshot) -> None:
        """Back to a snapshot; requests that still flew are gone."""
        super().restore(snapshot)
        if hasattr(self, "wire"):
            self.wire.forget_flights()
        if isinstance(snapshot, Whole) and snapshot.weather is not None:
            self.weather.restore(snapshot.weather)

    def reset(self) -> None:
        """Back to the beginning: a fresh org under the same rules, with an empty journal."""
        rules = self.weather.rules
        super().reset()
        self.weather.replace(rules)
        self.journal.clear()

    def fork(self) -> "Org":
        """A second org with the same past, the same rules and a future of its own."""
        twin = Org(
            self._home.schema,  # what its settings speak of may be gone by now
            clock=VirtualClock(self.clock.now()),
            seed=self.dice.seed,
            name=self.name,
            settings=self.settings,
            hooks=self.hooks,
        )
        twin.restore(self.snapshot())
        twin.founded, twin._home = self.founded, self._home
        return twin


def as_schema(schema: Schema | Sequence[str | Path] | str | None) -> Schema | None:
    """A schema from what a person gives: itself, sources, one source, or None for the standard objects."""
    if schema is None or isinstance(schema, Schema):
        return schema
    return load_schema([schema] if isinstance(schema, str) else list(schema))


def as_rule(rule: RuleLike) -> Rule:
    """A rule from itself, its JSON form, or the bare name of a kind. Raises RuleError."""
    if isinstance(rule, Rule):
        return rule
    return Rule(rule) if isinstance(rule, str) else parse_rule(rule)
