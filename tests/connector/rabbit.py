"""A RabbitMQ of the tests' own: Debian's, on loopback, in a folder that goes with it."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
READY = "completed with"
NOT_THERE = "Debian's rabbitmq-server is not installed"


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Rabbit:
    """One broker; `url` is where it is reached."""

    def __init__(self) -> None:
        if not SERVER.exists() or shutil.which("epmd") is None:
            pytest.skip(NOT_THERE)
        self._undo = ExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="mocksf-rabbit-"))
        self._undo.callback(shutil.rmtree, self._folder, ignore_errors=True)
        names = free_port()
        port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._environ = {
            **os.environ,
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"mocksf-{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "db"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._folder / "none too"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self._folder / "generated"),
        }
        self._called("epmd", "-port", str(names), "-address", "127.0.0.1")
        self._start()

    def _start(self) -> None:
        """Let it run; returns when it takes connections."""
        server = self._called(str(SERVER))
        assert server.stdout is not None
        said = ""
        while READY not in said:
            line = server.stdout.readline()
            assert line, f"the broker did not start: {said}"
            said += line

    def close(self) -> None:
        """Stop everything and take the folder away."""
        self._undo.close()

    def _called(self, *command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._undo.callback(_ended, process)
        return process


def _ended(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(60)
    assert process.stdout is not None
    process.stdout.close()
