"""The query language, case by case: text files of queries and what they answer.

A case is a query on one line (`v57 | ` before it asks another API version, `all | ` asks for deleted rows too) and what
comes of it on the next:

    => A1 A2                      these ids, in this order
    => 3                          this total, without records
    => [{"Name": "Acme"}]         these records, ids by short name, attributes left out
    !! INVALID_FIELD @8 sentence  a refusal with its column (`@-`: not positional); `…` ends a shortened sentence
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mocksf.errors import Refusal
from tests.soql_world import CASES, ask, shortened


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.txt")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.startswith(("=> ", "!! ")) or line == "=>":
                yield pytest.param(lines[number - 1], line, id=f"{path.stem}:{number}")


def asked(query: str) -> Any:
    options = query.split(" | ")
    version = next((float(each[1:]) for each in options[:-1] if each.startswith("v")), 66.0)
    return ask(options[-1], version, "all" in options[:-1])


@pytest.mark.parametrize(("query", "expected"), [case for case in cases() if case.values[1].startswith("=>")])
def test_a_query_answers(query: str, expected: str):
    result = asked(query)

    wanted = expected[2:].strip()
    if wanted.startswith("["):
        # As text: the order of the keys is part of the answer.
        assert json.dumps(shortened(result.records)) == json.dumps(json.loads(wanted))
    elif wanted.isdigit():
        assert (result.total, result.records) == (int(wanted), [])
    else:
        assert [record["Id"] for record in shortened(result.records)] == wanted.split()


@pytest.mark.parametrize(("query", "expected"), [case for case in cases() if case.values[1].startswith("!!")])
def test_a_query_is_refused(query: str, expected: str):
    with pytest.raises(Refusal) as caught:
        asked(query)

    code, column, sentence = expected[3:].split(" ", 2)
    found = re.search(r"ERROR at Row:1:Column:(\d+)\n(.*)", caught.value.message, re.DOTALL)
    said = found[2] if found else caught.value.message
    assert (caught.value.code, f"@{found[1] if found else '-'}") == (code, column)
    assert said.startswith(sentence[:-1]) if sentence.endswith("…") else said == sentence


def test_every_file_of_cases_is_read():
    assert len(list(cases())) > 250
