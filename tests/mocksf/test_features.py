"""Features: the standard objects and fields that come with each, wherever it is asked for."""

from pathlib import Path

import pytest

from mocksf.schema import Schema, SchemaError, default_schema, load_schema
from mocksf.schema.export import schema_tree


def featured(folder: Path, text: str) -> Schema:
    (folder / "org.yaml").write_text(text)
    return load_schema(["sample", folder / "org.yaml"])


class TestAFeature:
    def test_brings_its_objects_and_the_children_that_name_them(self, tmp_path: Path):
        schema = featured(tmp_path, "features: [ContactsToMultipleAccounts]")

        children = {each.child_sobject for each in schema["Account"].children}
        assert schema.get("AccountContactRelation") is not None
        assert "AccountContactRelation" in children
        assert schema["Account"].get("Caller_Key__c") is not None

    def test_brings_its_fields_to_their_places(self, tmp_path: Path):
        schema = featured(tmp_path, "features: [FLS]")

        standard = default_schema(frozenset({"FLS"}))
        for name in ("Contact", "Lead", "Opportunity", "Task"):
            fields = [field.name for field in schema[name].fields if not field.custom]
            assert fields == [field.name for field in standard[name].fields]
        assert default_schema()["Contact"].get("DoNotCall") is None

    def test_survives_an_export(self, tmp_path: Path):
        assert schema_tree(featured(tmp_path, "features: [FLS, PartnerPortal]"))["features"] == ["FLS", "PartnerPortal"]

    def test_that_nobody_knows_is_refused(self, tmp_path: Path):
        with pytest.raises(SchemaError, match=r"org\.yaml: features\.0: no such value 'FSL'; did you mean 'FLS'\?"):
            featured(tmp_path, "features: [FSL]")
