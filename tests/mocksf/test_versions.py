"""What changes from one API version to the next, each at the very version at which Salesforce changed it."""

from collections.abc import Callable
from typing import Any

import pytest

from mocksf.org import Org
from mocksf.rest.versions import label
from mocksf.schema import load_schema
from tests.client import Client, part

Probe = Callable[[Client], Any]


def upsert(sf: Client) -> Any:
    answers = [sf.patch("/sobjects/Account/Caller_Key__c/1", {"Name": "x"}) for _ in range(2)]
    return [(each.status, each.body and each.body.get("created")) for each in answers]


def create_by_id(sf: Client) -> Any:
    return "created" in sf.post("/sobjects/Account/Id", {"Name": "x"}).body


def bad_reference(sf: Client) -> Any:
    answer = sf.composite(part("POST", "/sobjects/Account", "a[1]", Name="x"))
    return answer.status


def empty_reference(sf: Client) -> Any:
    account = sf.create("Account", Name="x")
    read = part("GET", f"/sobjects/Account/{account}?fields=Phone", "a")
    return sf.composite(read, part("POST", "/sobjects/Account", "b", Name="x", Phone="@{a.Phone}")).parts["b"][
        "httpStatusCode"
    ]


def misspelt(sf: Client) -> Any:
    sf.create("Contact", LastName="L", Email="a@mock.example")
    (entry,) = sf.post("/sobjects/Contact", {"LastName": "L", "Email": "a@mock.example"}).body
    return next(iter(entry))


def allowed_duplicate(sf: Client) -> Any:
    sf.create("Contact", LastName="L", Email="a@mock.example")
    headers = {"sforce-duplicate-rule-header": "allowSave=true"}
    return sf.post("/sobjects/Contact", {"LastName": "L", "Email": "a@mock.example"}, **headers).status


def search(sf: Client) -> Any:
    return type(sf.get("/search?q=FIND {nobody}").body)


def caret(sf: Client) -> Any:
    return sf.soql("SELECT Id FROM Account WHERE Id = 'x'").code


def bulk_limit(sf: Client) -> Any:
    return {"DailyBulkApiRequests", "DailyBulkApiBatches"} & set(sf.get("/limits").body)


def all_fields(sf: Client) -> Any:
    return sf.soql("SELECT FIELDS(ALL) FROM Account LIMIT 1").status


def type_of(sf: Client) -> Any:
    return sf.soql("SELECT TYPEOF What WHEN Account THEN Name END FROM Event").status


def grandchildren(sf: Client) -> Any:
    inner = "(SELECT Id FROM Cases)"
    return sf.soql(f"SELECT Id, (SELECT Id, {inner} FROM Contacts) FROM Account").status


def suffix(sf: Client) -> Any:
    return sf.get("/limits.json").status


def there(method: str, path: str) -> Probe:
    """Whether a resource is there: anything but NOT_FOUND."""
    return lambda sf: sf.send(method, path, {}).status != 404


FLIPS: tuple[tuple[str, int, Probe, Any, Any], ...] = (
    ("the invocable actions come", 32, there("GET", "/actions"), False, True),
    ("trees come", 34, there("POST", "/composite/tree/Account"), False, True),
    ("batches come", 34, there("POST", "/composite/batch"), False, True),
    ("a search is an object", 37, search, list, dict),
    ("the UI API comes", 41, there("GET", "/ui-api/object-info"), False, True),
    ("collections come", 42, there("POST", "/composite/sobjects"), False, True),
    ("collections upsert", 46, there("PATCH", "/composite/sobjects/Account/Caller_Key__c"), False, True),
    ("an upsert says what it did", 46, upsert, [(201, None), (204, None)], [(201, True), (200, False)]),
    ("a create by Id says so", 46, create_by_id, False, True),
    ("queries know TYPEOF", 46, type_of, 400, 200),
    ("the batches of a day are counted", 49, bulk_limit, {"DailyBulkApiRequests"}, {"DailyBulkApiBatches"}),
    ("graphs come", 50, there("POST", "/composite/graph"), False, True),
    ("queries know FIELDS()", 51, all_fields, 400, 200),
    ("a bad referenceId fails all", 52, bad_reference, 200, 400),
    ("an empty field is a value", 52, empty_reference, 400, 201),
    ("duplicates are spelt right", 52, misspelt, "duplicateResut", "duplicateResult"),
    ("duplicates can be waved through", 52, allowed_duplicate, 400, 201),
    ("subqueries have subqueries", 58, grandchildren, 400, 200),
    ("addresses have no suffix", 58, suffix, 200, 404),
    ("a bad id in a filter is malformed", 61, caret, "INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_QUERY"),
)
"""What changes, in which version, how it shows, and how it was and is."""

RULES = """
objects:
  Contact:
    duplicateRules:
      Twins: {matchFields: [Email], actionOnInsert: Allow}
"""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Org:
    rules = tmp_path_factory.mktemp("schema") / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    return Org(load_schema(["sample", str(rules)]))


@pytest.mark.parametrize(("what", "version", "probe", "before", "since"), FLIPS, ids=[each[0] for each in FLIPS])
def test_it_changes_at_its_version(strict: Org, what: str, version: int, probe: Probe, before: Any, since: Any):
    seen = []
    for number in (version - 1, version):
        strict.reset()
        seen.append(probe(Client(strict, version=f"{number}.0")))

    assert seen == [before, since], what


def test_soap_login_ends_with_v64(strict: Org):
    envelope = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce'
        b'.com"><username>admin@mock.example</username><password>mock</password></login></e:Body></e:Envelope>'
    )
    answers = [strict_login(strict, number, envelope) for number in ("64.0", "65.0")]

    assert [(each.status, b"<sessionId>" in each.raw) for each in answers] == [(200, True), (500, False)]


def strict_login(org: Org, version: str, envelope: bytes) -> Any:
    return Client(org, "").post(f"/services/Soap/u/{version}", envelope, **{"content-type": "text/xml"})


def test_all_versions_are_listed_with_their_seasons(sf: Client):
    listed = sf.get("/services/data").body

    assert [each["version"] for each in listed] == [f"{number}.0" for number in range(31, 68)]
    assert (listed[0]["label"], listed[-1]["label"], label(42)) == ("Summer '14", "Summer '26", "Spring \u201918")


@pytest.mark.parametrize("version", ["v30.0", "v68.0", "v66", "66.0", "v66.1", "vx", "v1e1.0"])
def test_no_other_version_is_there(sf: Client, version: str):
    answer = sf.get(f"/services/data/{version}/limits")

    assert (answer.status, answer.body[0]["message"]) == (404, "The requested resource does not exist")
