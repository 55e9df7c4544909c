"""SOAP login: what old clients read out of it by name."""

from xml.dom.minidom import parseString

import pytest

from mocksf.messages import Request
from mocksf.org import Org
from mocksf.rest.render import render
from tests.client import Answer, Client

ENVELOPE = """<?xml version="1.0" encoding="utf-8" ?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com">
  <env:Header><urn:CallOptions><urn:client>simple-salesforce</urn:client></urn:CallOptions></env:Header>
  <env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com">
    <n1:username>{username}</n1:username><n1:password>{password}</n1:password>
  </n1:login></env:Body>
</env:Envelope>"""


def login(org: Org, body: str, path: str = "/services/Soap/u/59.0") -> Answer:
    request = Request("POST", path, {"content-type": "text/xml", "soapaction": "login"}, body.encode(), "mock.example")
    return Answer(*render(request, org.handle(request)))  # type: ignore[arg-type]


def texts(answer: Answer, name: str) -> list[str]:
    return [node.firstChild.nodeValue for node in parseString(answer.raw).getElementsByTagName(name) if node.firstChild]  # type: ignore[union-attr, misc]


@pytest.mark.parametrize("path", ["/services/Soap/u/59.0", "/services/Soap/c/59.0", "/services/Soap/u/59.0/"])
def test_a_session_id_and_where_to_use_it(org: Org, path: str):
    answer = login(org, ENVELOPE.format(username="admin@mock.example", password="mockTOKEN"), path)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml;charset=UTF-8")
    assert texts(answer, "serverUrl") == [f"https://mock.example{path.rstrip('/')}/{org.org_id[:15]}"]
    assert texts(answer, "userId")[0] == org.admin_id
    assert texts(answer, "sessionSecondsValid") == ["7200"]
    assert Client(org, texts(answer, "sessionId")[0]).get("/limits").status == 200


def test_without_prefixes_it_is_understood_as_well(org: Org):
    body = (
        '<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body>'
        '<login xmlns="urn:partner.soap.sforce.com"><username>admin@mock.example</username><password>mock</password>'
        "</login></se:Body></se:Envelope>"
    )

    assert login(org, body).status == 200


def test_a_wrong_password_is_a_fault_with_literal_prefixes(org: Org):
    answer = login(org, ENVELOPE.format(username="admin@mock.example", password="wrong"))

    assert answer.status == 500
    assert texts(answer, "sf:exceptionCode") == ["INVALID_LOGIN"]
    assert texts(answer, "sf:exceptionMessage") == ["Invalid username, password, security token; or user locked out."]
    assert texts(answer, "faultcode") == ["INVALID_LOGIN"]


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        (ENVELOPE.format(username="admin@mock.example", password="mock"), "/services/Soap/u/65.0", "not available"),
        ("no xml", "/services/Soap/u/59.0", "no XML"),
        ("", "/services/Soap/u/59.0", "no XML"),
        ("<a/>", "/services/Soap/u/59.0", "Illegal Session"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "/services/Soap/u/59.0", "document type"),
        ("<a/>", "/services/Soap/u/latest", "UNSUPPORTED_API_VERSION"),
        ("<a>" + "b" * 11_000 + "</a>", "/services/Soap/u/59.0", "10 KB"),
    ],
)
def test_everything_else_is_a_fault(org: Org, body: str, path: str, words: str):
    answer = login(org, body, path)

    assert answer.status == 500
    assert words in texts(answer, "faultstring")[0]


def test_the_address_it_gave_serves_a_second_login(org: Org):
    body = ENVELOPE.format(username="admin@mock.example", password="mock")
    again = texts(login(org, body), "serverUrl")[0].removeprefix("https://mock.example")

    assert login(org, body, again).status == 200
    assert "not the org" in texts(login(org, body, "/services/Soap/u/59.0/00D000000000000"), "faultstring")[0]
