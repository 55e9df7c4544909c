"""`connector init`: a first configuration, from the sample or from an org with questions."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from connector.__main__ import app
from connector.config import load_config
from connector.validate import is_good, validate
from tests.connector.describes import sample_org
from tests.connector.test_cli_validate import GOOD, USAGE, folder, run

__all__ = ["folder"]


def test_what_is_asked_of_the_sample_org_is_a_good_configuration(tmp_path: Path, folder: Path):
    result = run("init", tmp_path / "map.yaml", "--org", folder, "--yes")

    config = load_config(tmp_path / "map.yaml")
    assert result.exit_code == GOOD, result.output
    assert config.fields["demo_requested_at"].target == "Opportunity.Demo_Requested_At__c"
    errors = [each for each in validate(config, sample_org()) if each.severity == "error"]
    assert [each for each in errors if each.path.startswith("$.fields")] == []


def test_objects_are_asked_for_and_a_no_leaves_them_out(tmp_path: Path, folder: Path):
    # Account, Contact, Lead, Opportunity, then three custom objects; then the region.
    said = "n\ny\nn\ny\nn\nn\nn\neu\n\n"

    result = CliRunner().invoke(app, ["init", str(tmp_path / "map.yaml"), "--org", str(folder)], input=said)

    assert result.exit_code == GOOD, result.output
    config = load_config(tmp_path / "map.yaml")
    assert (config.org.region.agents, config.org.region.instance) == ("eu", "EU2")
    assert len({each.sobject for each in config.fields.values()}) == 2
    assert is_good(validate(config, sample_org()))


def test_a_region_that_is_none_is_asked_for_again(tmp_path: Path, folder: Path):
    said = "y\n" * 6 + "mars\nus\nMOON1\nNA130\n"

    result = CliRunner().invoke(app, ["init", str(tmp_path / "map.yaml"), "--org", str(folder)], input=said)

    assert result.exit_code == GOOD, result.output
    assert result.output.count("voice agents run") == 2
    assert result.output.count("instance (Setup") == 2


def test_an_existing_file_is_left_alone(tmp_path: Path, folder: Path):
    (tmp_path / "map.yaml").write_text("mine")

    result = run("init", tmp_path / "map.yaml", "--org", folder, "--yes")

    assert (result.exit_code, (tmp_path / "map.yaml").read_text()) == (USAGE, "mine")


@pytest.mark.parametrize("place", ["/nowhere", "http://127.0.0.1:9"])
def test_an_org_that_cannot_be_asked_writes_nothing(tmp_path: Path, place: str):
    result = run("init", tmp_path / "map.yaml", "--org", place, "--yes", CONNECTOR_TOKEN="t")

    assert (result.exit_code, (tmp_path / "map.yaml").exists()) == (USAGE, False)
