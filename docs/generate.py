"""Write the generated tables of docs/ in place, or, with --check, say which of them are stale."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import tables

DOCS = Path(__file__).resolve().parent
PAGES = (*sorted(DOCS.glob("*.md")), DOCS.parent / "README.md")
MARKED = re.compile(r"(<!-- table: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A generated stretch of a page; whatever stands between the two marks is written anew."""


def main() -> None:
    """Bring every marked stretch up to date; exit 1 when --check finds one that is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")
    check = parser.parse_args().check
    stale = [page for page in PAGES if _renew(page, check)]
    for page in stale:
        sys.stdout.write(f"{page.relative_to(DOCS.parent)} {'is stale; run: make docs' if check else 'renewed'}\n")
    sys.exit(1 if stale and check else 0)


def _renew(page: Path, check: bool) -> bool:
    """Whether the page was (or would be) changed."""
    old = page.read_text(encoding="utf-8")
    new = renewed(old, tables.TABLES)
    if new != old and not check:
        page.write_text(new, encoding="utf-8")
    return new != old


def renewed(text: str, known: dict[str, Callable[[], Iterable[str]]]) -> str:
    """The page with each marked stretch written anew. Raises KeyError for a table that nobody knows how to make."""

    def fill(match: re.Match[str]) -> str:
        return match[1] + "\n".join(known[match["name"]]()) + "\n" + match[3]

    return MARKED.sub(fill, text)


if __name__ == "__main__":
    main()
