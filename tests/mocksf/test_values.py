"""Field values: what is taken, how it is refused, and what comes back."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import Field, PicklistValue
from mocksf.values import NotReadable, store_value, wire_value
from tests.desk import refused

REGION = tuple(PicklistValue(each, each) for each in ("EMEA", "AMER", "APAC"))


def field(kind: str, **attributes: Any) -> Field:
    return Field(name="It__c", label="It", type=kind, **{"length": 255 if kind != "double" else 0, **attributes})


STRING = field("string", length=10)
INT = field("int", digits=8)
DOUBLE = field("double", precision=6, scale=2)
DATE, DATETIME, TIME, BOOLEAN = field("date"), field("datetime"), field("time"), field("boolean")
OPEN = field("picklist", picklist_values=REGION)
CLOSED = field("picklist", picklist_values=REGION, restricted_picklist=True)
MANY = field("multipicklist", picklist_values=REGION, restricted_picklist=True)
EMAIL = field("email", length=80)
LOOKUP = field("reference", length=18, reference_to=("Account",))

TAKEN = [
    (STRING, "plain", "plain"),
    (STRING, "  trimmed  ", "trimmed"),
    (STRING, "a\0b", "ab"),
    (STRING, "", None),
    (STRING, " \t ", None),
    (STRING, "ten chars!", "ten chars!"),
    (field("textarea"), "two\nlines", "two\nlines"),
    (field("phone", length=40), "(030) 12 34", "(030) 12 34"),
    (field("url"), "no url at all", "no url at all"),
    (field("combobox"), "anything", "anything"),
    (EMAIL, "Ada@Example.org", "Ada@Example.org"),
    (OPEN, "In Progress", "In Progress"),
    (OPEN, "emea", "EMEA"),
    (CLOSED, "APAC", "APAC"),
    (MANY, "APAC; EMEA", "EMEA;APAC"),
    (BOOLEAN, True, True),
    (BOOLEAN, "false", False),
    (BOOLEAN, None, False),
    (INT, 99_999_999, 99_999_999),
    (INT, "10000", 10_000),
    (INT, 3.0, 3),
    (DOUBLE, 23, 23.0),
    (DOUBLE, "23.456", 23.46),
    (DOUBLE, 0.005, 0.01),
    (DOUBLE, -0.005, -0.01),
    (DOUBLE, 1e3, 1000.0),
    (DOUBLE, "", None),
    (field("currency", precision=18, scale=0), 5_000_000.5, 5_000_001.0),
    (field("percent", precision=5, scale=2), 33, 33.0),
    (DATE, "2010-01-01", "2010-01-01"),
    (DATE, "2010-01-01T23:30:00Z", "2010-01-01"),
    (DATETIME, "2011-07-07T00:37:00.000+0000", "2011-07-07T00:37:00.000+0000"),
    (DATETIME, "2011-07-07T02:37:00+02:00", "2011-07-07T00:37:00.000+0000"),
    (DATETIME, "2011-07-07T00:37:00.987Z", "2011-07-07T00:37:00.000+0000"),
    (TIME, "23:59:00.000Z", "23:59:00.000Z"),
    (TIME, "08:05", "08:05:00.000Z"),
    (LOOKUP, "0015500001QdZPK", "0015500001QdZPKAA3"),
    (LOOKUP, "0015500001QdZPKAA3", "0015500001QdZPKAA3"),
    (LOOKUP, "", None),
]


@pytest.mark.parametrize(("field", "sent", "read"), TAKEN)
def test_a_value_is_taken_and_read_back(field: Field, sent: Any, read: Any):
    back = wire_value(field, store_value(field, sent))

    assert (back, type(back)) == (read, type(read))


SAID = [
    (STRING, "eleven char", Refuse.TOO_LONG, "It: data value too large: eleven char (max length=10)"),
    (EMAIL, "not-an-email", Refuse.BAD_EMAIL, "It: invalid email address: not-an-email"),
    (EMAIL, "two@at@example.org", Refuse.BAD_EMAIL, "It: invalid email address: two@at@example.org"),
    (CLOSED, "Mars", Refuse.BAD_PICKLIST_VALUE, "It: bad value for restricted picklist field: Mars"),
    (MANY, "EMEA;Mars", Refuse.BAD_PICKLIST_VALUE, "It: bad value for restricted picklist field: Mars"),
    (INT, 1_431_655_766, Refuse.OUT_OF_RANGE, "It: value outside of valid range on numeric field: 1431655766"),
    (DOUBLE, 10_000, Refuse.OUT_OF_RANGE, "It: value outside of valid range on numeric field: 10000"),
    (DOUBLE, "9999.995", Refuse.OUT_OF_RANGE, "It: value outside of valid range on numeric field: 9999.995"),
    (DOUBLE, "1e300", Refuse.OUT_OF_RANGE, "It: value outside of valid range on numeric field: 1e300"),
    (LOOKUP, "23foo", Refuse.MALFORMED_ID, "It: id value of incorrect type: 23foo"),
    (LOOKUP, "0015500001QdZPKAA4", Refuse.MALFORMED_ID, "It: id value of incorrect type: 0015500001QdZPKAA4"),
]


@pytest.mark.parametrize(("field", "sent", "situation", "sentence"), SAID)
def test_a_value_that_does_not_fit_is_refused_in_the_words_of_the_org(
    field: Field, sent: Any, situation: Refuse, sentence: str
):
    with refused(situation, sentence, ("It__c",)):
        store_value(field, sent)


UNREADABLE = [
    (STRING, 5, "string from VALUE_NUMBER_INT value 5"),
    (STRING, 5.5, "string from VALUE_NUMBER_FLOAT value 5.5"),
    (STRING, True, "string from VALUE_TRUE value true"),
    (STRING, {"a": 1}, "string from START_OBJECT value {"),
    (STRING, "\ud800", "string from VALUE_STRING value \ud800"),
    (STRING, [1], "string from START_ARRAY value ["),
    (BOOLEAN, "yes", "boolean from VALUE_STRING value yes"),
    (BOOLEAN, 1, "boolean from VALUE_NUMBER_INT value 1"),
    (INT, "many", "int from VALUE_STRING value many"),
    (INT, 2.5, "int from VALUE_NUMBER_FLOAT value 2.5"),
    (DOUBLE, False, "double from VALUE_FALSE value false"),
    (DOUBLE, "0x10", "double from VALUE_STRING value 0x10"),
    (DATE, "2017-05-30T-06:00:00X", "date from VALUE_STRING value 2017-05-30T-06:00:00X"),
    (DATE, "2026-02-30", "date from VALUE_STRING value 2026-02-30"),
    (DATE, "1699-12-31", "date from VALUE_STRING value 1699-12-31"),
    (DATETIME, "2027-02-11 06:01:40", "datetime from VALUE_STRING value 2027-02-11 06:01:40"),
    (DATETIME, "2027-02-11T06:01:40", "datetime from VALUE_STRING value 2027-02-11T06:01:40"),
    (DATETIME, "2027-02-11T25:01:40Z", "datetime from VALUE_STRING value 2027-02-11T25:01:40Z"),
    (TIME, "24:00", "time from VALUE_STRING value 24:00"),
    (field("address"), {"city": "X"}, "string from START_OBJECT value {"),
]


@pytest.mark.parametrize(("field", "sent", "words"), UNREADABLE)
def test_a_value_of_the_wrong_json_type_is_refused_as_the_parser_does(field: Field, sent: Any, words: str):
    with pytest.raises(NotReadable) as caught:
        store_value(field, sent)

    rest = "or request may be missing a required field at [line:11, column:55]"
    assert caught.value.at(11, 55).message == f"Cannot deserialize instance of {words} {rest}"
    assert caught.value.code == "JSON_PARSER_ERROR"


def test_whole_doubles_are_written_with_their_point():
    assert orjson.dumps(wire_value(DOUBLE, store_value(DOUBLE, 23))) == b"23.0"


@given(st.decimals(-9999, 9999, places=4))
@example(Decimal("1.005"))
@example(Decimal("-2.675"))
def test_decimals_are_rounded_half_up_to_the_scale(number: Decimal):
    stored = store_value(DOUBLE, str(number))

    assert Decimal(stored).scaleb(-2) == number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(st.datetimes(datetime(1700, 1, 2), datetime(3999, 12, 30)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_an_instant_comes_back_to_the_second_in_utc(local: datetime, minutes: int):
    offset = timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    sent = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

    written = wire_value(DATETIME, store_value(DATETIME, sent))

    assert written == f"{(local.replace(tzinfo=UTC) - offset):%Y-%m-%dT%H:%M:%S}.000+0000"


JSON_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=1)
EVERY_KIND = [STRING, INT, DOUBLE, DATE, DATETIME, TIME, BOOLEAN, OPEN, CLOSED, MANY, EMAIL, LOOKUP, field("address")]


@given(st.sampled_from(EVERY_KIND), JSON_SCALARS | st.dictionaries(st.text(), st.integers(), max_size=1))
def test_any_value_is_taken_or_refused(field: Field, value: Any):
    try:
        stored = store_value(field, value)
    except Refusal:
        return

    again = wire_value(field, stored)
    assert store_value(field, again) == stored


COORDINATES = [
    ("BillingLatitude", 15, 90), ("ShippingLongitude", 15, 180),
    ("Place__Latitude__s", 6, 90), ("Place__Longitude__s", 2, 180),
]  # fmt: skip


@pytest.mark.parametrize(("name", "scale", "most"), COORDINATES)
@pytest.mark.parametrize("sign", [1, -1])
def test_coordinates_are_degrees(name: str, scale: int, most: int, sign: int):
    coordinate = Field(name=name, label=name, type="double", precision=18, scale=scale)

    assert wire_value(coordinate, store_value(coordinate, sign * most)) == sign * most
    with refused(Refuse.OUT_OF_RANGE):
        store_value(coordinate, sign * (most + 0.5))


def test_other_numbers_may_be_called_like_coordinates():
    assert store_value(Field(name="Latitude__c", label="x", type="double", precision=9, scale=2), 4000) == 400_000
