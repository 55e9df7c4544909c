"""Puts the verdict's page together."""

from scenarios.verify import Verdict


def render(verdict: Verdict) -> str:
    """The page."""
    return str(verdict)
