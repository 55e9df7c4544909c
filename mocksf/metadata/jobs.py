"""Deploys and retrieves that are under way or over: frozen values in one room, so that a snapshot is a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from mocksf.evidence import Evidence
from mocksf.ids import make_id, normalise_id

if TYPE_CHECKING:  # they read projects, which few orgs ever do
    from mocksf.metadata.archive import Package
    from mocksf.metadata.changing import Outcome

DEPLOY, RETRIEVE = "0Af", "09S"
DEPLOY_S, COMPONENT_S, RETRIEVE_S = 1.0, 0.01, 0.5
"""How long a deploy takes, and more for each of its components; how long a retrieve takes (assumed)."""
KEPT_MAX = 500
"""How many are remembered."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A deploy takes a second and a hundredth more for each component, a retrieve half a second", Evidence.ASSUMED),
    ("A deploy is saved at its end, all at once; until then it can be canceled", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


Files = tuple[tuple[str, str, str], ...]
Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What a deploy is told: DeployOptions of the Metadata API, those that matter here."""

    check_only: bool = False
    rollback_on_error: bool = False
    ignore_warnings: bool = False
    allow_missing_files: bool = False
    run_tests: bool = False


@dataclass(frozen=True, slots=True)
class MetadataDeploy:
    """One deploy."""

    id: str
    user_id: str
    created: datetime
    ends: datetime
    options: Options
    package: "Package"
    status: str = "InProgress"
    outcomes: "tuple[Outcome, ...]" = ()
    message: str = ""
    total: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.status != "InProgress"

    @property
    def good(self) -> bool:
        return self.status in {"Succeeded", "SucceededPartial"}


@dataclass(frozen=True, slots=True)
class Retrieve:
    """One retrieve: what it gives when it is over."""

    id: str
    ends: datetime
    content: bytes
    files: Files
    """Path, type and full name of each."""
    messages: Messages = ()
    """A file and what is to be said of it."""


@dataclass(slots=True)
class _State:
    count: int = 0
    deploys: dict[str, MetadataDeploy] = field(default_factory=dict)
    retrieves: dict[str, Retrieve] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)


_Job = TypeVar("_Job")


class MetadataJobs:
    """The deploys and retrieves of one org, and the files that it keeps without understanding them."""

    def __init__(self) -> None:
        self._state = _State()

    @property
    def kept(self) -> Mapping[str, bytes]:
        """The files that have no effect here, by their paths in an archive."""
        return self._state.kept

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Keep files of kinds that have no effect."""
        self._state.kept = {**self._state.kept, **files}

    def begin(self, user_id: str, now: datetime, options: Options, package: "Package") -> MetadataDeploy:
        """A new deploy; its end is when it is saved."""
        total = len(package.change.coming) + len(package.change.going) + len(package.outcomes)
        ends = now + timedelta(seconds=DEPLOY_S + COMPONENT_S * total)
        made = MetadataDeploy(self._number(DEPLOY), user_id, now, ends, options, package, total=total)
        self._state.deploys = _latest({**self._state.deploys, made.id: made})
        return made

    def fetch(self, now: datetime, content: bytes, files: Files, messages: Messages) -> Retrieve:
        """A new retrieve."""
        made = Retrieve(self._number(RETRIEVE), now + timedelta(seconds=RETRIEVE_S), content, files, messages)
        self._state.retrieves = _latest({**self._state.retrieves, made.id: made})
        return made

    def _number(self, prefix: str) -> str:
        self._state.count += 1
        return make_id(prefix, self._state.count)

    def deploy(self, written: str) -> MetadataDeploy | None:
        """A deploy by its id, or None."""
        return self._state.deploys.get(normalise_id(written) or "")

    def retrieve(self, written: str) -> Retrieve | None:
        """A retrieve by its id, or None."""
        return self._state.retrieves.get(normalise_id(written) or "")

    def end(
        self, deploy: MetadataDeploy, status: str, outcomes: "tuple[Outcome, ...]" = (), message: str = ""
    ) -> MetadataDeploy:
        """A deploy is over."""
        over = replace(deploy, status=status, outcomes=outcomes, message=message)
        self._state.deploys = {**self._state.deploys, deploy.id: over}
        return over

    def due(self, now: datetime) -> list[MetadataDeploy]:
        """The deploys that are to be saved by now, the first one first."""
        waiting = [each for each in self._state.deploys.values() if not each.is_over and each.ends <= now]
        return sorted(waiting, key=lambda each: (each.ends, each.id))

    def next_due(self) -> datetime | None:
        """When the next deploy is to be saved, or None."""
        return min((each.ends for each in self._state.deploys.values() if not each.is_over), default=None)

    def state(self) -> object:
        """Everything, for a snapshot."""
        return replace(self._state)

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, _State)
        self._state = replace(state)


def _latest(jobs: dict[str, _Job]) -> dict[str, _Job]:
    """The last ones."""
    return dict(list(jobs.items())[-KEPT_MAX:])
