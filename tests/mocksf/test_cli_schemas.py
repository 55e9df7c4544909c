"""`mocksf import` and `mocksf export`: what they say, what they write, and how they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mocksf.__main__ import app
from mocksf.schema import default_schema, describe_sobject, load_schema
from tests.sfdx_project import field, project, write_archive, write_folder


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


class TestImport:
    def test_says_what_is_in_a_project_and_what_is_not(self, tmp_path: Path):
        code, output, _ = run("import", write_folder(tmp_path, project(8)))

        assert code == 0
        assert "Account: 2 custom fields\n" in output
        assert "Engagement__c (a00): 3 custom fields\n" in output
        assert "global value sets: Colour\n" in output
        assert "note: " in output

    def test_says_what_is_taken_without_being_worked_out(self, tmp_path: Path):
        formula = "type: Text, length: 9, formula: 'VLOOKUP($ObjectType.Account.Fields.Name, 1, 2)'"
        (tmp_path / "a.yaml").write_text(f"objects: {{Account: {{fields: {{X__c: {{{formula}}}}}}}}}")

        code, output, _ = run("import", tmp_path / "a.yaml")
        assert code == 0
        assert "accepted, not evaluated: Account.X__c: " in output

    def test_keeps_an_archive_as_yaml_that_gives_the_same_schema(self, tmp_path: Path):
        archive = write_archive(tmp_path / "org.zip", project(30))

        code, output, _ = run("import", archive, "--to", tmp_path / "org.yaml")

        assert (code, output.splitlines()[-1]) == (0, f"written to {tmp_path / 'org.yaml'}")
        kept, read = load_schema([tmp_path / "org.yaml"]), load_schema([archive])
        assert [each.fields for each in kept] == [each.fields for each in read]

    def test_ends_with_the_file_and_element_of_a_slip(self, tmp_path: Path):
        path = "objects/Account/fields/X__c.field-meta.xml"
        folder = write_folder(tmp_path, {path: field("X__c", "<type>Txet</type>")})

        assert run("import", folder) == (
            2,
            "",
            f"mocksf: {path}: CustomField.type: no such value 'Txet'; did you mean 'Text'?\n",
        )

    def test_writes_over_nothing_unless_told_to(self, tmp_path: Path):
        (tmp_path / "org.yaml").write_text("mine")

        assert run("import", "sample", "--to", tmp_path / "org.yaml")[0] == 2
        assert (tmp_path / "org.yaml").read_text() == "mine"
        assert run("import", "sample", "--to", tmp_path / "org.yaml", "--force")[0] == 0


class TestExport:
    def test_writes_a_project_that_can_be_imported(self, tmp_path: Path):
        assert run("export", "sample", "--to", tmp_path / "p", "--as", "sfdx")[0] == 0

        code, output, _ = run("import", tmp_path / "p")
        assert (code, "Call_Outcome__c (a00): 4 custom fields" in output) == (0, True)

    def test_writes_the_describes_of_all_objects(self, tmp_path: Path):
        assert run("export", "sample", "--to", tmp_path / "d", "--as", "describe")[0] == 0

        lead = json.loads((tmp_path / "d" / "LeadStatus.json").read_text())
        assert lead == describe_sobject(default_schema(), default_schema()["LeadStatus"], "66.0")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("smaple",), "smaple: no such file; a schema source is a file, a folder, or the word 'sample'"),
            (("sample", "--as", "xml"), "--as xml: it is one of yaml, sfdx, describe"),
        ],
    )
    def test_ends_with_a_sentence_about_a_slip(self, tmp_path: Path, arguments: tuple[str, ...], sentence: str):
        assert run("export", *arguments, "--to", tmp_path / "x") == (2, "", f"mocksf: {sentence}\n")
