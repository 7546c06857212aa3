"""The web UI answers its own pages only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pipelines.orchestrate.own_site import OwnSiteOnly

PORT = 3000


@pytest.fixture
def guard() -> OwnSiteOnly:
    return OwnSiteOnly(Starlette(), PORT, ["kho.tinh.gov.vn"])


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:3000"},
        {"host": "LOCALHOST:3000", "origin": "http://localhost:3000"},
        {"host": "[::1]:3000"},
        {"host": "kho.tinh.gov.vn", "origin": "https://kho.tinh.gov.vn"},
        {"host": "127.0.0.1:3000", "origin": "https://kho.tinh.gov.vn:8443"},
        {"host": "127.0.0.1:3000", "sec-fetch-site": "same-origin"},
        {"host": "127.0.0.1:3000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_own_requests_pass(guard: OwnSiteOnly, headers: dict[str, str]) -> None:
    assert guard.is_own(Headers(headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "ac.example:3000"},
        {"host": "127.0.0.1:80"},
        {"host": "127.0.0.1.ac.example:3000"},
        {"host": "ac.example@127.0.0.1:3000"},
        {"host": "127.0.0.1:x"},
        {"host": "127.0.0.1:3000", "origin": "null"},
        {"host": "127.0.0.1:3000", "origin": "http://ac.example"},
        {"host": "127.0.0.1:3000", "origin": "http://127.0.0.1:8080"},
        {"host": "127.0.0.1:3000", "origin": "http://kho.tinh.gov.vn.ac.example"},
        {"host": "127.0.0.1:3000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
def test_foreign_requests_do_not(guard: OwnSiteOnly, headers: dict[str, str]) -> None:
    assert not guard.is_own(Headers(headers))


def test_two_hosts_are_none_of_ours(guard: OwnSiteOnly) -> None:
    assert not guard.is_own(Headers(raw=[(b"host", b"127.0.0.1:3000"), (b"host", b"ac.example")]))


def status_of(app: Starlette, scope_type: str = "http", **headers: str) -> Any:
    """What the application sends first, to a POST or as a web socket."""
    sent: list[dict[str, Any]] = []
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": scope_type, "method": "POST", "path": "/graphql", "headers": given, "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request" if scope_type == "http" else "websocket.connect", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0].get("status") or sent[0]["type"]


def test_a_refused_post_reaches_nothing() -> None:
    reached: list[str] = []

    async def stop(_: object) -> PlainTextResponse:
        reached.append("stop")
        return PlainTextResponse("ok")

    app = Starlette(
        routes=[Route("/graphql", stop, methods=["POST"])], middleware=[Middleware(OwnSiteOnly, port=PORT, hosts=[])]
    )
    assert status_of(app, host="127.0.0.1:3000", origin="http://ac.example") == 403
    assert status_of(app, host="ac.example") == 403
    assert status_of(app, "websocket", host="127.0.0.1:3000", origin="http://ac.example") == "websocket.close"
    assert reached == []
    assert status_of(app, host="127.0.0.1:3000", origin="http://127.0.0.1:3000") == 200
    assert reached == ["stop"]
