"""JUnit XML, which CI servers draw as a test report: one case per intent, and one for the rest of the file."""

import re
from collections import defaultdict
from xml.etree import ElementTree

from connector.cli.formats.verdict import Verdict
from connector.validate import Finding

WHOLE = "the configuration as a whole"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, not even escaped (XML 1.0 §2.2)."""


def written(verdict: Verdict) -> str:
    """A suite whose cases are the intents; errors are failures, warnings and remarks are told in `system-out`."""
    by_case: dict[str, list[Finding]] = defaultdict(list)
    for each in verdict.findings:
        by_case[_case_of(each, verdict.intents)].append(each)
    cases = (*verdict.intents, WHOLE)
    failing = sum(any(each.severity == "error" for each in by_case[name]) for name in cases)
    suite = ElementTree.Element("testsuite", name=verdict.file, tests=str(len(cases)), failures=str(failing))
    for name in cases:
        _add_case(suite, verdict, name, by_case[name])
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _add_case(suite: ElementTree.Element, verdict: Verdict, name: str, findings: list[Finding]) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=verdict.file, name=name)
    for each in (each for each in findings if each.severity == "error"):
        failure = ElementTree.SubElement(case, "failure", type=each.code.name, message=_clean(each.sentence))
        failure.text = _told(verdict, each)
    rest = [each for each in findings if each.severity != "error"]
    if rest:
        ElementTree.SubElement(case, "system-out").text = "\n".join(_told(verdict, each) for each in rest)


def _told(verdict: Verdict, finding: Finding) -> str:
    meant = f"; did you mean {finding.nearest}?" if finding.nearest else ""
    prevents = f" (prevents {finding.prevents})" if finding.prevents else ""
    line = verdict.place(finding).line
    return _clean(f"{verdict.file}:{line} {finding.path} {finding.code.name}: {finding.sentence}{meant}{prevents}")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _case_of(finding: Finding, intents: tuple[str, ...]) -> str:
    """The intent whose place a path names; the longest name that fits, for names may hold dots."""
    inner = finding.path.removeprefix("$").removeprefix(".fields").removeprefix(".")
    named = (name for name in intents if inner == name or inner.startswith((f"{name}.", f"{name}[")))
    return max(named, key=len, default=WHOLE)
