"""The pages as a browser gets them: what they show, their frame, and that nothing a visitor sends gets out of hand."""

import re
from collections.abc import Iterator

import httpx
import pytest

import mocksf
from mocksf.doors.pages import charts
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.pages import alone, pages_of, text
from tests.served import ACCOUNT, API, composite

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

    def test_an_answer_that_broke_off_shows_what_arrived(
        self, control: httpx.Client, ui: httpx.Client, sf: httpx.Client
    ):
        control.post("/rules", json={"kind": "reset", "phase": "mid_body", "after_bytes": 20})
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            sf.get(f"{API}/limits")

        assert "200, broken off after 20 B" in text(ui.get("/journal/1"))

    def test_it_is_emptied(self, ui: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/limits")

        assert "Nobody has asked anything yet." in text(ui.post("/journal/forget"))


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
