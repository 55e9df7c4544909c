"""Salesforce projects as schema sources: source trees and archives, what is noted, and how a slip is named."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from mocksf.schema import Schema, SchemaError, load_schema
from mocksf.schema.sfdx import documents
from tests.sfdx_project import custom_object, document, field, project, write_archive, write_folder

ROOT = "force-app/main/default"
LOOKUP = "<type>Lookup</type><referenceTo>{}</referenceTo><relationshipName>X</relationshipName>"


@pytest.fixture
def load(tmp_path: Path) -> Any:
    """A function that loads a project from the texts of its files."""

    def load(files: dict[str, str]) -> Schema:
        return load_schema([write_folder(tmp_path, {f"{ROOT}/{path}": text for path, text in files.items()})])

    return load


def account_field(name: str, content: str) -> dict[str, str]:
    return {f"objects/Account/fields/{name}.field-meta.xml": field(name, content)}


class TestASourceTree:
    def test_with_many_fields_is_read_whole(self, tmp_path: Path):
        schema = load_schema([write_folder(tmp_path, project(fields=210))])

        custom = [field for sobject in schema for field in sobject.fields if field.custom]
        assert len(custom) == 213
        assert [each.name for each in schema if each.custom] == ["Engagement__c", "Machine__c", "Reading__c"]
        assert schema["Account"].child("Engagements__r").child_sobject == "Engagement__c"

    def test_notes_what_says_nothing_about_objects(self, tmp_path: Path):
        schema = load_schema([write_folder(tmp_path, project(4))])

        assert schema.notes == (f"{tmp_path.name}: 2 files say nothing about objects: 1 in ., 1 in classes",)

    def test_tells_literal_defaults_from_formulas(self, load: Any):
        schema = load(
            account_field("A__c", "<type>Text</type><length>9</length><defaultValue>&quot;a b&quot;</defaultValue>")
            | account_field("B__c", "<type>Date</type><defaultValue>TODAY() + 7</defaultValue>")
            | account_field("C__c", "<type>Checkbox</type><defaultValue>true</defaultValue>")
        )

        fields = [schema["Account"].get(name) for name in ("A__c", "B__c", "C__c")]
        assert [each.extra.get("defaultValueFormula") for each in fields] == ['"a b"', "TODAY() + 7", None]
        assert fields[2].default_value is True

    def test_changes_standard_picklists_by_their_value_set(self, load: Any):
        values = "".join(
            f"<standardValue><fullName>{name}</fullName><default>false</default>{more}</standardValue>"
            for name, more in (
                ("New", ""),
                ("Won", "<closed>true</closed><won>true</won><probability>90</probability>"),
            )
        )
        schema = load(
            {"standardValueSets/OpportunityStage.standardValueSet-meta.xml": document("StandardValueSet", values)}
        )

        assert list(schema["Opportunity"].get("StageName").active_values.values()) == ["New", "Won"]
        assert [(each.value, each.is_won, each.probability) for each in schema.seeds.stages][-1] == ("Won", True, 90)

    def test_depends_one_picklist_on_another(self, load: Any):
        def value(name: str) -> str:
            return f"<value><fullName>{name}</fullName><default>false</default><label>{name}</label></value>"

        model = (
            "<type>Picklist</type><valueSet><controllingField>Make__c</controllingField><restricted>true</restricted>"
            f"<valueSetDefinition><sorted>false</sorted>{value('Fabia')}{value('Golf')}</valueSetDefinition>"
            "<valueSettings><controllingFieldValue>VW</controllingFieldValue><valueName>Golf</valueName></valueSettings>"
            "</valueSet>"
        )
        make = f"<type>Picklist</type><valueSet><valueSetDefinition>{value('Skoda')}{value('VW')}</valueSetDefinition>"
        schema = load(account_field("Make__c", f"{make}</valueSet>") | account_field("A_Model__c", model))

        found = schema["Account"].get("A_Model__c")
        assert (found.controller, [each.valid_for for each in found.picklist_values]) == ("Make__c", ["AAAA", "QAAA"])

    def test_adds_up_what_another_file_describes(self, load: Any):
        master = "<type>MasterDetail</type><referenceTo>Account</referenceTo><relationshipName>Bills</relationshipName>"
        summary = (
            "<type>Summary</type><summarizedField>Bill__c.Sum__c</summarizedField><summaryOperation>sum</summaryOperation>"
            "<summaryForeignKey>Bill__c.Account__c</summaryForeignKey><summaryFilterItems><field>Bill__c.Paid__c</field>"
            "<operation>equals</operation><value>True</value></summaryFilterItems>"
        )
        bill = "objects/Bill__c/fields"
        schema = load(
            account_field("Billed__c", summary)
            | {"objects/Bill__c/Bill__c.object-meta.xml": custom_object("Bill")}
            | {f"{bill}/Account__c.field-meta.xml": field("Account__c", master)}
            | {f"{bill}/Paid__c.field-meta.xml": field("Paid__c", "<type>Checkbox</type>")}
            | {f"{bill}/Sum__c.field-meta.xml": field("Sum__c", "<type>Currency</type><precision>9</precision>")}
        )

        billed = schema["Account"].get("Billed__c")
        assert (billed.type, billed.calculated, billed.createable) == ("currency", True, False)
        assert (billed.summary.operation, billed.summary.summarized_field) == ("sum", "Sum__c")
        assert [(item.field, item.value) for item in billed.summary.filters] == [("Paid__c", "True")]
        assert schema["Bill__c"].get("OwnerId") is None

    def test_brings_record_types_rules_and_metadata_records(self, load: Any):
        record_type = "<fullName>Big</fullName><active>true</active><label>Big One</label>"
        rule = (
            "<fullName>R</fullName><active>true</active><errorConditionFormula>ISBLANK( Site )</errorConditionFormula>"
        )
        schema = load(
            {
                "objects/Account/recordTypes/Big.recordType-meta.xml": document("RecordType", record_type),
                "objects/Account/validationRules/R.validationRule-meta.xml": document(
                    "ValidationRule", f"{rule}<errorMessage>Say where</errorMessage>"
                ),
                "objects/Rate__mdt/Rate__mdt.object-meta.xml": document("CustomObject", "<label>Rate</label>"),
                "objects/Rate__mdt/fields/Of__c.field-meta.xml": field(
                    "Of__c", "<type>Number</type><precision>4</precision><scale>2</scale>"
                ),
                "customMetadata/Rate.Low.md-meta.xml": document(
                    "CustomMetadata",
                    "<label>Low rate</label><protected>false</protected>"
                    "<values><field>Of__c</field><value>1.5</value></values>",
                ),
            }
        )

        account, rate = schema["Account"], schema["Rate__mdt"]
        assert [(each.developer_name, each.label) for each in account.record_types] == [("Big", "Big One")]
        assert account.get("RecordTypeId") is not None
        assert [(each.condition, each.message) for each in account.validation_rules] == [
            ("ISBLANK( Site )", "Say where")
        ]
        assert (rate.key_prefix[0], rate.records[0].values) == ("m", {"Of__c": "1.5"})

    def test_joins_duplicate_rules_with_their_matching_rules(self, load: Any):
        matching = (
            "<matchingRules><fullName>Same</fullName><matchingRuleItems><fieldName>Phone</fieldName>"
            "<matchingMethod>Exact</matchingMethod></matchingRuleItems></matchingRules>"
        )
        rule = (
            "<actionOnInsert>Block</actionOnInsert><isActive>true</isActive><duplicateRuleMatchRules>"
            "<matchingRule>Same</matchingRule></duplicateRuleMatchRules>"
        )
        schema = load(
            {
                "matchingRules/Account.matchingRule-meta.xml": document("MatchingRules", matching),
                "duplicateRules/Account.No_Twins.duplicateRule-meta.xml": document("DuplicateRule", rule),
            }
        )

        [found] = schema["Account"].duplicate_rules
        assert (found.name, found.match_fields, found.on_insert) == ("No_Twins", (("Phone", "Exact"),), "Block")

    @pytest.mark.parametrize(
        ("files", "note"),
        [
            (
                {"objects/Quote/fields/X__c.field-meta.xml": field("X__c", "<type>Date</type>")},
                "no such standard object",
            ),
            (account_field("Tier", "<type>Picklist</type>"), "this org has no standard field Account.Tier"),
            (account_field("Q__c", LOOKUP.format("Quote")), "Account.Q__c refers to Quote, which this org has not"),
            (account_field("X__c", "<type>Date</type><newThing>yes</newThing>"), "CustomField.newThing: passed over"),
        ],
    )
    def test_notes_what_this_org_cannot_have(self, load: Any, files: dict[str, str], note: str):
        schema = load(files | account_field("Y__c", "<type>Date</type>"))

        assert any(note in each for each in schema.notes)
        assert schema["Account"].get("Y__c")


class TestAnArchive:
    def test_keeps_fields_within_their_object(self, tmp_path: Path):
        inner = "<fields><fullName>Kind__c</fullName><label>Kind</label><type>Text</type><length>20</length></fields>"
        text = custom_object("Trip", inner)

        schema = load_schema([write_archive(tmp_path / "x.zip", {"unpackaged/objects/Trip__c.object": text})])

        assert schema["Trip__c"].get("Kind__c").length == 20

    def test_is_read_like_its_source_tree(self, tmp_path: Path):
        folder = load_schema([write_folder(tmp_path / "a", project(30))])
        archive = load_schema([write_archive(tmp_path / "a.zip", project(30))])

        assert [each.fields for each in folder] == [each.fields for each in archive]

    def test_that_is_none_is_refused(self, tmp_path: Path):
        (tmp_path / "x.zip").write_text("no archive")

        with pytest.raises(SchemaError, match=r"x\.zip: no zip archive"):
            load_schema([tmp_path / "x.zip"])

    def test_that_swells_is_refused(self, tmp_path: Path):
        file = write_archive(tmp_path / "x.zip", {"objects/A__c.object": b" " * (documents.FILE_BYTES_MAX + 1)})

        with pytest.raises(SchemaError, match=r"objects/A__c\.object: too large"):
            load_schema([file])

    def test_that_lies_about_its_size_is_refused(self, tmp_path: Path):
        file = write_archive(tmp_path / "x.zip", {"objects/A__c.object": b" " * 5_000})
        image = bytearray(file.read_bytes())
        at = image.rindex(b"PK\x01\x02") + 24
        image[at : at + 4] = (10).to_bytes(4, "little")
        file.write_bytes(bytes(image))

        with pytest.raises(SchemaError, match=r"objects/A__c\.object"):
            load_schema([file])

    def test_never_writes_outside_itself(self, tmp_path: Path):
        file = tmp_path / "x.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("../objects/Trip__c.object", custom_object("Trip"))

        assert load_schema([file])["Trip__c"].label == "Trip"
        assert sorted(each.name for each in tmp_path.iterdir()) == ["x.zip"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><CustomField><label>&b;</label></CustomField>'
SLIPS = [
    ("<CustomField><label>", "line 1, column 21: no element found"),
    (BOMB, "a document type declaration; metadata files have none"),
    ("<a>" * 60 + "</a>" * 60, "more than 40 levels deep"),
    (field("X__c", ""), "CustomField.type: no such value ''"),
    (field("X__c", "<type>Txet</type>"), "CustomField.type: no such value 'Txet'; did you mean 'Text'?"),
    (field("X__c", "<type>Text</type><length>many</length>"), "CustomField.length: must be a whole number, not 'many'"),
    (field("X__c", "<type>Text</type><length>256</length>"), "CustomField: a Text field has 1 to 255 characters"),
    (field("X__c", "<type>Text</type>"), "CustomField: a Text field needs 'length'"),
    (
        field("X__c", "<type>Picklist</type><valueSet><valueSetName>Nope</valueSetName></valueSet>"),
        "CustomField: valueSet: no such value set 'Nope'",
    ),
    (field("X__c", LOOKUP.format("Nowhere__c")), "CustomField: referenceTo: no such object 'Nowhere__c'"),
]


@pytest.mark.parametrize(("text", "message"), SLIPS)
def test_a_slip_is_named_with_its_file_and_element(load: Any, text: str, message: str):
    with pytest.raises(SchemaError) as caught:
        load({"objects/Account/fields/X__c.field-meta.xml": text})

    assert str(caught.value).startswith(f"{ROOT}/objects/Account/fields/X__c.field-meta.xml: ")
    assert message in str(caught.value)


def test_a_folder_without_metadata_is_refused(tmp_path: Path):
    (tmp_path / "sfdx-project.json").write_text("{}")

    with pytest.raises(SchemaError, match="no metadata of objects in it"):
        load_schema([tmp_path])
