"""The nearest right name for a name that is wrong."""

from collections.abc import Iterable
from difflib import SequenceMatcher

GOOD_ENOUGH = 0.6
"""Below this likeness a suggestion confuses more than it helps (difflib's own cutoff)."""


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The most alike of the right names, without regard to case, or None where nothing is alike."""
    best, likeness = None, GOOD_ENOUGH
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wrong.casefold())
    for name in sorted(right):
        matcher.set_seq1(name.casefold())
        if matcher.real_quick_ratio() > likeness and matcher.ratio() > likeness:
            best, likeness = name, matcher.ratio()
    return best
