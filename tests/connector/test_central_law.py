"""The central law, over generated orgs, users, maps and values.

A configuration that validates never earns a refusal that the schema could have foretold, and loses nothing; one that
is refused for a reason of schema has a witness: a value that the org refuses, or does not give back.
`CENTRAL_LAW_CASES=10000` (as `make soak` sets it) draws so many cases; the counts are printed at the end.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from connector.composite import Composer
from connector.config import ConnectorConfig, parse_config
from connector.config.words import Hint
from connector.describe import FieldDescribe, HttpDescribe
from connector.intents import Call, Caller, Delivery, Intent
from connector.likeness import alike
from connector.settle import settle
from connector.validate import Code, Finding, validate
from connector.validate.fields import FITS
from connector.values import Misfit
from mocksf import Org
from tests.connector.test_validated_is_never_refused import SCHEMA_REASONS, VALUES

CASES = int(os.environ.get("CENTRAL_LAW_CASES", "40"))
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
CALL = Call("call-7", Caller(phone="+14155550100", name="Ada Lovelace", company="Engines"))
AGENT = "agent@mock.example"
ROWS = "/services/data/v66.0/sobjects"

FIELD_TYPES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.integers(1, 255).map(lambda length: {"type": "Text", "length": length}),
    st.integers(256, 2000).map(lambda length: {"type": "LongTextArea", "length": length, "visibleLines": 3}),
    st.tuples(st.integers(1, 18), st.integers(0, 6)).map(
        lambda digits: {"type": "Number", "precision": max(digits), "scale": min(digits)}
    ),
    st.tuples(st.integers(3, 18), st.integers(0, 3)).map(
        lambda digits: {"type": "Currency", "precision": digits[0], "scale": digits[1]}
    ),
    st.just({"type": "Percent", "precision": 5, "scale": 2}),
    st.sampled_from(
        [{"type": each} for each in ("TextArea", "Date", "DateTime", "Time", "Phone", "Email", "Url")]
        + [{"type": "Checkbox", "defaultValue": False}]
    ),
    st.booleans().map(lambda held: {"type": "Picklist", "restricted": held, "values": ["Low", "High", "So so"]}),
    st.just({"type": "MultiselectPicklist", "restricted": True, "visibleLines": 3, "values": ["Red", "Green"]}),
    st.just({"type": "Number", "precision": 18, "scale": 0, "formula": "1 + 1"}),
    st.just({"type": "AutoNumber", "displayFormat": "N-{0000}"}),
)
RIGHTS = st.sampled_from(["edit", "edit", "edit", "read", "none"])
SCHEMA_CODES = {
    Code.FIELD_UNKNOWN, Code.FIELD_READ_ONLY, Code.TYPE_MISMATCH, Code.VALUE_UNKNOWN, Code.LENGTH_OVERSTATED,
    Code.DIGITS_OVERSTATED, Code.VALUE_TOO_LONG,
}  # fmt: skip

counts: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def told() -> Iterator[None]:
    yield
    line = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    sys.stdout.write(f"\ncentral law: {line}\n")


@st.composite
def orgs(draw: st.DrawFn) -> dict[str, Any]:
    """A schema file: custom fields of any type on the opportunity, and an agent who may do some of it."""
    kinds = draw(st.lists(FIELD_TYPES, min_size=1, max_size=5))
    fields = {f"F{at}__c": {**kind, "label": f"F {at}"} for at, kind in enumerate(kinds)}
    rights = {f"Opportunity.{name}": draw(RIGHTS) for name in fields}
    grants = {"Account.*": "edit", "Contact.*": "edit", "Opportunity.*": "edit", "Task.*": "edit", **rights}
    profile = {
        "permissions": ["ApiEnabled"],
        "objects": dict.fromkeys(("Account", "Contact", "Opportunity", "Task"), "all"),
        "fields": grants,
    }
    return {
        "objects": {"Opportunity": {"fields": fields}},
        "profiles": {"Voice Agent": profile},
        "users": [{"username": AGENT, "lastName": "Agent", "profile": "Voice Agent"}],
    }


@st.composite
def maps(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """Intents on those fields, with hints, lengths and value maps that may or may not suit."""
    names = list(schema["objects"]["Opportunity"]["fields"])
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    fields = {}
    for at, name in enumerate(chosen):
        wrong = draw(st.integers(0, 9)) == 0
        entry: dict[str, Any] = {"target": f"Opportunity.{name[:-3] + 'x__c' if wrong else name}"}
        if draw(st.booleans()):
            entry["type"] = draw(st.sampled_from(get_args(Hint)))
        if draw(st.integers(0, 4)) == 0:
            entry["values"] = {"word": draw(st.sampled_from(["Low", "High", "Red", "Nonsense", "x" * 300]))}
        if draw(st.integers(0, 4)) == 0:
            entry["max_length"] = draw(st.integers(1, 400))
        fields[f"intent_{at}"] = entry
    return {"org": {"region": {"agents": "us", "instance": "NA130"}}, "fields": fields}


def an_org(schema: dict[str, Any]) -> Org:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "org.yaml"
        path.write_text(yaml.safe_dump(schema), encoding="utf-8")
        return Org(schema=["sample", str(path)])


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_validation_and_the_org_agree(data: st.DataObject):
    schema = data.draw(orgs())
    config = parse_config(data.draw(maps(schema)))
    org = an_org(schema)
    with org.client(token=False, headers={"Authorization": f"Bearer {org.login(AGENT)}"}) as agent:
        described = HttpDescribe(agent)
        findings = validate(config, described)
        errors = [each for each in findings if each.severity == "error"]
        counts["cases"] += 1
        event("good" if not errors else errors[0].code.name)
        if not errors:
            counts["valid"] += 1
            _never_refused(data, settle(config, described), described, agent)
        elif all(each.code in SCHEMA_CODES for each in errors):
            counts["refused for a reason of schema"] += 1
            for error in errors:
                _has_a_witness(error, config, described, agent)


def _never_refused(data: st.DataObject, config: ConnectorConfig, org: HttpDescribe, agent: httpx.Client) -> None:
    composer = Composer(config, org)
    intents = tuple(Intent(name, _value(data, composer, name)) for name in config.fields)
    delivery = Delivery("call-7/1/all", CALL, 1, "composite", AT, intents)
    try:
        parts = composer.parts(delivery)
    except Misfit:
        counts["values called unfit before they are sent"] += 1
        return
    request = composer.request(parts)
    for _ in range(2):  # a retry meets the records of the first try
        answer = agent.request(request.method, request.path, json=request.body).json()["compositeResponse"]
        codes = {error["errorCode"] for part in answer if part["httpStatusCode"] >= 300 for error in part["body"]}
        assert not codes & SCHEMA_REASONS, answer
    counts["values written"] += len(intents)
    written = next(part.body for part in parts if part.sobject == "Opportunity")
    there = agent.get(f"{ROWS}/Opportunity/Call_Key__c/call-7").json()
    lost = {
        name: (value, there.get(name))
        for name, value in written.items()
        if name in there and not _kept(value, there[name])
    }
    assert not lost


def _kept(written: Any, read: Any) -> bool:
    """Read back as it was written; a reference by name, and the set of a multi-select, in their own ways."""
    if isinstance(written, str) and written.startswith("@{"):
        return read is not None
    if isinstance(written, str) and isinstance(read, str) and ";" in written + read:
        return set(written.split(";")) == set(read.split(";"))
    return alike(written, read) or _same_time(written, read)


def _same_time(written: Any, read: Any) -> bool:
    return isinstance(written, str) and isinstance(read, str) and written[:8] == read[:8] and ":" in written[:3]


def _value(data: st.DataObject, composer: Composer, name: str) -> Any:
    mapping = composer.mappings[name]
    field = composer.field(mapping)
    if mapping.values:
        return "word"
    if field is not None and field.active_values:
        return data.draw(st.sampled_from(field.active_values))
    if mapping.hint == "time":
        return "12:30:00.000Z"
    return data.draw(VALUES.get(mapping.hint, st.none()))


def _has_a_witness(error: Finding, config: ConnectorConfig, org: HttpDescribe, agent: httpx.Client) -> None:
    intent = error.path.removeprefix("$.fields.").split(".")[0]
    entry = config.fields[intent]
    opportunity = org.get("Opportunity")
    assert opportunity
    field = opportunity.get(entry.field)
    tried = [(value, _fate(agent, entry.field, value)) for value in _witnesses(error, entry, field)]
    assert any(fate for _, fate in tried), f"{error.code.name} {error.sentence}: the org takes {tried}"
    counts["witnesses"] += 1


def _fate(agent: httpx.Client, field: str, value: Any) -> str:
    """What becomes of a value: refused, lost, or nothing (it is there as it was sent)."""
    body = {"Name": "Call", "StageName": "Prospecting", "CloseDate": "2026-04-01", field: value}
    for _ in range(2):  # a delivery may create or update
        answer = agent.patch(f"{ROWS}/Opportunity/Call_Key__c/witness", json=body)
        if answer.status_code >= 300:
            return "refused"
    there = agent.get(f"{ROWS}/Opportunity/Call_Key__c/witness").json()
    return "" if field in there and type(there[field]) is type(value) and _kept(value, there[field]) else "lost"


def _witnesses(error: Finding, entry: Any, field: FieldDescribe | None) -> list[Any]:
    """Values that the refused mapping would have let through."""
    if error.code in (Code.VALUE_UNKNOWN, Code.VALUE_TOO_LONG):
        return list(entry.values.values())
    if error.code is Code.LENGTH_OVERSTATED:
        return ["x" * entry.max_length]
    if error.code is Code.DIGITS_OVERSTATED:
        return [10 ** (entry.max_digits - 1)]
    if error.code is Code.TYPE_MISMATCH:
        return OF_KIND[entry.type]
    return [OF_TYPE.get(field.type if field else "string", "x")]


OF_KIND: dict[str, list[Any]] = {
    "text": ["word", "two words", "x" * 3000],
    "picklist": ["word", "Any Value", "x" * 300],
    "multipicklist": ["Red;Nonsense", "word"],
    "checkbox": [True],
    "integer": [7, 10**9],
    "number": [7.25, 1e15],
    "currency": [7.25, 1e15],
    "percent": [7.25, 1e15],
    "date": ["2026-03-02"],
    "datetime": ["2026-03-02T14:05:00.000Z"],
    "time": ["14:05:00.000Z"],
    "phone": ["+14155550100"],
    "email": ["ada@engines.example"],
    "url": ["https://engines.example/" + "x" * 260],
    "reference": ["001000000000001AAA"],
}
OF_TYPE: dict[str, Any] = {
    "boolean": True, "double": 1, "currency": 1, "percent": 1, "int": 1, "date": "2026-03-02",
    "datetime": "2026-03-02T14:05:00.000Z", "time": "14:05:00.000Z",
}  # fmt: skip


def test_every_hint_has_witnesses_of_its_kind():
    assert set(OF_KIND) == set(get_args(Hint)) == set(FITS)
