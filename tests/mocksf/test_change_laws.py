"""The law of change data capture: who follows the events alone has what the org has."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocksf.org import Org
from mocksf.streaming.changes import CREATE, DELETE, UNDELETE, UPDATE, merged
from tests.client import Client, part
from tests.listening import listening

ACCOUNTS = "/data/AccountChangeEvent"
FIELDS = ("Name", "Phone", "Industry", "NumberOfEmployees")
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "Name": st.sampled_from(["Acme", "Beta"]), "Phone": st.none() | st.sampled_from(["1", "2"]),
        "Industry": st.none() | st.just("Apparel"), "NumberOfEmployees": st.none() | st.integers(0, 9),
    },
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "update", "delete"]), st.integers(0, 5), VALUES), min_size=1, max_size=4
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(STEPS, st.booleans(), st.booleans()), max_size=6))
def test_who_follows_the_events_has_what_the_org_has(org: Org, rounds: list[tuple[Any, bool, bool]]):
    """Random composites, some with a part that fails, some all or none: a replica made of events alone stays equal."""
    org.reset()
    sf = Client(org)
    ear, replica = listening(sf, ACCOUNTS), {}
    for steps, spoilt, all_or_none in rounds:
        ids = [each["Id"] for each in sf.soql("SELECT Id FROM Account ORDER BY Id").body["records"]]
        parts = [*_parts(steps, ids), *([part("POST", "/sobjects/Account", "bad", Nmae="x")] if spoilt else [])]
        sf.composite(*parts, all_or_none=all_or_none)
        for payload in ear.payloads():
            _follow(replica, payload)

        there = sf.soql(f"SELECT Id, {', '.join(FIELDS)} FROM Account").body["records"]
        assert replica == {
            each["Id"]: {name: each[name] for name in FIELDS if each[name] is not None} for each in there
        }


def _parts(steps: list[tuple[str, int, dict[str, Any]]], ids: list[str]) -> Iterator[dict[str, Any]]:
    made = 0
    for number, (what, which, values) in enumerate(steps):
        known = [*ids, *(f"@{{n{each}.id}}" for each in range(made))]
        if what == "create" or not known:
            yield part("POST", "/sobjects/Account", f"n{made}", **{"Name": "New", **values})
            made += 1
        elif what == "update":
            yield part(
                "PATCH", f"/sobjects/Account/{known[which % len(known)]}", f"u{number}", **(values or {"Phone": "9"})
            )
        else:
            yield part("DELETE", f"/sobjects/Account/{known[which % len(known)]}", f"d{number}")


def _follow(replica: dict[str, dict[str, Any]], payload: dict[str, Any]) -> None:
    header = payload["ChangeEventHeader"]
    for record_id in header["recordIds"]:
        if header["changeType"] == "DELETE":
            del replica[record_id]
            continue
        if header["changeType"] == "CREATE":
            assert record_id not in replica
            replica[record_id] = {}
        row = replica[record_id] | {name: payload[name] for name in FIELDS if name in payload}
        replica[record_id] = {name: value for name, value in row.items() if value is not None}


BODIES = st.builds(
    lambda kind, payload: {"kind": kind, "changed": list(payload) if kind == UPDATE else [], "payload": payload},
    st.sampled_from([UPDATE, DELETE]),
    st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3), min_size=1),
)


@given(st.lists(BODIES, min_size=1, max_size=5))
def test_merged_updates_tell_the_last_value_of_every_field(bodies: list[dict[str, Any]]):
    updates = [each for each in bodies if each["kind"] == UPDATE] or [{"kind": UPDATE, "changed": [], "payload": {}}]
    whole: dict[str, Any] = updates[0]
    for each in updates[1:]:
        whole = merged(whole, each)  # type: ignore[assignment]

    last: dict[str, Any] = {}
    for each in updates:
        last |= each["payload"]
    assert (whole["payload"], set(whole["changed"])) == (last, set(last))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (CREATE, UPDATE, CREATE), (CREATE, DELETE, None), (UPDATE, DELETE, DELETE), (UPDATE, UPDATE, UPDATE),
        (UNDELETE, UPDATE, UNDELETE), (UNDELETE, DELETE, None), (DELETE, UNDELETE, None),
    ],
)  # fmt: skip
def test_two_kinds_make_one(before: str, after: str, kind: str | None):
    both = merged({"kind": before, "changed": [], "payload": {}}, {"kind": after, "changed": [], "payload": {}})

    assert (both and both["kind"]) == kind
