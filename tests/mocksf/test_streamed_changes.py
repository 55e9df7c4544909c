"""Change data capture: committed changes alone are told, to those who may read them, for as long as they are kept."""

from typing import Any

import pytest
from typer.testing import CliRunner

from mocksf.__main__ import app
from mocksf.clock import VirtualClock
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.org import Org, OrgSettings
from mocksf.parked import Terms
from mocksf.schema import load_schema
from mocksf.streaming.changes import has_changes
from tests.client import Client, part
from tests.listening import Listener, listening
from tests.staff import granting_schema, someone, staffed_schema

ACCOUNTS, CONTACTS, EVERYTHING = "/data/AccountChangeEvent", "/data/ContactChangeEvent", "/data/ChangeEvents"


@pytest.fixture
def ear(sf: Client) -> Listener:
    return listening(sf, ACCOUNTS)


class TestWhatIsNotCommitted:
    def test_is_not_told_where_a_composite_is_rolled_back(self, sf: Client, ear: Listener):
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme"),
            part("POST", "/sobjects/Account", "b", Nmae="x"),
            all_or_none=True,
        )

        assert ear.payloads() == []

    def test_is_told_as_far_as_it_is_where_one_part_fails(self, sf: Client, ear: Listener):
        sf.composite(
            part("POST", "/sobjects/Account", "a", Name="Acme"), part("POST", "/sobjects/Account", "b", Nmae="x")
        )

        assert [each["Name"] for each in ear.payloads()] == ["Acme"]

    def test_is_not_told_where_it_is_undone_before_its_commit(self, sf: Client, ear: Listener):
        sf.org.handle(sf.request("POST", "/sobjects/Account", {"Name": "undone"}), Terms(undone=True))
        sf.create("Account", Name="Acme")

        assert [(each["Name"], each["ChangeEventHeader"]["commitNumber"]) for each in ear.payloads()] == [("Acme", 1)]

    def test_is_told_at_its_commit_instant_and_not_before(self, sf: Client, clock: VirtualClock, ear: Listener):
        parked = sf.park("POST", "/sobjects/Account", {"Name": "slow"}, Terms(service_s=3))
        assert ear.payloads() == []
        clock.move_to(parked.until)
        sf.resume(parked)

        (payload,) = ear.payloads()
        assert payload["ChangeEventHeader"]["commitTimestamp"] == 1_767_603_603_000

    def test_a_refused_record_is_not_told(self, sf: Client, ear: Listener):
        sf.post("/sobjects/Account", {"Name": "x" * 300})

        assert ear.payloads() == []


class TestWhoseChanges:
    def test_nothing_is_kept_while_nobody_wants_it(self, sf: Client):
        sf.create("Account", Name="Acme")

        assert sf.org.store.rows('SELECT count(*) FROM "$events"') == [(0,)]
        assert not sf.org.streaming.attentive

    def test_a_subscription_selects_its_object_for_good(self, sf: Client, ear: Listener):
        ear.say("/meta/disconnect")
        sf.create("Account", Name="Acme")
        sf.create("Contact", LastName="Ada")
        later = listening(sf)
        later.subscribe(ACCOUNTS, -2)
        later.subscribe(CONTACTS, -2)

        assert [each["Name"] for each in later.payloads()] == ["Acme"]

    def test_the_settings_select_from_the_beginning(self, clock: VirtualClock):
        sf = Client(Org(clock=clock, settings=OrgSettings(change_data_capture="contact, Lead")))
        sf.create("Contact", LastName="Ada")
        sf.create("Account", Name="Acme")
        ear = listening(sf)
        ear.subscribe(EVERYTHING, -2)
        sf.create("Account", Name="Beta")

        assert [each["ChangeEventHeader"]["entityName"] for each in ear.payloads()] == ["Contact"]

    def test_all_of_them_where_they_say_so(self, clock: VirtualClock):
        sf = Client(Org(clock=clock, settings=OrgSettings(change_data_capture="*")))
        sf.create("Task", Subject="Call")
        ear = listening(sf)
        ear.subscribe("/data/TaskChangeEvent", -2)

        assert [each["Subject"] for each in ear.payloads()] == ["Call"]

    @pytest.mark.parametrize("named", ["Acount", "Account,UserLicense", "Account Contact"])
    def test_settings_that_name_no_such_object_are_refused(self, named: str):
        with pytest.raises(ValueError, match="is no object whose changes can be captured"):
            Org(settings=OrgSettings(change_data_capture=named))

    def test_a_server_says_so_and_does_not_begin(self):
        done = CliRunner().invoke(app, ["serve", "--set", "change_data_capture=Acount"])

        said = "--set change_data_capture=Acount: Acount is no object whose changes can be captured"
        assert (done.exit_code, said in done.stderr) == (2, True)

    @pytest.mark.sockets
    def test_an_org_whose_schema_has_no_such_object_is_not_founded(self):
        settings = OrgSettings(change_data_capture="Site_Visit__c")
        with (
            ServedOrg(Served(load_schema(["sample"]), settings=settings)) as served,
            served.client(token=False) as control,
        ):
            answer = control.post("/_mocksf/orgs", json={"name": "other", "schema": "standard"})

            assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "body.schema")
            assert len(control.get("/_mocksf/orgs").json()) == 1

    def test_who_may_not_read_a_field_is_not_told_it(self, clock: VirtualClock):
        org = Org(staffed_schema(), clock=clock)
        admin, agent = Client(org), someone(org, "agent")
        ear = listening(agent, ACCOUNTS)
        admin.create("Account", Name="Acme", Phone="1", Fax="2")

        (payload,) = ear.payloads()
        assert ("Phone" in payload, "Fax" in payload) == (True, False)

    def test_who_may_not_read_an_object_has_no_channel_of_it(self, clock: VirtualClock):
        org = Org(staffed_schema(), clock=clock)
        agent = someone(org, "agent")
        seen = org.access.of(user_id(org, "agent")).seen
        assert seen is not None
        hidden = next(each.name for each in org.schema if seen.get(each.name) is None and has_changes(each))

        answer = listening(agent).subscribe(f"/data/{hidden}ChangeEvent")

        assert answer["error"] == f"403::Cannot create channel /data/{hidden}ChangeEvent"

    def test_who_may_read_everything_is_told_everything(self, clock: VirtualClock):
        org = Org(granting_schema(), clock=clock)
        ear = listening(someone(org, "everything"), ACCOUNTS)
        Client(org).create("Account", Name="Acme", Fax="2")

        assert ear.payloads()[0]["Fax"] == "2"


