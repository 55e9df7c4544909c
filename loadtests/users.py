"""Callers as Locust users: thin, they say what a call says and note what they were told."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import gevent
from gevent.pool import Group
from locust import FastHttpUser, events, stats, task

from loadtests.calls import Call, Turn, call
from loadtests.evidence import Told, write_told
from loadtests.profiles import Poisson, profile
from loadtests.recorder import Recorder

RECORDER = Recorder()
TOLD: list[Told] = []
USERS = count(1)
CALLS_PER_USER, USERS_PER_WORKER = 5_000, 100
"""Users number their calls apart from each other, also where several Locust processes share the load."""

RUN = os.environ.get("LOADTESTS_RUN", "run")
"""Goes into every call's key, so that runs against the same org stay apart."""

HEADERS = {"Authorization": f"Bearer {os.environ['LOADTESTS_TOKEN']}"} if "LOADTESTS_TOKEN" in os.environ else {}
ENDING = {"disposition": "Interested", "summary": "Spoke with the load test", "duration_s": 60}

LEAVE_S = 15.0
"""Calls that are going on when the run ends are heard to their end for so long."""


def _whole_milliseconds(response_time: float) -> int:
    return round(response_time)


stats.bucket_response_time = _whole_milliseconds  # Locust's own rounds 204 ms to 200


class Caller(FastHttpUser):
    """One source of calls, closed or open as the profile says, talking to the connector's service."""

    network_timeout = 30.0
    connection_timeout = 10.0

    def on_start(self) -> None:
        number = next(USERS) + USERS_PER_WORKER * int(getattr(self.environment.runner, "worker_index", 0))
        self.profile = profile(os.environ.get("LOADTESTS_PROFILE", "short"))
        self.dice = Random(f"{self.profile.seed}/{number}")
        self.numbers = count(number * CALLS_PER_USER)
        self.begun = time.perf_counter()
        self.instants = self._instants()
        self.going_on = Group()

    def on_stop(self) -> None:
        self.going_on.join(LEAVE_S)

    def _instants(self) -> Iterator[float]:
        """When this user's calls are meant to begin, in seconds after its start."""
        arrivals = self.profile.arrivals
        if isinstance(arrivals, Poisson):
            share = Poisson(arrivals.calls_per_s / self.profile.users)
            return share.instants(self.profile.duration_s, self.dice)
        return (number * arrivals.interval_s for number in count())

    @task
    def arrive(self) -> None:
        """Wait for the next call's instant and begin it; an open arrival does not wait for it to end."""
        instant = next(self.instants, None)
        if instant is None:
            gevent.sleep(1.0)
            return
        intended = self.begun + instant
        _until(intended)
        said = call(RUN, next(self.numbers), self.dice)
        if isinstance(self.profile.arrivals, Poisson):
            self.going_on.spawn(self.play, said, intended)
        else:
            self.play(said, max(intended, time.perf_counter()))

    def play(self, said: Call, began: float) -> None:
        """A whole call, each turn at its instant."""
        self._ask("lookup", "GET", f"/lookup?phone={quote(said.phone, safe='')}", None, began)
        for turn in said.turns:
            _until(began + turn.at_s)
            self._tell(said, turn, began + turn.at_s)
        _until(began + said.ends_at_s)
        ending = {"caller": {"phone": said.phone}, **ENDING}
        self._ask("end", "POST", f"/calls/{said.id}/end", ending, began + said.ends_at_s)

    def _tell(self, said: Call, turn: Turn, intended: float) -> None:
        """One turn, and what the connector promised."""
        intents = [{"name": name, "value": value} for name, value in turn.intents.items()]
        body = {"turn": turn.number, "caller": {"phone": said.phone}, "intents": intents}
        status, answer = self._ask("intents", "POST", f"/calls/{said.id}/intents", body, intended)
        promised = tuple(each["key"] for each in answer.get("deliveries", ()))
        TOLD.append(Told(said.id, said.phone, turn.number, dict(turn.intents), status, promised))

    def _ask(self, name: str, method: str, path: str, body: Any, intended: float) -> tuple[int, Mapping[str, Any]]:
        """One request, measured from its intended start; the status is 0 where nobody answered."""
        began = time.perf_counter()
        with self.client.request(method, path, json=body, name=name, headers=HEADERS, catch_response=True) as response:
            service_ms = (time.perf_counter() - began) * 1000
            status = int(response.status_code or 0)
            good = 200 <= status < 300
            if good:
                response.success()
            RECORDER.record(
                name,
                service_ms,
                late_ms=max(0.0, began - intended) * 1000,
                interval_ms=self.profile.interval_s * 1000,
                failed=not good,
            )
            return status, _object(response.text)


def _until(instant: float) -> None:
    gevent.sleep(max(0.0, instant - time.perf_counter()))


def _object(text: str | None) -> Mapping[str, Any]:
    """The answer as an object; empty where it is none."""
    try:
        value = json.loads(text or "")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def keep(**_: Any) -> None:
    """When Locust ends, leave behind what was measured and what callers were told."""
    folder = os.environ.get("LOADTESTS_INTO")
    if folder:
        RECORDER.dump(Path(folder) / f"latencies-{os.getpid()}.json")
        write_told(Path(folder) / f"told-{os.getpid()}.jsonl", TOLD)


events.quitting.add_listener(keep)  # type: ignore[no-untyped-call]  # Locust leaves it untyped
