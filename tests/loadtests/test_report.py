"""The page and the command line of a load run."""

import re

import pytest

from loadtests.__main__ import main
from loadtests.evidence import Course, Evidence, Step
from loadtests.profiles import profile
from loadtests.recorder import Recorder
from loadtests.report import latency_figure, page, waits_figure
from loadtests.verdict import Verdict

COURSE = Course("call-1/1", (Step("accepted", 0.0), Step("failed", 1.0), Step("trying", 1.2), Step("committed", 1.3)))
EVIDENCE = Evidence(courses={"call-1/1": COURSE}, schedule=(0.2, 1.0))


@pytest.fixture
def recorder() -> Recorder:
    recorder = Recorder()
    recorder.record("intents", 12.0)
    return recorder


def test_the_page_names_every_verdict_and_needs_nothing_from_outside(recorder: Recorder):
    verdicts = [Verdict("mapping", True, "12 of 12"), Verdict("nothing_lost", False, "<call-1> is pending")]

    text = page(profile("short"), verdicts, recorder, EVIDENCE)

    assert "A claim fell short." in text
    assert "&lt;call-1&gt; is pending" in text
    assert text.count("data:image/png;base64,") == 2
    assert not re.search(r"(?:src|href)=\"?https?:", text)


def test_the_picture_of_waits_shows_what_was_due_and_what_was_seen():
    due, seen = waits_figure(EVIDENCE).axes[0].collections

    assert [tuple(point) for point in due.get_offsets()] == [(1.0, 0.2), (2.0, 1.0)]
    assert [tuple(point) for point in seen.get_offsets()] == [(1.0, pytest.approx(0.2))]


def test_the_picture_of_latencies_has_a_line_per_request_and_the_budget(recorder: Recorder):
    labels = [line.get_label() for line in latency_figure(recorder, profile("short")).axes[0].lines]

    assert labels == ["intents", "200 ms"]


def test_the_command_lists_its_profiles(capsys: pytest.CaptureFixture[str]):
    main(["list"])

    assert "short   Thirty seconds of callers" in capsys.readouterr().out


def test_a_misspelt_profile_is_wrong_usage(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["run", "--profile", "shrot"])

    assert ended.value.code == 2
    assert "did you mean 'short'" in capsys.readouterr().err
