"""SARIF 2.1.0 (OASIS), which code hosts and editors show beside the line."""

import json
from importlib.metadata import version
from typing import Any

from connector.cli.formats.verdict import Verdict
from connector.validate import Code, Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def written(verdict: Verdict) -> str:
    """One run with every rule of the validator and one result per finding."""
    driver = {
        "name": "connector validate",
        "version": version("mocksf"),
        "rules": [_rule(code) for code in Code],
    }
    run = {
        "tool": {"driver": driver},
        "artifacts": [{"location": {"uri": verdict.file}}],
        "results": [_result(verdict, each) for each in verdict.findings],
        "properties": {"org": verdict.org},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: Code) -> dict[str, Any]:
    row = code.value
    prevents = f"At run time Salesforce would answer {row.prevents}." if row.prevents else "It is a matter of the file."
    return {
        "id": code.name,
        "shortDescription": {"text": row.meaning},
        "help": {"text": prevents},
        "defaultConfiguration": {"level": LEVELS[row.severity]},
    }


def _result(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    meant = f"; did you mean {finding.nearest}?" if finding.nearest else ""
    place = verdict.place(finding)
    physical = {
        "artifactLocation": {"uri": verdict.file, "index": 0},
        "region": {"startLine": place.line, "startColumn": place.column},
    }
    return {
        "ruleId": finding.code.name,
        "ruleIndex": list(Code).index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.sentence}{meant}"},
        "locations": [{"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": finding.path}]}],
    }
