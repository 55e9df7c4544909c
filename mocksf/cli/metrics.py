"""`mocksf metrics`: the counters of a running server, as Prometheus reads them."""

from mocksf.cli.options import AdminToken, Ca, Url
from mocksf.cli.saying import ask_text


def metrics(url: Url, admin_token: AdminToken = None, ca: Ca = None) -> None:
    """Requests by route and status, faults by kind, durations, clocks, limits and records of every org."""
    print(ask_text(url, "/metrics", admin_token=admin_token, ca=ca), end="")
