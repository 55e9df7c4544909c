"""The HTTPS proxy: it answers for hosts of Salesforce's with leaves for their names, and refuses everything else."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mocksf.cli.environment import lines
from mocksf.doors.proxy import HEAD_BYTES_MAX, Proxy, Turned, asked_for
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.doors.tls import KEPT_MAX, MINTED, host_within, make_tls
from mocksf.weather import parse_rules

API = "/services/data/v66.0"
LOGIN = "https://login.salesforce.com"


def head(line: str) -> bytes:
    return f"{line}\r\nHost: x\r\n\r\n".encode()


class TestWhoIsAnswered:
    @pytest.mark.parametrize(
        "host",
        [
            "login.salesforce.com", "test.salesforce.com", "na130.salesforce.com", "acme.my.salesforce.com",
            "acme--dev.sandbox.my.salesforce.com", "acme-dev-ed.develop.my.salesforce.com", "acme.lightning.force.com",
        ],
    )  # fmt: skip
    def test_hosts_of_salesforces(self, host: str):
        assert asked_for(head(f"CONNECT {host}:443 HTTP/1.1")) == host

    def test_names_in_any_case_and_with_the_dot_of_the_root(self):
        assert asked_for(head("CONNECT Login.SalesForce.com.:443 HTTP/1.0")) == "login.salesforce.com"

    @pytest.mark.parametrize(
        ("line", "status", "says"),
        [
            ("CONNECT example.com:443 HTTP/1.1", 403, "example.com:443 is refused. This proxy answers for *.sales"),
            ("CONNECT login.salesforce.com.evil.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT evilsalesforce.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT salesforce.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT .salesforce.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT -x.salesforce.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT a@b.salesforce.com:443 HTTP/1.1", 403, "is refused"),
            (f"CONNECT {'a' * 64}.salesforce.com:443 HTTP/1.1", 403, "is refused"),
            (f"CONNECT {'a.' * 140}salesforce.com:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT 127.0.0.1:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT [::1]:443 HTTP/1.1", 403, "is refused"),
            ("CONNECT api.pubsub.salesforce.com:7443 HTTP/1.1", 403, "answer at port 443"),
            ("GET http://login.salesforce.com/ HTTP/1.1", 405, "https:// only"),
            ("CONNECT login.salesforce.com HTTP/1.1", 400, "not spoken to in HTTP/1.1"),
            ("CONNECT login.salesforce.com:x HTTP/1.1", 400, "not spoken to"),
            ("CONNECT login.salesforce.com:443 HTTP/2", 400, "not spoken to"),
            ("\x16\x03\x01", 400, "not spoken to"),
        ],
    )
    def test_nobody_else(self, line: str, status: int, says: str):
        turned = asked_for(head(line))

        assert isinstance(turned, Turned)
        assert (turned.status, says in turned.sentence) == (status, True), turned

    @given(st.binary(max_size=200) | st.text(max_size=60).map(lambda each: head(f"CONNECT {each}:443 HTTP/1.1")))
    @example("CONNECT \u0131.salesforce.com:443 HTTP/1.1\r\n\r\n".encode())
    def test_whatever_comes_is_a_host_of_ours_or_an_answer_in_one_piece(self, sent: bytes):
        wanted = asked_for(sent)

        if isinstance(wanted, Turned):
            status_line, *headers = wanted.written().partition(b"\r\n\r\n")[0].split(b"\r\n")
            assert status_line.startswith(b"HTTP/1.1 4")
            assert len(headers) == 3
        else:
            assert host_within(wanted, MINTED) == wanted


class TestLeaves:
    def test_only_so_many_are_kept(self):
        leaves = make_tls().leaves
        first = leaves.context("org.my.salesforce.com")

        assert leaves.context("org.my.salesforce.com") is first
        for number in range(KEPT_MAX):
            leaves.context(f"org{number}.my.salesforce.com")
        assert leaves.context("org.my.salesforce.com") is not first


@pytest.fixture(scope="module")
def served() -> Iterator[ServedOrg]:
    with ServedOrg(Served(tls=True, proxy_port=0)) as org:
        yield org


@pytest.fixture
def client(served: ServedOrg) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=served.credentials["proxy"], verify=served.trust(), timeout=10) as client:
        client.headers["Authorization"] = f"Bearer {served.token}"
        yield client


def connected(served: ServedOrg, first: bytes) -> socket.socket:
    """A connection to the proxy that has sent something."""
    host, _, port = served.credentials["proxy"].removeprefix("http://").rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    connection.sendall(first)
    return connection


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def certified(port: int, name: str, ca: str) -> tuple[str, ...]:
    """The names in the certificate that a server shows to who asks for a name, and trusts the authority."""
    trust = ssl.create_default_context(cafile=ca)
    trust.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        trust.wrap_socket(plain, server_hostname=name) as secure,
    ):
        return tuple(named for _, named in (secure.getpeercert() or {})["subjectAltName"])


@pytest.mark.sockets
class TestOverASocket:
    def test_a_client_with_a_hard_wired_host_logs_in(self, served: ServedOrg, client: httpx.Client):
        form = {key: served.credentials[key] for key in ("username", "password", "client_id", "client_secret")}

        answer = client.post(f"{LOGIN}/services/oauth2/token", data={"grant_type": "password", **form}).json()

        assert answer["instance_url"] == LOGIN
        assert answer["id"].startswith(f"{LOGIN}/id/00D")

    def test_addresses_echo_the_host_without_a_port(self, client: httpx.Client):
        address = "https://acme--dev.sandbox.my.salesforce.com"

        known = client.get(f"{address}{API}").json()

        assert known["identity"].startswith(f"{address}/id/00D")

    def test_one_tunnel_carries_many_requests(self, client: httpx.Client):
        answers = [client.get(f"{LOGIN}{API}/limits") for _ in range(5)]

        assert {each.status_code for each in answers} == {200}
        assert len({each.extensions["network_stream"].get_extra_info("client_addr") for each in answers}) == 1

    def test_the_hosts_first_label_chooses_the_org(self, served: ServedOrg, client: httpx.Client):
        with served.client(token=False) as plain:
            token = plain.post("/_mocksf/orgs", json={"name": "acme"}).json()["credentials"]["token"]
        headers = {"Authorization": f"Bearer {token}"}

        there = client.get(f"https://acme.my.salesforce.com{API}/limits", headers=headers)
        elsewhere = client.get(f"https://acme.my.salesforce.com{API}/limits")

        assert (there.status_code, elsewhere.status_code) == (200, 401)

    def test_faults_break_what_is_in_the_tunnel(self, served: ServedOrg, client: httpx.Client):
        served.call(lambda: served.weather.replace(parse_rules([{"kind": "reset", "how_often": {"times": 1}}])))
        try:
            # The ssl module of Python's blocking sockets tells a reset as an end of file.
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
                client.get(f"{LOGIN}{API}/limits")
        finally:
            served.call(served.weather.clear)

        assert client.get(f"{LOGIN}{API}/limits").status_code == 200

    @pytest.mark.parametrize("host", ["https://example.com", "https://127.0.0.1"])
    def test_other_hosts_are_refused(self, client: httpx.Client, host: str):
        with pytest.raises(httpx.ProxyError, match="403 mocksf answers for Salesforce hosts only"):
            client.get(host)

    def test_who_does_not_trust_the_authority_is_let_go(self, served: ServedOrg, client: httpx.Client):
        with (
            httpx.Client(proxy=served.credentials["proxy"], verify=ssl.create_default_context()) as stranger,
            pytest.raises(httpx.ConnectError, match="certificate verify failed"),
        ):
            stranger.get(LOGIN)

        assert client.get(f"{LOGIN}{API}/limits").status_code == 200

    def test_a_head_may_come_in_pieces(self, served: ServedOrg):
        connection = connected(served, b"CONNECT login.sales")
        connection.sendall(b"force.com:443 HTTP/1.1\r\n\r")
        connection.sendall(b"\n")

        with connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"x" * (HEAD_BYTES_MAX + 1), b"431"),
            (head("CONNECT login.salesforce.com:443 HTTP/1.1") + b"too early", b"400"),
            (head("GET http://login.salesforce.com/ HTTP/1.1"), b"405"),
        ],
    )
    def test_what_is_no_wish_for_a_tunnel_is_answered_and_closed(self, served: ServedOrg, sent: bytes, status: bytes):
        assert everything(connected(served, sent)).startswith(b"HTTP/1.1 " + status)

    def test_a_client_that_leaves_amid_the_handshake_is_forgotten(self, served: ServedOrg, client: httpx.Client):
        connection = connected(served, head("CONNECT login.salesforce.com:443 HTTP/1.1"))
        connection.recv(100)
        connection.sendall(b"no handshake at all")
        everything(connection)

        assert client.get(f"{LOGIN}{API}/limits").status_code == 200

    def test_the_name_in_the_handshake_wins_over_the_one_of_the_tunnel(self, served: ServedOrg):
        connection = connected(served, head("CONNECT login.salesforce.com:443 HTTP/1.1"))
        connection.recv(100)
        trust = ssl.create_default_context(cafile=served.ca)
        with connection, trust.wrap_socket(connection, server_hostname="acme.my.salesforce.com") as secure:
            named = (secure.getpeercert() or {})["subjectAltName"]

        assert named == (("DNS", "acme.my.salesforce.com"),)

    @pytest.mark.parametrize("name", ["acme--dev.sandbox.my.salesforce.com", "acme.lightning.force.com", "a.localhost"])
    def test_without_the_proxy_there_is_a_leaf_per_name_too(self, served: ServedOrg, name: str):
        assert certified(served.port, name, str(served.ca)) == (name,)

    def test_for_names_of_others_nothing_is_signed(self, served: ServedOrg):
        assert "example.com" not in certified(served.port, "example.com", str(served.ca))

    def test_curl_comes_through_with_two_variables(self, served: ServedOrg):
        curl = shutil.which("curl")
        if curl is None:
            pytest.skip("curl is not here")
        told = {"HTTPS_PROXY": served.credentials["proxy"], "CURL_CA_BUNDLE": str(served.ca)}

        done = subprocess.run(
            [curl, "--silent", "--show-error", f"{LOGIN}/services/data"],
            env={"PATH": os.environ["PATH"], **told}, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip

        assert (done.returncode, '"version":"66.0"' in done.stdout) == (0, True), done.stderr


@pytest.mark.sockets
def test_a_loop_without_uvloop_hands_over_as_well():
    async def asked() -> bytes:
        leaves = make_tls().leaves
        heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        proxy = Proxy(leaves)
        await proxy.open(lambda: Listening(heard))
        address, _, port = proxy.url.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(address, int(port))
        writer.write(head("CONNECT login.salesforce.com:443 HTTP/1.1"))
        await reader.readuntil(b"\r\n\r\n")
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        await writer.start_tls(trust, server_hostname="login.salesforce.com")
        writer.write(b"hello")
        try:
            return await heard
        finally:
            writer.close()
            proxy.close()

    assert asyncio.run(asked()) == b"hello"


class Listening(asyncio.Protocol):
    """A protocol that tells what it hears first."""

    def __init__(self, heard: "asyncio.Future[bytes]") -> None:
        self._heard = heard

    def data_received(self, data: bytes) -> None:
        self._heard.set_result(data)


class TestWhatClientsAreTold:
    SAID: ClassVar[dict[str, Any]] = {"ca": "/tmp/ca.pem", "proxy": "http://127.0.0.1:3128"}

    def test_each_kind_gets_a_line_that_a_shell_takes(self):
        told = list(lines(self.SAID))

        assert "export HTTPS_PROXY=http://127.0.0.1:3128 NODE_EXTRA_CA_CERTS=/tmp/ca.pem" in told
        assert "export HTTPS_PROXY=http://127.0.0.1:3128 REQUESTS_CA_BUNDLE=/tmp/ca.pem" in told
        assert all(each.startswith(("# ", "export ")) for each in told)

    def test_without_a_proxy_it_is_the_authority_alone(self):
        assert "export SSL_CERT_FILE=/tmp/ca.pem" in list(lines({**self.SAID, "proxy": None}))

    def test_without_an_authority_there_is_nothing_to_say(self):
        assert list(lines({"ca": None, "proxy": None})) == []
