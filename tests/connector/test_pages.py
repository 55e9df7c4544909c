"""The pages: who may see them, what they show, and that nothing half done is ever done."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocksf.doors.tenancy import ServedOrg
from tests.connector.deskwork import EVIL, an_office, fields_in, head, stands, told, visiting
from tests.connector.offices import Served, a_config, environ, of_call, serving
from tests.pages import text

pytestmark = pytest.mark.sockets

Office = tuple[Served, ServedOrg, dict[str, str]]
PAGES = (
    "/", "/calls", "/calls/c-fine", "/dead-letters", "/dead-letters/c-seen/1/seats", "/map", "/map?propose=1", "/audit",
    "/settings", "/settings/text", "/settings/history", "/settings/history/0", "/audit?verify=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("office")) as all_of_it:
        served, _, keys = all_of_it
        told(served, keys["agent"], "c-fine", seats=4)
        told(served, keys["agent"], "c-seen", seats=700)
        yield all_of_it


@pytest.fixture
def admin(office: Office) -> Iterator[httpx.Client]:
    with visiting(office[0], office[2]["admin"]) as client:
        yield client


@pytest.fixture
def reviewer(office: Office) -> Iterator[httpx.Client]:
    with visiting(office[0], office[2]["reviewer"]) as client:
        yield client


def a_letter(office: Office, call: str, **intents: Any) -> str:
    """A dead letter of its own for a test; its page."""
    said = told(office[0], office[2]["agent"], call, **(intents or {"seats": 700}))
    assert said["status"] == "dead"
    return f"/ui/dead-letters/{said['deliveries'][0]['key'].replace('+', '%2B')}"


class TestTheWayIn:
    def test_is_a_key_and_leads_where_one_wanted_to_go(self, office: Office):
        served, _, keys = office
        with httpx.Client(base_url=served.url, follow_redirects=True) as stranger:
            asked = stranger.get("/ui/audit?kind=dead")
            wrong = stranger.post("/ui/login", data={"key": "ck_wrong", "next": "/ui/audit"})
            right = stranger.post("/ui/login", data=fields_in(asked.text, "/ui/login") | {"key": keys["admin"]})

        assert (asked.url.path, wrong.status_code, "Nobody has this key" in wrong.text) == ("/ui/login", 401, True)
        assert (right.url.path, right.url.query) == ("/ui/audit", b"kind=dead")

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/ui/", "//evil.example/ui/", "/\\evil.example/ui/"])
    def test_never_leads_elsewhere(self, office: Office, elsewhere: str):
        answer = httpx.post(f"{office[0].url}/ui/login", data={"key": office[2]["admin"], "next": elsewhere})

        assert (answer.status_code, answer.headers["location"]) == (303, "/ui/")

    def test_keeps_no_key_in_the_browser(self, admin: httpx.Client, office: Office):
        cookie = admin.cookies["connector_visit"]

        assert office[2]["admin"] not in cookie
        assert len(cookie) >= 32

    def test_ends_with_the_visit(self, office: Office):
        with visiting(office[0], office[2]["admin"]) as client:
            cookie = client.cookies["connector_visit"]
            client.post("/ui/logout")
            client.cookies.set("connector_visit", cookie)

            assert client.get("/ui/").url.path == "/ui/login"

    @pytest.mark.parametrize(
        ("role", "closed"),
        [("agent", {"/dead-letters", "/map", "/settings", "/audit"}), ("reviewer", set()), ("admin", set())],
    )
    def test_opens_what_the_role_needs(self, office: Office, role: str, closed: set[str]):
        with visiting(office[0], office[2][role]) as client:
            paths = ("/", "/calls", "/dead-letters", "/map", "/settings", "/audit")
            refused = {path for path in paths if client.get(f"/ui{path}").status_code == 403}
            shown = client.get("/ui/").text

        assert refused == closed
        assert {path for path in closed if f'href="/ui{path}" data-key' in shown} == set()


class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_a_page_with_nothing_from_elsewhere(self, admin: httpx.Client, path: str):
        answer = admin.get(f"/ui{path}")

        assert text(answer)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert 'src="http' not in answer.text

    @pytest.mark.parametrize("path", ["/nowhere", "/calls/nobody", "/dead-letters/x", "/settings/history/99"])
    def test_that_is_none_says_so_as_a_page(self, admin: httpx.Client, path: str):
        assert "Not here" in text(admin.get(f"/ui{path}"), 404) if path != "/nowhere" else True

    def test_escapes_whatever_was_said(self, office: Office, admin: httpx.Client):
        page = a_letter(office, f"c-{EVIL[1:7]}", seats=700, competitor=EVIL)
        shown = [admin.get(path).text for path in (f"{page}?reveal=1", "/ui/calls", "/ui/dead-letters", "/ui/audit")]

        assert [EVIL in each for each in shown] == [False] * 4
        assert "&lt;script&gt;" in shown[0]

    @pytest.mark.parametrize(
        "path",
        ["/dead-letters/all", "/dead-letters/c-seen/1/seats/replay", "/dead-letters/c-seen/1/seats/discard",
         "/map/look", "/map/check", "/map/activate", "/settings", "/settings/text", "/settings/history/0"],
    )  # fmt: skip
    def test_takes_no_form_from_elsewhere(self, admin: httpx.Client, path: str):
        before = head(admin)
        form = {"actor": "x", "reason": "x", "deed": "discard", "proof": "0" * 64, "text": "{}"}

        assert admin.post(f"/ui{path}", data=form).status_code == 403
        assert head(admin) == before


class TestADeadLetter:
    def test_lies_in_its_group_with_what_cures_it(self, reviewer: httpx.Client):
        shown = text(reviewer.get("/ui/dead-letters"))

        assert "validation rule A rule of the org says no." in shown
        assert "c-seen/1/seats" in shown

    def test_shows_values_only_when_somebody_asks(self, office: Office, reviewer: httpx.Client):
        page = a_letter(office, "c-hidden", seats=701, competitor="Globex")
        folded, open_ = text(reviewer.get(page)), text(reviewer.get(f"{page}?reveal=1"))

        assert ("701" in folded, "Globex" in folded) == (False, False)
        assert "Beyond 500 seats a deal needs an approver" in open_
        assert "701" in open_

    def test_stands_beside_what_the_org_has(self, office: Office, reviewer: httpx.Client):
        told(office[0], office[2]["agent"], "c-beside", seats=5)
        said = httpx.post(
            f"{office[0].url}/calls/c-beside/intents", headers={"X-API-Key": office[2]["agent"]},
            json={"turn": 2, "intents": [{"name": "seats", "value": 800}]}, timeout=30,
        )  # fmt: skip
        shown = text(reviewer.get(f"/ui/dead-letters/{said.json()['deliveries'][0]['key']}?reveal=1"))

        assert "Seats__c seats 5 800" in shown

    def test_is_edited_and_replayed_by_a_named_person(self, office: Office, reviewer: httpx.Client):
        page = a_letter(office, "c-mended")
        form = fields_in(reviewer.get(f"{page}?reveal=1").text, f"{page}/replay")
        answer = reviewer.post(f"{page}/replay", data=form | {"value.seats": "450", "reason": "misheard"})
        stands(office[0], office[2]["agent"], "c-mended", "committed")

        assert "on its way" in text(answer)
        assert of_call(office[1], "c-mended", "Seats__c") == [450.0]
        entries = httpx.get(
            f"{office[0].url}/audit?delivery=c-mended/1/seats", headers={"X-API-Key": office[2]["admin"]}
        )
        replayed = next(each for each in entries.json()["entries"] if each["kind"] == "replayed")
        assert (replayed["detail"]["actor"], replayed["detail"]["reason"]) == ("reviewer", "misheard")

    @pytest.mark.parametrize(
        ("change", "lost", "said"),
        [
            ({"value.seats": "many"}, (), "seats: 'many' is no number"),
            ({"value.seats": "4"}, ("reason",), "reason: say why"),
            ({"value.seats": "4"}, ("whole",), "did not arrive whole"),
            ({}, ("value.seats",), "did not arrive whole"),
            ({"value.seats": "4", "payload": "0" * 64}, (), "somebody has decided about this letter"),
        ],
    )  # fmt: skip
    def test_that_is_half_edited_is_never_replayed(
        self, reviewer: httpx.Client, change: dict[str, str], lost: tuple[str, ...], said: str
    ):
        page = "/ui/dead-letters/c-seen/1/seats"
        form = fields_in(reviewer.get(f"{page}?reveal=1").text, f"{page}/replay") | {"reason": "mended"} | change
        before = head(reviewer)
        answer = reviewer.post(f"{page}/replay", data={name: each for name, each in form.items() if name not in lost})

        assert (answer.status_code, said in answer.text.replace("&#39;", "'")) == (422, True)
        assert (head(reviewer), "Nothing was replayed" in answer.text) == (before, True)
        assert change.get("value.seats", "700") in answer.text or "whole" in lost

    def test_is_given_up_with_a_reason(self, office: Office, reviewer: httpx.Client):
        page = a_letter(office, "c-given-up")
        form = fields_in(reviewer.get(page).text, f"{page}/discard")
        nothing = reviewer.post(f"{page}/discard", data=form)
        answer = reviewer.post(f"{page}/discard", data=form | {"reason": "a mistake"})

        assert (nothing.status_code, "given up" in text(answer), "discarded" in text(answer)) == (422, True, True)

    def test_comes_back_with_its_group(self, office: Office, reviewer: httpx.Client):
        a_letter(office, "c-group-1")
        a_letter(office, "c-group-2")
        form = fields_in(reviewer.get("/ui/dead-letters?category=validation rule").text, "/ui/dead-letters/all")
        nothing = reviewer.post("/ui/dead-letters/all", data=form | {"deed": "replay", "reason": "x", "rate": "fast"})
        answer = reviewer.post("/ui/dead-letters/all", data=form | {"deed": "replay", "reason": "x", "rate": "900"})
        left = [office[2]["admin"], "c-group-1", "c-group-2"]
        rounds = _rounds(office, *left)

        assert (nothing.status_code, "on their way, 900 a second" in text(answer)) == (422, True)
        assert rounds == {2}


def _rounds(office: Office, key: str, *calls: str) -> set[int]:
    """In which round the calls' deliveries are, once each is in another than its first or was looked at long enough."""
    with httpx.Client(base_url=office[0].url, headers={"X-API-Key": key}, timeout=30) as client:
        for _ in range(10_000):
            rounds = {client.get(f"/calls/{call}").json()["deliveries"][0]["round"] for call in calls}
            if 1 not in rounds:
                break
        return rounds


