"""Validation: a configuration beside an org's describe, so that a bad map fails here and not during a call."""

from connector.config import ConfigError, ConnectorConfig
from connector.describe import OrgDescribe
from connector.validate.fields import FIELD_CHECKS
from connector.validate.finding import Code, Finding, Severity
from connector.validate.records import RECORD_CHECKS
from connector.validate.view import View
from connector.validate.whole import WHOLE_CHECKS

__all__ = ["Code", "Finding", "Severity", "file_findings", "is_good", "validate"]

_GRAVITY: tuple[Severity, ...] = ("error", "warning", "info")


def validate(config: ConnectorConfig, org: OrgDescribe) -> tuple[Finding, ...]:
    """All that is to be said about a configuration, errors first. Raises DescribeError where the org is mute."""
    view = View(config, org)
    findings = [finding for check in WHOLE_CHECKS for finding in check(view)]
    findings += [finding for target in view.targets() for check in FIELD_CHECKS for finding in check(target)]
    findings += [finding for record in view.records() for check in RECORD_CHECKS for finding in check(record)]
    return tuple(sorted(findings, key=lambda each: _GRAVITY.index(each.severity)))


def file_findings(error: ConfigError) -> tuple[Finding, ...]:
    """What is wrong with a file that is no configuration at all, as findings."""
    return tuple(Code.CONFIG_UNREADABLE.at(each.path, each.reason, each.nearest) for each in error.problems)


def is_good(findings: tuple[Finding, ...]) -> bool:
    """Whether nothing would be refused at run time: there may be warnings, but no errors."""
    return all(each.severity != "error" for each in findings)
