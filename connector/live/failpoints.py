"""Named points at which a test may have the process killed, as a power cut would: nothing is cleaned up."""

import os
import signal
from collections.abc import Mapping

VARIABLE = "CONNECTOR_FAILPOINT"
NAMES = frozenset({"before_group", "after_group", "before_send", "after_answer"})
"""In this order in the life of an attempt: appended but not on disk; on disk; about to send; answered but not noted."""


class Failpoint:
    """Kills the process when the point is reached for the `after`-th time. Without a name it does nothing."""

    def __init__(self, name: str | None = None, after: int = 1) -> None:
        self.name = name
        self.left = after

    def __call__(self, point: str) -> None:
        """Say that a point is reached."""
        if point != self.name:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def failpoint_from(environ: Mapping[str, str]) -> Failpoint:
    """From CONNECTOR_FAILPOINT=name or name:n. Raises ValueError for an unknown name."""
    text = environ.get(VARIABLE, "")
    if not text:
        return Failpoint()
    name, _, after = text.partition(":")
    if name not in NAMES or not (after or "1").isdigit():
        sentence = f"{VARIABLE}={text} names no failpoint; there are {', '.join(sorted(NAMES))}, as name or name:n"
        raise ValueError(sentence)
    return Failpoint(name, int(after or "1"))
