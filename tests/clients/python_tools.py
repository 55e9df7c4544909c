"""Python clients from their published packages, each in an environment of its own: what `pins/` says, and nothing else.

A client's program learns by its surroundings alone where the mock is, as a user's would.
"""

import fcntl
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from loadtests.processes import start

HERE = Path(__file__).resolve().parent
INTO = HERE.parents[1] / "build" / "clients"
INSTALL_S = 600
RUN_S = 120


def environment(client: str, into: Path = INTO) -> Path:
    """The folder with a client's commands, Python among them; built once, and again when its pins change."""
    pins, folder = HERE / "pins" / f"{client}.txt", into / client
    into.mkdir(parents=True, exist_ok=True)
    with (into / f"{client}.installing").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two workers may come at once
        done, wanted = folder / "pins.txt", pins.read_text(encoding="utf-8")
        if not done.exists() or done.read_text(encoding="utf-8") != wanted:
            venv.create(folder, clear=True)
            # A pip of its own would cost each environment ten seconds: the one that runs this installs into it.
            pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
            install = [*pip, "install", "--quiet", "--no-compile", "--requirement", str(pins)]
            subprocess.run(install, check=True, timeout=INSTALL_S)
            done.write_text(wanted, encoding="utf-8")
    return folder / "bin"


def pinned(client: str) -> str:
    """The version of a client that is tried."""
    pins = (HERE / "pins" / f"{client}.txt").read_text(encoding="utf-8").split()
    return next(pin.removeprefix(f"{client}==") for pin in pins if pin.startswith(f"{client}=="))


@contextmanager
def served(*options: str) -> Iterator[Mapping[str, Any]]:
    """The ready line of a server that answers at Salesforce's own hosts, behind its proxy."""
    server = start([sys.executable, "-m", "mocksf", "serve", "--proxy-port", "0", "--schema", "sample", *options])
    try:
        yield server.said
    finally:
        server.stop()


def colleague(ready: Mapping[str, Any]) -> httpx.Client:
    """A client of the same org that is none of those that are tried, past the proxy."""
    token = {"Authorization": f"Bearer {ready['token']}"}
    return httpx.Client(base_url=ready["url"], headers=token, trust_env=False)


def run(client: str, *command: str, ready: Mapping[str, Any], home: Path, at: Path | None = None, **more: str) -> str:
    """What a command of a client's environment writes, in a home of its own; `more` is told to it as well.

    A command that fails is an AssertionError with what it said.
    """
    binaries = environment(client)
    said = {f"MOCKSF_{name.upper()}": str(value) for name, value in ready.items()}
    trust = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(ready["ca"]))
    surroundings = {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "HTTPS_PROXY": str(ready["proxy"]),
        **trust,
        **said,
        **more,
    }
    name, *words = command
    done = subprocess.run(
        [str(binaries / name), *words],
        cwd=at or home, env=surroundings, timeout=RUN_S, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(client: str, script: str, ready: Mapping[str, Any], home: Path, **more: str) -> Any:
    """What the steps of a script in `checks/` came to: the JSON of its last line."""
    path = str(HERE / "checks" / script)
    return json.loads(run(client, "python", path, ready=ready, home=home, **more).splitlines()[-1])
