"""Verdict: what was held against which org, and all that was found."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from connector.config.places import Place, Places
from connector.validate import Finding, Severity, is_good

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Verdict:
    """One validation. `text` is the configuration's own text, for the lines of the findings."""

    file: str
    org: str
    findings: tuple[Finding, ...]
    text: str = field(default="", repr=False)
    intents: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return is_good(self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Severity → how many findings have it."""
        counted = Counter(each.severity for each in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)

    def place(self, finding: Finding) -> Place:
        """Line and column of a finding in the configuration."""
        return self._places.of(finding.path)
