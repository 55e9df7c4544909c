"""Files: attachments and content versions, written as base64 or in parts, read as bytes."""

from base64 import b64encode

import pytest

from mocksf.org import Org
from tests.client import Client

HELLO = b64encode(b"hello").decode()


@pytest.fixture
def sf() -> Client:
    return Client(Org())


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme")


def test_an_attachment_is_read_as_an_address_and_there_as_bytes(sf: Client, account: str):
    made = sf.create("Attachment", Name="a.txt", ParentId=account, Body=HELLO, ContentType="text/plain")

    row = sf.get(f"/sobjects/Attachment/{made}").body
    assert (row["Body"], row["BodyLength"]) == (f"/services/data/v66.0/sobjects/Attachment/{made}/Body", 5)
    content = sf.get(row["Body"])
    assert (content.raw, content.headers["Content-Type"]) == (b"hello", "text/plain")


def test_a_query_shows_the_address_too(sf: Client, account: str):
    made = sf.create("Attachment", Name="a.txt", ParentId=account, Body=HELLO)
    (row,) = sf.soql("SELECT Body FROM Attachment").body["records"]
    assert row["Body"].endswith(f"/sobjects/Attachment/{made}/Body")


def test_what_is_no_base64_is_refused(sf: Client, account: str):
    answer = sf.post("/sobjects/Attachment", {"Name": "a", "ParentId": account, "Body": "not base64!"})
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")


class TestAContentVersion:
    def test_makes_its_document_and_shares_it(self, sf: Client, account: str):
        body = {"Title": "Call", "PathOnClient": "call.mp3", "VersionData": HELLO, "FirstPublishLocationId": account}
        made = sf.create("ContentVersion", **body)

        row = sf.get(f"/sobjects/ContentVersion/{made}").body
        assert (row["ContentSize"], row["FileExtension"], row["FileType"]) == (5, "mp3", "MP3")
        assert sf.get(row["VersionData"]).raw == b"hello"
        links = "SELECT LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId = '{}'"
        found = sf.soql(links.format(row["ContentDocumentId"])).body["records"]
        assert account in {each["LinkedEntityId"] for each in found}

    def test_of_a_document_takes_the_place_of_the_one_before(self, sf: Client):
        first = sf.create("ContentVersion", Title="One", PathOnClient="a.txt", VersionData=HELLO)
        document = sf.get(f"/sobjects/ContentVersion/{first}").body["ContentDocumentId"]
        sf.create("ContentVersion", Title="Two", PathOnClient="a.txt", VersionData=HELLO, ContentDocumentId=document)

        rows = sf.soql("SELECT Title, IsLatest, VersionNumber FROM ContentVersion ORDER BY VersionNumber").body[
            "records"
        ]
        assert [(each["Title"], each["IsLatest"], each["VersionNumber"]) for each in rows] == [
            ("One", False, "1"),
            ("Two", True, "2"),
        ]
        assert sf.get(f"/sobjects/ContentDocument/{document}").body["Title"] == "Two"

    def test_may_come_in_parts(self, sf: Client):
        form = (
            b'--x\r\nContent-Disposition: form-data; name="entity_content";\r\nContent-Type: application/json\r\n\r\n'
            b'{"Title": "Call", "PathOnClient": "call.bin"}\r\n'
            b"--x\r\nContent-Type: application/octet-stream\r\n"
            b'Content-Disposition: form-data; name="VersionData"; filename="call.bin"\r\n\r\n'
            b"\x00\xffhello\r\n--x--\r\n"
        )
        answer = sf.send("POST", "/sobjects/ContentVersion", form, {"content-type": "multipart/form-data; boundary=x"})

        assert answer.status == 201, answer.raw
        assert sf.get(f"/sobjects/ContentVersion/{answer.id}/VersionData").raw == b"\x00\xffhello"

    @pytest.mark.parametrize(
        "form", [b"", b"nonsense", b"--x\r\n\r\n--x--", b"--x\r\nContent-Type: application/json\r\n\r\n[]\r\n--x--"]
    )
    def test_in_broken_parts_is_refused(self, sf: Client, form: bytes):
        answer = sf.send("POST", "/sobjects/ContentVersion", form, {"content-type": "multipart/form-data; boundary=x"})
        assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")


def test_a_user_needs_no_nickname(sf: Client):
    profile = sf.soql("SELECT Id FROM Profile LIMIT 1").body["records"][0]["Id"]
    zone = {"TimeZoneSidKey": "Europe/Berlin", "LocaleSidKey": "de_DE", "LanguageLocaleKey": "de"}
    person = {"LastName": "N", "Email": "n@x.example", "Alias": "n", "ProfileId": profile, "EmailEncodingKey": "UTF-8"}
    made = sf.create("User", Username="n@x.example", **person, **zone)
    assert sf.get(f"/sobjects/User/{made}").body["CommunityNickname"].startswith("User")
