"""Whether an org shows half a composite: an Account without its Contact or Opportunity, or one of these without it."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

Soql = Callable[[str], list[dict[str, Any]]]


def halves(soql: Soql, there_before: Collection[str]) -> Iterator[str]:
    """A sentence per half that a reader sees."""
    made = [row for row in soql("SELECT Id, Caller_Key__c FROM Account") if row["Id"] not in there_before]
    people = soql("SELECT Id, Caller_Key__c, AccountId FROM Contact")
    people = [row for row in people if row["Id"] not in there_before]
    deals = soql("SELECT Id, Call_Key__c, AccountId FROM Opportunity")
    with_people, with_deals = {row["AccountId"] for row in people}, {row["AccountId"] for row in deals}
    leads = {_digits(row["Phone"]) for row in soql("SELECT Phone FROM Lead")} if made else set()
    for row in made:
        # A caller who is a lead has no Contact, so as not to be two people.
        if row["Id"] not in with_people and _digits(row["Caller_Key__c"]) not in leads:
            yield f"Account {row['Caller_Key__c']} has no Contact"
        if row["Id"] not in with_deals:
            yield f"Account {row['Caller_Key__c']} has no Opportunity"
    known = {row["Id"] for row in made} | set(there_before)
    yield from (f"Contact {row['Caller_Key__c']} has no Account" for row in people if row["AccountId"] not in known)
    yield from (f"Opportunity {row['Call_Key__c']} has no Account" for row in deals if row["AccountId"] not in known)


def _digits(number: str | None) -> str:
    return "".join(each for each in number or "" if each.isdigit())[-9:]
