"""What Locust runs: ``locust -f loadtests/locustfile.py --host URL-OF-THE-CONNECTOR``, with its UI, or headless.

LOADTESTS_PROFILE chooses a row of profiles.py, LOADTESTS_TOKEN is sent as the bearer token, LOADTESTS_INTO is the
folder that receives the histograms and what callers were told. ``python -m loadtests run`` sets all of them.
"""

from loadtests.users import Caller

__all__ = ["Caller"]
