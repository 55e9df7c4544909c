"""Asking an org from the command line: its describe from a folder or an address."""

from collections.abc import Mapping
from pathlib import Path
from weakref import finalize

from connector.config import ConnectorConfig
from connector.describe import DescribeError, HttpDescribe, OrgDescribe, folder_describe
from connector.live.asking import client_of
from connector.project import is_project, project_describe


def org_describe(place: str, config: ConnectorConfig, environ: Mapping[str, str], ca: Path | None) -> OrgDescribe:
    """The org at an address or in a folder of describes. Raises DescribeError with a sentence for the reader."""
    if not place.startswith(("http://", "https://")):
        if not Path(place).is_dir():
            sentence = (
                f"{place} is neither an address (https://…) nor a folder of describe JSON files or of a Salesforce"
                " project"
            )
            raise DescribeError(sentence)
        return project_describe(place) if is_project(place) else folder_describe(place)
    client = client_of(place, config, environ, ca)
    described = HttpDescribe(client, config.org.api_version)
    finalize(described, client.close)  # it is asked until nobody holds it any more
    return described
