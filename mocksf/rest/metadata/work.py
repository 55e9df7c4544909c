"""Deploys at work: begun by a call, saved by the org when their time has come, told whenever somebody asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mocksf.formula import FormulaError
from mocksf.metadata.archive import BadArchive, Package, read_package, unpacked
from mocksf.metadata.changing import Outcome, changed
from mocksf.metadata.jobs import MetadataDeploy, MetadataJobs, Options
from mocksf.moments import datetime_text, milliseconds
from mocksf.permissions import EditionError
from mocksf.rest.session import Premises
from mocksf.schema.names import SchemaError
from mocksf.schema.tooling import PREFIXES, component_id


def begin(jobs: MetadataJobs, user_id: str, now: datetime, content: bytes, options: Options) -> MetadataDeploy:
    """A new deploy of an archive; what is wrong with the archive itself is told when it is over."""
    try:
        package = read_package(unpacked(content))
    except BadArchive as error:
        wrong = Outcome("", "", "", problem=str(error), failed=True)
        package = Package(change=_NOTHING, kept={}, outcomes=(wrong,))
    return jobs.begin(user_id, now, options, package)


_NOTHING = read_package({}).change


def run_due(org: Premises, now: datetime) -> None:
    """Save every deploy whose time has come."""
    for deploy in org.metadata.due(now):
        _save(org, deploy)


def _save(org: Premises, deploy: MetadataDeploy) -> None:
    package, options = deploy.package, deploy.options
    after, outcomes = changed(org.schema, package.change)
    outcomes = [*package.outcomes, *outcomes]
    failed = any(each.failed for each in outcomes)
    some = any(not each.failed for each in outcomes)
    if failed and (options.rollback_on_error or not some):
        org.metadata.end(deploy, "Failed", tuple(outcomes))
        return
    if not options.check_only:
        try:
            org.change_schema(after)
        except (SchemaError, FormulaError, EditionError) as error:
            org.metadata.end(deploy, "Failed", tuple(outcomes), str(error))
            return
        org.metadata.keep(package.kept)
    org.metadata.end(deploy, "SucceededPartial" if failed else "Succeeded", tuple(outcomes))


# -- what is told ------------------------------------------------------------------------------------------------------


def deploy_result(org: Premises, deploy: MetadataDeploy, *, details: bool) -> dict[str, Any]:
    """A DeployResult in the order of the WSDL; what is null is not there."""
    failed = [each for each in deploy.outcomes if each.failed]
    done = [each for each in deploy.outcomes if not each.failed]
    over = deploy.is_over
    return {
        "checkOnly": deploy.options.check_only,
        "completedDate": _text(deploy.ends) if over else None,
        "createdBy": deploy.user_id[:15],
        "createdByName": "Admin User",
        "createdDate": _text(deploy.created),
        "details": _details(org, failed, done) if details else None,
        "done": over,
        "errorMessage": deploy.message or None,
        "errorStatusCode": "UNKNOWN_EXCEPTION" if deploy.message else None,
        "id": deploy.id,
        "ignoreWarnings": deploy.options.ignore_warnings,
        "lastModifiedDate": _text(deploy.ends if over else deploy.created),
        "numberComponentErrors": len(failed),
        "numberComponentsDeployed": len(done),
        "numberComponentsTotal": deploy.total,
        "numberTestErrors": 0,
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
        "rollbackOnError": deploy.options.rollback_on_error,
        "runTestsEnabled": deploy.options.run_tests,
        "startDate": _text(deploy.created),
        "status": deploy.status,
        "success": deploy.good,
    }


def _details(org: Premises, failed: Iterable[Outcome], done: Iterable[Outcome]) -> dict[str, Any]:
    return {
        "componentFailures": [_message(org, each) for each in failed],
        "componentSuccesses": [_message(org, each) for each in done],
        "runTestResult": {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0},
    }


def _message(org: Premises, outcome: Outcome) -> dict[str, Any]:
    """A DeployMessage in the order of the WSDL."""
    known = outcome.kind in PREFIXES and not outcome.failed
    return {
        "changed": outcome.changed,
        "columnNumber": 1 if outcome.failed else None,
        "componentType": outcome.kind,
        "created": outcome.created,
        "createdDate": _text(org.founded),
        "deleted": outcome.deleted,
        "fileName": outcome.file_name,
        "fullName": outcome.full_name,
        "id": component_id(outcome.kind, outcome.full_name) if known else None,
        "lineNumber": 1 if outcome.failed else None,
        "problem": outcome.problem or None,
        "problemType": ("Error" if outcome.failed else "Warning") if outcome.problem else None,
        "success": not outcome.failed,
    }


def _text(instant: datetime) -> str:
    return datetime_text(milliseconds(instant)).replace("+0000", "Z")
