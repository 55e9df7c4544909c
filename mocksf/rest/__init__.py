"""The REST surface: one module per documented resource, and one router over all of them."""

from mocksf.rest import (
    actions,
    apex,
    describe,
    desktop,
    layouts,
    limits,
    process,
    query,
    quick_actions,
    recent,
    replication,
    search,
    sobjects,
    tooling,
    traversal,
    versions,
)
from mocksf.rest.bulk import classic as bulk_classic
from mocksf.rest.bulk import ingest as bulk_ingest
from mocksf.rest.bulk import reading as bulk_reading
from mocksf.rest.composite import batch, collections, composite, graph, tree
from mocksf.rest.feeds import chatter, feeds
from mocksf.rest.metadata import routes as metadata_routes
from mocksf.rest.oauth import device as oauth_device
from mocksf.rest.oauth import identity, openid
from mocksf.rest.oauth import token as oauth
from mocksf.rest.oauth import web as oauth_web
from mocksf.rest.routing import Router
from mocksf.rest.soap import apex as soap_apex
from mocksf.rest.soap import partner as soap
from mocksf.rest.streaming import cometd
from mocksf.rest.ui import objects as ui_objects
from mocksf.rest.ui import records as ui_records

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
