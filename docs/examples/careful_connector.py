"""A connector that is right: one composite, every part an upsert by its key, and only what heals is tried again."""

import os
import sys
import time

import httpx

ROOT = "/services/data/v66.0"
HEALS = {"UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "INVALID_SESSION_ID"}
PARTS = [
    ("acc", "Account/Caller_Key__c/%2B14155550100", {"Name": "Acme"}),
    ("con", "Contact/Caller_Key__c/%2B14155550100", {"LastName": "Berg", "AccountId": "@{acc.id}"}),
    (
        "opp",
        "Opportunity/Call_Key__c/call-1",
        {"Name": "Demo", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": "@{acc.id}"},
    ),
]
BODY = {
    "allOrNone": True,
    "compositeRequest": [
        {"method": "PATCH", "url": f"{ROOT}/sobjects/{path}", "referenceId": name, "body": fields}
        for name, path, fields in PARTS
    ],
}


def attempt(client):
    """None when it is done, else the code of what went wrong."""
    try:
        answer = client.post(f"{ROOT}/composite", json=BODY)
    except httpx.TransportError:
        return "SERVER_UNAVAILABLE"
    body = answer.json()
    if answer.is_error:
        return body[0]["errorCode"]
    failed = [each["body"][0]["errorCode"] for each in body["compositeResponse"] if each["httpStatusCode"] >= 300]
    return next((code for code in failed if code != "PROCESSING_HALTED"), failed[0]) if failed else None


token = {"Authorization": f"Bearer {os.environ['SALESFORCE_ACCESS_TOKEN']}"}
with httpx.Client(base_url=os.environ["SALESFORCE_INSTANCE_URL"], headers=token, timeout=10) as session:
    for pause in (0.06, 0.08, 0.1, 0.12, 0.14, None):
        said = attempt(session)
        if said is None:
            sys.exit(0)
        if said not in HEALS or pause is None:
            sys.exit(f"gave up: {said}")
        time.sleep(pause)
