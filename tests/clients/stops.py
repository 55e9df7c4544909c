"""An archive to deploy: one object with one field."""

import zipfile
from io import BytesIO

_NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
_FILES = {
    "package.xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<Package {_NAMESPACE}>
    <types><members>Stop__c</members><name>CustomObject</name></types>
    <version>60.0</version>
</Package>
""",
    "objects/Stop__c.object": f"""<?xml version="1.0" encoding="UTF-8"?>
<CustomObject {_NAMESPACE}>
    <deploymentStatus>Deployed</deploymentStatus>
    <fields>
        <fullName>Minutes__c</fullName><label>Minutes</label><precision>4</precision><scale>0</scale><type>Number</type>
    </fields>
    <label>Stop</label>
    <nameField><label>Stop Name</label><type>Text</type></nameField>
    <pluralLabel>Stops</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
</CustomObject>
""",
}


def archive() -> bytes:
    """The archive."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in _FILES.items():
            packed.writestr(path, content)
    return made.getvalue()
