"""Archives deployed to a running org and fetched from it: by SOAP and by REST, as time passes."""

import zipfile
from base64 import b64decode, b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from tests.client import Client
from tests.mocksf.test_metadata import META, fault, texts, told

NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
VISIT = f"""<CustomObject {NAMESPACE}>
    <deploymentStatus>Deployed</deploymentStatus><label>Visit</label><pluralLabel>Visits</pluralLabel>
    <nameField><label>Visit Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>
    <fields><fullName>Stars__c</fullName><label>Stars</label>
        <type>Number</type><precision>2</precision><scale>0</scale></fields>
    <validationRules><fullName>Few</fullName><active>true</active>
        <errorConditionFormula>Stars__c &gt; 5</errorConditionFormula>
        <errorMessage>Five at most</errorMessage></validationRules>
</CustomObject>"""
GRANTS = f"<PermissionSet {NAMESPACE}><label>Guide</label></PermissionSet>"
FILES = {"objects/Visit__c.object": VISIT, "permissionsets/Guide.permissionset": GRANTS}
NAMES = {"CustomObject": ["Visit__c"], "PermissionSet": ["Guide"]}


def package(names: Mapping[str, list[str]]) -> str:
    types = "".join(
        f"<types>{''.join(f'<members>{each}</members>' for each in members)}<name>{kind}</name></types>"
        for kind, members in names.items()
    )
    return f"<Package {NAMESPACE}>{types}<version>60.0</version></Package>"


def zipped(files: Mapping[str, str | bytes], names: Mapping[str, list[str]] | None = None) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if names is not None:
            archive.writestr("package.xml", package(names))
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def begun(sf: Client, content: bytes, **options: bool) -> str:
    """The id of a deploy that was begun."""
    said = "".join(f"<{name}>{str(on).lower()}</{name}>" for name, on in options.items())
    encoded = b64encode(content).decode()
    (result,) = told(sf, f"<deploy><ZipFile>{encoded}</ZipFile><DeployOptions>{said}</DeployOptions></deploy>")
    assert texts(result, "done") == ["false"]
    return texts(result, "id")[0]


def status(sf: Client, deploy: str) -> Any:
    asked = f"<asyncProcessId>{deploy}</asyncProcessId><includeDetails>true</includeDetails>"
    return told(sf, f"<checkDeployStatus>{asked}</checkDeployStatus>")[0]


def pass_time(org: Org, seconds: float = 30) -> None:
    """Let time pass, and the org do what it brings."""
    assert isinstance(org.clock, VirtualClock)
    org.clock.advance(seconds=seconds)
    while (due := org.next_due()) is not None and due <= org.clock.now():
        org.run_due(org.clock.now())


def deployed(sf: Client, content: bytes, **options: bool) -> Any:
    """The result of a deploy that is over."""
    deploy = begun(sf, content, **options)
    pass_time(sf.org)
    return status(sf, deploy)


def messages(result: Any, part: str) -> dict[str, str]:
    """Full names of components and what was said of them."""
    return {
        each.findtext(f"{META}fullName"): each.findtext(f"{META}problem") or "" for each in result.iter(f"{META}{part}")
    }


