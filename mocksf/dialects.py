"""How a refusal is written down: Salesforce has several dialects, and the route decides which one is spoken."""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from mocksf.errors import Form, Refusal
from mocksf.messages import Raw, Response

Dialect = Callable[[Refusal], Response]

_FAULT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<soapenv:Body><soapenv:Fault><faultcode>{prefix}{code}</faultcode><faultstring>{code}: {message}</faultstring>"
    '<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
    "<sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{kind}></detail>"
    "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)
_OAUTH1 = "<response><faultcode>{code}(db=1703,api={code})</faultcode><error>{message}</error></response>"
XML_TYPE = "text/xml;charset=UTF-8"
TEXT_TYPE = "text/plain;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"


def entry(refusal: Refusal) -> dict[str, Any]:
    """One entry of the error array; keys and their order follow the form of the refusal (facts on REST §0.3)."""
    if refusal.form is Form.CONNECT or refusal.extra:
        return {**refusal.extra, "errorCode": refusal.code, "message": refusal.message}
    if refusal.form is Form.DML:
        return {"message": refusal.message, "errorCode": refusal.code, "fields": list(refusal.fields)}
    return {"message": refusal.message, "errorCode": refusal.code}


def rest(refusal: Refusal) -> Response:
    """A top-level array with one entry per refusal: all resources of the REST API, Connect included.

    One refusal speaks XML inside HTML even here: a form-encoded body is taken for an OAuth 1 call (recorded).
    """
    if refusal.form is Form.OAUTH1:
        xml = _OAUTH1.format(code=refusal.code, message=refusal.message)
        return Response(refusal.status, Raw(xml.encode()), {"Content-Type": HTML_TYPE, "Sfdc-OAuth-Error": "1703"})
    return Response(refusal.status, [entry(each) for each in (refusal, *refusal.siblings)])


def per_record(refusal: Refusal) -> list[dict[str, Any]]:
    """The `errors` of one record's result in a collection or tree: `statusCode` first, `fields` always there."""
    return [
        {"statusCode": each.code, "message": each.message, "fields": list(each.fields)}
        for each in (refusal, *refusal.siblings)
    ]


def oauth(refusal: Refusal) -> Response:
    """One object with `error` and `error_description`, never to be cached; a routing refusal keeps its array."""
    if refusal.form is not Form.OAUTH:
        return rest(refusal)
    body = {"error": refusal.code, "error_description": refusal.message}
    return Response(refusal.status, body, {"Cache-Control": "no-store"})


def text(refusal: Refusal) -> Response:
    """A bare word: the identity and userinfo resources."""
    return Response(refusal.status, Raw(refusal.message.encode()), {"Content-Type": TEXT_TYPE})


_FAULTS = {
    "INVALID_LOGIN": "LoginFault",
    "INVALID_FIELD": "InvalidFieldFault",
    "INVALID_TYPE": "InvalidSObjectFault",
    "MALFORMED_ID": "InvalidIdFault",
    "MALFORMED_QUERY": "MalformedQueryFault",
    "MALFORMED_SEARCH": "MalformedSearchFault",
    "INVALID_QUERY_LOCATOR": "InvalidQueryLocatorFault",
}
"""The fault that a code comes in (documented: the WSDL); all others come unexpected."""


def fault(refusal: Refusal) -> Response:
    """A SOAP fault with its literal `sf:` prefixes, always under status 500."""
    kind = _FAULTS.get(refusal.code, "UnexpectedErrorFault")
    # The fault of a login was recorded without a prefix; clients tell a session that ended by it.
    prefix = "" if refusal.code == "INVALID_LOGIN" else "sf:"
    xml = _FAULT.format(prefix=prefix, code=refusal.code, message=escape(refusal.message), kind=kind)
    return Response(500, Raw(xml.encode()), {"Content-Type": XML_TYPE})


_METADATA_FAULT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:sf="http://soap.sforce.com/2006/04/metadata"><soapenv:Body><soapenv:Fault>'
    "<faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring>"
    "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)


def metadata_fault(refusal: Refusal) -> Response:
    """A fault of the Metadata API, which has no detail (recorded)."""
    xml = _METADATA_FAULT.format(code=refusal.code, message=escape(refusal.message))
    return Response(500, Raw(xml.encode()), {"Content-Type": XML_TYPE})


_BULK = (
    '<?xml version="1.0" encoding="UTF-8"?><error\n   xmlns="http://www.force.com/2009/06/asyncapi/dataload">\n'
    " <exceptionCode>{code}</exceptionCode>\n <exceptionMessage>{message}</exceptionMessage>\n</error>"
)
_BULK_CODES = {
    "INVALID_SESSION_ID": "InvalidSessionId",
    "INVALID_AUTH_HEADER": "InvalidSessionId",
    "INVALIDJOB": "InvalidJob",
    "INVALIDJOBSTATE": "InvalidJobState",
    "INVALIDBATCH": "InvalidBatch",
    "EXCEEDEDQUOTA": "ExceededQuota",
    "API_DISABLED_FOR_ORG": "FeatureNotEnabled",
    "FUNCTIONALITY_NOT_ENABLED": "FeatureNotEnabled",
}


def bulk(refusal: Refusal) -> Response:
    """An XML error of the Bulk API 1.0, always under status 400: a session that ended is told so too."""
    code = _BULK_CODES.get(refusal.code, "ClientInputError")
    message = "Invalid session id" if code == "InvalidSessionId" else refusal.message
    xml = _BULK.format(code=code, message=escape(message))
    return Response(400, Raw(xml.encode()), {"Content-Type": "application/xml"})
