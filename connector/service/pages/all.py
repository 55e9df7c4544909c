"""Every page, in one expression."""

from fastapi import APIRouter

from connector.service.pages import audit, calls, deploy, fieldmap, gate, letters, settings
from connector.service.pages.office import Office


def pages(office: Office) -> tuple[APIRouter, ...]:
    """The pages of one org."""
    return (
        gate.routes(office.visits),
        calls.routes(office),
        letters.routes(office),
        fieldmap.routes(office),
        settings.routes(office),
        deploy.routes(office),
        audit.routes(office),
    )
