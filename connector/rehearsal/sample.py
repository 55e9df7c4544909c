"""A project to rehearse a deploy with: three custom objects, 220 custom fields, no Apex, and a sample call."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from connector.config.records import CALL, CALLER

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
OBJECTS = {"Fleet_Profile__c": 74, "Call_Assessment__c": 73, "Service_Need__c": 73}
"""Custom object → how many fields it has beside its key and its link."""
KEYS = {"Account": (CALLER, 40), "Contact": (CALLER, 40), "Opportunity": (CALL, 80), "Lead": (CALL, 80)}
RECORDING = "recording.yaml"
WORDS = ("Depot", "Driver", "Fuel", "Tyre", "Route", "Shift", "Charger", "Trailer", "Toll", "Lease")
MEASURES = ("Count", "Note", "Start", "Share", "Cost", "Ready", "Level", "Contact")
TYPES = {
    "Count": "<type>Number</type><precision>8</precision><scale>0</scale>",
    "Note": "<type>Text</type><length>120</length>",
    "Start": "<type>Date</type>",
    "Share": "<type>Percent</type><precision>5</precision><scale>2</scale>",
    "Cost": "<type>Currency</type><precision>12</precision><scale>2</scale>",
    "Ready": "<type>Checkbox</type><defaultValue>false</defaultValue>",
    "Level": (
        "<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>"
        + "".join(
            f"<value><fullName>{each}</fullName><default>false</default><label>{each}</label></value>"
            for each in ("Low", "Middle", "High")
        )
        + "</valueSetDefinition></valueSet>"
    ),
    "Contact": "<type>Email</type>",
}
"""What a field is, by the last word of its name."""


def names(sobject: str) -> list[str]:
    """The fields of one object, `Depot_Count_1__c` and so on."""
    pairs = [f"{word}_{measure}" for word in WORDS for measure in MEASURES]
    letter = sobject[0]
    return [f"{letter}_{pairs[number]}__c" for number in range(OBJECTS[sobject])]


def project() -> Iterator[tuple[str, str]]:
    """Path → text of every file."""
    yield "sfdx-project.json", '{"packageDirectories": [{"path": "force-app", "default": true}]}\n'
    for sobject, (key, length) in {**KEYS, "Activity": (CALL, 120)}.items():
        yield _place(sobject, key), _field(key, _key(length))
    for sobject in OBJECTS:
        yield f"{_folder(sobject)}/{sobject}.object-meta.xml", _object(sobject)
        yield _place(sobject, CALL), _field(CALL, _key(80))
        yield _place(sobject, "Opportunity__c"), _field("Opportunity__c", _link(sobject))
        for name in names(sobject):
            yield _place(sobject, name), _field(name, TYPES[name.removesuffix("__c").rpartition("_")[2]])
    yield RECORDING, yaml.safe_dump(_recording(), sort_keys=False)


def _recording() -> dict[str, object]:
    said = {"f_depot_count": 3, "f_depot_note": "Two in Reno", "c_driver_ready": True, "s_fuel_level": "High"}
    script = [{"step": name, "says": f"Ask for {name.replace('_', ' ')}.", "hears": [name]} for name in said]
    heard = [{"turn": turn, "name": name, "value": value} for turn, (name, value) in enumerate(said.items(), 1)]
    return {"name": "fleet-review", "script": script, "intents": heard}


def _folder(sobject: str) -> str:
    return f"force-app/main/default/objects/{sobject}"


def _place(sobject: str, name: str) -> str:
    return f"{_folder(sobject)}/fields/{name}.field-meta.xml"


def _field(name: str, kind: str) -> str:
    label = name.removesuffix("__c").replace("_", " ")
    return f"{HEAD}<CustomField {SPACE}><fullName>{name}</fullName><label>{label}</label>{kind}</CustomField>\n"


def _key(length: int) -> str:
    return f"<type>Text</type><length>{length}</length><externalId>true</externalId><unique>true</unique>"


def _link(sobject: str) -> str:
    relation = sobject.removesuffix("__c") + "s"
    label = relation.replace("_", " ")
    return (
        "<type>Lookup</type><referenceTo>Opportunity</referenceTo>"
        f"<relationshipLabel>{label}</relationshipLabel><relationshipName>{relation}</relationshipName>"
    )


def _object(sobject: str) -> str:
    label = sobject.removesuffix("__c").replace("_", " ")
    name = f"<nameField><type>AutoNumber</type><label>{label} Number</label><displayFormat>R-{{00000}}</displayFormat>"
    tail = "<deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel>"
    plural = f"<label>{label}</label><pluralLabel>{label}s</pluralLabel>"
    return f"{HEAD}<CustomObject {SPACE}>{plural}{name}</nameField>{tail}</CustomObject>\n"


def written(folder: Path) -> int:
    """Write the project into a folder that is empty or new; how many files. Raises OSError, FileExistsError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    files = list(project())
    for path, text in files:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return len(files)
