"""Divergence: the same requests asked of a mock and of another org, and where their answers part."""

from mocksf.divergence.compare import Divergence, compare
from mocksf.divergence.exchanges import Heard, Recorded, Unreadable, recorded
from mocksf.divergence.replay import Outcome, Replay

__all__ = ["Divergence", "Heard", "Outcome", "Recorded", "Replay", "Unreadable", "compare", "recorded"]
