"""Upserts that are meant for one version of a record."""

from tests.client import Client


def test_an_upsert_takes_conditions_too(sf: Client):
    account = sf.create("Account", Name="Ay", Caller_Key__c="k")
    etag = sf.get(f"/sobjects/Account/{account}").headers["ETag"]
    path = "/sobjects/Account/Caller_Key__c/k"

    assert sf.patch(path, {"Name": "Bee"}, **{"if-match": '"other"'}).status == 412
    assert sf.patch(path, {"Name": "Bee"}, **{"if-match": etag}).status == 200
    assert sf.patch(f"{path}-new", {"Name": "New"}, **{"if-match": etag}).status == 201
