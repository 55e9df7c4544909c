"""The search language, case by case: text files as of the query language (see test_soql_cases), over the same org."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mocksf.errors import Refusal
from tests.soql_world import SEARCHES, search, shortened


def cases() -> Iterator[Any]:
    for path in sorted(SEARCHES.glob("*.txt")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.startswith(("=>", "!! ")):
                yield pytest.param(lines[number - 1], line, id=f"{path.stem}:{number}")


@pytest.mark.parametrize(("text", "expected"), [case for case in cases() if case.values[1].startswith("=>")])
def test_a_search_finds(text: str, expected: str):
    records = shortened(search(text).records)

    wanted = expected[2:].strip()
    if wanted.startswith("["):
        # As text: the order of the keys is part of the answer.
        assert json.dumps(records) == json.dumps(json.loads(wanted))
    else:
        assert [record["Id"] for record in records] == wanted.split()


@pytest.mark.parametrize(("text", "expected"), [case for case in cases() if case.values[1].startswith("!!")])
def test_a_search_is_refused(text: str, expected: str):
    with pytest.raises(Refusal) as caught:
        search(text)

    code, column, sentence = expected[3:].split(" ", 2)
    found = re.search(r"ERROR at Row:1:Column:(\d+)\n(.*)", caught.value.message, re.DOTALL)
    said = found[2] if found else caught.value.message
    assert (caught.value.code, f"@{found[1] if found else '-'}") == (code, column)
    assert said.startswith(sentence[:-1]) if sentence.endswith("…") else said == sentence


def test_every_file_of_searches_is_read():
    assert len(list(cases())) > 70


def test_the_recorded_message_is_matched_to_the_letter():
    with pytest.raises(Refusal) as caught:
        search("FIND {John|jane_gray@uoa.edu} RETURNING Contact")

    assert caught.value.message == (
        "\nFIND {John|jane_gray@uoa.edu} RETURNING Contact\n         ^\nERROR at Row:1:Column:10\n"
        "line 1:10 mismatched character '|' expecting '}'"
    )
