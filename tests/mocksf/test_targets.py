"""Targets of requests, read as the standard library reads them."""

from urllib.parse import parse_qsl, quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.targets import parameters, unquoted

WRITTEN = st.text("aZ09%+&=;C3BcEf2 ü/", max_size=30)


@given(WRITTEN | st.text(max_size=10).map(quote))
def test_escapes_are_those_of_the_standard_library(text: str):
    assert unquoted(text) == unquote(text)


@given(WRITTEN)
def test_parameters_are_those_of_the_standard_library(query: str):
    assert parameters(query) == dict(parse_qsl(query, keep_blank_values=True))


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("", {}),
        ("q=a+b%2Bc", {"q": "a b+c"}),
        ("a=1&a=2", {"a": "2"}),
        ("a&b=", {"a": "", "b": ""}),
        ("q=M%C3%BCller", {"q": "Müller"}),
        ("q=%C3", {"q": "\N{REPLACEMENT CHARACTER}"}),
        ("q=100%", {"q": "100%"}),
    ],
)
def test_parameters_by_example(query: str, known: dict[str, str]):
    assert parameters(query) == known
