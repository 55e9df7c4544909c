"""JSON for a machine."""

import json

from connector.cli.formats.verdict import Verdict


def written(verdict: Verdict) -> str:
    """The verdict as JSON: `good`, `counts` by severity, and `findings` with code, path, line and sentence."""
    data = {
        "file": verdict.file,
        "org": verdict.org,
        "good": verdict.good,
        "counts": verdict.counts,
        "findings": [{**each.as_json(), "line": verdict.place(each).line} for each in verdict.findings],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)
