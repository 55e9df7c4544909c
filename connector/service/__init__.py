"""The connector's HTTP service: calls, lookup, dead letters, audit, metrics and health (design §8.8), with OpenAPI."""

from connector.service.access import Access, Keys, KeysProblem, Role
from connector.service.app import service

__all__ = ["Access", "Keys", "KeysProblem", "Role", "service"]
