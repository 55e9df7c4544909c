"""Whether a value read from the org is the one that was written, however the org spells it."""

import re
from datetime import datetime

from connector.messages import Json

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def alike(written: Json, read: Json) -> bool:
    """Equal, or the same instant, number, or text but for spaces at its ends; nothing written is nothing read."""
    if isinstance(written, bool) or isinstance(read, bool):
        return written is read
    if isinstance(written, int | float) and isinstance(read, int | float):
        return float(written) == float(read)
    if isinstance(written, str) and isinstance(read, str):
        return _text(written) == _text(read)
    return (written or None) == (read or None)


def _text(value: str) -> str | datetime:
    if _INSTANT.match(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    return value.strip()
