"""References between the parts of a composite: what they can say, and what they cannot find."""

import pytest

from mocksf.org import Org
from tests.client import Client, part, statuses


def no_value(path: str, ref: str) -> list[dict[str, str]]:
    sentence = (
        f"Invalid reference specified. No value for {path} found in {ref}. Provided referenceId ('{path}') must start "
        "with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
    )
    return [{"errorCode": "PROCESSING_HALTED", "message": sentence}]


class TestReferences:
    def test_they_fill_bodies_addresses_and_texts(self, sf: Client):
        answer = sf.composite(
            part("POST", "/sobjects/Account", "acc", Name="Ada & Söhne"),
            part("GET", "/sobjects/Account/@{acc.id}", "row"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", Title="CTO of @{row.Name}", AccountId="@{row.Id}"),
            part("GET", "/query?q=SELECT Title, AccountId FROM Contact WHERE Id = '@{con.id}'", "query"),
            part("GET", "/sobjects/Contact/@{query.records[0].attributes.url}", "wrong"),
        )

        record = answer.parts["query"]["body"]["records"][0]
        assert record["Title"] == "CTO of Ada & Söhne"
        assert record["AccountId"] == answer.parts["acc"]["body"]["id"]
        assert answer.parts["wrong"]["httpStatusCode"] == 404

    @pytest.mark.parametrize(
        ("path", "ref"),
        [
            ("acc.Id", "acc"),
            ("acc.ID", "acc"),
            ("ACC.id", "ACC"),
            ("acc.errors[0].message", "acc"),
            ("acc.errors", "acc"),
            ("later.id", "later"),
            ("self.id", "self"),
            ("", ""),
            ("acc..id", "acc"),
            ("acc.id[", "acc"),
        ],
    )
    def test_what_has_no_value_halts_the_part(self, sf: Client, path: str, ref: str):
        answer = sf.composite(
            part("POST", "/sobjects/Account", "acc", Name="Ada"),
            part("POST", "/sobjects/Contact", "self", LastName="Doe", AccountId=f"@{{{path}}}"),
            part("POST", "/sobjects/Account", "later", Name="Bea"),
        )

        assert answer.parts["self"]["body"] == no_value(path, ref)
        assert statuses(answer) == [201, 400, 201]

    def test_a_query_without_rows_has_no_first_record(self, sf: Client):
        answer = sf.composite(
            part("GET", "/query?q=SELECT Id FROM Account", "query"),
            part("DELETE", "/sobjects/Account/@{query.records[0].Id}", "gone"),
        )

        assert answer.parts["gone"]["body"] == no_value("query.records[0].Id", "query")

    def test_an_update_answers_nothing_to_refer_to(self, sf: Client):
        account = sf.create("Account", Name="Ada")

        answer = sf.composite(
            part("PATCH", f"/sobjects/Account/{account}", "acc", Name="Bea"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", AccountId="@{acc.id}"),
        )

        assert answer.parts["acc"] == {"body": None, "httpHeaders": {}, "httpStatusCode": 204, "referenceId": "acc"}
        assert answer.parts["con"]["body"] == no_value("acc.id", "acc")

    def test_they_reach_into_describes(self, sf: Client):
        answer = sf.composite(
            part("GET", "/sobjects/Account/describe", "meta"),
            part("POST", "/sobjects/Account", "acc", Name="@{meta.labelPlural} with @{meta.fields[0].name}"),
            part("GET", "/sobjects/Account/@{acc.id}?fields=Name", "check"),
        )

        assert answer.parts["check"]["body"]["Name"] == "Accounts with Id"

    @pytest.mark.parametrize(("version", "status"), [("51.0", 400), ("52.0", 201)])
    def test_an_empty_field_of_a_row_is_a_value_since_v52(self, org: Org, version: str, status: int):
        sf = Client(org, version=version)
        account = sf.create("Account", Name="Ada")

        answer = sf.composite(
            part("GET", f"/sobjects/Account/{account}", "acc"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", Phone="@{acc.Phone}"),
        )

        assert answer.parts["con"]["httpStatusCode"] == status

    @pytest.mark.parametrize(("version", "status"), [("51.0", 400), ("52.0", 201)])
    def test_an_empty_field_within_a_text_is_no_text_since_v52(self, org: Org, version: str, status: int):
        sf = Client(org, version=version)
        account = sf.create("Account", Name="Ada")

        answer = sf.composite(
            part("GET", f"/sobjects/Account/{account}", "acc"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe@{acc.Phone}!"),
            part("GET", "/sobjects/Contact/@{acc.ParentId}", "parent"),
        )

        assert statuses(answer) == [200, status, 400]
        assert sf.soql("SELECT COUNT() FROM Contact WHERE LastName = 'Doe!'").body["totalSize"] == (status == 201)

    def test_a_reference_keeps_the_type_of_its_value(self, sf: Client):
        lead = sf.create("Account", Name="Ada", NumberOfEmployees=12)

        answer = sf.composite(
            part("GET", f"/sobjects/Account/{lead}", "row"),
            part("POST", "/sobjects/Account", "copy", Name="Bea", NumberOfEmployees="@{row.NumberOfEmployees}"),
            part("GET", "/sobjects/Account/@{copy.id}?fields=NumberOfEmployees", "check"),
        )

        assert answer.parts["check"]["body"]["NumberOfEmployees"] == 12


class TestVersions:
    def test_before_v46_an_upsert_that_updates_says_nothing(self, sf: Client):
        sf.create("Account", Name="Ada", Caller_Key__c="k")

        answer = sf.composite(
            part("PATCH", "/services/data/v45.0/sobjects/Account/Caller_Key__c/k", "acc", Name="Bea"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", AccountId="@{acc.id}"),
        )

        assert statuses(answer) == [204, 400]

    def test_bad_reference_ids_fail_only_their_users_before_v52(self, org: Org):
        answer = Client(org, version="51.0").composite(
            part("POST", "/sobjects/Account", "refNewAccount[1]", Name="Ada"),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", AccountId="@{refNewAccount[1].id}"),
        )

        assert statuses(answer) == [201, 400]
        assert answer.parts["con"]["body"] == no_value("refNewAccount[1].id", "refNewAccount")
