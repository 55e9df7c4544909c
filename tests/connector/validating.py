"""A small field map held against the sample org with one thing changed: the vocabulary of the validation tests."""

from typing import Any

from connector.config import parse_config
from connector.validate import Code, Finding, validate
from tests.connector.describes import Changes, sample_org

US = {"region": {"agents": "us", "instance": "NA130"}}
TEXT = {"type": "string", "length": 80, "createable": True, "updateable": True}


def findings(fields: dict[str, Any], changes: Changes | None = None, **sections: Any) -> tuple[Finding, ...]:
    """All that is said about a map, agents pinned in the US unless a section says otherwise."""
    config = parse_config({"org": US, "fields": fields, **sections})
    return validate(config, sample_org(changes))


def one(code: Code, *arguments: Any, **sections: Any) -> Finding:
    """The only finding of this kind."""
    found = [each for each in findings(*arguments, **sections) if each.code is code]
    assert len(found) == 1, found
    return found[0]
