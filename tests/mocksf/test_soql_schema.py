"""Every object of the schema answers to every field it has, as the field's flags say."""

import pytest

from mocksf.errors import Refusal
from mocksf.schema.model import COMPOUND_TYPES, SObject
from tests.soql_world import ask, schema

BY_ID_ALONE = frozenset({"ContentDocumentLink"})
"""Objects that answer only where a query names ids (the Object Reference); see soql_cases for their refusals."""
OBJECTS = [pytest.param(sobject, id=sobject.name) for sobject in schema() if sobject.name not in BY_ID_ALONE]


@pytest.mark.parametrize("sobject", OBJECTS)
def test_every_field_can_be_selected(sobject: SObject):
    names = ", ".join(field.name.upper() for field in sobject.fields)

    plain = ask(f"SELECT {names} FROM {sobject.name} LIMIT 1")

    assert plain == ask(f"SELECT FIELDS(ALL) FROM {sobject.name} LIMIT 1")


@pytest.mark.parametrize("sobject", OBJECTS)
def test_a_field_is_filtered_exactly_where_its_describe_says_so(sobject: SObject):
    for field in sobject.fields:
        query = f"SELECT COUNT() FROM {sobject.name} WHERE {field.name} = null"
        if field.filterable and field.type not in COMPOUND_TYPES:
            assert ask(query).total <= 5
        else:
            with pytest.raises(Refusal, match=r"can not be filtered|only be filtered"):
                ask(query)


@pytest.mark.parametrize("sobject", OBJECTS)
def test_a_field_is_sorted_exactly_where_its_describe_says_so(sobject: SObject):
    for field in sobject.fields:
        query = f"SELECT Id FROM {sobject.name} ORDER BY {field.name} DESC NULLS LAST"
        if field.sortable and field.type not in {*COMPOUND_TYPES, "multipicklist"}:
            assert ask(query).total <= 5
        else:
            with pytest.raises(Refusal, match="can not be sorted in a query call"):
                ask(query)


@pytest.mark.parametrize("sobject", OBJECTS)
def test_every_parent_can_be_reached(sobject: SObject):
    for field in sobject.fields:
        if field.relationship_name and any(schema().get(name) for name in field.reference_to):
            assert ask(f"SELECT {field.relationship_name}.Id FROM {sobject.name}").total <= 5


@pytest.mark.parametrize("sobject", OBJECTS)
def test_every_family_can_be_asked_for(sobject: SObject):
    for child in sobject.children:
        if child.relationship_name and schema().get(child.child_sobject):
            assert ask(f"SELECT (SELECT Id FROM {child.relationship_name}) FROM {sobject.name}").total <= 5
