"""A connector as a command: started once per trial, with the org's address and token in its environment."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.judging.judge import Driven

TRUST_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


class NoCommand(Exception):
    """The command cannot be started at all."""


@dataclass(frozen=True, slots=True)
class Command:
    """`url` and `token` are given as SALESFORCE_INSTANCE_URL and SALESFORCE_ACCESS_TOKEN, as most clients name them."""

    words: Sequence[str]
    url: str
    token: str
    patience_s: float
    ca: Path | None = None
    """The org's authority, told in the variables that requests, httpx, OpenSSL and Node read."""

    def __call__(self) -> Driven:
        """Run it; an exit code other than 0 is its word that it failed."""
        org = {"SALESFORCE_INSTANCE_URL": self.url, "SALESFORCE_ACCESS_TOKEN": self.token}
        trust = dict.fromkeys(TRUST_VARIABLES, str(self.ca)) if self.ca else {}
        surroundings = {**os.environ, **org, **trust}
        try:
            done = subprocess.run(
                list(self.words), env=surroundings, timeout=self.patience_s, check=False, capture_output=True
            )
        except subprocess.TimeoutExpired:
            return Driven(failed=True, timed_out=True)
        except OSError as problem:
            sentence = f"{self.words[0]} cannot be started: {problem.strerror}"
            raise NoCommand(sentence) from problem
        return Driven(failed=done.returncode != 0)
