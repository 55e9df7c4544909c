"""The narrowest scopes that a configuration needs."""

import pytest

from connector import scopes
from connector.config import parse_config

PLAIN = {"fields": {"a": "Lead.Status"}}
CHATTY = {"fields": {"a": "Lead.Status", "b": "FeedItem.Body"}}


def test_the_profiles_are_those_of_the_product():
    assert scopes.PROFILES["standard"] == ("api", "refresh_token", "offline_access")
    assert scopes.PROFILES["extended"] == (*scopes.PROFILES["standard"], "web", "full")
    assert scopes.PROFILES["privileged"] == (*scopes.PROFILES["extended"], "chatter_api")


@pytest.mark.parametrize(("data", "profile"), [(PLAIN, "standard"), (CHATTY, "privileged")])
def test_the_narrowest_profile_is_computed_from_the_map(data: dict[str, object], profile: str):
    assert scopes.narrowest(parse_config(data)) == profile


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [("api refresh_token", ("chatter_api",)), ("chatter_api api", ()), ("full", ()), ("", ("api", "chatter_api"))],
)
def test_a_token_with_too_few_scopes_is_seen_through(granted: str, lacking: tuple[str, ...]):
    assert scopes.lacking(parse_config(CHATTY), granted) == lacking
