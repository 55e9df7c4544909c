"""The pages that change configurations: judged as they stand, tried before they are in force, and never half."""

import json
from collections.abc import Iterator
from random import Random

import httpx
import pytest

from mocksf.doors.tenancy import ServedOrg
from tests.connector.deskwork import an_office, fields_in, head, told, visiting
from tests.connector.offices import Served
from tests.pages import text

pytestmark = pytest.mark.sockets

Office = tuple[Served, ServedOrg, dict[str, str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("office")) as all_of_it:
        yield all_of_it


@pytest.fixture
def admin(office: Office) -> Iterator[httpx.Client]:
    with visiting(office[0], office[2]["admin"]) as client:
        yield client


@pytest.fixture
def reviewer(office: Office) -> Iterator[httpx.Client]:
    with visiting(office[0], office[2]["reviewer"]) as client:
        yield client


class TestTheFieldMap:
    def test_says_what_is_wrong_row_by_row_and_puts_nothing_in_force(self, admin: httpx.Client):
        form = fields_in(admin.get("/ui/map").text, "/ui/map/look") | {"reason": "a try"}
        row = next(key[5:] for key, value in form.items() if key.startswith("name.") and value == "seats")
        wrong = form | {f"target.{row}": "Opportunity.Seets__c"}
        said = admin.post("/ui/map/check", data=wrong, headers={"X-Proof": form["proof"]}).json()
        refused = admin.post("/ui/map/activate", data=wrong)

        assert (said["good"], [each["code"] for each in said["rows"][row]]) == (False, ["FIELD_UNKNOWN"])
        assert said["rows"][row][0]["nearest"] == "Seats__c"
        assert (refused.status_code, "Opportunity has no field Seets__c" in refused.text) == (
            422,
            True,
        )
        assert "this map is not good yet" in refused.text

    def test_takes_a_name_only_once(self, admin: httpx.Client):
        form = fields_in(admin.get("/ui/map").text, "/ui/map/look")
        row = next(key[5:] for key, value in form.items() if key.startswith("name.") and value == "competitor")
        said = admin.post("/ui/map/check", data=form | {f"name.{row}": "seats"}).json()

        assert (said["good"], said["rows"][row][0]["sentence"]) == (False, "stands above already")

    def test_takes_proposals_in_and_puts_the_map_in_force(self, office: Office, admin: httpx.Client):
        shown = admin.get("/ui/map?propose=1").text
        form = fields_in(shown, "/ui/map/look")
        entry = json.dumps({"target": "Opportunity.NextStep", "type": "text"})
        grown = admin.post("/ui/map/look", data=form | {"accept.next_step": entry, "deed": "accept"})
        ready = fields_in(grown.text, "/ui/map/look") | {"reason": "the next step is heard"}
        put = admin.post("/ui/map/activate", data=ready)

        assert "Confidence" in shown
        assert "is in force" in text(put)
        assert told(office[0], office[2]["agent"], "c-next", next_step="a demo")["status"] == "committed"
        assert "# kept as it is" in admin.get("/ui/settings/text").text

    def test_is_looked_at_by_reviewers_and_changed_by_admins(self, reviewer: httpx.Client):
        shown = reviewer.get("/ui/map")
        form = fields_in(shown.text, "/ui/map/look") | {"reason": "mine"}

        assert "Put in force</button>" not in shown.text
        assert reviewer.post("/ui/map/activate", data=form).status_code == 403


class TestSettings:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"org.login.client_id": "nobody"}, "the org refuses the login"),
            ({"org.login.client_secret": "HOME"}, "only secrets that the file names"),
            ({"org.login.client_secret": "CONNECTOR_SECRET_ACME__OTHER"}, "the org refuses the login"),
            ({"delivery.budget_ms": "much"}, 'must be a whole number, not "much"'),
            ({"delivery.schedule": "1, soon"}, 'must be a number, not "soon"'),
            ({"org.api_version": "66"}, "does not have the form 66.0"),
            ({"org.login.instance_url": "http://127.0.0.1:9"}, "the org does not answer the login now"),
        ],
    )
    def test_are_tried_and_each_obstacle_is_named(self, admin: httpx.Client, change: dict[str, str], said: str):
        form = fields_in(admin.get("/ui/settings").text, "/ui/settings") | change
        before = head(admin)
        shown = [admin.post("/ui/settings", data=form | {"deed": deed, "reason": "x"}) for deed in ("try", "activate")]

        assert [said in each.text.replace("&#34;", '"') for each in shown] == [True, True]
        assert ([each.status_code for each in shown], head(admin)) == ([200, 422], before)
        assert "hush-hush" not in shown[0].text

    def test_are_put_in_force_and_brought_back(self, admin: httpx.Client):
        form = fields_in(admin.get("/ui/settings").text, "/ui/settings")
        tried = admin.post("/ui/settings", data=form | {"delivery.schedule": "0.5, 2", "deed": "try"})
        put = admin.post(
            "/ui/settings", data=form | {"delivery.schedule": "0.5, 2", "deed": "activate", "reason": "fewer retries"}
        )
        history = text(admin.get("/ui/settings/history"))
        late = admin.post("/ui/settings", data=form | {"delivery.schedule": "9", "deed": "activate", "reason": "late"})
        back = fields_in(admin.get("/ui/settings/history/1").text, "/ui/settings/history/1") | {"reason": "after all"}

        assert "It holds." in text(tried)
        assert ("is in force" in text(put), "fewer retries" in history) == (True, True)
        assert (late.status_code, "look at that one first" in late.text) == (422, True)
        assert "is in force again" in text(admin.post("/ui/settings/history/1", data=back))

    def test_as_text_are_refused_with_the_place(self, admin: httpx.Client):
        form = fields_in(admin.get("/ui/settings/text").text, "/ui/settings/text")
        shown = admin.post("/ui/settings/text", data=form | {"text": "fields: {a: Opportunity.Nam}", "deed": "look"})

        assert "FIELD_UNKNOWN $.fields.a Opportunity has no field Nam" in text(shown)


ODD = ("", "0", "-1", "9" * 30, "é\x00", "<script>", "{", "[1", "null", "nan", "a: &a [*a]", "%00", "../..", "x" * 3000)


@pytest.mark.parametrize(
    "path", ["/ui/map/look", "/ui/map/check", "/ui/map/activate", "/ui/settings", "/ui/settings/text"]
)
def test_no_form_however_garbled_ends_in_an_error_of_ours(admin: httpx.Client, path: str):
    dice = Random(path)
    whole = fields_in(admin.get(path.replace("/look", "").replace("/check", "").replace("/activate", "")).text,
                      path if path.startswith("/ui/settings") else "/ui/map/look")  # fmt: skip
    names = [name for name in whole if name != "proof"]
    answers = []
    for _ in range(10):
        garbled = {name: dice.choice(ODD) for name in dice.sample(names, min(len(names), 3))}
        lost = dice.sample(names, 1)
        form = {name: value for name, value in {**whole, **garbled}.items() if name not in lost}
        answers.append(
            admin.post(path, data=form | {"deed": dice.choice(("try", "look", "add", "x")), "accept.it": "{"})
        )

    assert {each.status_code for each in answers} <= {200, 422}
