"""The pages as a browser gets them: what they show, what they do, and that nothing a visitor sends gets out of hand."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

import mocksf
from mocksf.doors.pages import charts
from mocksf.doors.pages.rows import ROWS
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.served import ACCOUNT, API, composite, control_of

pytestmark = pytest.mark.sockets

EVIL = "<script>alert('x')</script>\"'&"
TEMPLATES = Path(charts.__file__).parent


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        for one in client.get("/orgs").json()[1:]:
            client.delete(f"/orgs/{one['name']}")
        yield client


@pytest.fixture
def ui(server: ServedOrg, control: httpx.Client) -> Iterator[httpx.Client]:
    with server.client(token=False, follow_redirects=True) as client:
        client.base_url = control.base_url.join("/_mocksf/ui")
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def text(answer: httpx.Response, status: int = 200) -> str:
    """What a page says, its words one space apart."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    parser = _Words()
    parser.feed(answer.text)
    return " ".join(parser.words)


def seen(control: httpx.Client) -> list[str]:
    """The ids of the rules that lie."""
    return [one["rule"]["id"] for one in control.get("/rules").json()]


class TestObjects:
    def test_they_are_listed_with_their_records(self, ui: httpx.Client, sf: httpx.Client):
        sf.post(ACCOUNT, json={"Name": "Ada"})

        assert "Account Account 001 1 fields" in text(ui.get("/objects", params={"filled": "yes"}))
        assert "1 objects that fit" in text(ui.get("/objects", params={"search": "opportunitystage"}))

    def test_records_are_paged_and_found_by_what_people_know(self, ui: httpx.Client, sf: httpx.Client):
        records = [
            {"attributes": {"type": "Account"}, "Name": f"Acme {n:03}", "Phone": f"+49 30 5{n:03}"} for n in range(120)
        ]
        sf.post(f"{API}/composite/sobjects", json={"records": records})

        last = text(ui.get("/objects/Account", params={"page_number": "3"}))
        assert ("120 records" in last, "Page 3 of 3" in last, "Acme 000" in last, "Acme 119" in last) == (
            True, True, True, False,
        )  # fmt: skip
        for search in ("acme 042", "+49 30 5042"):
            assert "1 record fit" in text(ui.get("/objects/account", params={"search": search}))
        assert "No record fits" in text(ui.get("/objects/Account", params={"search": "100%"}))

    def test_one_is_shown_whole_with_its_references(self, ui: httpx.Client, sf: httpx.Client):
        parent = sf.post(ACCOUNT, json={"Name": "Acme"}).json()["id"]
        child = sf.post(f"{API}/sobjects/Contact", json={"LastName": "Ada", "AccountId": parent}).json()["id"]

        answer = ui.get(f"/objects/Contact/{child}")

        assert "LastName Ada string" in text(answer)
        assert f'href="/_mocksf/ui/objects/Account/{parent}"' in answer.text

    def test_a_deleted_one_is_still_there_and_says_so(self, ui: httpx.Client, sf: httpx.Client):
        made = sf.post(ACCOUNT, json={"Name": "Acme"}).json()["id"]
        sf.delete(f"{ACCOUNT}/{made}")

        assert f"{made} deleted" in text(ui.get(f"/objects/Account/{made}"))

    def test_an_object_is_described(self, ui: httpx.Client):
        assert "Caller_Key__c Caller Key string 40 external id unique" in text(ui.get("/objects/Account/describe"))

    @pytest.mark.parametrize(
        ("path", "says"),
        [
            ("/objects/Acount", "did you mean Account ?"),
            ("/objects/Account/001000000000000AAA", "no Account has the id 001000000000000AAA"),
            ("/objects/Account/%3Cb%3E", "no Account has the id <b>"),
            ("/nowhere", "Not Found"),
            ("/journal/7777", "no exchange 7777 is remembered"),
            ("/weather/rules/none", "no such rule none"),
            ("/?org=nowhere", "no such org nowhere"),
        ],
    )
    def test_what_is_not_there_is_said_on_a_page(self, ui: httpx.Client, path: str, says: str):
        assert says in text(ui.get(path), 404)


