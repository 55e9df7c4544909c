"""Formulas that ask the org: its settings, its custom metadata, and which day it is for the user."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mocksf.automation import outside
from mocksf.errors import Refuse
from mocksf.schema import Schema, load_schema
from tests.desk import Desk, refused

SETTINGS = """
objects:
  Bypass__c:
    customSettingsType: Hierarchy
    fields:
      Rules__c: {type: Checkbox}
      Most__c: {type: Number, precision: 9, scale: 0}
  Rate__mdt:
    fields:
      Percent__c: {type: Percent, precision: 4, scale: 1}
      Word__c: {type: Text, length: 20}
    records:
      Usual: {values: {Percent__c: "12.5", Word__c: Hello}}
  Account:
    fields:
      Rate__c: {type: Percent, precision: 6, scale: 2, formula: $CustomMetadata.Rate__mdt.Usual.Percent__c * 2}
      Most__c: {type: Number, precision: 9, scale: 0, formula: $Setup.Bypass__c.Most__c}
      Home__c: {type: Text, formula: $Organization.Country}
      Today__c: {type: Date, formula: TODAY()}
    validationRules:
      Named:
        errorConditionFormula: AND(NOT($Setup.Bypass__c.Rules__c), ISBLANK(Site))
        errorMessage: Say where.
"""


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    return load_schema([tmp_path / "settings.yaml"])


@pytest.fixture
def desk(schema: Schema) -> Desk:
    return Desk(schema)


def fresh(desk: Desk, account: str, field: str) -> object:
    desk.records.automation.freshen(desk.now, desk.founding.admin_id)
    return desk.value("Account", account, field)


def test_all_of_it_is_worked_out(schema: Schema):
    assert list(outside(schema)) == []


def test_a_setting_switches_a_rule_off_for_the_org_or_a_user(desk: Desk):
    with refused(Refuse.VALIDATION_RULE):
        desk.account()
    setting = desk.create("Bypass__c", SetupOwnerId=desk.founding.org_id, Rules__c=True)
    assert desk.account()

    desk.create("Bypass__c", SetupOwnerId=desk.founding.admin_id, Rules__c=False)
    with refused(Refuse.VALIDATION_RULE):
        desk.account()
    assert setting


def test_what_the_user_s_setting_leaves_blank_comes_from_the_org_s(desk: Desk):
    desk.create("Bypass__c", SetupOwnerId=desk.founding.org_id, Most__c=7)
    desk.create("Bypass__c", SetupOwnerId=desk.founding.admin_id)
    assert fresh(desk, desk.account(Site="here"), "Most__c") == 7.0


def test_custom_metadata_and_the_organization_are_read(desk: Desk):
    account = desk.account(Site="here")
    assert (fresh(desk, account, "Rate__c"), fresh(desk, account, "Home__c")) == (25.0, "US")


def test_today_is_the_day_where_the_user_is(desk: Desk):
    desk.now = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)  # the evening before in Los Angeles
    account = desk.account(Site="here")
    assert fresh(desk, account, "Today__c") == "2026-01-05"

    desk.update("User", desk.founding.admin_id, TimeZoneSidKey="Europe/Berlin")
    assert fresh(desk, account, "Today__c") == "2026-01-06"


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("$Setup.Bypas__c.Rules__c", "there is no custom setting 'Bypas__c'; did you mean 'Bypass__c'?"),
        ("$CustomMetadata.Rate__mdt.Usal.Word__c", "Rate__mdt has no record 'Usal'; did you mean 'Usual'?"),
        ("$Label.Hello", "the global variable '$Label' is not evaluated here"),
    ],
)
def test_a_slip_names_the_nearest(tmp_path: Path, formula: str, why: str):
    text = SETTINGS + f"      Wrong: {{errorConditionFormula: 'ISBLANK({formula})', errorMessage: Never}}\n"
    (tmp_path / "slip.yaml").write_text(text)
    (found,) = outside(load_schema([tmp_path / "slip.yaml"]))
    assert why in found.why
