"""What is done on the pages: rules, clock, orgs and snapshots, and what they say of bad or evil input."""

from collections.abc import Iterator

import httpx
import pytest

import mocksf
from mocksf.doors.pages.rows import ROWS
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.pages import EVIL, alone, pages_of, seen, text
from tests.served import ACCOUNT, API

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with alone(server) as client:
        yield client


@pytest.fixture
def ui(server: ServedOrg, control: httpx.Client) -> Iterator[httpx.Client]:  # noqa: ARG001  # calm and fresh
    with pages_of(server) as client:
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


class TestWeather:
    def test_a_rule_is_written_shown_changed_and_taken_away(self, control: httpx.Client, ui: httpx.Client):
        form = {"kind": "error", "id": "rain", "settings": "code: REQUEST_LIMIT_EXCEEDED", "where.path": "*/composite"}
        assert "rain error code: REQUEST_LIMIT_EXCEEDED path: */composite always" in text(
            ui.post("/weather/new", data=form)
        )

        shown = ui.get("/weather/rules/rain").text
        assert 'name="where.path" value="*/composite"' in shown
        ui.post("/weather/rules/rain", data={"kind": "error", "how_often.chance": "0.5"})
        assert control.get("/rules/rain").json()["rule"] == {
            "id": "rain", "kind": "error", "how_often": {"chance": 0.5},
        }  # fmt: skip
        assert "Calm" in text(ui.post("/weather/rules/rain/remove"))

    @pytest.mark.parametrize(
        ("form", "says"),
        [
            ({"kind": "latency"}, "settings"),
            ({"kind": "latency", "settings": "sekonds: 1"}, "did you mean seconds ?"),
            ({"kind": "latency", "settings": "a: [1"}, "no YAML"),
            ({"kind": "eror"}, "did you mean error ?"),
            ({"kind": "error", "how_often.chance": "2"}, "less than or equal to 1"),
            ({"kind": "error", "how_often.times": "many"}, "not 'many'"),
            ({"kind": "error", "where.operation": "creat"}, "did you mean create ?"),
            ({"kind": "reset", "phase": "mid_air"}, "cannot strike at 'mid_air'"),
            ({"kind": "reset", "id": "taken"}, "the id taken is taken"),
            ({"kind": "reset", "id": "shelved"}, "taken by a rule that is switched off"),
            ({}, "no such kind"),
            ({"kind": EVIL}, "no such kind"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field_and_nothing_is_laid_down(
        self, control: httpx.Client, ui: httpx.Client, form: dict[str, str], says: str
    ):
        control.put("/rules", json=[{"id": "taken", "kind": "reset"}, {"id": "shelved", "kind": "reset"}])
        control.post("/rules/shelved/off")

        answer = ui.post("/weather/new", data=form)

        assert says in text(answer, 422)
        assert 'role="alert"' in answer.text
        assert EVIL not in answer.text
        assert seen(control) == ["taken"]

    def test_rules_are_moved(self, control: httpx.Client, ui: httpx.Client):
        control.put("/rules", json=[{"id": each, "kind": "reset"} for each in "abc"])

        ui.post("/weather/rules/c/up")
        ui.post("/weather/rules/a/up")
        ui.post("/weather/rules/a/down")

        assert seen(control) == ["c", "a", "b"]

    def test_they_are_switched_off_and_on_again_in_their_places(
        self, control: httpx.Client, ui: httpx.Client, sf: httpx.Client
    ):
        control.put("/rules", json=[{"id": each, "kind": "error"} for each in "abc"])

        assert "Switched off b error" in text(ui.post("/weather/rules/b/off"))
        assert seen(control) == ["a", "c"]
        ui.post("/weather/off")
        assert sf.get(f"{API}/limits").status_code == 200
        ui.post("/weather/on")

        assert (seen(control), sf.get(f"{API}/limits").status_code) == (["a", "b", "c"], 503)

    def test_weather_is_kept_by_name_and_laid_on_another_org(self, control: httpx.Client, ui: httpx.Client):
        control.put("/rules", json=[{"id": "rain", "kind": "error"}])
        control.post("/orgs", json={"name": "acme"})

        assert "wet error Lay it down Forget" in text(ui.post("/weather/profiles", data={"profile": "wet"}))
        ui.post("/weather/profiles/wet/lay", params={"org": "acme"})
        assert [one["rule"]["id"] for one in control.get("/rules", params={"org": "acme"}).json()] == ["rain"]
        assert "wet" not in text(ui.post("/weather/profiles/wet/forget"))
        assert "calm nothing goes wrong calm Lay it down" in text(ui.get("/weather"))
        assert "a profile is named with" in text(ui.post("/weather/profiles", data={"profile": EVIL}), 422)
        assert "no such profile x" in text(ui.post("/weather/profiles/x/lay"), 404)


class TestClock:
    def test_it_is_moved_set_frozen_and_run(self, ui: httpx.Client):
        assert "2026-01-05 09:01:30 UTC" in text(ui.post("/clock/advance", data={"seconds": "90"}))
        assert "2026-01-06 12:00:00 UTC" in text(ui.post("/clock/set", data={"now": "2026-01-06T12:00"}))
        assert "60 × real time" in text(ui.post("/clock/run", data={"factor": "60"}))
        assert "stands still" in text(ui.post("/clock/freeze"))

    @pytest.mark.parametrize(
        ("path", "form", "says"),
        [
            ("/clock/advance", {"seconds": "soon"}, "a number of seconds is wanted, not “soon”"),
            ("/clock/advance", {"seconds": "-1"}, "a number of seconds is wanted"),
            ("/clock/advance", {"seconds": "nan"}, "a number of seconds is wanted"),
            ("/clock/advance", {"seconds": "1e300"}, "time ends with 2200"),
            ("/clock/advance", {}, "a number of seconds is wanted"),
            ("/clock/set", {"now": "2020-01-01T00:00"}, "time never runs backwards"),
            ("/clock/set", {"now": "9999-12-31T23:59"}, "time ends with 2200"),
            ("/clock/set", {"now": EVIL}, "an instant is wanted"),
            ("/clock/run", {"factor": "inf"}, "a number from 0 to 1,000,000 is wanted"),
        ],
    )
    def test_what_cannot_be_is_said_and_time_stands(
        self, control: httpx.Client, ui: httpx.Client, path: str, form: dict[str, str], says: str
    ):
        answer = ui.post(path, data=form)

        assert says in text(answer, 422)
        assert EVIL not in answer.text
        assert control.get("/clock").json()["now"] == "2026-01-05T09:00:00+00:00"


class TestOrgs:
    def test_one_is_founded_forked_and_let_go(self, control: httpx.Client, ui: httpx.Client):
        assert "acme here" in text(ui.post("/orgs", data={"name": "acme", "schema": "sample", "seed": "3"}))
        assert "twin here" in text(ui.post("/orgs/fork", params={"org": "acme"}, data={"name": "twin"}))
        ui.post("/orgs/delete", params={"org": "acme"})

        assert [one["name"] for one in control.get("/orgs").json()] == ["default", "twin"]

    def test_snapshots_are_taken_restored_and_forgotten(self, ui: httpx.Client, sf: httpx.Client):
        assert "before 2026-01-05 09:00:00" in text(ui.post("/orgs/snapshots", data={"snapshot": "before"}))
        sf.post(ACCOUNT, json={"Name": "Ada"})
        ui.post("/orgs/snapshots/before/restore")

        assert "0 records" in text(ui.get("/objects/Account"))
        assert "None was taken." in text(ui.post("/orgs/snapshots/before/forget"))

    @pytest.mark.parametrize(
        ("path", "form", "says"),
        [
            ("/orgs", {"name": "No Label"}, "a name has letters"),
            ("/orgs", {"name": "default"}, "there is an org default already"),
            ("/orgs", {"name": "x", "seed": "red"}, "integer"),
            ("/orgs/fork", {"name": ""}, "a name has letters"),
            ("/orgs/snapshots", {"snapshot": "../x"}, "a snapshot is named with"),
        ],
    )
    def test_what_cannot_be_is_said(
        self, control: httpx.Client, ui: httpx.Client, path: str, form: dict[str, str], says: str
    ):
        assert says in text(ui.post(path, data=form), 422)
        assert len(control.get("/orgs").json()) == 1


class TestWhatVisitorsSend:
    def test_it_is_shown_as_text_wherever_it_turns_up(self, control: httpx.Client, ui: httpx.Client, sf: httpx.Client):
        made = sf.post(ACCOUNT, json={"Name": EVIL, "Description": EVIL}, headers={"X-Call-Id": "<script>"}).json()[
            "id"
        ]
        sf.get("/services/<script>", params={"q": EVIL})
        control.post("/rules", json={"id": "<script>", "kind": "error", "where": {"path": EVIL}})
        control.put("/snapshots/safe")
        query = {
            "search": EVIL,
            "path": EVIL,
            "sobject": EVIL,
            "since": EVIL,
            "page_number": EVIL,
            "kind": EVIL,
            "id": EVIL,
        }

        paths = (
            "/",
            "/objects",
            "/objects/Account",
            f"/objects/Account/{made}",
            "/journal",
            "/journal/1",
            "/journal/2",
        )
        pages = [ui.get(path, params=query).text for path in (*paths, "/weather", "/weather/new", "/latency", "/orgs")]

        assert [page for page in pages if "<script>" in page] == []
        assert sum("&lt;script&gt;" in page for page in pages) >= 8

    @pytest.mark.parametrize("path", [row.path for row in ROWS if row.method == "POST" and "{" not in row.path])
    def test_no_body_makes_a_form_fall_over(self, ui: httpx.Client, path: str):
        for body in (b"", b"\xff\xfe=\xff", b"a=b&a=c&&=", b"name=%00", b"x" * 300_000):
            status = ui.post(path.removeprefix("/ui"), content=body).status_code

            assert status in (200, 404, 409, 422), body[:20]

    def test_another_site_s_page_may_change_nothing(self, server: ServedOrg, control: httpx.Client, ui: httpx.Client):
        control.post("/rules", json={"id": "rain", "kind": "error"})

        answer = ui.post("/weather/off", headers={"Origin": "https://evil.example"})

        assert (answer.status_code, seen(control)) == (403, ["rain"])
        assert ui.post("/weather/off", headers={"Origin": server.url}).status_code == 200
