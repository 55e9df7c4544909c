"""Laws about the org beside the connector: parts that stand alone, and a map that was found good and is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.evidence import met_itself, refusals, said_no
from scenarios.trace import Exchange, Import
from scenarios.witness import Witness

SCHEMA_ERRORS = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_TYPE",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "JSON_PARSER_ERROR",
        "REQUIRED_FIELD_MISSING",
        "STRING_TOO_LONG",
    }
)
"""What a map that fits its org never earns."""


def a_part_stands_or_falls_alone(seen: Witness) -> Iterator[str]:
    """Where not all or none was asked for, a part takes effect or not by itself; who refers to a failed one says so."""
    names = {row["Name"] for row in seen.soql("SELECT Name FROM Campaign")} if seen.imports else set()
    for each in seen.imports:
        yield from _misjudged(each, names)


def _misjudged(batch: Import, names: set[str]) -> Iterator[str]:
    answers = {answer["referenceId"]: answer for answer in batch.answers}
    for part in batch.parts:
        answer, name = answers[part["referenceId"]], part["body"]["Name"]
        there, good = name in names, answer["httpStatusCode"] < 300
        if there != good:
            yield f"{name} was answered {answer['httpStatusCode']} and is {'there' if there else 'not there'}"
        leans_on = _reference(part)
        if leans_on and answers[leans_on]["httpStatusCode"] >= 300 and not _says_so(answer, leans_on):
            yield f"{name} refers to {leans_on}, which failed, and does not say so"


def _reference(part: Mapping[str, Any]) -> str | None:
    text = next((str(value) for value in part["body"].values() if str(value).startswith("@{")), None)
    return text[2:].partition(".")[0] if text else None


def _says_so(answer: Mapping[str, Any], reference: str) -> bool:
    return any(code == "PROCESSING_HALTED" and reference in said for code, said in refusals(answer["body"]))


def a_valid_map_meets_no_schema_error(seen: Witness) -> Iterator[str]:
    """What the validator found good never fails at run time for a reason that the schema could have told.

    A map that was found good on another schema than the org has by now promises nothing.
    """
    if not seen.map_is_valid:
        return
    for exchange in seen.exchanges:
        if exchange.lane not in ("critical", "async") or exchange.method == "GET":
            continue
        if _redefined(seen, exchange):
            continue
        for code, said in said_no(exchange):
            gone = code == "REQUIRED_FIELD_MISSING" and seen.deletions  # an update of what was there meets nothing
            if code in SCHEMA_ERRORS - seen.injected and not gone and not met_itself(seen, exchange, said):
                yield f"{exchange.delivery} earned {code} under a map that was found good: {said}"


def _redefined(seen: Witness, exchange: Exchange) -> bool:
    """Whether a deploy had changed an object of this request before it was answered."""
    sent = json.dumps(exchange.body, default=str) if seen.deploys else ""
    return any(
        each.at <= (exchange.done or each.at) and any(f"/sobjects/{name}/" in sent for name in each.sobjects)
        for each in seen.deploys
    )