class TestDeploying:
    def test_it_takes_its_time_and_then_is_there_at_once(self, sf: Client):
        deploy = begun(sf, zipped(FILES, NAMES))
        first = status(sf, deploy)
        assert (first.findtext(f"{META}status"), first.findtext(f"{META}done")) == ("InProgress", "false")
        assert sf.soql("SELECT Id FROM Visit__c").code == "INVALID_TYPE"
        pass_time(sf.org)

        last = status(sf, deploy)
        assert (last.findtext(f"{META}status"), last.findtext(f"{META}success")) == ("Succeeded", "true")
        assert last.findtext(f"{META}numberComponentsDeployed") == last.findtext(f"{META}numberComponentsTotal") == "4"
        assert set(messages(last, "componentSuccesses")) == {"Visit__c", "Visit__c.Stars__c", "Visit__c.Few", "Guide"}
        assert sf.create("Visit__c", Name="V", Stars__c=5)
        assert sf.post("/sobjects/Visit__c", {"Stars__c": 6}).code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"

    def test_again_it_changes_nothing(self, sf: Client):
        deployed(sf, zipped(FILES, NAMES))
        again = deployed(sf, zipped(FILES, NAMES))

        assert set(texts(again, "created")) == set(texts(again, "changed")) == {"false"}

    def test_a_check_saves_nothing(self, sf: Client):
        result = deployed(sf, zipped(FILES, NAMES), checkOnly=True)

        assert (texts(result, "status"), texts(result, "checkOnly")) == (["Succeeded"], ["true"])
        assert sf.soql("SELECT Id FROM Visit__c").code == "INVALID_TYPE"

    def test_with_rollback_one_failure_undoes_all(self, sf: Client):
        bad = FILES | {"objects/Visit__c.object": VISIT.replace("<type>Number", "<type>Numbr")}
        result = deployed(sf, zipped(bad, NAMES), rollbackOnError=True)

        assert texts(result, "status") == ["Failed"]
        assert "no such value 'Numbr'" in messages(result, "componentFailures")["Visit__c.Stars__c"]
        assert sf.soql("SELECT Id FROM Visit__c").code == "INVALID_TYPE"

    def test_without_it_what_can_be_stays(self, sf: Client):
        bad = FILES | {"objects/Visit__c.object": VISIT.replace("<type>Number", "<type>Numbr")}
        result = deployed(sf, zipped(bad, NAMES))

        assert texts(result, "status") == ["SucceededPartial"]
        assert set(messages(result, "componentFailures")) == {"Visit__c.Stars__c", "Visit__c.Few"}
        assert sf.create("Visit__c", Name="V")

    def test_destructive_changes_take_away(self, sf: Client):
        deployed(sf, zipped(FILES, NAMES))
        gone = {
            "destructiveChanges.xml": package(
                {"CustomField": ["Visit__c.Stars__c"], "ValidationRule": ["Visit__c.Few"]}
            )
        }
        result = deployed(sf, zipped(gone, {}))

        assert texts(result, "status") == ["Succeeded"]
        assert sf.soql("SELECT Stars__c FROM Visit__c").code == "INVALID_FIELD"
        assert sf.soql("SELECT Name FROM Visit__c").status == 200

    def test_what_a_rule_needs_does_not_go(self, sf: Client):
        deployed(sf, zipped(FILES, NAMES))
        result = deployed(sf, zipped({"destructiveChanges.xml": package({"CustomField": ["Visit__c.Stars__c"]})}, {}))

        assert texts(result, "status") == ["Failed"]
        assert "referenced elsewhere" in messages(result, "componentFailures")["Visit__c.Stars__c"]

    def test_a_source_tree_may_lie_in_a_folder(self, sf: Client):
        files = {f"unpackaged/{path}": content for path, content in FILES.items()}
        result = deployed(sf, zipped(files | {"unpackaged/package.xml": package(NAMES)}))

        assert texts(result, "status") == ["Succeeded"]

    def test_what_has_no_effect_is_kept_with_a_warning(self, sf: Client):
        layout = {"layouts/Account-Wide.layout": f"<Layout {NAMESPACE}><x>1</x></Layout>"}
        result = deployed(sf, zipped(layout, {"Layout": ["Account-Wide"]}))

        assert texts(result, "status") == ["Succeeded"]
        assert "no effect" in messages(result, "componentSuccesses")["Account-Wide"]
        assert (
            retrieved(sf, {"Layout": ["*"]})["unpackaged/layouts/Account-Wide.layout"]
            == layout["layouts/Account-Wide.layout"].encode()
        )

    def test_list_views_are_passed_over_with_a_warning(self, sf: Client):
        view = "<listViews><fullName>All</fullName><label>All</label></listViews></CustomObject>"
        files = FILES | {"objects/Visit__c.object": VISIT.replace("</CustomObject>", view)}
        result = deployed(sf, zipped(files, NAMES))

        assert texts(result, "status") == ["Succeeded"]
        assert "passed over" in messages(result, "componentSuccesses")["Visit__c.All"]

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (zipped(FILES), "No package.xml found"),
            (b"no zip", "no zip archive"),
            (b"", "no zip archive"),
            (zipped({"objects/A__c.object": "<a"}, {}), "line 1"),
            (zipped({"objects/A__c.object": "<!DOCTYPE a><a/>"}, {}), "document type declaration"),
            (zipped({}, {"CustomObject": ["A__c"]}), "An object 'A__c' of type CustomObject was named in package.xml"),
            (zipped({"classes/A.cls": "class A {}"}, {}), "runs no Apex"),
            (zipped({"objects/Big__c.object": b" " * (9 << 20)}, {}), "too large unpacked"),
            (zipped({f"objects/B{each}__c.object": b" " * (7 << 20) for each in range(11)}, {}), "too large unpacked"),
            (zipped({f"x/{each}.y": b"" for each in range(10_001)}, {}), "at most 10000 files"),
        ],
        ids=["package", "text", "nothing", "xml", "doctype", "missing", "apex", "large", "bomb", "files"],
    )
    def test_a_bad_archive_fails_with_a_reason(self, sf: Client, content: bytes, problem: str):
        before = sf.org.schema
        result = deployed(sf, content)

        assert texts(result, "status") == ["Failed"]
        assert problem in "".join(messages(result, "componentFailures").values())
        assert sf.org.schema is before

    def test_until_its_end_it_can_be_canceled(self, sf: Client):
        deploy = begun(sf, zipped(FILES, NAMES))
        told(sf, f"<cancelDeploy><String>{deploy}</String></cancelDeploy>")
        pass_time(sf.org)

        assert texts(status(sf, deploy), "status") == ["Canceled"]
        assert sf.soql("SELECT Id FROM Visit__c").code == "INVALID_TYPE"
        assert "already completed" in fault(sf, f"<cancelDeploy><String>{deploy}</String></cancelDeploy>")

    def test_a_snapshot_holds_what_is_under_way(self, sf: Client):
        deploy = begun(sf, zipped(FILES, NAMES))
        before = sf.org.snapshot()
        pass_time(sf.org)
        sf.org.restore(before)

        assert texts(status(sf, deploy), "status") == ["InProgress"]
        pass_time(sf.org)
        assert texts(status(sf, deploy), "status") == ["Succeeded"]
        assert sf.soql("SELECT Id FROM Visit__c").status == 200


