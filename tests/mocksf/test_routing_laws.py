"""The router remembers where paths lead; what it remembers is what it would find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.rest import ROUTER
from mocksf.rest.routing import Router
from mocksf.rest.session import Call

WORDS = (
    "sobjects",
    "Account",
    "account",
    "describe",
    "describ%65",
    "Id",
    "001",
    "a b",
    "%2F",
    "%",
    "",
    "query",
    "Key__c",
)
PATHS = st.builds(
    lambda version, segments, end: f"/services/data/{version}/{'/'.join(segments)}{end}",
    st.sampled_from(["v66.0", "V66.0", "v31.0", "v99.0"]),
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.sampled_from(["", "/"]),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PATCH", "DELETE"])


def found(router: Router, method: str, path: str) -> object:
    call = Call(method, path, {})
    try:
        route, values = router.find(call)
    except Refusal as refusal:
        return refusal.code, refusal.message
    return route, values, call.version, call.segments


@given(asked=st.lists(st.tuples(METHODS, PATHS), min_size=2, max_size=20))
@settings(max_examples=300)
def test_what_was_asked_before_changes_no_answer(asked: list[tuple[str, str]]):
    used = Router(ROUTER.routes)

    for method, path in asked:
        assert found(used, method, path) == found(Router(ROUTER.routes), method, path)
