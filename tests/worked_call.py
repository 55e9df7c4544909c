"""The worked request of the facts, and what its undone parts hear."""

from typing import Any

ROLLED_BACK = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same transaction failed.",
    }
]


def call(account: dict[str, Any], opportunity: dict[str, Any], all_or_none: bool) -> dict[str, Any]:
    """The worked request of the facts: account by key, contact and opportunity linked to it."""
    stage = {"Name": "Inbound call", "CloseDate": "2026-12-31", "AccountId": "@{acc.id}"}
    return {
        "allOrNone": all_or_none,
        "collateSubrequests": False,
        "compositeRequest": [
            {
                "method": "PATCH",
                "url": "/services/data/v66.0/sobjects/Account/Caller_Key__c/call-123",
                "referenceId": "acc",
                "body": account,
            },
            {
                "method": "POST",
                "url": "/services/data/v66.0/sobjects/Contact",
                "referenceId": "con",
                "body": {"LastName": "Doe", "AccountId": "@{acc.id}"},
            },
            {
                "method": "POST",
                "url": "/services/data/v66.0/sobjects/Opportunity",
                "referenceId": "opp",
                "body": stage | opportunity,
            },
        ],
    }
