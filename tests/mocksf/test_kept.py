"""What is worked out of a schema is made once, and goes when the schema goes."""

import gc
import weakref

import pytest

from mocksf import Org
from mocksf.schema import Schema, load_schema
from mocksf.schema.kept import PerSchema


def test_it_is_made_once_and_for_each_schema_anew():
    kept: PerSchema[list[int]] = PerSchema("a test")
    one, other = Schema(()), Schema(())

    assert kept.of(one, list) is kept.of(one, list)
    assert kept.of(one, list) is not kept.of(other, list)


@pytest.mark.in_memory
def test_nothing_of_an_org_is_left_when_nobody_has_it_any_more():
    def used() -> weakref.ref[Schema]:
        schema = load_schema(["sample"])
        org = Org(schema=schema)
        with org.client() as client:
            client.get("/services/data/v66.0/sobjects/Account/describe")
            client.post("/services/data/v66.0/sobjects/Account", json={"Name": "Acme"})
            client.get("/services/data/v66.0/query", params={"q": "SELECT Name FROM Account"})
        return weakref.ref(schema)

    schema = used()
    gc.collect()

    assert schema() is None or schema() is load_schema(["sample"]), "kept by whoever loads it, and by nobody else"
