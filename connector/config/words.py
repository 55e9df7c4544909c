"""The words a configuration may use: hints, directions, lanes and the like, each a closed list."""

from typing import Literal

Hint = Literal[
    "text",
    "picklist",
    "multipicklist",
    "checkbox",
    "integer",
    "number",
    "currency",
    "percent",
    "date",
    "datetime",
    "time",
    "phone",
    "email",
    "url",
    "reference",
]
"""What kind of value an intent carries, in the words of Salesforce's field types."""

Direction = Literal["to_salesforce", "from_salesforce", "both"]
UpdateMode = Literal["overwrite", "only_if_empty"]
Lane = Literal["critical", "async"]
Overflow = Literal["truncate", "reject"]
Agents = Literal["us", "eu"]
ScopeProfile = Literal["standard", "extended", "privileged"]
Grant = Literal["client_credentials", "password", "jwt_bearer", "refresh_token"]
Transform = Literal[
    "none",
    "trim",
    "lower",
    "upper",
    "title",
    "digits",
    "e164",
    "integer",
    "number",
    "yes_no",
    "iso_date",
    "iso_datetime",
]
"""What is done to a value before it is written; the functions are in connector/transforms.py."""
