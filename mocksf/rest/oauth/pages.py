"""The pages on which people log in and consent: plain HTML, escaped, without scripts, from no other host."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from mocksf.dialects import HTML_TYPE
from mocksf.errors import Refusal
from mocksf.messages import Raw, Response

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f3f3f3,#181818)}"
    "main{max-width:24rem;margin:10vh auto;padding:2rem;border-radius:.5rem;"
    "background:light-dark(#fff,#242424);border:1px solid light-dark(#d8d8d8,#3c3c3c)}"
    "h1{font-size:1.25rem;margin:0 0 1rem}label{display:block;margin:0 0 1rem}"
    "input{display:block;box-sizing:border-box;width:100%;padding:.5rem;font:inherit}"
    "button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}"
    ".problem{border-left:4px solid #c23934;padding-left:.75rem}ul{padding-left:1.25rem}"
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    "<style>{style}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
MEANINGS: Mapping[str, str] = {
    "api": "Manage data by the APIs",
    "web": "Manage data by a web browser",
    "full": "Everything that you may do",
    "refresh_token": "Come back at any time",
    "offline_access": "Come back at any time",
    "chatter_api": "Read and write Chatter",
    "openid": "Know who you are",
    "id": "Read your identity address",
    "profile": "Read your profile",
    "email": "Read your e-mail address",
    "address": "Read your address",
    "phone": "Read your phone number",
}
"""What a scope means to the person who grants it."""


def page(title: str, body: str, status: int = 200, onward: str = "") -> Response:
    """One page. `onward` is an address to which its form may lead in the end."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'{_source(onward)}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Type": HTML_TYPE,
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    html = _PAGE.format(title=escape(title), style=_STYLE, body=body)
    return Response(status, Raw(html.encode("utf-8", "replace")), headers)


def _source(onward: str) -> str:
    """An address as a policy names where it is: scheme, host and port, or the scheme of an app."""
    parts = urlsplit(onward)
    if not parts.scheme:
        return ""
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f" {parts.scheme}:"


def refused(refusal: Refusal) -> Response:
    """The page of a request that cannot be sent back to whoever made it: its form, after the real one, is a query."""
    said = f"error={escape(refusal.code)}&amp;error_description={escape(refusal.message)}"
    return page("Authorization error", f'<p class="problem">{said}</p>', refusal.status)


def form(action: str, hidden: Mapping[str, str], inner: str) -> str:
    """A form with fields that nobody sees."""
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    return f'<form method="post" action="{escape(action)}">{fields}{inner}</form>'


def text_field(label: str, name: str, value: str = "", kind: str = "text", auto: str = "off") -> str:
    """A labelled field of a form, which must be filled in."""
    return (
        f'<label>{escape(label)}<input type="{kind}" name="{name}" value="{escape(value)}" '
        f'autocomplete="{auto}" required></label>'
    )


def credentials(username: str) -> str:
    """The fields of a login."""
    user = text_field("Username", "username", username, auto="username")
    return user + text_field("Password", "password", kind="password", auto="current-password")


def problem(text: str) -> str:
    """What went wrong, in front of a form; nothing where nothing did."""
    return f'<p class="problem" role="alert">{escape(text)}</p>' if text else ""


def choices() -> str:
    """The buttons of a consent."""
    allow = '<button type="submit" name="choice" value="allow">Allow</button>'
    return f'{allow}<button type="submit" name="choice" value="deny" formnovalidate>Deny</button>'


def wishes(scopes: tuple[str, ...]) -> str:
    """The scopes of a request as people read them."""
    lines = dict.fromkeys(MEANINGS.get(each, each) for each in scopes)
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in lines) + "</ul>"
