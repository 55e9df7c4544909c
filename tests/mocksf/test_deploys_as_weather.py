"""What colleagues and operators do to an org while others work, as weather: deploys, migrations, old describes."""

from mocksf import Org

ROWS = "/services/data/v66.0/sobjects"
REQUIRED = {"objects": {"Account": {"fields": {"Site": {"required": True}}}}}


def test_a_deploy_commits_just_before_a_request():
    org = Org(rules=[{"kind": "deploy", "change": REQUIRED, "where": {"operation": "create", "nth": 2}}])
    with org.client() as client:
        first, second = (client.post(f"{ROWS}/Account", json={"Name": name}) for name in "AB")

    assert first.status_code == 201
    assert second.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_a_deploy_that_the_org_cannot_take_changes_nothing():
    org = Org(rules=[{"kind": "deploy", "change": {"deleted": ["Account.Nothing__c"]}}])
    with org.client() as client:
        assert client.post(f"{ROWS}/Account", json={"Name": "A"}).status_code == 201


def test_who_asked_an_org_on_the_move_has_to_log_in_afterwards():
    org = Org()
    with org.client() as client:
        with org.faults("instance_migration"):
            during = client.post(f"{ROWS}/Account", json={"Name": "A"})
        after = client.post(f"{ROWS}/Account", json={"Name": "A"})

    assert (during.status_code, during.headers["content-type"]) == (503, "text/html;charset=UTF-8")
    assert after.json()[0]["errorCode"] == "INVALID_SESSION_ID"


def test_an_org_that_has_moved_says_where_to():
    org = Org(rules=[{"kind": "instance_migration", "moved_to": "https://new.my.salesforce.com"}])
    with org.client() as client:
        answer = client.post(f"{ROWS}/Account", json={"Name": "A"})

    assert (answer.status_code, answer.headers["location"]) == (301, "https://new.my.salesforce.com")


def test_an_old_describe_lacks_fields_that_the_org_takes_all_the_same():
    org = Org(rules=[{"kind": "stale_describe", "without": ["account.site"]}])
    with org.client() as client:
        described = client.get(f"{ROWS}/Account/describe").json()
        made = client.post(f"{ROWS}/Account", json={"Name": "A", "Site": "Berlin"})
        read = client.get(f"{ROWS}/Account/{made.json()['id']}?fields=Site").json()

    assert "Site" not in [each["name"] for each in described["fields"]]
    assert "Name" in [each["name"] for each in described["fields"]]
    assert read["Site"] == "Berlin"
