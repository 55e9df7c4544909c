"""What published clients were seen to do, as `make clients` wrote it down in docs/clients.json."""

import json
from collections.abc import Iterator
from pathlib import Path

SEEN = Path(__file__).resolve().parent / "clients.json"
NOT_TRIED = "–"


def client_lines() -> Iterator[str]:
    """One row per operation, one column per client."""
    seen = json.loads(SEEN.read_text(encoding="utf-8"))
    names = list(seen["versions"])
    yield "| operation | " + " | ".join(f"{name} {seen['versions'][name]}" for name in names) + " |"
    yield "| --- |" + " --- |" * len(names)
    for operation, by_client in seen["operations"].items():
        yield f"| {operation} | " + " | ".join(by_client.get(name, NOT_TRIED) for name in names) + " |"
