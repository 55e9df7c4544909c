"""A Salesforce project for tests, written as its tools write it: any number of fields, three custom objects."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'

TYPES = (
    "<type>Text</type><length>80</length><externalId>false</externalId><unique>false</unique>",
    "<type>Number</type><precision>18</precision><scale>2</scale><unique>false</unique>",
    "<type>Checkbox</type><defaultValue>false</defaultValue>",
    "<type>Date</type>",
    "<type>DateTime</type>",
    "<type>Currency</type><precision>16</precision><scale>2</scale>",
    "<type>Percent</type><precision>5</precision><scale>2</scale>",
    "<type>Email</type><externalId>false</externalId><unique>false</unique>",
    "<type>Phone</type>",
    "<type>Url</type>",
    "<type>LongTextArea</type><length>32768</length><visibleLines>3</visibleLines>",
    "<type>TextArea</type>",
    "<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>"
    "<value><fullName>Low</fullName><default>false</default><label>Low</label></value>"
    "<value><fullName>High</fullName><default>true</default><label>Very high</label></value>"
    "</valueSetDefinition></valueSet>",
    "<type>MultiselectPicklist</type><visibleLines>4</visibleLines>"
    "<valueSet><valueSetName>Colour</valueSetName></valueSet>",
    "<type>Number</type><precision>18</precision><scale>0</scale><formula>1 + 1</formula>"
    "<formulaTreatBlanksAs>BlankAsZero</formulaTreatBlanksAs>",
)
OBJECTS = ("Engagement__c", "Machine__c", "Reading__c")


def document(tag: str, content: str) -> str:
    return f"{HEAD}<{tag} {NAMESPACE}>{content}</{tag}>\n"


def custom_object(label: str, more: str = "") -> str:
    return document(
        "CustomObject",
        f"<deploymentStatus>Deployed</deploymentStatus><enableSearch>true</enableSearch><label>{label}</label>"
        f"<nameField><label>{label} Name</label><type>Text</type></nameField><pluralLabel>{label}s</pluralLabel>"
        f"<sharingModel>ReadWrite</sharingModel>{more}",
    )


def field(name: str, content: str) -> str:
    return document(
        "CustomField",
        f"<fullName>{name}</fullName><label>{name.removesuffix('__c').replace('_', ' ')}</label>"
        f"<required>false</required><trackHistory>false</trackHistory><trackTrending>false</trackTrending>{content}",
    )


def project(fields: int = 210) -> dict[str, str]:
    """Path and text of every file: fields spread over accounts and three objects, which a lookup chain joins."""
    return dict(_files(fields))


def _files(fields: int) -> Iterator[tuple[str, str]]:
    root = "force-app/main/default"
    yield "sfdx-project.json", '{"packageDirectories": [{"path": "force-app"}]}'
    yield f"{root}/classes/Nothing.cls", "public class Nothing {}"
    values = "".join(
        f"<customValue><fullName>{each}</fullName><default>false</default></customValue>" for each in "RGB"
    )
    yield (
        f"{root}/globalValueSets/Colour.globalValueSet-meta.xml",
        document("GlobalValueSet", f"<masterLabel>Colour</masterLabel><sorted>false</sorted>{values}"),
    )
    for name in OBJECTS:
        label = name.removesuffix("__c")
        yield f"{root}/objects/{name}/{name}.object-meta.xml", custom_object(label)
    owners = ("Account", *OBJECTS)
    for at in range(fields):
        name = f"F_{at:03d}__c"
        path = f"{root}/objects/{owners[at % 4]}/fields/{name}.field-meta.xml"
        yield path, field(name, TYPES[at % len(TYPES)])
    link = "<type>Lookup</type><referenceTo>{}</referenceTo><relationshipName>{}</relationshipName>"
    for owner, parent in (("Engagement__c", "Account"), ("Machine__c", "Engagement__c"), ("Reading__c", "Machine__c")):
        name = f"{parent.removesuffix('__c')}_Link__c"
        content = link.format(parent, owner.replace("__c", "s"))
        yield f"{root}/objects/{owner}/fields/{name}.field-meta.xml", field(name, content)


def write_folder(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def write_archive(file: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return file
