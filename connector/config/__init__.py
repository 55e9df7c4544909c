"""The connector's configuration: what it may say, how it is read, and what it means once defaults are settled."""

from connector.config.delivery import DeliveryConfig
from connector.config.fields import FieldConfig, RecordConfig
from connector.config.mapping import FieldMapping, field_mappings
from connector.config.model import ConnectorConfig
from connector.config.org import LoginConfig, OrgConfig, RegionConfig
from connector.config.problems import ConfigError, Problem
from connector.config.reading import load_config, parse_config
from connector.config.records import RecordShape, shape_of, written_objects
from connector.config.schema import json_schema
from connector.config.secret import Secret, SecretMissing

__all__ = [
    "ConfigError",
    "ConnectorConfig",
    "DeliveryConfig",
    "FieldConfig",
    "FieldMapping",
    "LoginConfig",
    "OrgConfig",
    "Problem",
    "RecordConfig",
    "RecordShape",
    "RegionConfig",
    "Secret",
    "SecretMissing",
    "field_mappings",
    "json_schema",
    "load_config",
    "parse_config",
    "shape_of",
    "written_objects",
]
