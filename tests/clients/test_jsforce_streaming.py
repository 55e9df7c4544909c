"""jsforce's streaming as published (Faye underneath) against `mocksf serve`: each step as its docs show."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.node_tools import told

pytestmark = pytest.mark.clients

EVENTS = """
objects:
  Call_Ended__e:
    fields:
      Call__c: {type: Text, length: 40}
"""


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    source: Path = tmp_path_factory.mktemp("schema") / "events.yaml"
    source.write_text(EVENTS)
    command = [sys.executable, "-m", "mocksf", "serve", "--schema", str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield told("streaming.mjs", json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def test_a_push_topic_is_heard(steps: dict[str, Any]):
    assert steps["topic"]["event"]["type"] == "created"
    assert steps["topic"]["sobject"]["Name"] == "Acme"


def test_changes_are_heard_with_their_header(steps: dict[str, Any]):
    payload = steps["change"]["payload"]

    assert payload["Name"] == "Beta"
    assert payload["ChangeEventHeader"]["changeType"] == "CREATE"
    assert payload["ChangeEventHeader"]["changeOrigin"] == "com/salesforce/api/rest/60.0;client=Astro"


def test_platform_events_are_heard(steps: dict[str, Any]):
    assert steps["event"]["payload"]["Call__c"] == "c1"
    assert steps["event"]["event"]["replayId"] == 1


def test_its_replay_extension_goes_on_behind_an_event(steps: dict[str, Any]):
    assert steps["replayed"]["payload"]["Name"] == "Gamma"
    assert steps["replayed"]["event"]["replayId"] > steps["change"]["event"]["replayId"]


def test_a_channel_that_is_not_there_is_its_error(steps: dict[str, Any]):
    assert "The channel you requested to subscribe to does not exist {/topic/Nothing}" in steps["unknown"]


def test_a_token_that_is_none_reaches_its_extension_for_that(steps: dict[str, Any]):
    assert steps["denied"]["ext"]["sfdc"] == {"failureReason": "401::Authentication invalid"}
