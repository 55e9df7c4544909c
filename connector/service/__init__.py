"""The connector's HTTP service: calls, lookup, dead letters, audit, metrics and health (design §8.8), with OpenAPI."""

from connector.service.access import Access, Keys, KeysProblem, Role
from connector.service.app import service
from connector.service.orgs import OrgHere, services

__all__ = ["Access", "Keys", "KeysProblem", "OrgHere", "Role", "service", "services"]
