"""The service on a real socket with TLS and keys, as it is exposed beyond one machine."""

import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from connector.service.access import add
from tests.connector.served import started
from tests.connector.test_cli_validate import USAGE, run
from tests.connector.test_killed import folder, org

pytestmark = pytest.mark.sockets

__all__ = ["folder", "org"]


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path, Path]:
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    ca, cert, key = (tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem"))
    authority.cert_pem.write_to_path(str(ca))
    leaf.cert_chain_pems[0].write_to_path(str(cert))
    leaf.private_key_pem.write_to_path(str(key))
    return ca, cert, key


def test_a_reviewer_reads_the_trail_over_tls(folder: Path, org: dict[str, Any], certificate: tuple[Path, Path, Path]):
    ca, cert, key = certificate
    reviewer = add(folder / "keys.yaml", "mara", "reviewer")

    served = started(
        "connector", "serve", folder / "connector.json", "--ledger", folder / "l.sqlite", "--port", 0,
        "--keys", folder / "keys.yaml", "--tls-cert", cert, "--tls-key", key, S=org["client_secret"],
    )  # fmt: skip
    trust = ssl.create_default_context(cafile=str(ca))
    with httpx.Client(base_url=served.url, verify=trust) as client:
        statuses = [
            client.get("/audit", headers={"X-API-Key": shown}).status_code for shown in (reviewer, "ck_somebody")
        ]

    assert served.url.startswith("https://")
    assert statuses == [200, 401]
    assert served.ended() == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--tls-cert", "cert.pem"), "TLS needs both"),
        (("--tls-cert", "cert.pem", "--tls-key", "ca.pem"), "are no certificate with its key"),
        (("--keys", "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("--host", "0.0.0.0"), "is reachable from outside"),
    ],
)
def test_what_cannot_be_served_is_usage(
    tmp_path: Path, certificate: tuple[Path, Path, Path], options: tuple[str, ...], said: str
):
    del certificate
    (tmp_path / "map.json").write_text('{"it": "Opportunity.Name"}')
    placed = [str(tmp_path / each) if each.endswith((".pem", ".yaml")) else each for each in options]

    result = run("serve", tmp_path / "map.json", "--org", "http://127.0.0.1:9", "--ledger", tmp_path / "l", *placed)

    assert (result.exit_code, said in result.stderr) == (USAGE, True), result.stderr
