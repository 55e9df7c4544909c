"""The forms in which findings are told: one file each, a row in FORMATS, and the command knows it."""

from collections.abc import Callable, Mapping

from connector.cli.formats import junit, plain, sarif, table
from connector.cli.formats.verdict import Verdict

__all__ = ["FORMATS", "Verdict"]

FORMATS: Mapping[str, Callable[[Verdict], str]] = {
    "table": table.written,
    "json": plain.written,
    "sarif": sarif.written,
    "junit": junit.written,
}
"""What `--format` may say."""
