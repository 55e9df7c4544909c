"""Rehearsals on a mock that runs: every failure once, and a deploy from its preconditions to going live."""
