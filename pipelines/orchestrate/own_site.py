"""Requests from elsewhere never reach the web UI: it has no log-in, so a page in somebody's browser must not drive it.

A foreign ``Host`` is DNS rebinding, a foreign ``Origin`` a cross-site post; both end with 403 (docs/do_ben.md,
*The web UI*).
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REFUSED = "Yêu cầu đến từ trang khác bị từ chối. Mở giao diện bằng đúng địa chỉ mà `kho ui` in ra.\n"


class OwnSiteOnly:
    """ASGI middleware: lets through what names one of ``hosts`` (and, on loopback, ``port``), refuses the rest."""

    def __init__(self, app: ASGIApp, port: int, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._port = port
        self._named = frozenset(name.lower() for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an HTTP request or a web socket on, or answer 403 (a web socket is closed)."""
        if scope["type"] not in {"http", "websocket"} or self.is_own(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(_REFUSED, status_code=403)(scope, receive, send)

    def is_own(self, headers: Headers) -> bool:
        """Whether ``Host`` is one of ours, once, and what says where the request comes from agrees."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(f"//{hosts[0]}"):
            return False
        origins = headers.getlist("origin")
        if any(not self._is_ours(origin) for origin in origins):
            return False
        # Without an Origin a browser still says whether another site's page asks; a link followed by hand is fine.
        return (
            bool(origins)
            or headers.get("sec-fetch-site") != "cross-site"
            or headers.get("sec-fetch-mode") == "navigate"
        )

    def _is_ours(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            name, port = parts.hostname, parts.port
        except ValueError:
            return False
        if name is None or parts.username is not None or parts.path not in {"", "/"}:
            return False
        return name in self._named or (name in LOOPBACK and (port or 80) == self._port)
