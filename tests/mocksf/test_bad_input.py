"""Whatever comes in, the answer is a response with the right status, and a refused request leaves no trace."""

import gzip
import zlib

import pytest

from mocksf.org import Org
from mocksf.rest import bodies
from tests.client import Client, contents

ACCOUNT = "/sobjects/Account"
DEEP = b"[" * 3000 + b"]" * 3000
LESS_DEEP = b"[" * 500 + b"]" * 500
PART = b'{"compositeRequest":[{"method":%b,"url":"/services/data/v66.0/sobjects/Account","referenceId":"a","body":%b}]}'


class TestTable:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status", "code"),
        [
            ("GET", "/nonsense", None, 404, "NOT_FOUND"),
            ("GET", "/services/data/v99.0/limits", None, 404, "NOT_FOUND"),
            ("GET", "/services/data/v20.0/limits", None, 404, "NOT_FOUND"),
            ("GET", "/services/data/66.0/limits", None, 404, "NOT_FOUND"),
            ("GET", "/services/data/66.0", None, 404, "NOT_FOUND"),
            ("GET", "/services/nonsense", None, 404, "NOT_FOUND"),
            ("POST", "/sobjects/Nonsense", {}, 404, "NOT_FOUND"),
            ("GET", "/sobjects/Nonsense/describe", None, 404, "NOT_FOUND"),
            ("GET", "/sobjects/Account/describe/nonsense", None, 404, "NOT_FOUND"),
            ("PATCH", ACCOUNT + "/", {}, 405, "METHOD_NOT_ALLOWED"),
            ("PUT", ACCOUNT, {}, 405, "METHOD_NOT_ALLOWED"),
            ("BREW", ACCOUNT, {}, 405, "METHOD_NOT_ALLOWED"),
            ("POST", "/query", {}, 405, "METHOD_NOT_ALLOWED"),
            ("POST", ACCOUNT, None, 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b"  \n", 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b"{", 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b"null", 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b"[]", 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b"7", 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b'{"Name":"\xff"}', 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b'{"Name":"\\ud800"}', 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b'{"Name":NaN}', 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, DEEP, 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, b'{"Name":' + LESS_DEEP + b"}", 400, "JSON_PARSER_ERROR"),
            ("POST", "/composite", PART % (b'"POST"', LESS_DEEP), 400, "JSON_PARSER_ERROR"),
            ("POST", "/composite", b'{"allOrNone":{"a":1},"compositeRequest":[]}', 400, "JSON_PARSER_ERROR"),
            ("POST", "/composite", PART % (b'{"a":1}', b"{}"), 400, "INVALID_INPUT"),
            ("POST", "/composite", PART % (b'["POST"]', b"{}"), 400, "INVALID_INPUT"),
            ("POST", ACCOUNT, {"Name": {"a": 1}}, 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, {"Name": ["a"]}, 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, {"Name": 7}, 400, "JSON_PARSER_ERROR"),
            ("POST", ACCOUNT, {"Name": "x", "NumberOfEmployees": 1e300}, 400, "NUMBER_OUTSIDE_VALID_RANGE"),
            ("POST", ACCOUNT, {"Name": "x", "NumberOfEmployees": 10**30}, 400, "NUMBER_OUTSIDE_VALID_RANGE"),
            ("POST", ACCOUNT, {"Name": "x" * 256}, 400, "STRING_TOO_LONG"),
            ("POST", ACCOUNT, {"": 1, "Name": "x"}, 400, "INVALID_FIELD"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_status_and_code(self, sf: Client, method: str, path: str, body: object, status: int, code: str):
        before = contents(sf.org)

        answer = sf.send(method, path, orjson_or_bytes(body))

        assert (answer.status, answer.code) == (status, code)
        assert contents(sf.org) == before

    def test_the_allowed_verbs_are_named(self, sf: Client):
        assert sf.patch(ACCOUNT + "/", {}).body == [
            {
                "message": "HTTP Method 'PATCH' not allowed. Allowed are GET,HEAD,POST",
                "errorCode": "METHOD_NOT_ALLOWED",
            }
        ]

    def test_a_missing_body_is_said_to_be_missing(self, sf: Client):
        message = "The HTTP entity body is required, but this request has no entity body."

        assert sf.post(ACCOUNT).body == [{"message": message, "errorCode": "JSON_PARSER_ERROR"}]

    def test_of_a_repeated_key_the_last_counts(self, sf: Client):
        account = sf.post(ACCOUNT, b'{"Name":"first","Name":"last"}').id

        assert sf.get(f"{ACCOUNT}/{account}").body["Name"] == "last"

    @pytest.mark.parametrize("value", [None, "nobody"])
    def test_a_parent_that_is_named_in_vain_is_named_in_the_answer(self, sf: Client, value: str | None):
        answer = sf.post("/sobjects/Contact", {"LastName": "Doe", "Account": {"Caller_Key__c": value}})

        sentence = f"Foreign key external ID: {value or 'null'} not found for field Caller_Key__c in entity Account"
        assert answer.body == [{"message": sentence, "errorCode": "INVALID_FIELD"}]

    def test_many_records_are_not_deep(self, sf: Client):
        records = [{"attributes": {"type": "Account"}, "Name": f"A{number}"} for number in range(200)]

        assert sf.post("/composite/sobjects", {"records": records}).status == 200

    def test_who_does_not_say_who_it_is_hears_that_first(self, org: Org):
        assert Client(org, token="").get("/nonsense").status == 401


def orjson_or_bytes(body: object) -> object:
    """Numbers beyond 64 bits, which the client's own codec refuses to write."""
    return repr(body).replace("'", '"').encode() if isinstance(body, dict) else body


class TestSize:
    def test_an_address_that_is_too_long_is_answered_by_the_edge(self, sf: Client):
        answer = sf.get("/query?q=" + "x" * 17_000)

        assert (answer.status, answer.headers["Content-Type"]) == (414, "text/html;charset=UTF-8")

    def test_a_body_that_is_too_large_is_answered_by_the_edge(self, sf: Client, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(bodies, "BODY_BYTES_MAX", 1000)

        for body, headers in (
            (b"x" * 1001, {}),
            (gzip.compress(b"x" * 1001), {"content-encoding": "gzip"}),
        ):
            answer = sf.post(ACCOUNT, body, **headers)
            assert (answer.status, "<html>" in answer.body) == (413, True)


class TestEncodings:
    @pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    def test_compressed_bodies_are_read(self, sf: Client, name: str, pack: object):
        assert sf.post(ACCOUNT, pack(b'{"Name":"x"}'), **{"content-encoding": name}).status == 201  # type: ignore[operator]

    @pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    def test_a_body_that_breaks_off_is_refused(self, sf: Client, name: str, pack: object):
        whole = pack(b'{"Name":"x"}')  # type: ignore[operator]

        assert sf.post(ACCOUNT, whole[:-4], **{"content-encoding": name}).code == "JSON_PARSER_ERROR"

    @pytest.mark.parametrize(("name", "status"), [("gzip", 400), ("br", 415)])
    def test_others_are_refused(self, sf: Client, name: str, status: int):
        assert sf.post(ACCOUNT, b"nonsense", **{"content-encoding": name}).status == status

    def test_a_form_is_taken_for_an_old_call(self, sf: Client):
        answer = sf.post(ACCOUNT, b"Name=x", **{"content-type": "application/x-www-form-urlencoded"})

        assert (answer.status, answer.headers["Sfdc-OAuth-Error"]) == (401, "1703")
        assert answer.body == (
            "<response><faultcode>LOGIN_OAUTH_INVALID_TOKEN(db=1703,api=LOGIN_OAUTH_INVALID_TOKEN)</faultcode>"
            "<error>Failed: Invalid Token</error></response>"
        )

    def test_other_types_are_not_supported(self, sf: Client):
        assert sf.post(ACCOUNT, b"a", **{"content-type": "text/csv"}).code == "UNSUPPORTED_MEDIA_TYPE"
