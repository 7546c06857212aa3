"""A mail server and a web server of this machine, which keep what they are told."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        letters: list[str] = self.server.letters  # type: ignore[attr-defined]
        self.server.calls += 1  # type: ignore[attr-defined]
        self.wfile.write(b"220 thu\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self.wfile.write(b"354 go\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                letters.append(text.decode())
            refused = verb == b"RCPT" and b"tuchoi@" in line
            self.wfile.write(b"550 no\r\n" if refused else b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "http://127.0.0.1:9/khac")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def smtp() -> Iterator[socketserver.ThreadingTCPServer]:
    yield from _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp))


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    yield from _served(HTTPServer(("127.0.0.1", 0), _Hook))


def _served(server: Any) -> Iterator[Any]:
    server.letters, server.bodies, server.answer, server.calls = [], [], 200, 0
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
