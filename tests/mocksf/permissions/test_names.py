"""What is kept of names is kept for each who sees other names."""

from tests.client import Client


def test_a_name_that_one_may_write_is_no_name_for_who_does_not_see_it(admin: Client, agent: Client, account: str):
    path = f"/sobjects/Account/{account}"

    statuses = [client.patch(path, {"Fax": "1"}).status for client in (admin, agent, admin, agent)]

    assert statuses == [204, 400, 204, 400]