class TestReplay:
    @pytest.mark.parametrize(("replay", "names"), [(-1, []), (-2, ["a", "b", "c"]), (2, ["c"]), (3, [])])
    def test_begins_where_it_is_told_to(self, sf: Client, ear: Listener, replay: int, names: list[str]):
        for name in ("a", "b", "c"):
            sf.create("Account", Name=name)
        later = listening(sf)

        assert later.subscribe(ACCOUNTS, replay)["successful"]
        assert [each["Name"] for each in later.payloads()] == names
        assert len(ear.payloads()) == 3

    def test_reaches_back_three_days(self, sf: Client, clock: VirtualClock, ear: Listener):
        sf.create("Account", Name="old")
        clock.advance(3600)
        sf.create("Account", Name="young")
        clock.advance(71.5 * 3600)
        sf.token = sf.org.login()
        later = listening(sf)

        refused = later.subscribe(ACCOUNTS, 1)
        later.subscribe(ACCOUNTS, -2)
        assert refused["error"].startswith("400::The replayId {1} you provided was invalid.")
        assert [each["Name"] for each in later.payloads()] == ["young"]
        assert ear.id

    def test_of_another_channels_event_is_none(self, sf: Client, ear: Listener):
        sf.create("Account", Name="Acme")

        assert "400::The replayId {1}" in ear.subscribe(CONTACTS, 1)["error"]

    def test_what_was_told_once_does_not_come_again(self, sf: Client, ear: Listener):
        sf.create("Account", Name="Acme")

        assert [len(ear.payloads()) for _ in range(2)] == [1, 0]

    def test_many_events_come_in_several_answers(self, sf: Client, ear: Listener):
        for batch in range(3):
            rows = [{"attributes": {"type": "Account"}, "Name": f"{batch}-{each}"} for each in range(150)]
            sf.post("/composite/sobjects", {"records": rows})

        assert [len(ear.payloads()) for _ in range(4)] == [200, 200, 50, 0]


class TestState:
    def test_snapshots_hold_what_was_published_and_who_listens(self, sf: Client, ear: Listener):
        sf.create("Account", Name="before")
        held = sf.org.snapshot()
        sf.create("Account", Name="after")
        assert len(ear.payloads()) == 2

        sf.org.restore(held)

        assert [each["Name"] for each in ear.payloads()] == ["before"]

    def test_a_fork_goes_on_with_the_past_and_a_future_of_its_own(self, sf: Client, ear: Listener):
        sf.create("Account", Name="before")
        twin = Client(sf.org.fork(), sf.token)
        twin.create("Account", Name="there")
        sf.create("Account", Name="here")
        elsewhere = listening(twin)
        elsewhere.subscribe(ACCOUNTS, -2)

        assert [each["Name"] for each in elsewhere.payloads()] == ["before", "there"]
        assert [each["Name"] for each in ear.payloads()] == ["before", "here"]

    def test_a_reset_forgets_what_was_selected(self, sf: Client, ear: Listener):
        sf.org.reset()
        sf.token = sf.org.login()
        sf.create("Account", Name="Acme")
        later = listening(sf)
        later.subscribe(ACCOUNTS, -2)

        assert later.payloads() == []
        assert ear.id

    def test_equal_runs_are_told_equally(self, clock: VirtualClock):
        def run() -> list[dict[str, Any]]:
            sf = Client(Org(load_schema(["sample"]), clock=VirtualClock(), seed=3))
            ear = listening(sf, EVERYTHING)
            sf.create("Contact", LastName="Ada", AccountId=sf.create("Account", Name="Acme"))
            return ear.hear()

        assert clock.now()
        assert run() == run()


def user_id(org: Org, name: str) -> str:
    field = org.schema["User"].get("Username")
    assert field is not None
    return org.store.ids(org.schema["User"], field, f"{name}@mock.example")[0]
