"""What WireMock is told to answer: each case's own requests, with the org's status and as many bytes."""

import re

import pytest

from loadtests.bench.cases import Case, cases
from loadtests.bench.peers import GOALS, stub

CASES = cases("token", ["001000000000001AAA"])


def asked_of(case: Case) -> tuple[str, str]:
    line = next(case.questions).split(b"\r\n", 1)[0].decode()
    method, target, _ = line.split(" ")
    return method, target.partition("?")[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stub_answers_the_requests_of_its_case_and_of_no_other(case: Case):
    known = stub(case, 321)
    fits = [
        each.name
        for each in CASES
        if (asked := asked_of(each))[0] == known["request"]["method"]
        and re.fullmatch(known["request"]["urlPathPattern"], asked[1])
    ]

    assert fits == [case.name]
    assert (known["response"]["status"], len(known["response"]["body"])) == (case.status, 321)


def test_every_case_has_its_goal():
    assert set(GOALS) == {case.name for case in CASES}
