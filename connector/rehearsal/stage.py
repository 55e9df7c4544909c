"""The mock that a rehearsal plays on, driven over HTTP by its control plane; each case has a fork of the org."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from connector.messages import Json

CONTROL = "/_mocksf"
DEFAULT = "default"
Rule = Mapping[str, Json]


class StageProblem(Exception):
    """The rehearsal cannot be played; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An org's clock: its instant, how many requests wait, and for which instant the first of all waits."""

    now: datetime
    waiting: int
    next_wake: datetime | None


@dataclass(frozen=True)
class Stage:
    """One org of a running mock. `host` chooses it on the wire, `name` in the control plane."""

    control: httpx.AsyncClient
    name: str = DEFAULT

    @property
    def host(self) -> str:
        return f"{self.name}.mock.example"

    async def forked(self, name: str) -> "Stage":
        """A twin of this org with a future of its own and a clock that stands still. Raises StageProblem."""
        await self._did("POST", f"/orgs/{self.name}/fork", {"name": name})
        twin = Stage(self.control, name)
        await twin._did("POST", "/clock/freeze")
        return twin

    async def gone(self) -> None:
        """Let the twin go, with all that was done to it."""
        await self._did("DELETE", f"/orgs/{self.name}")

    async def lay(self, rules: Sequence[Rule]) -> None:
        """Lay these rules down instead of all others."""
        await self._did("PUT", "/rules", list(rules))

    async def deploy(self, change: Json) -> None:
        """Change the schema, as a YAML source says it."""
        await self._did("PATCH", "/schema", change)

    async def moment(self) -> Moment:
        """What its clock says."""
        return _moment(await self._did("GET", "/clock"))

    async def move_to(self, instant: datetime) -> None:
        """Move its clock on; whoever waits for an instant on the way is served at it."""
        await self._did("POST", "/clock/set", {"now": instant.isoformat()})

    async def counts(self) -> dict[str, int]:
        """Object → how many records it has."""
        return {str(each["name"]): int(each["records"]) for each in await self._did("GET", "/objects")}

    async def records(self, sobject: str) -> list[dict[str, Json]]:
        """The newest records of an object."""
        return list((await self._did("GET", f"/objects/{sobject}/records"))["records"])

    async def _did(self, method: str, path: str, body: Json = None) -> Any:
        about = {} if path.startswith("/orgs") else {"org": self.name}
        try:
            answer = await self.control.request(method, f"{CONTROL}{path}", params=about, json=body)
        except httpx.HTTPError as problem:
            sentence = f"{self.control.base_url} cannot be reached ({problem}); start one: mocksf serve --schema DIR"
            raise StageProblem(sentence) from problem
        if answer.is_error:
            raise StageProblem(_refused(method, path, answer))
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise StageProblem(_refused(method, path, answer)) from None


def _refused(method: str, path: str, answer: httpx.Response) -> str:
    if answer.status_code in (401, 403):
        return f"the control plane wants its admin token ({answer.status_code}): say --admin-token"
    if answer.status_code == 404 and "errors" not in answer.text:
        return (
            "there is no control plane at this address: a rehearsal plays on a running `mocksf serve`, never on an org"
        )
    return f"{method} {CONTROL}{path} was answered with {answer.status_code}: {answer.text[:300]}"


def _moment(told: Mapping[str, Any]) -> Moment:
    if "next_wake" not in told:
        sentence = "this mock does not tell for which instant its requests wait; take a newer mocksf"
        raise StageProblem(sentence)
    wake = told["next_wake"]
    return Moment(datetime.fromisoformat(told["now"]), told["waiting"], datetime.fromisoformat(wake) if wake else None)
