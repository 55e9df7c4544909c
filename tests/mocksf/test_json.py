"""JSON in and out: what the org's parser complains of, and how it prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.rest import bodies
from tests.client import Client


class TestComplaints:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "{\"Name\" 'x'}",
                "Unexpected character (''' (code 39)): was expecting a colon to separate field name and "
                "value at [line:1, column:10]",
            ),
            (
                "{Name: 1}",
                "Unexpected character ('N' (code 78)): was expecting double-quote to start field name at "
                "[line:1, column:3]",
            ),
            (
                '{"a":1 "b"}',
                "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries at "
                "[line:1, column:9]",
            ),
            (
                "[1 2]",
                "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries at "
                "[line:1, column:5]",
            ),
            (
                '{"a":\n nope}',
                "Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token "
                "'null', 'true' or 'false') at [line:2, column:6]",
            ),
            (
                '{"a":}',
                "Unexpected character ('}' (code 125)): expected a valid value (JSON String, Number, Array, Object "
                "or token 'null', 'true' or 'false') at [line:1, column:7]",
            ),
            (
                '{"a":1',
                "Unexpected end-of-input: expected close marker for Object (start marker at [line:1, column:1]) at "
                "[line:1, column:7]",
            ),
            (
                '{"a":"b',
                "Unexpected end-of-input: was expecting closing quote for a string value at [line:1, column:8]",
            ),
            (
                '{"a":"\n"}',
                "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be "
                "included in string value at [line:1, column:8]",
            ),
            ('{"a":"\\x"}', "Unrecognized character escape 'x' (code 120) at [line:1, column:9]"),
            (
                '{"a":1,}',
                "Unexpected character ('}' (code 125)): was expecting double-quote to start field name at "
                "[line:1, column:9]",
            ),
            ("{} x", "Unexpected character ('x' (code 120)): was expecting the end of the input at [line:1, column:5]"),
        ],
    )
    def test_the_parser_names_the_place(self, text: str, message: str):
        with pytest.raises(Refusal) as refused:
            bodies.parse(text.encode())

        assert refused.value.message == message

    def test_of_a_very_long_text_it_names_the_place_all_the_same(self):
        with pytest.raises(Refusal, match=r"at \[line:1, column:1000002\]"):
            bodies.parse(b"[" + b" " * 1_000_000 + b",")

    @given(st.binary(max_size=40) | st.text(alphabet='{}[]":,\\ \n0e.-tfnaé', max_size=40).map(str.encode))
    def test_every_text_is_read_or_refused(self, raw: bytes):
        try:
            bodies.parse(raw)
        except Refusal as refused:
            refusal = refused
        else:
            return

        assert refusal.code == "JSON_PARSER_ERROR"


class TestPrinting:
    def test_pretty_is_jacksons_pretty(self, sf: Client):
        sf.create("Account", Name="Acme")

        answer = sf.soql("SELECT Name, (SELECT Id FROM Contacts) FROM Account", **{"x-prettyprint": "1"})

        assert answer.raw.decode() == (
            '{\n  "totalSize" : 1,\n  "done" : true,\n  "records" : [ {\n    "attributes" : {\n'
            '      "type" : "Account",\n      "url" : "/services/data/v66.0/sobjects/Account/001Rt0000000001IAA"\n'
            "    },\n"
            '    "Name" : "Acme",\n    "Contacts" : null\n  } ]\n}'
        )
        assert sf.post("/sobjects/Account", {"Name": "x"}, **{"x-prettyprint": "1"}).raw.endswith(b'"errors" : [ ]\n}')
