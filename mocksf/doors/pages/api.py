"""The control plane's operations, read off its own OpenAPI document: what other places load from another host."""

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from mocksf.doors.control.asking import Chosen, Row
from mocksf.doors.pages.frame import UI, page


async def api(request: Request, tenant: Chosen) -> Response:
    """Lists every operation by section, with its parameters."""
    described: dict[str, Any] = request.app.openapi()
    sections: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            told = {"method": method.upper(), "path": path, "says": operation.get("description", "")}
            told["parameters"] = [one for one in operation.get("parameters", []) if one["name"] != "org"]
            told["body"] = _body(operation, described)
            sections.setdefault(operation["tags"][0], []).append(told)
    return page(request, tenant, "api", sections=sections, described=described["info"])


async def docs() -> Response:
    """Leads to the page of the operations."""
    return RedirectResponse(f"{UI}/api", 307)


def _body(operation: dict[str, Any], described: dict[str, Any]) -> list[str]:
    """The names of a body's keys, the needed ones marked."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = content.get("$ref", "").rpartition("/")[2]
    shape = described.get("components", {}).get("schemas", {}).get(name)
    if shape is None:
        return ["any JSON"] if content else []
    needed = shape.get("required", [])
    return [key if key in needed else f"{key}?" for key in shape.get("properties", {})]


ROWS = (Row("GET", "/ui/api", api), Row("GET", "/docs", docs))
