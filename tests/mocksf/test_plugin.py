"""The pytest plugin, in suites of their own."""

import httpx
import pytest

# Loaded here, they stay loaded: each inner run forgets what it was the first to import.
import mocksf.doors.tenancy
import mocksf.face

LOADED = (httpx, mocksf.face, mocksf.doors.tenancy)

pytest_plugins = ["pytester"]

ALONE = ("-p", "no:cacheprovider", "--disable-plugin-autoload", "-p", "mocksf.pytest_plugin")
INI = "[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n"


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini(INI)
    return pytester


def outcomes(suite: pytest.Pytester, text: str, *arguments: str) -> dict[str, int]:
    suite.makepyfile(text)
    return suite.runpytest_inprocess(*ALONE, *arguments).parseoutcomes()


def test_an_org_a_clock_and_weather_are_fixtures(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import httpx, pytest

        def test_an_answer_that_is_lost(mocksf_org, mocksf_faults, mocksf_clock):
            start = mocksf_clock.now()
            mocksf_faults.add({"kind": "lost_answer", "how_often": {"times": 1}})
            client = mocksf_org.client(timeout=15)

            with pytest.raises(httpx.ReadTimeout):
                client.post("/services/data/v66.0/sobjects/Account", json={"Name": "Ada"})

            assert (mocksf_clock.now() - start).total_seconds() == 15
            assert mocksf_faults.explain()[0]["struck"] == 1
            query = {"q": "SELECT COUNT() FROM Account"}
            assert client.get("/services/data/v66.0/query", params=query).json()["totalSize"] == 1
        """,
    ) == {"passed": 1}


def test_a_marker_says_what_the_org_is_like(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import mocksf, pytest

        pytestmark = pytest.mark.mocksf(schema="sample", seed=7)

        @pytest.mark.mocksf(rules=["timeout"], settings=mocksf.OrgSettings(daily_requests=9))
        def test_of_several_the_nearest_counts(mocksf_org):
            assert mocksf_org.schema["Opportunity"].get("Demo_Requested_At__c")
            assert mocksf_org.dice.seed == 7
            assert [rule.kind for rule in mocksf_org.weather.rules] == ["timeout"]
            assert mocksf_org.settings.daily_requests == 9

        def test_the_next_one_has_its_own(mocksf_org):
            assert mocksf_org.weather.rules == []
        """,
    ) == {"passed": 2}


def test_an_async_test_sleeps_for_nothing(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import asyncio, pytest

        async def test_with_an_org(mocksf_org, mocksf_clock):
            start = mocksf_clock.now()
            async with mocksf_org.async_client() as client:
                with mocksf_org.faults({"kind": "latency", "seconds": 2}):
                    await asyncio.gather(*(client.get("/services/data") for _ in range(3)))
                await asyncio.sleep(300)
            assert (mocksf_clock.now() - start).total_seconds() == 302

        @pytest.mark.mocksf
        async def test_with_the_marker_alone():
            await asyncio.sleep(3600)
        """,
    ) == {"passed": 2}


def test_other_async_tests_are_left_to_their_own_plugin(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import anyio, pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        async def test_elsewhere(mocksf_org):
            with anyio.move_on_after(5):
                assert type(__import__("asyncio").get_running_loop()).__name__ != "VirtualLoop"
        """,
        *("-p", "anyio"),
    ) == {"passed": 1}


def test_a_failure_shows_the_journal(suite: pytest.Pytester):
    suite.makepyfile(
        """
        def test_that_fails(mocksf_org):
            mocksf_org.client().get("/nowhere")
            assert False
        """
    )

    result = suite.runpytest_inprocess(*ALONE)

    result.stdout.fnmatch_lines(["*mocksf journal*", "#1 * GET /nowhere -> 404 NOT_FOUND"])


@pytest.mark.sockets
def test_a_served_org_answers_any_client(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import httpx, pytest

        @pytest.mark.mocksf(schema="sample", rules=[{"kind": "error", "how_often": {"times": 1}}])
        def test_over_http(mocksf_server):
            headers = {"Authorization": "Bearer " + mocksf_server.token}
            statuses = [httpx.get(mocksf_server.url + "/services/data/v66.0/limits", headers=headers).status_code
                        for _ in range(2)]

            assert statuses == [503, 200]
            assert [one.status for one in mocksf_server.journal] == statuses
        """,
    ) == {"passed": 1}


@pytest.mark.parametrize(
    ("marker", "says"),
    [("rulez=[]", "no argument `rulez`; did you mean `rules`?"), ("'sample'", "only named arguments")],
)
def test_a_wrong_marker_says_so(suite: pytest.Pytester, marker: str, says: str):
    suite.makepyfile(
        f"""
        import pytest

        @pytest.mark.mocksf({marker})
        def test_it(mocksf_org): ...
        """
    )

    result = suite.runpytest_inprocess(*ALONE)

    assert result.parseoutcomes() == {"errors": 1}
    assert says in result.stdout.str()


def test_workers_do_not_share_an_org(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import pytest

        @pytest.mark.parametrize("n", range(6))
        def test_alone(mocksf_org, n):
            made = mocksf_org.client().post("/services/data/v66.0/sobjects/Account", json={"Name": "Ada"})
            assert made.json()["id"] == "001Rt0000000001IAA"
        """,
        *("-p", "xdist", "-n2"),
    ) == {"passed": 6}


def test_a_suite_that_does_not_use_it_does_not_pay_for_it(suite: pytest.Pytester):
    assert outcomes(
        suite,
        """
        import subprocess, sys

        def test_only_the_plugin_is_loaded():
            code = "import mocksf.pytest_plugin, sys; print([m for m in sys.modules if m.startswith('mocksf.')])"
            assert subprocess.check_output([sys.executable, "-c", code], text=True) == "['mocksf.pytest_plugin']\\n"
        """,
    ) == {"passed": 1}
