"""Who asks a query: the user's zone, locale and id, and the fiscal year of the org, looked up where they matter."""

from datetime import datetime

from mocksf.evidence import Evidence
from mocksf.functions import zone_named
from mocksf.rest.session import Premises, Session
from mocksf.soql import Asked, Moment
from mocksf.soql.locales import locale_named

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Date literals count days in the asking user's time zone, for dates and instants alike", Evidence.ASSUMED),
    (
        "Weeks begin as the user's locale says, fiscal years as the organization does",
        Evidence.DOCUMENTED,
    ),
)
"""What this room believes, for the fidelity ledger."""


def asked_by(session: Session) -> Asked:
    """The moment of a session's query; nothing is read before a query needs it."""
    return asked_of(session.org, session.now, session.user_id)


def asked_of(org: Premises, now: datetime, user_id: str) -> Asked:
    """The moment of a query that a user of an org asks at an instant."""

    def moment() -> Moment:
        everything = org.store.schema  # these are not hidden from the org, whatever is from the user
        user = org.store.fetch(everything["User"], user_id) or {}
        company = org.store.fetch(everything["Organization"], org.org_id) or {}
        locale = user.get("LocaleSidKey") or ""
        return Moment(
            now,
            zone_named(user.get("TimeZoneSidKey")),
            first_weekday=locale_named(locale).first_weekday,
            fiscal_month=company.get("FiscalYearStartMonth") or 1,
            fiscal_by_start=bool(company.get("UsesStartDateAsFiscalYearName")),
            user_id=user_id,
            locale=locale,
        )

    return moment
