"""Limits: what the org may use up, and how many records it holds."""

from typing import Any

from mocksf.messages import Response
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.tables import table

FIGURES: dict[str, int] = {
    "ActiveScratchOrgs": 3,
    "AnalyticsExternalDataSizeMB": 40_960,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentEinsteinDataInsightsStoryCreation": 5,
    "ConcurrentEinsteinDiscoveryStoryCreation": 2,
    "ConcurrentSyncReportRuns": 20,
    "DailyAnalyticsDataflowJobExecutions": 60,
    "DailyAnalyticsUploadedFilesSizeMB": 51_200,
    "DailyApiRequests": 15_000,
    "DailyAsyncApexExecutions": 250_000,
    "DailyAsyncApexTests": 500,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 10_000,
    "DailyDurableGenericStreamingApiEvents": 10_000,
    "DailyDurableStreamingApiEvents": 10_000,
    "DailyEinsteinDataInsightsStoryCreation": 1000,
    "DailyEinsteinDiscoveryPredictAPICalls": 50_000,
    "DailyEinsteinDiscoveryPredictionsByCDC": 5_000_000,
    "DailyEinsteinDiscoveryStoryCreation": 100,
    "DailyFunctionsApiCallLimit": 235_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyScratchOrgs": 6,
    "DailyStandardVolumePlatformEvents": 10_000,
    "DailyStreamingApiEvents": 10_000,
    "DailyWorkflowEmails": 100_000,
    "DataStorageMB": 1024,
    "DurableStreamingApiConcurrentClients": 20,
    "FileStorageMB": 1024,
    "HourlyAsyncReportRuns": 1200,
    "HourlyDashboardRefreshes": 200,
    "HourlyDashboardResults": 5000,
    "HourlyDashboardStatuses": 999_999_999,
    "HourlyLongTermIdMapping": 100_000,
    "HourlyManagedContentPublicRequests": 50_000,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1000,
    "HourlyShortTermIdMapping": 100_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1000,
    "MassEmail": 5000,
    "MonthlyEinsteinDiscoveryStoryCreation": 500,
    "Package2VersionCreates": 6,
    "Package2VersionCreatesWithoutValidation": 500,
    "PermissionSets": 1500,
    "PlatformEventTriggersWithParallelProcessing": 5,
    "PrivateConnectOutboundCalloutHourlyLimitMB": 0,
    "SingleEmail": 5000,
    "StreamingApiConcurrentClients": 20,
}
"""The figures of a developer org (documented: REST guide, limits); the daily calls are the org's own."""
_RENAMED_SINCE = 49.0
"""Until v48.0 the bulk limit was called DailyBulkApiRequests."""


def limits(session: Session, call: Call) -> Response:
    """All limits in alphabetical order."""
    body: dict[str, Any] = {name: {"Max": most, "Remaining": most} for name, most in FIGURES.items()}
    body["PermissionSets"]["CreateCustom"] = {"Max": 1000, "Remaining": 1000}
    allowance = session.org.allowance
    remaining = allowance.maximum - allowance.used(session.now)
    body["DailyApiRequests"] = {"Max": allowance.maximum, "Remaining": remaining}
    batches = FIGURES["DailyBulkApiBatches"]
    body["DailyBulkApiBatches"] = {"Max": batches, "Remaining": batches - session.org.jobs.spent(session.now)}
    listeners, clients = session.org.settings.streaming_clients, session.org.streaming.listeners.count(session.now)
    body["DurableStreamingApiConcurrentClients"] = {"Max": listeners, "Remaining": listeners - clients}
    if float(call.version) < _RENAMED_SINCE:
        body["DailyBulkApiRequests"] = body.pop("DailyBulkApiBatches")
        body = dict(sorted(body.items()))
    return Response(200, body)


def record_count(session: Session, call: Call) -> Response:
    """How many records of each object there are; objects without any are left out (recorded)."""
    wanted = [name.strip().lower() for name in call.query.get("sObjects", "").split(",") if name.strip()]
    counts = []
    for kind in session.org.schema:
        if wanted and kind.name.lower() not in wanted:
            continue
        alive = 'WHERE "IsDeleted" = 0' if kind.get("IsDeleted") else ""
        (count,) = session.org.store.rows(f"SELECT count(*) FROM {table(kind)} {alive}")[0]
        if count:
            counts.append({"count": count, "name": kind.name})
    return Response(200, {"sObjects": counts})


ROUTES = (
    Route("GET", "/limits", limits),
    Route("GET", "/limits/recordCount", record_count),
)
