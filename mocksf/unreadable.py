"""Values of the wrong JSON type, refused as the org's parser refuses them: with the place in the body."""

from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import Field

_PARSER_TYPES = {
    "boolean": "boolean",
    "int": "int",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "base64": "base64",
}
_TOKENS: dict[type, str] = {str: "STRING", bool: "", int: "NUMBER_INT", float: "NUMBER_FLOAT"}


class NotReadable(Refusal):
    """A JSON value that the org's parser cannot read as the field's type; `at` says where it stands in the body."""

    def __init__(self, field: Field, value: Any) -> None:
        self._facts = _parser_facts(field, value)
        self.field = field
        self.value = value
        super().__init__(self._situation, self._sentence(1, 1))

    @property
    def _situation(self) -> Refuse:
        return Refuse.BAD_JSON_START if self._facts["token"] in {"OBJECT", "ARRAY"} else Refuse.BAD_JSON_VALUE

    def _sentence(self, line: int, column: int) -> str:
        return self._situation.value.sentence.format(**self._facts, line=line, column=column)

    def at(self, line: int, column: int) -> "NotReadable":
        """The same refusal, naming the place of the value in the request's body."""
        self.message = self._sentence(line, column)
        self.args = (self.message,)
        return self


def _parser_facts(field: Field, value: Any) -> dict[str, str]:
    kind = _PARSER_TYPES.get(field.type, "double" if field.type in {"double", "currency", "percent"} else "string")
    if isinstance(value, dict):
        return {"type": kind, "token": "OBJECT", "value": "{"}
    if isinstance(value, list):
        return {"type": kind, "token": "ARRAY", "value": "["}
    shown = str(value).lower() if isinstance(value, bool) or value is None else str(value)
    token = shown.upper() if isinstance(value, bool) or value is None else _TOKENS[type(value)]
    return {"type": kind, "token": token, "value": shown}
