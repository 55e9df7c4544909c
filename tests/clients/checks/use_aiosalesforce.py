"""aiosalesforce, unmodified: every login that it has, then a day's work at its My Domain; prints JSON.

Told by its environment alone: the ready line as MOCKSF_…, HTTPS_PROXY, SSL_CERT_FILE, and MOCKSF_KEY_FILE to sign with.
"""

import asyncio
import json
import os
import sys

import httpx
from aiosalesforce import Salesforce
from aiosalesforce.auth import ClientCredentialsFlow, JwtBearerFlow, SoapLogin
from aiosalesforce.exceptions import AuthenticationError, NotFoundError, SalesforceError

DOMAIN = "https://acme.my.salesforce.com"
NAME, PASSWORD, APP, SECRET, KEY = (
    os.environ[f"MOCKSF_{each}"] for each in ("USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET", "KEY_FILE")
)
MANY = 2100


async def logins(http):
    """What limits each login may read, and the words in which a wrong one is refused."""
    told = {}
    ways = {
        "soap": (DOMAIN, SoapLogin(NAME, PASSWORD, "")),
        "credentials": (DOMAIN, ClientCredentialsFlow(APP, SECRET)),
        "assertion": (DOMAIN, JwtBearerFlow(APP, NAME, KEY)),
        "sandbox": ("https://acme--uat.sandbox.my.salesforce.com", JwtBearerFlow(APP, NAME, KEY)),
    }
    for name, (domain, auth) in ways.items():
        told[name] = (await Salesforce(http, domain, auth).get_limits())["DailyApiRequests"]["Max"]
    wrong = {"wrong_password": SoapLogin(NAME, "wrong", ""), "wrong_secret": ClientCredentialsFlow(APP, "wrong")}
    for name, auth in wrong.items():
        try:
            await Salesforce(http, DOMAIN, auth).get_limits()
        except AuthenticationError as error:
            told[name] = error.error_code
    return told


async def records(sf):
    """One record from its creation to its end, and one by its key."""
    made = await sf.sobject.create("Contact", {"LastName": "Lovelace", "Phone": "+4930123"})
    await sf.sobject.update("Contact", made, {"FirstName": "Ada"})
    told = {"read": await sf.sobject.get("Contact", made, fields=["Name"])}
    await sf.sobject.delete("Contact", made)
    try:
        await sf.sobject.get("Contact", made)
    except NotFoundError as error:
        told["gone"] = error.error_code
    upserts = [
        await sf.sobject.upsert("Account", "k1", "Caller_Key__c", {"Name": each, "Caller_Key__c": "k1"})
        for each in ("Ada", "Eve")
    ]
    told["upserts"] = [each.created for each in upserts]
    told["by_key"] = (await sf.sobject.get("Account", "k1", "Caller_Key__c"))["Name"]
    try:
        await sf.sobject.create("Contact", {"FirstName": "Ada"})
    except SalesforceError as error:
        told["refused"] = str(error)
    return told


async def together(sf):
    """A composite whose parts refer to each other, one that fails as a whole, and a batch."""
    async with sf.composite(all_or_none=True) as good:
        account = good.sobject.create("Account", {"Name": "Together"})
        its = f"{account.reference.id}"  # a reference as it is would be sent without its @{}
        good.sobject.create("Contact", {"LastName": "Reed", "AccountId": its})
        asked = good.query(f"SELECT Account.Name FROM Contact WHERE AccountId = '{its}'")
    async with sf.composite(all_or_none=True) as bad:
        halted = bad.sobject.create("Account", {"Name": "Apart"}), bad.sobject.create("Contact", {"FirstName": "No"})
    async with sf.composite.batch() as batch:
        found = batch.query("SELECT Name FROM Account WHERE Name IN ('Together', 'Apart')")
        read = batch.sobject.get("Account", account.id, fields=["Name"])
    return {
        "asked": asked.records[0]["Account"]["Name"],
        "halted": [each.response_body[0]["errorCode"] for each in halted],
        "batch": [[each["Name"] for each in found.records], read.record["Name"]],
    }


async def bulk(sf):
    """Many accounts by the client's bulk ingest (one of them not good), the same by their key, and its list of jobs."""
    rows = [{"Name": f"Bulk {each:04}", "Caller_Key__c": f"b{each}"} for each in range(MANY)]
    told = {}
    for name, data, more in (
        ("insert", [*rows, {"Caller_Key__c": "nobody"}], {}),
        ("upsert", rows[:10], {"external_id_field": "Caller_Key__c"}),
    ):
        async for each in sf.bulk_v2.ingest.perform_operation(name, "Account", data, polling_interval=0.1, **more):
            told[name] = [
                each.job_info.state,
                len(each.successful_results),
                [row["sf__Error"] for row in each.failed_results],
                len(each.unprocessed_records),
            ]
    told["jobs"] = [each.operation async for each in sf.bulk_v2.ingest.list_jobs()]
    return told


async def reading(sf):
    """Every page of a long answer, deleted rows as well, a describe and a search."""
    pages = [each["Name"] async for each in sf.query("SELECT Name FROM Account WHERE Name LIKE 'Bulk%' ORDER BY Name")]
    (first,) = [each["Id"] async for each in sf.query("SELECT Id FROM Account WHERE Name = 'Bulk 0000'")]
    await sf.sobject.delete("Account", first)
    asked = "SELECT IsDeleted FROM Account WHERE Name = 'Bulk 0000'"
    root = f"{sf.base_url}/services/data/v{sf.version}"
    described = (await sf.request("GET", f"{root}/sobjects/Opportunity/describe")).json()
    searched = await sf.request("GET", f"{root}/search", params={"q": "FIND {Together} RETURNING Account(Name)"})
    return {
        "pages": [len(pages), pages[0], pages[-1]],
        "live": [each async for each in sf.query(asked)],
        "all": [each["IsDeleted"] async for each in sf.query(asked, include_all_records=True)],
        "describe": "Demo_Requested_At__c" in [each["name"] for each in described["fields"]],
        "search": [each["Name"] for each in searched.json()["searchRecords"]],
    }


async def trouble(http):
    """A row that is locked once, and a token that is revoked: both are for the client itself to get over."""
    calls = []
    sf = Salesforce(
        http, DOMAIN, ClientCredentialsFlow(APP, SECRET), event_hooks=[lambda each: calls.append(each.type)]
    )
    case = await sf.sobject.create("Case", {"Subject": "Locked once"})
    token = await sf.auth.get_access_token(sf)
    await http.post(f"{DOMAIN}/services/oauth2/revoke", data={"token": token})
    read = await sf.sobject.get("Case", case, fields=["Subject"])
    return {
        "read": read["Subject"],
        "retries": calls.count("retry"),
        "again": await sf.auth.get_access_token(sf) != token,
    }


async def main():
    """All of it, in an order in which one finds what another has left."""
    async with httpx.AsyncClient() as http:
        sf = Salesforce(http, DOMAIN, SoapLogin(NAME, PASSWORD, ""))
        told = {"logins": await logins(http), "records": await records(sf), "together": await together(sf)}
        told |= {"bulk": await bulk(sf), "reading": await reading(sf), "trouble": await trouble(http)}
    sys.stdout.write(json.dumps(told) + "\n")


asyncio.run(main())
