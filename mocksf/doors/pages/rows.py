"""Every page's address, in one tuple."""

from mocksf.doors.pages import api, clock, gate, home, journal, latency, objects, orgs, weather

ROWS = (
    *home.ROWS,
    *gate.ROWS,
    *orgs.ROWS,
    *objects.ROWS,
    *journal.ROWS,
    *weather.ROWS,
    *latency.ROWS,
    *clock.ROWS,
    *api.ROWS,
)
