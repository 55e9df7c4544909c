"""What the control plane can do to a served org: rules, clock, journal, snapshots, seed and reset."""

from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Body, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mocksf.doors.served_clock import ServedClock
from mocksf.weather import RuleError, explain, parse_rule, parse_rules
from mocksf.weather.problems import nearest
from mocksf.wire import Wire

Json = Any
JOURNAL_PAGE = 200
EXAMPLE = {"kind": "lost_answer", "where": {"path": "*/composite", "nth": 2}, "how_often": {"chance": 0.3, "times": 2}}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Advance(_Strict):
    """How far to move the clock on."""

    seconds: float = Field(ge=0)


class SetTo(_Strict):
    """Where to move the clock."""

    now: AwareDatetime


class Pace(_Strict):
    """How fast the clock runs: seconds of the org per second of the wall; 0 stops it."""

    factor: float = Field(ge=0)


class Seed(_Strict):
    """The seed from which all chance follows."""

    seed: int


class Problem(Exception):
    """A request that the control plane cannot serve."""

    def __init__(self, status: int, path: str, message: str) -> None:
        super().__init__(message)
        self.status, self.path = status, path


class Control:
    """The operations of the control plane on one wire."""

    def __init__(self, wire: Wire, clock: ServedClock) -> None:
        self.wire = wire
        self.clock = clock
        self._snapshots: dict[str, tuple[object, datetime]] = {}

    # -- rules ---------------------------------------------------------------------------------------------------

    async def rules(self) -> list[Json]:
        """The rules in order, each with what it has matched and struck, and why it did not."""
        return [explain(laid) for laid in self.wire.weather.laid]

    async def rule(self, rule_id: str) -> Json:
        """One rule with its tally."""
        return explain(self.wire.weather.find(rule_id))

    async def add_rules(self, body: Annotated[Any, Body(examples=[EXAMPLE])]) -> list[Json]:
        """Lay one rule, or a list of rules, down behind those that lie; all or none."""
        new = parse_rules(body if isinstance(body, list) else [body])
        taken = {rule.id for rule in self.wire.weather.rules}
        for number, rule in enumerate(new):
            if rule.id and rule.id in taken:
                raise RuleError([(f"rules[{number}].id", f"the id `{rule.id}` is taken")])
        return [self.wire.weather.add(rule).as_json() for rule in new]

    async def replace_rules(self, body: Annotated[Any, Body()]) -> list[Json]:
        """Lay these rules down instead of all others; `[]` is calm."""
        return [rule.as_json() for rule in self.wire.weather.replace(parse_rules(body))]

    async def patch_rule(self, rule_id: str, body: Annotated[dict[str, Any], Body()]) -> Json:
        """Change the given keys of one rule; its tally stays."""
        return self.wire.weather.patch(rule_id, body).as_json()

    async def remove_rule(self, rule_id: str) -> Response:
        """Take one rule away."""
        self.wire.weather.remove(rule_id)
        return Response(status_code=204)

    async def clear_rules(self) -> Response:
        """Calm: take all rules away."""
        self.wire.weather.clear()
        return Response(status_code=204)

    async def check_rules(self, body: Annotated[Any, Body()]) -> list[Json]:
        """What the rules would be, without laying them down."""
        return [parse_rule(one, f"rules[{at}]").as_json() for at, one in enumerate(body)]

    # -- clock ---------------------------------------------------------------------------------------------------

    async def time(self) -> Json:
        """The org's time, how fast it runs, and how many requests wait for an instant to come."""
        return {"now": self.clock.now().isoformat(), "factor": self.clock.factor, "waiting": self.clock.waiting}

    async def advance(self, body: Advance) -> Json:
        """Move the clock on; whoever waits is served on the way, in order."""
        await self.clock.advance(body.seconds)
        return await self.time()

    async def set_time(self, body: SetTo) -> Json:
        """Move the clock on to an instant."""
        try:
            await self.clock.move_to(body.now)
        except ValueError as error:
            raise Problem(409, "now", str(error)) from None
        return await self.time()

    async def pace(self, body: Pace) -> Json:
        """Let the clock go on at another pace."""
        self.clock.run_at(body.factor)
        return await self.time()

    async def freeze(self) -> Json:
        """Stop the clock; it moves only when told to."""
        return await self.pace(Pace(factor=0))

    # -- journal -------------------------------------------------------------------------------------------------

    async def journal(
        self,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        lost: str | None = None,
        rule: str | None = None,
        after: int = 0,
        limit: Annotated[int, Query(ge=1, le=2000)] = JOURNAL_PAGE,
    ) -> Json:
        """The last exchanges that fit every filter given, the oldest first."""
        found = self.wire.journal.select(method=method, path=path, status=status, lost=lost, rule=rule, after=after)
        return {"total": len(found), "exchanges": [one.as_json() for one in found[-limit:]]}

    async def forget(self) -> Response:
        """Empty the journal."""
        self.wire.journal.clear()
        return Response(status_code=204)

    # -- state ---------------------------------------------------------------------------------------------------

    async def reset(self) -> Json:
        """A fresh org under the same rules, with an empty journal; a manual clock goes back as well."""
        self.wire.reset()
        self.clock.set_back(self.wire.org.founded)
        return await self.health()

    async def snapshots(self) -> list[Json]:
        """The snapshots that were taken."""
        return [{"name": name, "now": now.isoformat()} for name, (_, now) in self._snapshots.items()]

    async def take_snapshot(self, name: str) -> Json:
        """Keep everything as it is now under a name."""
        self._snapshots[name] = (self.wire.snapshot(), self.clock.now())
        return {"name": name, "now": self._snapshots[name][1].isoformat()}

    async def restore_snapshot(self, name: str) -> Json:
        """Back to a snapshot; a clock that runs by itself runs on."""
        state, now = self._snapshot(name)
        self.wire.restore(state)
        self.clock.set_back(now)
        return await self.health()

    async def drop_snapshot(self, name: str) -> Response:
        """Forget a snapshot."""
        self._snapshot(name)
        del self._snapshots[name]
        return Response(status_code=204)

    def _snapshot(self, name: str) -> tuple[object, datetime]:
        if name not in self._snapshots:
            known = nearest(name, self._snapshots) if self._snapshots else "; none was taken"
            raise Problem(404, "name", f"no such snapshot `{name}`{known}")
        return self._snapshots[name]

    async def seed(self) -> Json:
        """The seed from which all chance follows."""
        return {"seed": self.wire.org.dice.seed}

    async def set_seed(self, body: Seed) -> Json:
        """Begin all streams of chance anew from a seed."""
        self.wire.org.dice.seed = body.seed
        self.wire.org.dice.restore({})
        return await self.seed()

    async def health(self) -> Json:
        """That it is there, which org it is, and what time it has."""
        return {
            "status": "ok",
            "version": version("mocksf"),
            "org_id": self.wire.org.org_id,
            "rules": len(self.wire.weather.rules),
            "exchanges": len(self.wire.journal),
            **await self.time(),
        }
