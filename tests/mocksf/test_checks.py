"""What a record may not say of others: circles, owners who have left, events that end before they begin."""

from typing import Any

import pytest

from mocksf.errors import Refuse
from tests.desk import Desk, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestHierarchies:
    @pytest.mark.parametrize(
        ("name", "field"), [("Account", "ParentId"), ("Contact", "ReportsToId"), ("Case", "ParentId")]
    )
    def test_have_no_circles(self, desk: Desk, name: str, field: str):
        needed = {"Account": {"Name": "x"}, "Contact": {"LastName": "x"}}.get(name, {})
        top = desk.create(name, **needed)
        middle = desk.create(name, **needed, **{field: top})
        bottom = desk.create(name, **needed, **{field: middle})

        for above in (top, middle, bottom):
            with refused(Refuse.CIRCLE, "attempt to violate hierarchy constraints"):
                desk.update(name, top, **{field: above})
        desk.update(name, bottom, **{field: top})


class TestOwners:
    @pytest.fixture
    def gone(self, desk: Desk) -> str:
        user = desk.founding.users["us-sales@mock.example"]
        desk.update("User", user, IsActive=False)
        return user

    def test_who_have_left_get_nothing_new(self, desk: Desk, gone: str):
        sentence = f"operation performed with inactive user [{gone[:15]}] as owner of account"
        with refused(Refuse.INACTIVE_OWNER, sentence, ("OwnerId",)):
            desk.account(OwnerId=gone)
        with refused(Refuse.INACTIVE_OWNER):
            desk.update("Account", desk.account(), OwnerId=gone)

    def test_who_have_left_keep_what_they_had(self, desk: Desk):
        user = desk.founding.users["us-sales@mock.example"]
        account = desk.account(OwnerId=user)
        desk.update("User", user, IsActive=False)

        desk.update("Account", account, OwnerId=user, Phone="1")

    def test_are_never_nobody(self, desk: Desk):
        account = desk.account()
        with refused(Refuse.REQUIRED_MISSING, fields=("OwnerId",)):
            desk.update("Account", account, OwnerId=None)


class TestEvents:
    @pytest.mark.parametrize(
        "times",
        [
            {"StartDateTime": "2026-02-01T10:00:00Z", "EndDateTime": "2026-02-01T09:00:00Z"},
            {
                "StartDateTime": "2026-02-01T10:00:00Z",
                "EndDateTime": "2026-02-01T11:00:00Z",
                "DurationInMinutes": 30,
            },
            {"StartDateTime": "2026-02-01T10:00:00Z", "DurationInMinutes": -1},
        ],
    )
    def test_do_not_end_before_they_begin_nor_contradict_themselves(self, desk: Desk, times: dict[str, Any]):
        with refused(Refuse.FIELD_INTEGRITY):
            desk.create("Event", **times)

    def test_keep_their_length_when_they_move(self, desk: Desk):
        event = desk.create("Event", StartDateTime="2026-02-01T10:00:00Z", DurationInMinutes=30)

        desk.update("Event", event, StartDateTime="2026-02-02T08:00:00Z")

        assert desk.value("Event", event, "EndDateTime") == "2026-02-02T08:30:00.000+0000"
