"""Composite graphs: many composites in one call, each all or nothing on its own."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Answer, Client, contents, part
from tests.worked_call import ROLLED_BACK

PATH = "/composite/graph"


def graph(name: Any, *nodes: Any) -> dict[str, Any]:
    return {"graphId": name, "compositeRequest": list(nodes)}


def graphs(sf: Client, *wanted: Any) -> Answer:
    return sf.post(PATH, {"graphs": list(wanted)})


def good(name: str = "good") -> dict[str, Any]:
    return graph(
        name,
        part("POST", "/sobjects/Account", "acc", Name=name),
        part("POST", "/sobjects/Contact", "con", LastName="x", AccountId="@{acc.id}"),
    )


def bad(name: str = "bad") -> dict[str, Any]:
    return graph(
        name,
        part("POST", "/sobjects/Account", "acc", Name=name),
        part("POST", "/sobjects/Contact", "con", AccountId="@{acc.id}"),
        part("POST", "/sobjects/Contact", "other", LastName="x"),
    )


def results(answer: Answer, at: int = 0) -> list[dict[str, Any]]:
    return answer.body["graphs"][at]["graphResponse"]["compositeResponse"]


def successes(answer: Answer) -> list[bool]:
    return [each["isSuccessful"] for each in answer.body["graphs"]]


def test_a_graph_is_answered_like_a_composite(sf: Client):
    answer = graphs(sf, good())

    assert answer.status == 200
    (found,) = answer.body["graphs"]
    assert list(found) == ["graphId", "graphResponse", "isSuccessful"]
    assert (found["graphId"], found["isSuccessful"]) == ("good", True)
    account, contact = results(answer)
    assert list(account) == ["body", "httpHeaders", "httpStatusCode", "referenceId"]
    assert (account["httpStatusCode"], account["referenceId"]) == (201, "acc")
    assert sf.get(f"/sobjects/Contact/{contact['body']['id']}").body["AccountId"] == account["body"]["id"]


def test_a_graph_that_fails_is_rolled_back_and_the_others_stay(sf: Client):
    answer = graphs(sf, good("one"), bad(), good("two"))

    assert successes(answer) == [True, False, True]
    assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 2
    culprit = results(answer, 1)[1]["body"]
    assert culprit[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert [each["body"] for each in results(answer, 1)] == [ROLLED_BACK, culprit, ROLLED_BACK]
    assert {each["httpStatusCode"] for each in results(answer, 1)} == {400}


def test_in_v50_all_nodes_repeat_the_error_and_from_v51_on_they_do_not(org: Org):
    codes = {
        version: [each["body"][0]["errorCode"] for each in results(graphs(Client(org, version=version), bad()))]
        for version in ("50.0", "51.0")
    }

    assert codes["50.0"] == ["REQUIRED_FIELD_MISSING"] * 3
    assert codes["51.0"] == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]


def test_there_are_none_before_v50(org: Org):
    answer = graphs(Client(org, version="49.0"), good())

    assert (answer.status, answer.code) == (404, "NOT_FOUND")


def test_nothing_of_a_failed_graph_is_left(sf: Client, org: Org):
    before = contents(org)

    graphs(sf, bad("one"), bad("two"))

    assert contents(org) == before


def test_records_of_a_failed_graph_are_no_recent_items(sf: Client):
    graphs(sf, good(), bad())

    names = [each["Name"] for each in sf.get("/recent").body if each["attributes"]["type"] == "Account"]
    assert names == ["good"]


def test_a_graph_knows_no_other(sf: Client):
    other = graph("other", part("POST", "/sobjects/Contact", "con", LastName="x", AccountId="@{acc.id}"))

    answer = graphs(sf, good(), other)

    assert successes(answer) == [True, False]
    assert results(answer, 1)[0]["body"][0]["message"].startswith("Invalid reference specified. No value for acc.id")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/query?q=SELECT Id FROM Account"), ("POST", "/composite/sobjects"), ("GET", "/sobjects/Account"),
     ("GET", "/sobjects/Account/describe"), ("GET", "/limits"), ("POST", "/sobjects/Account/001Rt0000000001IAA"),
     ("GET", "/services/data/v49.0/sobjects/Account/001Rt0000000001IAA")],
)  # fmt: skip
def test_only_rows_are_nodes(sf: Client, method: str, path: str):
    answer = graphs(sf, graph("a", part(method, path, "node")))

    assert successes(answer) == [False]
    assert results(answer)[0]["body"][0]["errorCode"] in {
        "PROCESSING_HALTED",
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
    }


def test_rows_are_read_changed_and_deleted_too(sf: Client):
    account = sf.create("Account", Name="x", Caller_Key__c="1")

    answer = graphs(
        sf,
        graph(
            "a",
            part("GET", f"/sobjects/Account/{account}?fields=Name", "read"),
            part("PATCH", f"/sobjects/Account/{account}", "changed", Name="@{read.Name}y"),
            part("PATCH", "/sobjects/Account/Caller_Key__c/1", "upserted", Phone="1"),
            part("DELETE", "/sobjects/Account/Caller_Key__c/1", "gone"),
        ),
    )

    assert [each["httpStatusCode"] for each in results(answer)] == [200, 204, 200, 204]


@pytest.mark.parametrize("name", ["", "a.b", "_a", "x" * 40, 1, None])
def test_a_graph_id_has_a_form(sf: Client, name: Any):
    answer = graphs(sf, good(), graph(name, part("POST", "/sobjects/Account", "a", Name="x")))

    assert (answer.status, answer.code) == (400, "INVALID_INPUT")
    assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0


def test_a_graph_id_comes_once(sf: Client):
    assert graphs(sf, good(), good()).code == "INVALID_INPUT"
    assert successes(graphs(sf, good("x" * 39), good("y"))) == [True, True]


def test_a_reference_id_comes_once_in_a_graph_and_once_more_in_another(sf: Client):
    node = part("POST", "/sobjects/Account", "acc", Name="x")

    assert graphs(sf, graph("a", node, node)).code == "JSON_PARSER_ERROR"
    assert successes(graphs(sf, graph("a", node), graph("b", node))) == [True, True]


@pytest.mark.parametrize("body", [{}, {"graphs": 1}, {"graphs": [1]}, {"graphs": [{"graphId": "a"}]}, []])
def test_another_body_is_none(sf: Client, body: Any):
    assert sf.post(PATH, body).code == "JSON_PARSER_ERROR"


def many(count: int, name: str = "many") -> dict[str, Any]:
    return graph(name, *[part("POST", "/sobjects/Account", f"a{number}", Name="x") for number in range(count)])


class TestLimits:
    def test_five_hundred_nodes_are_the_most(self, sf: Client):
        answer = graphs(sf, many(501), good())

        assert results(answer) == [
            {
                "body": [
                    {
                        "errorCode": "LIMIT_EXCEEDED",
                        "message": "Limit of 500 reached for number of Nodes in the Graph",
                    }
                ],
                "httpHeaders": {},
                "httpStatusCode": 400,
                "referenceId": None,
            }
        ]
        assert successes(graphs(sf, many(500))) == [True]

    def test_those_of_all_graphs_together(self, sf: Client):
        assert successes(graphs(sf, many(300, "a"), many(200, "b"), good())) == [True, True, False]

    def test_seventy_five_graphs_are_the_most(self, sf: Client):
        assert graphs(sf, *[many(1, f"g{number}") for number in range(76)]).code == "LIMIT_EXCEEDED"
        assert successes(graphs(sf, *[many(1, f"g{number}") for number in range(75)])) == [True] * 75

    def test_fifteen_levels_are_the_most(self, sf: Client):
        def chain(length: int) -> dict[str, Any]:
            links = [{"ParentId": f"@{{a{number - 1}.id}}"} if number else {} for number in range(length)]
            nodes = [part("POST", "/sobjects/Account", f"a{n}", Name="x", **link) for n, link in enumerate(links)]
            return graph("chain", *nodes)

        assert results(graphs(sf, chain(16)))[0]["body"][0]["errorCode"] == "LIMIT_EXCEEDED"
        assert successes(graphs(sf, chain(15))) == [True]

    def test_behind_fourteen_failures_nothing_is_processed(self, sf: Client):
        failing = [bad(f"bad{number}") for number in range(14)]

        answer = graphs(sf, *failing[:13], good("one"), failing[13], good("two"))

        assert successes(answer) == [False] * 13 + [True, False, False]
        assert {each["body"][0]["errorCode"] for each in results(answer, 15)} == {"PROCESSING_HALTED"}
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    def test_all_of_it_is_one_call(self, sf: Client, org: Org):
        before = org.allowance.used(org.clock.now())

        graphs(sf, good("a"), bad("b"))

        assert org.allowance.used(org.clock.now()) == before + 1