def retrieved(sf: Client, names: Mapping[str, list[str]], single: bool = False) -> dict[str, bytes]:
    """The files of a retrieve."""
    unpackaged = package(names).replace(f"<Package {NAMESPACE}>", "").replace("</Package>", "")
    said = f"<singlePackage>{str(single).lower()}</singlePackage><unpackaged>{unpackaged}</unpackaged>"
    (begun_,) = told(sf, f"<retrieve><retrieveRequest>{said}</retrieveRequest></retrieve>")
    asked = f"<asyncProcessId>{texts(begun_, 'id')[0]}</asyncProcessId><includeZip>true</includeZip>"
    check = f"<checkRetrieveStatus>{asked}</checkRetrieveStatus>"
    assert texts(told(sf, check)[0], "status") == ["InProgress"]
    pass_time(sf.org, 1)
    (result,) = told(sf, check)
    assert texts(result, "status") == ["Succeeded"]
    with zipfile.ZipFile(BytesIO(b64decode(texts(result, "zipFile")[0]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestRetrieving:
    def test_what_was_deployed_comes_back_and_deploys_elsewhere(self, sf: Client, clock: VirtualClock):
        deployed(sf, zipped(FILES, NAMES))
        files = retrieved(sf, NAMES, single=True)

        assert set(files) == {"package.xml", *FILES}
        other = Client(Org(clock=clock))
        again = BytesIO()
        with zipfile.ZipFile(again, "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        assert texts(deployed(other, again.getvalue()), "status") == ["Succeeded"]
        described = [client.get("/sobjects/Visit__c/describe").body["fields"] for client in (sf, other)]
        assert described[0] == described[1]

    def test_a_field_alone_comes_alone(self, sf: Client):
        deployed(sf, zipped(FILES, NAMES))
        files = retrieved(sf, {"CustomField": ["Visit__c.Stars__c"]})

        text = files["unpackaged/objects/Visit__c.object"].decode()
        assert "Stars__c" in text
        assert "Few" not in text

    def test_the_older_way_to_ask_tells_whether_they_are_over(self, sf: Client):
        (made,) = told(sf, "<retrieve><retrieveRequest/></retrieve>")
        ids = [begun(sf, zipped(FILES, NAMES)), texts(made, "id")[0]]
        asked = f"<checkStatus>{''.join(f'<asyncProcessId>{each}</asyncProcessId>' for each in ids)}</checkStatus>"

        seen = []
        for _ in range(3):
            seen += [
                (texts(each, "id")[0], texts(each, "done")[0], texts(each, "state")[0]) for each in told(sf, asked)
            ]
            pass_time(sf.org, 0.6)

        over, waits = ("true", "Completed"), ("false", "InProgress")
        assert [each[1:] for each in seen] == [waits, waits, waits, over, over, over]
        assert [each[0] for each in seen] == ids * 3

    def test_what_is_not_there_is_said(self, sf: Client):
        unpackaged = "<types><members>Nope__c</members><name>CustomObject</name></types>"
        (made,) = told(
            sf, f"<retrieve><retrieveRequest><unpackaged>{unpackaged}</unpackaged></retrieveRequest></retrieve>"
        )
        pass_time(sf.org, 1)
        asked = f"<asyncProcessId>{texts(made, 'id')[0]}</asyncProcessId>"
        (result,) = told(sf, f"<checkRetrieveStatus>{asked}</checkRetrieveStatus>")

        assert texts(result, "problem") == ["Entity of type 'CustomObject' named 'Nope__c' cannot be found"]
