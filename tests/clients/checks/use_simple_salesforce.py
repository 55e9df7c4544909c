"""simple-salesforce, unmodified and alone in its environment, does its daily work against the mock over TLS."""

import os
import sys

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceResourceNotFound

sf = Salesforce(session_id=os.environ["MOCKSF_TOKEN"], instance_url=os.environ["MOCKSF_URL"], version="66.0")


def holds(what, claim):
    """Stop at the first thing that is not as it should be."""
    if not claim:
        sys.exit(f"simple-salesforce: {what}")


created = sf.Account.create({"Name": "Acme", "Phone": "+49301"})
holds("create answers an id", created["success"] and len(created["id"]) == 18)
holds("get reads it back", sf.Account.get(created["id"])["Name"] == "Acme")
holds("update answers 204", sf.Account.update(created["id"], {"Name": "Acme GmbH"}) == 204)

upsert = sf.Contact.upsert("Caller_Key__c/%2B49301", {"LastName": "Lovelace", "AccountId": created["id"]})
holds("the first upsert creates", upsert == 201)
again = sf.Contact.upsert("Caller_Key__c/%2B49301", {"LastName": "Byron"})
holds("the second upsert updates", again in {200, 204})

found = sf.query("SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Phone = '+49301'")
holds("query finds it", found["totalSize"] == 1 and found["records"][0]["Name"] == "Acme GmbH")
holds("with its child", found["records"][0]["Contacts"]["records"][0]["LastName"] == "Byron")

for number in range(10):
    parts = [
        {"method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": f"l{number}_{each}",
         "body": {"LastName": f"Lead {number}-{each}", "Company": "Many"}}
        for each in range(25)
    ]  # fmt: skip
    answer = sf.restful("composite", method="POST", json={"allOrNone": True, "compositeRequest": parts})
    holds("composite commits", all(part["httpStatusCode"] == 201 for part in answer["compositeResponse"]))
sf.headers["Sforce-Query-Options"] = "batchSize=200"
first = sf.query("SELECT Id FROM Lead WHERE Company = 'Many'")
holds("a long answer has a next page", not first["done"] and len(first["records"]) == 200)
everyone = sf.query_all("SELECT Id FROM Lead WHERE Company = 'Many'")
holds("query_all reads every page", everyone["totalSize"] == len(everyone["records"]) == 250)

fields = {field["name"]: field for field in sf.Opportunity.describe()["fields"]}
holds("describe knows the sample's key", fields["Call_Key__c"]["externalId"] is True)
holds("limits are told", "DailyApiRequests" in sf.limits())

holds("delete answers 204", sf.Account.delete(created["id"]) == 204)
try:
    sf.Account.get(created["id"])
except SalesforceResourceNotFound:
    sys.exit(0)
sys.exit("simple-salesforce: a deleted record is still there")
