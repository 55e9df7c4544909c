"""The org as a value: snapshots, forks, resets, and work that time brings."""

from datetime import timedelta

import pytest

from mocksf.clock import EPOCH, ScaledClock, VirtualClock
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.parked import Terms
from mocksf.schema import default_schema
from tests.client import Client, contents


def life(sf: Client, clock: VirtualClock) -> list[bytes]:
    """A stretch of an org's life: what it answers to a few calls."""
    answers = [sf.post("/sobjects/Account", {"Name": "Acme"})]
    clock.advance(3)
    answers += [
        sf.token_for(
            grant_type="password",
            client_id="mocksf",
            client_secret="mocksf-secret",
            username="admin@mock.example",
            password="mock",
        )
    ]
    answers += [sf.post("/sobjects/Lead", {"LastName": "Doe", "Company": "Acme", "Country": "Germany"})]
    answers += [sf.soql("SELECT Id, CreatedDate FROM Account"), sf.get("/limits")]
    return [answer.raw for answer in answers]


class TestSnapshots:
    def test_what_follows_a_restored_snapshot_equals_what_followed_the_snapshot(
        self, sf: Client, org: Org, clock: VirtualClock
    ):
        sf.create("Account", Name="Before")
        snapshot = org.snapshot()

        first = life(sf, clock)
        org.restore(snapshot)

        assert life(sf, clock) == first

    def test_equal_seeds_give_equal_lives(self):
        lives = [life(Client(Org(clock=clock)), clock) for clock in (VirtualClock(), VirtualClock())]

        assert lives[0] == lives[1]

    def test_other_seeds_give_other_tokens(self):
        assert Org(seed=1).login() != Org(seed=2).login()

    def test_a_fork_has_the_same_past(self, sf: Client, org: Org, clock: VirtualClock):
        sf.create("Account", Name="Before")
        clock.advance(60)

        twin = org.fork()

        assert contents(twin) == contents(org)
        assert twin.clock.now() == clock.now()
        assert Client(twin, sf.token).get("/limits").status == 200

    def test_a_fork_and_its_origin_do_not_hear_of_each_other(self, sf: Client, org: Org, clock: VirtualClock):
        twin = org.fork()
        other = Client(twin, sf.token)
        other.create("Account", Name="There")
        sf.create("Lead", LastName="Doe", Company="Here")
        clock.advance(60)

        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0
        assert other.soql("SELECT COUNT() FROM Lead").body["totalSize"] == 0
        assert twin.clock.now() == clock.now() - timedelta(seconds=60)

    def test_forks_of_one_moment_live_alike(self, org: Org):
        twins = [org.fork(), org.fork()]

        lives = [life(Client(twin), twin.clock) for twin in twins]  # type: ignore[arg-type]

        assert lives[0] == lives[1]

    def test_locks_are_part_of_it(self, sf: Client, org: Org):
        account = sf.create("Account", Name="Acme")
        sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}, Terms(service_s=5))

        twin = Client(org.fork(), sf.token)

        assert twin.park("PATCH", f"/sobjects/Account/{account}", {"Name": "y"}).errand.waiting_since


class TestReset:
    def test_it_goes_back_to_the_founding(self, sf: Client, org: Org, clock: VirtualClock):
        founded = contents(org)
        sf.create("Account", Name="Acme")
        clock.advance(3600)

        org.reset()

        assert contents(org) == founded
        assert clock.now() == EPOCH
        assert sf.get("/limits").status == 401
        assert Client(org).create("Account", Name="Acme") == "001Rt0000000001IAA"

    def test_settled_records_and_tokens_survive_it(self, sf: Client, org: Org):
        sf.create("Account", Name="Sample")
        org.settle()
        sf.create("Account", Name="Test")

        org.reset()

        assert sf.soql("SELECT Name FROM Account").body["records"][0]["Name"] == "Sample"

    def test_a_clock_that_runs_by_itself_is_left_running(self):
        clock = ScaledClock(factor=1000)
        org = Org(clock=clock)
        token = org.login()
        org.settle()

        org.reset()

        assert clock.now() > org.founded
        assert Client(org, token).get("/limits").status == 200


class TestFounding:
    def test_an_org_knows_itself_its_profiles_and_its_administrator(self):
        sf = Client(Org())

        assert sf.soql("SELECT Id, Name FROM Organization").body["records"][0]["Id"] == sf.org.org_id
        admin = sf.soql(f"SELECT Username, Profile.Name FROM User WHERE Id = '{sf.org.admin_id}'").body["records"][0]
        assert (admin["Username"], admin["Profile"]["Name"]) == ("admin@mock.example", "System Administrator")

    def test_orgs_of_other_names_have_other_ids(self):
        assert len({Org(name=name).org_id for name in ("default", "acme", "umbrella")}) == 3

    def test_a_login_needs_a_user_that_exists(self):
        with pytest.raises(ValueError, match=r"nobody@mock\.example"):
            Org().login("nobody@mock.example")

    def test_a_database_file_is_found_again(self, tmp_path):
        path = str(tmp_path / "org.sqlite")
        first = Client(Org(default_schema(), database=path))
        first.create("Account", Name="Acme")
        first.org.store.close()

        again = Client(Org(default_schema(), database=path))

        assert again.soql("SELECT Name FROM Account").body["records"][0]["Name"] == "Acme"
        assert again.org.org_id == first.org.org_id
        assert (
            again.create("Account", Name="Next")
            != again.soql("SELECT Id FROM Account LIMIT 1").body["records"][0]["Id"]
        )
        again.org.store.close()


@pytest.mark.in_memory  # where processes share an org, sessions end without work
class TestDueWork:
    def test_the_next_instant_is_the_end_of_a_session(self, org: Org, clock: VirtualClock):
        org.login()

        assert org.next_due() == clock.now() + timedelta(hours=2)

    def test_done_work_is_not_due_again(self, org: Org, clock: VirtualClock):
        org.login()
        due = org.next_due()
        assert due is not None
        clock.move_to(due)

        org.run_due(clock.now())

        assert org.next_due() is None


def test_answers_carry_no_date_so_that_equal_runs_are_equal(org: Org):
    request = Request("GET", "/services/data", host="mock.example")

    response = org.handle(request)

    assert isinstance(response, Response)
    assert "Date" not in response.headers
