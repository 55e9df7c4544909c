"""Servers as processes of their own: started, heard when they are ready, and stopped by their own id."""

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

READY_S = 30.0
STOP_S = 10.0


class NotReady(Exception):
    """A server ended, or stayed silent, before it said that it is ready; the message carries what it wrote."""


@dataclass
class Server:
    """One running server and the JSON line with which it said that it is ready."""

    process: subprocess.Popen[str]
    said: Mapping[str, Any]

    @property
    def url(self) -> str:
        return str(self.said["url"])

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None, "a server on loopback names its port"
        return port

    def pin(self, core: int) -> None:
        """Keep the server on one core, where the platform can and has that many."""
        if hasattr(os, "sched_setaffinity") and core < (os.cpu_count() or 1):
            os.sched_setaffinity(self.process.pid, {core})

    def cpu_seconds(self) -> float | None:
        """The processor time that it used so far, in seconds, where the platform tells."""
        try:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                user, system = stat.read().rpartition(")")[2].split()[11:13]
                return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return None

    def resident_mb(self) -> float | None:
        """The memory that the process holds, in megabytes, where the platform tells."""
        try:
            with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as pages:
                return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        except OSError:
            return None

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(STOP_S)
        if self.process.stdout:
            self.process.stdout.close()


def start(command: Sequence[str], environment: Mapping[str, str] | None = None, log: IO[str] | None = None) -> Server:
    """Start a server and wait for its first line, a JSON object with at least `url`. Raises NotReady.

    What it writes to standard error goes to `log`, and so is not lost when it fails.
    """
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=log,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    line = _first_line(process)
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict) or "url" not in said:
        Server(process, {}).stop()
        message = f"{' '.join(command)} was not ready within {READY_S:g} s; it said {line!r}"
        raise NotReady(message)
    return Server(process, said)


def _first_line(process: subprocess.Popen[str]) -> str:
    """What the process says first; empty when it ends, or says nothing for too long."""
    assert process.stdout is not None
    heard: queue.Queue[str] = queue.Queue()
    stdout = process.stdout

    def listen() -> None:
        heard.put(stdout.readline())
        for _ in stdout:  # a full pipe would stop the server
            pass

    threading.Thread(target=listen, daemon=True).start()
    try:
        return heard.get(timeout=READY_S)
    except queue.Empty:
        return ""
