"""SOAP as text: envelopes read without any entity, elements written without surprises."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.messages import Raw, Response

ENVELOPE_BYTES_MAX = 50 * 1024 * 1024
"""The largest SOAP request (documented)."""
_PIECE_BYTES = 64 * 1024
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""What no XML may hold, not even escaped."""
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{namespace}"{more}'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "{head}<soapenv:Body><{name}Response>{inner}</{name}Response></soapenv:Body></soapenv:Envelope>"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A SOAP call taken apart: its name, its element, and its headers by name."""

    name: str
    body: Element
    headers: Mapping[str, Element]

    def all(self, name: str) -> list[Element]:
        """The elements of this name directly below the call."""
        return [each for each in self.body if local(each) == name]

    def texts(self, name: str) -> list[str]:
        """Their texts."""
        return [text(each) for each in self.all(name)]

    def text(self, name: str) -> str:
        """The text of the first of them; empty where there is none."""
        return next(iter(self.texts(name)), "")

    def header(self, name: str, part: str) -> str:
        """The text of a part of a header; empty where it was not sent."""
        header = self.headers.get(name)
        return "" if header is None else next((text(each) for each in header if local(each) == part), "")


def ask_of(content: bytes) -> Ask:
    """The call of an envelope. Raises UNKNOWN_SOAP_CALL for what is none."""
    root = parsed(content)
    parts = {local(each): each for each in root}
    asked = next(iter(parts["Body"]), None) if "Body" in parts else None
    if asked is None:
        raise Refuse.UNKNOWN_SOAP_CALL(reason="The request has no SOAP body")
    return Ask(local(asked), asked, {local(each): each for each in parts.get("Header", ())})


def parsed(content: bytes) -> Element:
    """The root of an XML document that declares no types and no entities. Raises UNKNOWN_SOAP_CALL for any other."""
    if len(content) > ENVELOPE_BYTES_MAX:
        raise Refuse.UNKNOWN_SOAP_CALL(reason="A SOAP request holds at most 50 MB")
    parser = ElementTree.XMLParser(target=_Builder())  # the builder refuses every declaration
    try:
        for at in range(0, len(content), _PIECE_BYTES):
            parser.feed(content[at : at + _PIECE_BYTES])  # a refusal of the builder ends a feed, but not within it
        root: Element = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"The request is no XML: {error}") from error
    return root


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree, of a document of bounded depth without declarations: what entities could blow up, never begins."""

    DEPTH_MAX = 200

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: Any) -> None:
        message = "document type declarations are not allowed"
        raise ValueError(message)

    def start(self, tag: Any, attrs: Any) -> Element:
        self._depth += 1
        if self._depth > self.DEPTH_MAX:
            message = f"it is nested more than {self.DEPTH_MAX} levels deep"
            raise ValueError(message)
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text(element: Element) -> str:
    """The text of an element without blanks around it."""
    return (element.text or "").strip()


def fields_of(record: Element) -> dict[str, Any]:
    """The fields of an sObject element: texts, null for nil ones and those of `fieldsToNull`, parents as objects."""
    fields: dict[str, Any] = {}
    for name, each in _named(record):
        if name == "fieldsToNull":
            fields[text(each)] = None
        elif len(each):
            fields[name] = fields_of(each)
        else:
            fields[name] = None if each.get(NIL) == "true" else each.text or ""
    return fields


def type_of(record: Element) -> str:
    """The object that an sObject element says it is of: by an element, or by its type attribute."""
    named = next((text(each) for each in record if local(each) == "type"), "")
    return named or record.get(TYPE, "").rpartition(":")[2]


def _named(record: Element) -> Iterator[tuple[str, Element]]:
    for each in record:
        name = local(each)
        if name != "type":
            yield ("Id" if name.lower() == "id" else name), each


def element(name: str, value: Any) -> str:
    """One element of a text, a number or a switch; nil for None."""
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, bool):
        value = "true" if value else "false"
    return f"<{name}>{escape(str(value).translate(_NOT_XML))}</{name}>"


def elements(pairs: Iterable[tuple[str, Any]]) -> str:
    """Elements in order. A dict becomes nested elements, a list one element for each, and None nothing."""
    return "".join(_any(name, value) for name, value in pairs)


def _any(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "".join(_any(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{elements(value.items())}</{name}>"
    return element(name, value)


def enveloped(name: str, inner: str, namespace: str, *, more: str = "", head: str = "") -> Response:
    """The answer to a call: `<nameResponse>` around what came of it."""
    xml = _ENVELOPE.format(name=name, inner=inner, namespace=namespace, more=more, head=head)
    return Response(200, Raw(xml.encode("utf-8", "replace")), {"Content-Type": dialects.XML_TYPE})
