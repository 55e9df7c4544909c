"""Paths to routes: what a router remembers of a path holds for that path and that method alone."""

import pytest

from mocksf.errors import Refusal
from mocksf.messages import Response
from mocksf.rest.routing import _PATHS_MAX, Route, Router
from mocksf.rest.session import Call


def handler(*_: object) -> Response:
    return Response(200)


@pytest.fixture
def router() -> Router:
    return Router(
        [Route("GET", "/things/{name}", handler), Route("POST", "/things", handler), Route("GET", "/things", handler)]
    )


def call(method: str, path: str) -> Call:
    return Call(method, path, {})


@pytest.mark.parametrize("version", ["66.0", "52.0"])
def test_a_path_found_again_has_its_names_and_its_version(router: Router, version: str):
    for _ in range(2):
        found = call("GET", f"/services/data/v{version}/things/a%20b?x=1")

        route, values = router.find(found)

        assert (route.path, values, found.version) == ("/things/{name}", ("a b",), version)


def test_methods_of_one_path_are_kept_apart(router: Router):
    path = "/services/data/v66.0/things"

    routes = [router.find(call(method, path))[0].method for method in ("GET", "POST", "HEAD", "GET", "POST")]

    assert routes == ["GET", "POST", "GET", "GET", "POST"]


def test_what_is_refused_is_refused_again(router: Router):
    for _ in range(2):
        with pytest.raises(Refusal):
            router.find(call("DELETE", "/services/data/v66.0/things"))
        with pytest.raises(Refusal):
            router.find(call("GET", "/services/data/v99.0/things"))


def test_a_call_whose_segments_are_replaced_is_looked_for_by_those(router: Router):
    replaced = call("GET", "/services/data/v66.0/things/@{ref.id}")
    router.find(replaced)

    replaced.segments = ["services", "data", "v66.0", "things", "x/y"]

    assert router.find(replaced)[1] == ("x/y",)


def test_no_stranger_fills_the_memory(router: Router):
    for number in range(_PATHS_MAX + 10):
        router.find(call("GET", f"/services/data/v66.0/things/{number}"))

    assert len(router._known) <= _PATHS_MAX


class TestTheRestOfAPath:
    @pytest.fixture
    def router(self) -> Router:
        return Router(
            [
                Route("GET", "/things/{name}", handler),
                Route("GET", "/things/{name}/parts", handler),
                Route("GET", "/things/{name}/{more*}", handler),
            ]
        )

    @pytest.mark.parametrize("more", ["x", "x/y", "parts/x", "x/parts"])
    def test_is_one_value_however_often_it_is_asked_for(self, router: Router, more: str):
        for _ in range(2):
            for name in ("a", "b"):
                route, values = router.find(call("GET", f"/services/data/v66.0/things/{name}/{more}"))

                assert (route.path, values) == ("/things/{name}/{more*}", (name, more))

    def test_is_what_no_other_route_answers(self, router: Router):
        paths = [router.find(call("GET", f"/services/data/v66.0/things/{each}"))[0].path for each in ("a", "a/parts")]

        assert paths == ["/things/{name}", "/things/{name}/parts"]


def test_a_route_of_a_later_version_is_not_there_before():
    router = Router([Route("GET", "/things/{name}", handler, since=50)])
    for _ in range(2):
        assert router.find(call("GET", "/services/data/v50.0/things/a"))[1] == ("a",)
        with pytest.raises(Refusal):
            router.find(call("GET", "/services/data/v49.0/things/a"))