class TestJournal:
    def test_it_is_a_timeline_that_can_be_filtered(self, ui: httpx.Client, sf: httpx.Client):
        sf.post(ACCOUNT, json={"Name": "Ada"})
        sf.get("/nowhere")

        whole = ui.get("/journal")
        assert "2 exchanges, the newest first" in text(whole)
        assert whole.text.count('<svg class="bar"') == 2
        assert "1 exchange that fit" in text(ui.get("/journal", params={"status": "4xx"}))
        assert "No exchange fits" in text(ui.get("/journal", params={"sobject": "Lead"}))

    def test_a_filter_that_cannot_be_is_marked_and_passed_over(self, ui: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/limits")

        answer = ui.get("/journal", params={"status": "many", "since": "monday", "page": "-1"})

        said = text(answer, 422)
        assert "a status is wanted, such as 404, 5xx or none" in said
        assert "an instant is wanted" in said
        assert "1 exchange" in said

    def test_one_exchange_shows_request_answer_fate_and_near_misses(
        self, control: httpx.Client, ui: httpx.Client, sf: httpx.Client
    ):
        control.post("/rules", json={"id": "gap", "kind": "lost_answer", "where": {"path": "*/composite"}})
        sf.post(ACCOUNT, json={"Name": "Ada"})

        said = text(ui.get("/journal/1"))

        assert '"Name": "Ada"' in said
        assert '"success": true' in said
        assert "Fair: no rule struck it." in said
        assert f"gap lost_answer missed: path wanted '*/composite' and saw '{ACCOUNT}'" in said

    def test_it_is_emptied(self, ui: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/limits")

        assert "Nobody has asked anything yet." in text(ui.post("/journal/forget"))


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


class TestLatency:
    def test_curves_and_figures_stand_against_the_line(self, ui: httpx.Client, sf: httpx.Client):
        sf.post(f"{API}/composite", json=composite(("GET", "/limits", {})))
        sf.get(f"{API}/limits")

        answer = ui.get("/latency")

        assert answer.text.count("<polyline") == 2
        assert "200 ms" in text(answer)
        assert "composite 1 100.0 %" in text(answer)

    def test_a_curve_grows_from_nothing_to_all(self):
        corners = [
            tuple(map(float, pair.split(","))) for pair in charts.curve("x", [0.3, 0.1, 0.2], 1.0).points.split()
        ]

        assert corners == sorted(corners, key=lambda corner: (corner[0], -corner[1]))
        assert (corners[0][1], corners[-1][1]) == (charts.y_of(0), charts.y_of(1))

    def test_quantiles_are_durations_that_were_seen(self):
        told = charts.figures("x", [0.2, 0.1, 0.3, 0.4])

        assert (told.median_s, told.p95_s, told.max_s, told.within) == (0.2, 0.4, 0.4, 0.5)


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


class TestTheFrame:
    def test_no_page_asks_another_host_for_anything(self, ui: httpx.Client):
        for path in ("/", "/objects", "/journal", "/weather", "/weather/new", "/latency", "/clock", "/orgs", "/api"):
            answer = ui.get(path)

            links = re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)
            assert [link for link in links if not link.startswith(("/_mocksf/", "#"))] == []
            assert "default-src 'none'" in answer.headers["content-security-policy"]

    def test_its_files_are_served_and_no_others(self, ui: httpx.Client):
        assert ui.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"
        assert ui.get("/static/keys.js").status_code == 200
        assert ui.get("/static/frame.html").status_code == 404
        assert ui.get("/static/..%2fframe.py").status_code == 404

    @pytest.mark.parametrize("path", ["/objects", "/journal", "/weather/new", "/clock", "/orgs"])
    def test_every_field_of_a_form_has_a_name_that_is_read_out(self, ui: httpx.Client, path: str):
        page = re.sub(r"<label[^>]*>[^<]+<input.*?</label>", "", ui.get(path).text)  # a label around its field
        page = re.sub(r"<label[^>]*><input.*?</label>", "", page)
        labelled = set(re.findall(r'<label for="([^"]+)"', page))

        fields = re.findall(r"<(?:input|select|textarea) id=\"([^\"]+)\"", page)
        assert set(fields) == labelled
        assert len(re.findall(r"<(?:input|select|textarea)\b", page)) == len(fields)

    def test_the_operations_are_told_without_a_network(self, control: httpx.Client, ui: httpx.Client):
        said = text(ui.get("/api"))

        paths = control.get("/openapi.json").json()["paths"]
        assert [path for path in paths if f"/_mocksf{path}" not in said] == []
        assert httpx.get(str(control.base_url) + "docs", follow_redirects=True).url.path == "/_mocksf/ui/api"

    def test_the_first_page_is_where_one_begins(self, server: ServedOrg):
        answer = httpx.get(f"{server.url}/_mocksf/", follow_redirects=True)

        assert answer.url.path == "/_mocksf/ui/"
        assert server.org_id in text(answer)


class TestTheGate:
    def test_pages_want_the_admin_token_once(self):
        shut = ServedOrg(Served(mocksf.load_schema([]), admin_token="sesame"))
        with shut as served, served.client(token=False, follow_redirects=True) as browser:
            assert "Who is there?" in text(browser.get("/_mocksf/ui/journal"))
            assert browser.post("/_mocksf/ui/clock/freeze").status_code == 401
            assert "That is not the token." in text(browser.post("/_mocksf/ui/login", data={"token": "x"}), 401)

            assert "Last exchanges" in text(browser.post("/_mocksf/ui/login", data={"token": "sesame"}))
            assert "Journal" in text(browser.get("/_mocksf/ui/journal"))
            browser.post("/_mocksf/ui/logout")
            assert "Who is there?" in text(browser.get("/_mocksf/ui/journal"))
