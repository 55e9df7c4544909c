"""Who rehearses: a configuration settled beside the mock that it is rehearsed on, with its login and without Slack."""

import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace

from connector.config import ConnectorConfig, SecretMissing, written_objects
from connector.describe import HttpDescribe, KnownDescribe
from connector.live.asking import client_of
from connector.live.http import HttpTransport
from connector.login import Credentials, credentials_of
from connector.rehearsal.play import Company
from connector.rehearsal.stage import StageProblem
from connector.settle import settle
from connector.validate import is_good, validate

TIMEOUT_S = 120.0
"""How long the mock's control plane may take over one thing."""


def company_of(config: ConnectorConfig, place: str, environ: Mapping[str, str], trust: ssl.SSLContext) -> Company:
    """The configuration beside the mock that it is rehearsed on.

    Raises DescribeError, SecretMissing; StageProblem where the map does not fit the org.
    """
    if not place.startswith(("http://", "https://")):
        sentence = f"{place} is no address; a rehearsal needs one that answers: mocksf serve --schema {place}"
        raise StageProblem(sentence)
    with closing(client_of(place, config, environ, trust)) as client:
        described = HttpDescribe(client, config.org.api_version)
        findings = validate(config, described)
        if not is_good(findings):
            first = next(each for each in findings if each.severity == "error")
            sentence = f"the map does not fit the org ({first.path}: {first.sentence}); connector validate says all"
            raise StageProblem(sentence)
        known = KnownDescribe([each for name in written_objects(config) if (each := described.get(name))])
    credentials = _credentials(config, environ)
    return Company(settle(config, known), credentials, known, lambda: HttpTransport(place, trust))


def _credentials(config: ConnectorConfig, environ: Mapping[str, str]) -> Credentials:
    """Without the webhook's secret, which is not needed; the login's only where no token is given."""
    delivery = config.delivery.model_copy(update={"slack_webhook": None})
    silent = config.model_copy(update={"delivery": delivery})
    try:
        return credentials_of(silent, environ)
    except SecretMissing:
        token = environ.get("CONNECTOR_TOKEN", "")
        if not token:
            raise
        return replace(Credentials(), token=token)
