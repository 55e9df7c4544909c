"""The deploy rehearsal on the connector's pages: what must be there first, the report, and the rehearsals of before."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import mocksf
from connector.project import project_describe
from connector.rehearsal.deploy import MARK_MIN, heard, timed, told
from connector.rehearsal.sample import RECORDING, written
from connector.service import Keys
from connector.service.access import add
from connector.service.pages.minutes import WIDTH, drawn, lasted
from mocksf.doors.serving import Served as OrgServed
from mocksf.doors.tenancy import ServedOrg
from tests.connector.deskwork import ROLES, fields_in, head, visiting
from tests.connector.offices import Served, a_config, environ, serving

DEPLOY = "/ui/deploy"
SHOUTED = "script: [{hears: no_such_intent}]\nintents: [{name: no_such_intent}]"

Desk = tuple[Served, dict[str, str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("deploy")
    written(folder / "project")
    keys = {role: add(folder / "keys.yaml", role, role) for role in ROLES}  # type: ignore[arg-type]
    with ServedOrg(OrgServed(mocksf.load_schema([str(folder / "project")]), seed=7)) as org:
        config = a_config(org, {"notes": {"target": "Task.Description", "type": "text"}})
        with serving(folder, config, environ(org), Keys(folder / "keys.yaml")) as served:
            yield served, keys


def asked(client: httpx.Client, deed: str, **more: Any) -> httpx.Response:
    form = fields_in(client.get(DEPLOY).text, DEPLOY)
    return client.post(DEPLOY, data={**form, **more, "deed": deed})


def seen(client: httpx.Client, number: int) -> str:
    """The page of a rehearsal, once it has ended."""
    for _ in range(10_000):
        if "Under way" not in client.get(DEPLOY).text:
            break
    return client.get(f"{DEPLOY}/{number}").text


@pytest.mark.sockets
class TestThePage:
    def test_names_what_is_missing_first_and_plays_nothing(self, desk: Desk):
        with visiting(desk[0], desk[1]["admin"]) as client:
            before = head(client)
            found = asked(client, "start", recording="")

            assert found.status_code == 422
            assert "there is none; paste one" in found.text
            assert "logs in to http://127.0.0.1" in found.text
            assert head(client) == before

    def test_shows_no_secret_of_the_org_to_any_other_address(self, desk: Desk):
        with visiting(desk[0], desk[1]["admin"]) as client:
            found = asked(client, "check", place="http://127.0.0.1:9")
            wrong = asked(client, "check", place="my laptop")

        assert "CONNECTOR_SECRET_ACME__MOCK_TOKEN" in found.text
        assert "is not shown its secrets" in found.text
        assert "my laptop is no address" in wrong.text

    def test_plays_the_sample_and_keeps_the_report_in_the_ledger(self, desk: Desk):
        with visiting(desk[0], desk[1]["admin"]) as client:
            number = len(desk[0].stack.ledger.readings.rehearsals) + 1
            recording = fields_in(asked(client, "sample").text, DEPLOY)["recording"]
            assert asked(client, "start", recording=recording).status_code == 200
            page = seen(client, number)
            listed = client.get(DEPLOY).text
            verified = client.get("/ui/audit", params={"verify": 1, "kind": "rehearsed"}).text

        assert all(each in page for each in ("can go live", "220 mapped, 0 refused", "Fleet_Profile__c +1", "<svg"))
        assert page.count('<rect class="open"') == 4
        assert f'href="{DEPLOY}/{number}"' in listed
        assert "The chain holds." in verified
        assert "rehearsed" in verified

    def test_keeps_what_stopped_on_the_way_with_its_reason(self, desk: Desk):
        with visiting(desk[0], desk[1]["admin"]) as client:
            number = len(desk[0].stack.ledger.readings.rehearsals) + 1
            assert asked(client, "start", recording=SHOUTED, map="keep").status_code == 200
            page = seen(client, number)

        assert "stopped on the way" in page
        assert "validate: the recording says &#39;no_such_intent&#39;" in page

    def test_lets_reviewers_look_and_admins_start(self, desk: Desk):
        with visiting(desk[0], desk[1]["reviewer"]) as client:
            page = client.get(DEPLOY)
            assert (page.status_code, 'value="start"' in page.text) == (200, False)
            assert client.post(DEPLOY, data={"deed": "start"}).status_code == 403
        with visiting(desk[0], desk[1]["agent"]) as client:
            assert client.get(DEPLOY).status_code == 403

    def test_has_no_rehearsal_that_was_never_played(self, desk: Desk):
        with visiting(desk[0], desk[1]["reviewer"]) as client:
            assert client.get(f"{DEPLOY}/4711").status_code == 404

    def test_gives_the_sample_project_away(self, desk: Desk, tmp_path: Path):
        with visiting(desk[0], desk[1]["reviewer"]) as client:
            archive = zipfile.ZipFile(io.BytesIO(client.get(f"{DEPLOY}/sample.zip").content))
        archive.extractall(tmp_path)

        assert project_describe(tmp_path).get("Fleet_Profile__c") is not None
        assert len(heard((tmp_path / RECORDING).read_text(), RECORDING, "")) == 4


def test_the_picture_fits_its_axis_and_says_each_length():
    report = told(timed([("discover", 6, True, "")], [("smoke call", 90, False, ""), ("go-live", 0, False, "")]))
    found = drawn(report)

    assert [each.length for each in found.bars[-3:]] == ["6.0 s", "1.5 min", "at once"]
    assert {each.kind for each in found.bars} == {"open", "good", "bad"}
    assert all(0 <= each.start <= each.start + each.width <= WIDTH for each in found.bars)
    assert found.mark == pytest.approx(found.bars[3].start + found.bars[3].width)
    assert lasted(MARK_MIN) == "47.0 min"


def test_a_recording_may_say_a_date_and_listen_for_one_word():
    said = heard("script: [{hears: due}]\nintents: [{name: due, value: 2026-01-31}]", "it", "")

    assert [(each.name, each.value) for each in said] == [("due", "2026-01-31")]
