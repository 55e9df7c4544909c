"""simple-salesforce, unmodified, changes an org's schema over TLS; prints what each step came to, as JSON.

It is a program of its own because its metadata client (zeep) trusts an authority by the environment only.
"""

import json
import os
import sys
import time

from simple_salesforce import Salesforce

sf = Salesforce(session_id=os.environ["MOCKSF_TOKEN"], instance_url=os.environ["MOCKSF_URL"])
told = {}


def step(name, work):
    """Remember what a step came to, or the error that it raised."""
    try:
        told[name] = work()
    except Exception as error:
        told[name] = {"error": type(error).__name__, "message": str(error)}


def over(look):
    """What a look shows once nothing is under way any more; the org's clock is the real one."""
    until = time.monotonic() + 30
    while (state := look())["state"] in {"Pending", "InProgress", None} and time.monotonic() < until:
        pass
    return state


md = sf.mdapi
field, kind = md.CustomField, md.CustomObject


def create():
    """A new object."""
    return kind.create(
        kind(
            fullName="Tour__c", label="Tour", pluralLabel="Tours", deploymentStatus=md.DeploymentStatus("Deployed"),
            nameField=field(label="Tour Name", type=md.FieldType("Text")), sharingModel=md.SharingModel("ReadWrite"),
        )
    )  # fmt: skip


def seats(owner):
    """A field of an object."""
    return field(fullName=f"{owner}.Seats__c", label="Seats", type="Number", precision=4, scale=0)


def change():
    """The object that was read, with another label."""
    read = kind.read("Tour__c")
    known = read.label, [each.fullName for each in read.fields]
    read.label = "Journey"
    kind.update(read)
    return [*known, sf.Tour__c.describe()["label"]]


def deploy():
    """An archive, deployed, and a record of its object."""
    flags = (
        "checkOnly",
        "ignoreWarnings",
        "allowMissingFiles",
        "autoUpdatePackage",
        "performRetrieve",
        "purgeOnDelete",
    )
    options = dict.fromkeys(flags, "false") | {"testLevel": "NoTestRun", "rollbackOnError": "true", "tests": []}
    begun = sf.deploy(os.environ["MOCKSF_ZIP"], sandbox=True, singlePackage="true", **options)
    state = over(lambda: sf.checkDeployStatus(begun["asyncId"]))
    made = sf.Stop__c.create({"Name": "Bonn", "Minutes__c": 15})
    return [state["state"], state["deployment_detail"]["deployed_count"], made["success"]]


def retrieve():
    """The same object as an archive."""
    asked, _ = md.retrieve("r", unpackaged={"CustomObject": ["Stop__c"]}, single_package=True)
    over(lambda: {"state": md.check_retrieve_status(asked)[0]})
    state, _, _, content = md.retrieve_zip(asked)
    return [state, content[:2].decode()]


step("describe", lambda: [each.xmlName for each in md.describe_metadata().metadataObjects])
step("list", lambda: [each.fullName for each in md.list_metadata([md.ListMetadataQuery(type="CustomField")])])
step("create", create)
step("field", lambda: field.create(seats("Tour__c")))
step("used", lambda: sf.Tour__c.get(sf.Tour__c.create({"Name": "Rhine", "Seats__c": 40})["id"])["Seats__c"])
step("change", change)
step("delete", lambda: kind.delete("Tour__c"))
step("wrong", lambda: field.create(seats("Nope__c")))
step("deploy", deploy)
step("retrieve", retrieve)
fields = "SELECT+DeveloperName+FROM+CustomField+WHERE+EntityDefinitionId='Account'"
step("tooling", lambda: sf.toolingexecute(f"query/?q={fields}"))
step("apex", lambda: sf.toolingexecute("executeAnonymous?anonymousBody=x"))
sys.stdout.write(json.dumps(told, default=str))
