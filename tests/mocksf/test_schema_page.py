"""The page about schemas: its example is a schema, and an org of it does what the page says."""

import re
from pathlib import Path

import pytest

from mocksf.schema import Schema, load_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schema.md"


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "org.yaml").write_text(example[1], encoding="utf-8")
    return load_schema([tmp_path / "org.yaml"])


def test_the_example_is_a_schema(schema: Schema):
    custom = {each.name: each.key_prefix for each in schema if each.custom}

    assert custom == {"Bill__c": "a00", "Call_Ended__e": "e00", "Rate__mdt": "m00"}
    assert schema["Account"].get("Billed__c").summary.child_sobject == "Bill__c"
    assert schema["Account"].get("Fax") is None
    assert [each.name for each in schema["Event"].fields if each.custom] == ["Call_Key__c"]


def test_its_dependent_picklist_has_bitmaps(schema: Schema):
    model = schema["Account"].get("Model__c")

    assert [(each.value, each.valid_for) for each in model.picklist_values] == [
        ("Fabia", "gAAA"),
        ("Golf", "QAAA"),
        ("Polo", "QAAA"),
    ]
