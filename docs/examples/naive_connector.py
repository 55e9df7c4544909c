"""A connector as it is often written: simple-salesforce, three creates, a loop that tries again whatever happened."""

import os
import sys
import time

from simple_salesforce import Salesforce

sf = Salesforce(instance_url=os.environ["SALESFORCE_INSTANCE_URL"], session_id=os.environ["SALESFORCE_ACCESS_TOKEN"])


def stubbornly(create, fields):
    for attempt in range(4):
        try:
            return create(fields)["id"]
        except Exception:
            if attempt == 3:
                raise
            time.sleep(0.06)
    return None


try:
    account = stubbornly(sf.Account.create, {"Name": "Acme"})
    stubbornly(sf.Contact.create, {"LastName": "Berg", "AccountId": account})
    deal = {"Name": "Demo", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": account}
    stubbornly(sf.Opportunity.create, deal)
except Exception as problem:
    sys.exit(f"gave up: {problem}")
