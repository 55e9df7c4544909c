"""Bodies in XML: read as the JSON that would say the same."""

from typing import Any
from xml.etree.ElementTree import Element

from mocksf.errors import Refusal, Refuse
from mocksf.messages import Json
from mocksf.rest.soap_xml import NIL, local, parsed

_LISTS = frozenset({"records", "batchRequests", "inputs", "requests", "contextIds", "ids", "fields"})
"""Elements that stand for the items of a list, however many there are."""
_FLAGS = {"true": True, "false": False}
_FLAGGED = frozenset({"allOrNone", "haltOnError"})


def read(content: bytes) -> Json:
    """The object that an XML document stands for: elements are properties, the root has no name of its own.

    Attributes become the `attributes` of a record; what is nil becomes null. Raises NO_BODY and BAD_XML.
    """
    if not content.strip():
        raise Refuse.NO_BODY()
    try:
        root = parsed(content)
    except Refusal as refusal:
        raise Refuse.BAD_XML(reason=refusal.message) from refusal
    value = _value(root)
    return value if isinstance(value, dict) else {}


def _value(element: Element) -> Json:
    if element.get(NIL) in {"true", "1"}:
        return None
    attributes = {name: value for name, value in element.attrib.items() if not name.startswith("{")}
    if not len(element) and not attributes:
        text = element.text or ""
        return _FLAGS.get(text.strip(), text) if local(element) in _FLAGGED else text
    fields: dict[str, Any] = {"attributes": attributes} if attributes else {}
    for each in element:
        name, value = local(each), _value(each)
        if name in _LISTS:
            fields.setdefault(name, []).append(value)
        elif name in fields:
            known = fields[name]
            fields[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[name] = value
    return fields
