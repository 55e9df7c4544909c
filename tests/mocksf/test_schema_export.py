"""What a schema says of itself gives the same schema again, as YAML and as a Salesforce project."""

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings

from mocksf.schema import Schema, describe_sobject, load_schema
from mocksf.schema.export import as_yaml, schema_tree
from mocksf.schema.sfdx import project_files
from tests.desk import sample_schema
from tests.schema_trees import trees
from tests.sfdx_project import project, write_folder


def loaded(tree: dict[str, Any]) -> Schema:
    """The schema of a source, by way of a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "org.yaml"
        file.write_text(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return load_schema([file])


def by_yaml(schema: Schema) -> Schema:
    return loaded(yaml.safe_load(as_yaml(schema_tree(schema))))


def by_project(schema: Schema) -> Schema:
    with tempfile.TemporaryDirectory() as folder:
        return load_schema([write_folder(Path(folder), dict(project_files(schema, schema_tree(schema))))])


def known(schema: Schema) -> dict[str, Any]:
    """All that a schema knows, describes and definitions alike."""
    return {
        each.name: (
            describe_sobject(schema, each, "66.0"),
            each.validation_rules,
            each.duplicate_rules,
            each.record_types,
            each.records,
            [(field.summary, field.lookup_filter, dict(field.extra)) for field in each.fields],
        )
        for each in schema
    }


def regardless_of_order(schema: Schema) -> dict[str, Any]:
    """The same without what a project cannot tell: the order of fields and objects, and the ids that follow from it."""
    found: dict[str, Any] = {}
    for each in schema:
        described = describe_sobject(schema, each, "66.0")
        found[each.name] = {
            "label": (each.label, each.label_plural),
            "fields": {field["name"]: field for field in described["fields"]},
            "children": sorted(json.dumps(child) for child in described["childRelationships"]),
            "validation": sorted(each.validation_rules, key=lambda rule: rule.name),
            "duplicates": [
                (rule.name, rule.match_fields, rule.on_insert, rule.active) for rule in each.duplicate_rules
            ],
            "types": [(kind.developer_name, kind.label, kind.active, kind.picklists) for kind in each.record_types],
            "records": each.records,
        }
    return found


@settings(max_examples=15, deadline=None)
@given(trees())
def test_any_schema_survives_yaml(tree: dict[str, Any]):
    schema = loaded(tree)

    again = by_yaml(schema)

    assert known(again) == known(schema)
    assert again.value_sets == schema.value_sets


@settings(max_examples=15, deadline=None)
@given(trees())
def test_any_schema_survives_a_project(tree: dict[str, Any]):
    schema = loaded(tree)

    assert regardless_of_order(by_project(schema)) == regardless_of_order(schema)


def test_the_sample_survives_yaml():
    again = by_yaml(sample_schema())

    assert known(again) == known(sample_schema())
    assert again.seeds == sample_schema().seeds


def test_the_sample_survives_a_project_but_for_its_users_names():
    again = by_project(sample_schema())

    assert regardless_of_order(again) == regardless_of_order(sample_schema())
    assert again.seeds.assignment_rules == sample_schema().seeds.assignment_rules
    assert again.seeds.lead_statuses == sample_schema().seeds.lead_statuses


def test_an_imported_project_survives_both(tmp_path: Path):
    schema = load_schema([write_folder(tmp_path, project(60))])

    assert known(by_yaml(schema)) == known(schema)
    assert known(by_project(schema)) == known(schema)


def test_describes_of_a_real_org_survive_yaml(tmp_path: Path):
    sample = sample_schema()
    names = [each.name for each in sample if any(field.custom for field in each.fields)]
    for name in names:
        (tmp_path / f"{name}.json").write_text(json.dumps(describe_sobject(sample, sample[name], "66.0")))
    schema = load_schema([tmp_path])

    again = by_yaml(schema)

    assert {"Account", "Task", "Site_Visit__c"} < set(names)
    for name in names:
        assert describe_sobject(again, again[name], "66.0") == describe_sobject(sample, sample[name], "66.0")


def test_the_standard_objects_alone_say_nothing():
    assert schema_tree(load_schema([])) == {}
