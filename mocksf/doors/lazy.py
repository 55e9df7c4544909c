"""The control plane, built when it is first asked: its framework costs more to import than an org to start."""

from mocksf.doors.asgi import App, Receive, Scope, Send
from mocksf.doors.opening import Opening
from mocksf.doors.tenants import Tenants


class Lazy:
    """An ASGI application that becomes the control plane with its first request."""

    def __init__(self, tenants: Tenants, opening: Opening, admin_token: str | None) -> None:
        self._arguments = tenants, opening, admin_token
        self._app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from mocksf.doors.plane import control_app  # see the module's sentence

            self._app = control_app(*self._arguments)
        assert self._app is not None
        await self._app(scope, receive, send)
