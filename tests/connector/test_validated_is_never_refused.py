"""A map that validates is never refused by the org for a reason of schema; what the org refuses, validation saw."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connector.activity import task_part
from connector.composite import Composer, nothing_seen
from connector.config import ConnectorConfig, parse_config
from connector.config.words import Hint
from connector.describe import HttpDescribe, KnownDescribe
from connector.intents import Call, Caller, Delivery, Intent
from connector.validate import Code, is_good, validate
from connector.validate.fields import FITS
from mocksf import Org
from tests.connector.describes import sample_org

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
CALL = Call("call-7", Caller(phone="+14155550100", name="Ada Lovelace", company="Engines"))
SITE_VISITS = {"Site_Visit__c": {"links": {"Account__c": "Account"}}}
OBJECTS = (
    "Account",
    "Contact",
    "Opportunity",
    "Lead",
    "Task",
    "Call_Outcome__c",
    "Product_Interest__c",
    "Site_Visit__c",
)
SCHEMA_REASONS = {
    "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "JSON_PARSER_ERROR",
    "NOT_FOUND",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "REQUIRED_FIELD_MISSING",
    "STRING_TOO_LONG",
}
"""The codes that a describe could have foretold."""

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=300),
    "checkbox": st.booleans(),
    "integer": st.integers(-(10**9), 10**9),
    "number": st.floats(-(10.0**9), 10.0**9, allow_nan=False).map(lambda number: round(number, 4)),
    "date": st.dates().map(lambda day: day.isoformat()),
    "datetime": st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
    "phone": st.just("+14155550100"),
    "email": st.just("ada@engines.example"),
    "url": st.just("https://engines.example"),
}
VALUES |= {"currency": VALUES["number"], "percent": VALUES["number"]}


@cache
def described() -> KnownDescribe:
    return sample_org()


@st.composite
def mappings(draw: st.DrawFn) -> dict[str, Any]:
    """Any field of any object, with a hint that may or may not suit it; a picklist perhaps with some of its values."""
    sobject = described().get(draw(st.sampled_from(OBJECTS)))
    assert sobject is not None
    writable = [each for each in sobject.fields if each.createable and each.updateable]
    field = draw(st.sampled_from(writable) | st.sampled_from(sobject.fields))
    mapping: dict[str, Any] = {"target": f"{sobject.name}.{field.name}"}
    suiting = [hint for hint, types in FITS.items() if field.type in types] or get_args(Hint)
    hint = draw(st.none() | st.sampled_from(suiting) | st.sampled_from(get_args(Hint)))
    if hint:
        mapping["type"] = hint
    if field.active_values and draw(st.booleans()):
        mapping["values"] = {"word": draw(st.sampled_from((*field.active_values, "Nonsense")))}
    return mapping


def configured(mapping: dict[str, Any]) -> ConnectorConfig:
    fields = {"it": mapping}
    records = SITE_VISITS if mapping["target"].startswith("Site_Visit__c.") else {}
    return parse_config(
        {"org": {"region": {"agents": "us", "instance": "NA130"}}, "fields": fields, "records": records}
    )


def deliver(config: ConnectorConfig, value: Any, client: httpx.Client, again: bool) -> list[dict[str, Any]]:
    """What each part is answered; [] where the connector itself calls the value unfit before it is sent.

    `again`: the records are there, so that guarded fields are left alone, as a second attempt does.
    """
    composer = Composer(config, described())
    person = "lead" if config.fields["it"].sobject == "Lead" else "contact"
    delivery = Delivery("call-7/1/it", CALL, 1, "composite", AT, (Intent("it", value),), person=person)
    try:
        task = config.fields["it"].sobject == "Task"
        parts = (task_part(composer, delivery, nothing_seen),) if task else composer.parts(delivery)
    except ValueError:
        return []
    request = composer.request([part.without(part.guarded) if again else part for part in parts])
    answer = client.request(request.method, request.path, json=request.body)
    assert answer.status_code == 200, answer.text
    return answer.json()["compositeResponse"]


def refusals(parts: list[dict[str, Any]]) -> set[str]:
    return {error["errorCode"] for part in parts if part["httpStatusCode"] >= 300 for error in part["body"]}


@pytest.fixture(scope="module")
def org() -> Org:
    return Org("sample")


def test_the_describe_is_the_same_over_the_wire(org: Org):
    over_http = HttpDescribe(org.client())

    assert [over_http.get(name) for name in OBJECTS] == [described().get(name) for name in OBJECTS]


@settings(deadline=None)  # the machine may be busy with something else
@given(mappings(), st.data())
def test_what_validates_is_not_refused_and_its_second_turn_neither(
    org: Org, mapping: dict[str, Any], data: st.DataObject
):
    config = configured(mapping)
    assume(is_good(validate(config, described())))
    hint = Composer(config, described()).mappings["it"].hint
    value = data.draw(st.just("word") if mapping.get("values") else VALUES.get(hint, st.none()))
    org.reset()

    with org.client() as client:
        answers = [deliver(config, value, client, again) for again in (False, True)]

    assert [refusals(parts) & SCHEMA_REASONS for parts in answers] == [set(), set()]


GOOD_BODY = {"Name": "Call", "StageName": "Prospecting", "CloseDate": "2026-04-01"}
KEYED = "Opportunity/Call_Key__c/call-7"
REFUSED = [
    (Code.OBJECT_UNKNOWN, "Oportunity/Call_Key__c/call-7", GOOD_BODY),
    (Code.FIELD_UNKNOWN, KEYED, {**GOOD_BODY, "Demo_Requestd_At__c": "2026-03-02T14:05:00Z"}),
    (Code.FIELD_READ_ONLY, KEYED, {**GOOD_BODY, "ExpectedRevenue": 5}),
    (Code.TYPE_MISMATCH, KEYED, {**GOOD_BODY, "Budget_Confirmed__c": "confirmed"}),
    (Code.TRANSFORM_MISFIT, KEYED, {**GOOD_BODY, "Competitor__c": 5}),
    (Code.VALUES_UNUSED, KEYED, {**GOOD_BODY, "Seats__c": "few"}),
    (Code.VALUE_UNKNOWN, KEYED, {**GOOD_BODY, "Decision_Horizon__c": "This Quartr"}),
    (Code.VALUE_TOO_LONG, KEYED, {**GOOD_BODY, "Competitor__c": "x" * 101}),
    (Code.LENGTH_OVERSTATED, KEYED, {**GOOD_BODY, "Competitor__c": "x" * 101}),
    (Code.DIGITS_OVERSTATED, KEYED, {**GOOD_BODY, "Seats__c": 1_000_000}),
    (Code.REQUIRED_MISSING, KEYED, {"Name": "Call", "StageName": "Prospecting"}),
    (Code.KEY_UNKNOWN, "Opportunity/Deal_Key__c/call-7", GOOD_BODY),
    (Code.KEY_NOT_EXTERNAL, "Opportunity/Competitor__c/call-7", GOOD_BODY),
]


@pytest.mark.parametrize(("code", "path", "body"), REFUSED)
def test_what_a_finding_prevents_is_what_the_org_answers(org: Org, code: Code, path: str, body: dict[str, Any]):
    org.reset()

    with org.client() as client:
        answer = client.patch(f"/services/data/v66.0/sobjects/{path}", json=body)

    assert answer.json()[0]["errorCode"] == code.value.prevents
