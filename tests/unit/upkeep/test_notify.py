"""Messages against a local SMTP and HTTP server: what is new, once, without a secret or a person in them."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli.main import run
from pipelines.config.orchestration import DEFAULT_FILE, load_orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.yaml_lines import ConfigError
from pipelines.upkeep import notify


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        letters: list[str] = self.server.letters  # type: ignore[attr-defined]
        self.wfile.write(b"220 thu\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self.wfile.write(b"354 go\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                letters.append(text.decode())
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


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
    server.letters, server.bodies, server.answer = [], [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def set_up(data: DataPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtp: Any, hook: Any) -> Path:
    settings = yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8"))
    settings["giam_sat"] |= {
        "thu": {
            "may_chu": "127.0.0.1",
            "cong": smtp.server_address[1],
            "ma_hoa": "khong",
            "tu": "kho@t.vn",
            "den": ["a@t.vn"],
        },
        "webhook": f"http://127.0.0.1:{hook.server_address[1]}/kho",
    }
    file = tmp_path / "orchestration.yaml"
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("KHO_ORCHESTRATION", str(file))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    return file


def test_what_is_new_is_told_once_by_both_ways(data: DataPaths, set_up: Path, smtp: Any, hook: Any) -> None:
    assert run(["watch", "--gui"]) == 3
    assert run(["watch", "--gui"]) == 3
    assert len(smtp.letters) == 1
    assert len(hook.bodies) == 1
    assert "Chưa có lần chạy nào" in hook.bodies[0]["text"]
    assert "Việc cần làm: " in hook.bodies[0]["text"]
    assert {item["ma"] for item in hook.bodies[0]["viec"]} >= {"dem_vang", "chua_cong_bo"}
    assert "To: a@t.vn" in smtp.letters[0]
    assert (data.operations / notify.STATE).stat().st_mode & 0o777 == 0o600


def test_what_did_not_go_out_is_told_again(
    data: DataPaths, set_up: Path, smtp: Any, hook: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = 500
    assert run(["watch", "--gui"]) == 3
    assert "webhook" in capsys.readouterr().err
    hook.answer = 200
    run(["watch", "--gui"])
    assert len(hook.bodies) == 2


def test_a_redirect_is_not_followed(
    data: DataPaths, set_up: Path, hook: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = 302
    run(["watch", "--gui"])
    assert "webhook" in capsys.readouterr().err


def test_a_damaged_state_file_tells_all_again(data: DataPaths, set_up: Path, hook: Any) -> None:
    run(["watch", "--gui"])
    (data.operations / notify.STATE).write_text("{", encoding="utf-8")
    run(["watch", "--gui"])
    assert len(hook.bodies) == 2


def test_without_a_place_it_says_so(data: DataPaths, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", "--gui"]) == 3
    assert "giam_sat.thu" in capsys.readouterr().err


def test_a_password_is_never_sent_in_the_clear_nor_kept_in_the_file(set_up: Path) -> None:
    settings = yaml.safe_load(set_up.read_text(encoding="utf-8"))
    settings["giam_sat"]["thu"]["tai_khoan"] = "kho"
    set_up.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(ConfigError, match="không mã hóa"):
        load_orchestration(feeds=None)
    settings["giam_sat"]["thu"]["mat_khau"] = "x"
    set_up.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(ConfigError, match="mat_khau"):
        load_orchestration(feeds=None)
