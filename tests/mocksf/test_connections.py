"""Faults of connections: a handshake that fails, a kept connection that has gone stale, through every door alike."""

import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.weather import Rule, RuleError, parse_rules

LIMITS = "/services/data/v66.0/limits"
REFUSED: dict[str, Any] = {"kind": "tls_refused", "how_often": {"times": 1}}
STALE: dict[str, Any] = {"kind": "stale_keep_alive", "settings": {"idle_s": 60}}
Pass = Callable[[float], None]


class Both:
    """One way to an org: a client, its weather, and how its time passes."""

    def __init__(self, client: httpx.Client, lay: Callable[..., None], wait: Pass, journal: Callable[[], Any]) -> None:
        self.client, self.lay, self.wait, self.journal = client, lay, wait, journal

    def met(self) -> int | type[httpx.TransportError]:
        """The status of an answer, or the error that the client meets."""
        try:
            return self.client.get(LIMITS).status_code
        except httpx.TransportError as error:
            return type(error)


def in_process() -> Iterator[Both]:
    org = mocksf.Org("sample")
    with org.client(timeout=5) as client:
        yield Both(
            client, lambda *rules: org.weather.replace(parse_rules(list(rules))), org.advance, lambda: org.journal
        )


def over_tls() -> Iterator[Both]:
    with ServedOrg(Served(factor=0, tls=True, proxy_port=0)) as served, served.client(timeout=5) as client:
        yield served_as(served, client)


def through_the_proxy() -> Iterator[Both]:
    with ServedOrg(Served(factor=0, proxy_port=0)) as served:
        headers = {"Authorization": f"Bearer {served.token}"}
        trust = ssl.create_default_context(cafile=served.credentials["ca"])
        base, proxy = "https://login.salesforce.com", served.credentials["proxy"]
        with httpx.Client(base_url=base, proxy=proxy, verify=trust, headers=headers, timeout=5) as client:
            yield served_as(served, client)


def served_as(served: ServedOrg, client: httpx.Client) -> Both:
    return Both(
        client,
        lambda *rules: served.call(lambda: served.weather.replace(parse_rules(list(rules)))),
        lambda seconds: served.call(lambda: served.clock.advance(seconds)),
        lambda: served.call(lambda: list(served.journal)),
    )


@pytest.fixture(params=[in_process, over_tls, through_the_proxy], ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest) -> Iterator[Both]:
    yield from request.param()


@pytest.mark.sockets
class TestRefusedTls:
    def test_a_new_connection_does_not_come_about_and_the_next_does(self, way: Both):
        way.lay(REFUSED)

        assert [way.met() for _ in range(2)] == [httpx.ConnectError, 200]

    def test_openssl_tells_the_client_why(self, way: Both):
        way.lay(REFUSED)

        with pytest.raises(httpx.ConnectError, match=r"\[SSL: UNEXPECTED_EOF_WHILE_READING\]"):
            way.client.get(LIMITS)

    def test_who_kept_a_connection_notices_nothing(self, way: Both):
        first = way.met()
        way.lay({"kind": "tls_refused"})

        assert [first, way.met()] == [200, 200]

    def test_the_journal_knows_that_nothing_arrived(self, way: Both):
        way.lay(REFUSED)
        way.met()

        (exchange,) = way.journal()
        assert (exchange.arrived, exchange.lost, exchange.kinds) == (None, "request", ("tls_refused",))


@pytest.mark.sockets
class TestStaleConnections:
    def test_a_connection_that_was_kept_too_long_is_dead_and_a_new_one_works(self, way: Both):
        way.lay(STALE)
        met = [way.met()]
        way.wait(60)
        met += [way.met(), way.met()]

        assert met == [200, httpx.RemoteProtocolError, 200]

    def test_one_that_is_used_often_lives(self, way: Both):
        way.lay(STALE)
        met = []
        for _ in range(4):
            met.append(way.met())
            way.wait(59)

        assert met == [200] * 4

    def test_the_request_on_it_never_arrived(self, way: Both):
        way.lay(STALE)
        way.met()
        way.wait(61)
        way.met()

        assert [each.lost for each in way.journal()] == ["", "request"]

    def test_it_may_break_at_once(self, way: Both):
        way.lay({"kind": "stale_keep_alive", "settings": {"idle_s": 1, "ending": "reset"}})
        way.met()
        way.wait(2)

        # The ssl module of Python's blocking sockets tells a reset as an end of file.
        assert way.met() in {httpx.ReadError, httpx.RemoteProtocolError}


class TestWithRequests:
    @pytest.fixture
    def org(self) -> mocksf.Org:
        return mocksf.Org("sample")

    def test_a_refused_handshake_is_its_ssl_error(self, org: mocksf.Org):
        org.weather.replace(parse_rules([REFUSED]))
        session = org.requests_session()

        with pytest.raises(requests.exceptions.SSLError, match="UNEXPECTED_EOF_WHILE_READING"):
            session.get(org.url + LIMITS)
        assert session.get(org.url + LIMITS).status_code == 401

    def test_a_stale_connection_is_its_connection_error(self, org: mocksf.Org):
        org.weather.replace(parse_rules([STALE]))
        session = org.requests_session()
        session.get(org.url + LIMITS)
        org.advance(60)

        with pytest.raises(requests.ConnectionError, match="Remote end closed connection"):
            session.get(org.url + LIMITS)
        assert session.get(org.url + LIMITS).status_code == 401


@pytest.mark.sockets
class TestWhereThereIsNoHandshake:
    def test_nothing_is_refused(self):
        with ServedOrg(Served(rules=parse_rules([{"kind": "tls_refused"}]))) as served, served.client() as client:
            assert client.get(LIMITS).status_code == 200

    def test_an_org_of_its_own_host_has_weather_of_its_own(self):
        with ServedOrg(Served(tls=True, proxy_port=0)) as served:
            with served.client(token=False) as plain:
                plain.post("/_mocksf/orgs", json={"name": "acme", "rules": [{"kind": "tls_refused"}]})
            proxy, trust = served.credentials["proxy"], served.trust()
            with httpx.Client(proxy=proxy, verify=trust) as client:
                assert client.get("https://login.salesforce.com/services/data").status_code == 200
                with pytest.raises(httpx.ConnectError):
                    client.get("https://acme.my.salesforce.com/services/data")


@pytest.mark.parametrize("where", [{"path": "*/limits"}, {"method": "GET"}, {"operation": "query"}, {"user": "*"}])
def test_a_handshake_knows_no_request(where: dict[str, str]):
    with pytest.raises(RuleError, match="strikes before there is a request"):
        parse_rules([{"kind": "tls_refused", "where": where}])


def test_a_connection_that_never_was_stale_is_the_nearest_miss():
    org = mocksf.Org("sample", rules=[Rule("stale_keep_alive")])
    with org.client() as client:
        client.get(LIMITS)

    (laid,) = org.weather.laid
    assert (laid.matched, laid.nearest is not None and dict(laid.nearest.failed)) == (
        0,
        {"connection": ("stale_keep_alive", "another one")},
    )
