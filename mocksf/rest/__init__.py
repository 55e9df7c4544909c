"""The REST surface: one module per documented resource, and one router over all of them."""

from mocksf.rest import (
    actions,
    apex,
    batch,
    bulk_classic,
    bulk_ingest,
    bulk_reading,
    chatter,
    collections,
    cometd,
    composite,
    describe,
    desktop,
    feeds,
    graph,
    identity,
    layouts,
    limits,
    metadata_routes,
    oauth,
    oauth_device,
    oauth_web,
    openid,
    process,
    query,
    quick_actions,
    recent,
    replication,
    search,
    soap,
    soap_apex,
    sobjects,
    tooling,
    traversal,
    tree,
    ui_objects,
    ui_records,
    versions,
)
from mocksf.rest.routing import Router

ROUTER = Router(
    versions.ROUTES
    + limits.ROUTES
    + describe.ROUTES
    + layouts.ROUTES
    + sobjects.ROUTES
    + traversal.ROUTES
    + quick_actions.ROUTES
    + actions.ROUTES
    + apex.ROUTES
    + replication.ROUTES
    + recent.ROUTES
    + query.ROUTES
    + search.ROUTES
    + composite.ROUTES
    + collections.ROUTES
    + cometd.ROUTES
    + tree.ROUTES
    + batch.ROUTES
    + graph.ROUTES
    + chatter.ROUTES
    + feeds.ROUTES
    + process.ROUTES
    + desktop.ROUTES
    + ui_records.ROUTES
    + ui_objects.ROUTES
    + oauth.ROUTES
    + oauth_web.ROUTES
    + oauth_device.ROUTES
    + openid.ROUTES
    + identity.ROUTES
    + soap.ROUTES
    + soap_apex.ROUTES
    + metadata_routes.ROUTES
    + tooling.ROUTES
    + bulk_ingest.ROUTES
    + bulk_reading.ROUTES
    + bulk_classic.ROUTES
)
"""Every resource that an org answers."""
