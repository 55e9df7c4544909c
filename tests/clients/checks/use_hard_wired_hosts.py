"""simple-salesforce as a user's program has it: no address anywhere, so that it goes to login.salesforce.com.

Told by its environment alone: MOCKSF_USERNAME and MOCKSF_PASSWORD, HTTPS_PROXY, REQUESTS_CA_BUNDLE. Prints JSON.
"""

import json
import os
import sys
from typing import Any

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

who = {"username": os.environ["MOCKSF_USERNAME"], "password": os.environ["MOCKSF_PASSWORD"], "security_token": ""}


def used(sf: Salesforce) -> dict[str, Any]:
    """Which host a login led to, and what a write and a read through it came to."""
    made: Any = sf.Account.create({"Name": f"From {sf.sf_instance}"})  # type: ignore[operator]
    found = sf.query_all(f"SELECT Name FROM Account WHERE Id = '{made['id']}'")
    return {"host": sf.sf_instance, "name": found["records"][0]["Name"]}


told: dict[str, Any] = {
    "usual": used(Salesforce(**who)),
    "sandbox": used(Salesforce(**who, domain="test")),
    "domain": used(Salesforce(**who, domain="acme.my")),
    "app": used(
        Salesforce(
            consumer_key=os.environ["MOCKSF_CLIENT_ID"],
            consumer_secret=os.environ["MOCKSF_CLIENT_SECRET"],
            domain="acme.my",
        )
    ),
}
try:
    Salesforce(**{**who, "password": "wrong"})
except SalesforceAuthenticationFailed as error:
    told["refused"] = str(error)
sys.stdout.write(json.dumps(told) + "\n")