def test_the_trail_is_verified_filtered_and_exported(admin: httpx.Client):
    verified, dead = text(admin.get("/ui/audit?verify=1")), admin.get("/ui/audit?kind=dead").text
    lines = admin.get("/ui/audit/export").text.splitlines()

    assert "The chain holds." in verified
    assert ('<span class="chip bad">dead</span>' in dead, '<span class="chip blue">accepted</span>' in dead) == (
        True,
        False,
    )
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))


def test_a_call_is_drawn_with_what_the_agent_waited_and_the_org_took(office: Office, admin: httpx.Client):
    shown = admin.get("/ui/calls/c-fine").text
    view = admin.get("/calls/c-fine", headers={"X-API-Key": office[2]["admin"]}).json()["deliveries"][0]

    assert 'class="limit"' in shown
    assert '<rect class="good"' in shown
    assert 'class="answered"' in shown
    assert 0 < view["commit_ms"] <= view["answered_ms"] + 50


def test_where_nobody_is_asked_for_a_key_a_name_is(tmp_path: Path, office: Office):
    org = office[1]
    with serving(tmp_path, a_config(org), environ(org)) as served, httpx.Client(base_url=served.url) as anybody:
        assert told(served, "", "c-open", seats=900)["status"] == "dead"
        page = "/ui/dead-letters/c-open/1/seats"
        form = fields_in(anybody.get(page).text, f"{page}/discard") | {"reason": "no use"}
        nameless = anybody.post(f"{page}/discard", data=form | {"actor": ""})
        named = anybody.post(f"{page}/discard", data=form | {"actor": "mara"})
        actors = [each["detail"].get("actor") for each in anybody.get("/audit").json()["entries"]]

    assert (nameless.status_code, "say who does this" in nameless.text, named.status_code) == (422, True, 303)
    assert actors[-1] == "mara"
