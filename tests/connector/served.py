"""Servers of ours as real processes: started, asked, and ended in good order or not."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_S = 20.0


@dataclass
class Served:
    """A process and the line with which it said that it is ready."""

    process: subprocess.Popen[str]
    said: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.said["url"])

    def ended(self) -> int:
        """Ask it to end, and see that it does."""
        self.process.send_signal(signal.SIGTERM)
        return self.gone()

    def gone(self) -> int:
        """See that it ends, or has ended; its exit code."""
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def killed(self) -> int:
        """End it without warning."""
        self.process.kill()
        return self.gone()


def begun(*arguments: object, **environ: str) -> subprocess.Popen[str]:
    """A server of ours that is on its way."""
    return subprocess.Popen(
        [sys.executable, "-m", *(str(each) for each in arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )


def ready(process: subprocess.Popen[str]) -> Served:
    """The same, once it serves."""
    assert process.stdout is not None
    return Served(process, json.loads(process.stdout.readline()))


def started(*arguments: object, **environ: str) -> Served:
    """A server of ours that serves."""
    return ready(begun(*arguments, **environ))


def posted(url: str, body: Any) -> int | None:
    """The status of an answer, or None where the process died over it."""
    try:
        return httpx.post(url, json=body, timeout=PATIENCE_S).status_code
    except httpx.HTTPError:
        return None


def at_rest(url: str) -> None:
    """Come back when nothing is under way any more."""
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
        while client.get("/health").json()["pending"]:
            pass


def rows(org: dict[str, Any], soql: str) -> list[dict[str, Any]]:
    """What the org has."""
    headers = {"Authorization": f"Bearer {org['token']}"}
    answer = httpx.get(f"{org['url']}/services/data/v66.0/query", params={"q": soql}, headers=headers)
    return list(answer.json()["records"])
