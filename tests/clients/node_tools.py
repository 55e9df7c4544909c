"""Node clients from their published packages, installed by npm as the lock file says; skipped where npm is missing."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent / "node"
INTO = Path(__file__).resolve().parents[2] / "build" / "clients" / "node"
INSTALL_S = 600
RUN_S = 120


def installed(folder: str = "node") -> Path:
    """The place with a folder's packages in it, installed again where the lock file has changed."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here: jsforce and sf are not tried")
    here, into = HERE.parent / folder, INTO.parent / folder
    into.mkdir(parents=True, exist_ok=True)
    with (into / "installing").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two workers may come at once
        done, lock = into / "installed.lock", (here / "package-lock.json").read_text(encoding="utf-8")
        if not done.exists() or done.read_text(encoding="utf-8") != lock:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(here / name, into / name)
            subprocess.run([npm, "ci"], cwd=into, check=True, timeout=INSTALL_S, capture_output=True)
            done.write_text(lock, encoding="utf-8")
    return into


def placed(script: str) -> Path:
    """A script beside the packages that it imports."""
    return Path(shutil.copy(HERE / script, INTO / script))


def told(script: str, ready: dict[str, Any], more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a script's steps came to, run by the Node of the packages against a server that is ready.

    `more` is what its environment holds beside the ready line.
    """
    into = installed()
    placed(script)
    surroundings = {**os.environ, "MOCKSF_READY": json.dumps(ready), **(more or {})}
    if ready.get("ca"):
        surroundings["NODE_EXTRA_CA_CERTS"] = ready["ca"]
    if ready.get("proxy"):
        surroundings["HTTPS_PROXY"] = ready["proxy"]
    run = subprocess.run(
        [str(into / "node_modules" / ".bin" / "node"), script],
        cwd=into, env=surroundings, timeout=RUN_S, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    steps: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return steps
