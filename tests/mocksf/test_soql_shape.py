"""What a record looks like: its attributes first, its address by version and type, its keys in the order of SELECT."""

import json

from tests.soql_world import ask, id_of, schema


def test_attributes_come_first_and_the_rest_as_selected():
    (record,) = ask("SELECT Phone, Id FROM Account WHERE Name = 'Acme'", version=58.0).records

    assert json.dumps(record) == json.dumps(
        {
            "attributes": {"type": "Account", "url": f"/services/data/v58.0/sobjects/Account/{id_of('A1')}"},
            "Phone": "+49 30 1234",
            "Id": id_of("A1"),
        }
    )


def test_a_parent_has_an_address_of_its_own():
    (record,) = ask("SELECT Account.Name FROM Contact WHERE LastName = 'Lovelace'").records

    assert record["Account"]["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v66.0/sobjects/Account/{id_of('A1')}",
    }


def test_a_polymorphic_parent_is_a_name_at_the_address_of_what_it_is():
    _, queued = ask("SELECT Owner.Name FROM Lead").records

    assert queued["Owner"]["attributes"] == {
        "type": "Name",
        "url": f"/services/data/v66.0/sobjects/Group/{id_of('G1')}",
    }


def test_an_aggregate_has_no_address():
    assert ask("SELECT MAX(Amount) FROM Opportunity").records == [
        {"attributes": {"type": "AggregateResult"}, "expr0": 1000.5}
    ]


def test_children_have_addresses():
    (record,) = ask("SELECT (SELECT Id FROM Contacts LIMIT 1) FROM Account WHERE Name = 'beta gmbh'").records

    (child,) = record["Contacts"]["records"]
    assert child["attributes"]["url"] == f"/services/data/v66.0/sobjects/Contact/{id_of('C3')}"
    assert list(record["Contacts"]) == ["totalSize", "done", "records"]


def test_a_count_is_a_total_without_records():
    result = ask("SELECT COUNT() FROM Account")

    assert (result.total, result.records, result.count_only) == (4, [], True)


def test_all_fields_come_in_the_order_of_the_describe():
    (record,) = ask("SELECT FIELDS(ALL) FROM Thing__c LIMIT 1").records

    assert list(record) == ["attributes", *(field.name for field in schema()["Thing__c"].fields)]


def test_two_answers_share_nothing_that_could_be_changed():
    first, second = (ask("SELECT Id, Account.Name FROM Contact WHERE LastName = 'Lovelace'").records for _ in range(2))

    first[0]["Account"]["Name"] = "changed"
    first[0]["attributes"]["type"] = "changed"

    assert second[0]["Account"]["Name"] == "Acme"
    assert second[0]["attributes"]["type"] == "Contact"
