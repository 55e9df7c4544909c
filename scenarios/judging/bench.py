"""Where a connector is tried: a mock that is served, or one in this process; both are laid out anew for each trial."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import httpx

from mocksf import Org
from mocksf.face import as_rule
from mocksf.har import har
from scenarios.judging.trials import Rule

VERSION = "v66.0"
TIMEOUT_S = 30.0


class BenchProblem(Exception):
    """The mock cannot be used; the sentence says why and what to do."""


class Bench(Protocol):
    """What a judge needs of a mock."""

    def lay_out(self, rules: Sequence[Rule]) -> None:
        """A fresh org, an empty journal, and this weather."""

    def clear_up(self) -> None:
        """Fair weather again."""

    def archive(self) -> Mapping[str, Any]:
        """All that was asked since it was laid out, as HAR."""

    def ask(self, path: str) -> Any:
        """The JSON of a GET under the version, asked in fair weather."""


class HttpBench:
    """A running `mocksf serve`, driven by its control plane."""

    def __init__(self, url: str, token: str, verify: Any = True, admin_token: str | None = None) -> None:
        admin = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
        self._control = httpx.Client(
            base_url=f"{url.rstrip('/')}/_mocksf", headers=admin, timeout=TIMEOUT_S, verify=verify
        )
        root = f"{url.rstrip('/')}/services/data/{VERSION}"
        self._org = httpx.Client(
            base_url=root, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_S, verify=verify
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._control.close()
        self._org.close()

    def lay_out(self, rules: Sequence[Rule]) -> None:
        self._did("POST", "/reset")
        self._did("DELETE", "/journal")
        self._did("PUT", "/rules", json=list(rules))

    def clear_up(self) -> None:
        self._did("PUT", "/rules", json=[])

    def archive(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._did("GET", "/journal.har").json()
        return found

    def ask(self, path: str) -> Any:
        return _read(self._org, path)

    def _did(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._control.request(method, path, **more)
        except httpx.HTTPError as problem:
            sentence = f"{self._control.base_url} cannot be reached: {problem}; is `mocksf serve` running there?"
            raise BenchProblem(sentence) from problem
        if answer.is_error:
            sentence = f"{method} {self._control.base_url}{path} answered {answer.status_code}: {answer.text[:300]}"
            raise BenchProblem(sentence)
        return answer


class LocalBench:
    """An org in this process, on virtual time."""

    def __init__(self, org: Org) -> None:
        self.org = org

    def lay_out(self, rules: Sequence[Rule]) -> None:
        self.org.reset()
        self.org.weather.replace([as_rule(rule) for rule in rules])

    def clear_up(self) -> None:
        self.org.weather.replace([])

    def archive(self) -> Mapping[str, Any]:
        return har(self.org.journal)

    def ask(self, path: str) -> Any:
        with self.org.client(base_url=f"{self.org.url}/services/data/{VERSION}") as client:
            return _read(client, path)


def _read(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    if answer.is_error:
        sentence = f"GET {path} answered {answer.status_code}: {answer.text[:300]}"
        raise BenchProblem(sentence)
    return answer.json()
