"""Every published client against a running mock, each in an environment of its own that holds nothing but the client.

``python -m tests.clients.environments --into build/clients`` builds what is missing, runs the checks, and ends with a
line that counts them. A client gets its server by environment variables alone, as a user's program would.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loadtests.processes import Server, start
from tests.clients.python_tools import environment

CHECKS = Path(__file__).resolve().parent / "checks"
CHECK_S = 120


@dataclass(frozen=True, slots=True)
class Client:
    """One published client, and the script in `checks/` that uses it as its own documentation shows."""

    name: str
    check: str


CLIENTS: tuple[Client, ...] = (Client("simple-salesforce", "use_simple_salesforce.py"),)


def main() -> None:
    """Build, run, count; exit 1 when a client is not content."""
    parser = argparse.ArgumentParser(prog="tests.clients.environments", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("build/clients"), help="where the environments live")
    parser.add_argument("names", nargs="*", help="only these clients")
    options = parser.parse_args()
    chosen = [client for client in CLIENTS if not options.names or client.name in options.names]
    failed = [client.name for client in chosen if not content(client, options.into)]
    sys.stdout.write(f"{len(chosen) - len(failed)} passed, {len(failed)} failed\n")
    sys.exit(1 if failed or not chosen else 0)


def content(client: Client, into: Path) -> bool:
    """Whether the client does all that its check asks, on a server that nobody else uses."""
    python = environment(client.name, into) / "python"
    with (into / f"{client.name}.log").open("w", encoding="utf-8") as log:
        server = start([sys.executable, "-m", "mocksf", "serve", "--port", "0", "--tls", "--schema", "sample"], log=log)
        try:
            run = subprocess.run(
                [str(python), str(CHECKS / client.check)], env=surroundings(server), timeout=CHECK_S, check=False
            )
        finally:
            server.stop()
    sys.stdout.write(f"{client.name}: {'content' if run.returncode == 0 else f'failed ({run.returncode})'}\n")
    return run.returncode == 0


def surroundings(server: Server) -> Mapping[str, str]:
    """What the client's program is told: where the org is, how to log in, and whose certificates to trust."""
    said = {f"MOCKSF_{key.upper()}": str(value) for key, value in server.said.items() if value is not None}
    authority = str(server.said["ca"])
    trust = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), authority)
    return {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""), **said, **trust}


if __name__ == "__main__":
    main()
