"""The files of ``deploy/``: systemd reads the units, nginx asks for a log-in, commands in them exist."""

from __future__ import annotations

import http.client
import os
import pwd
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli.main import cli
from pipelines.config.paths import PROJECT_ROOT
from pipelines.config.provinces import load_provinces

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
NGINX = os.environ.get("KHO_NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda u: u.name)
def test_units_run_as_their_own_user_and_write_to_the_data_folder_only(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    assert settings["User"] == "kho06"
    assert settings["ProtectSystem"] == "strict"
    assert settings["ReadWritePaths"] == "/srv/kho06/data"
    assert settings["NoNewPrivileges"] == settings["ProtectHome"] == "yes"
    assert settings["UMask"] == "0077"
    command = shlex.split(settings["ExecStart"])
    assert command[0] == "/opt/kho06/.venv/bin/kho"
    name, *options = command[1:]
    found = cli.get_command(None, name)  # type: ignore[arg-type]
    assert found is not None
    found.make_context(name, options)


def test_the_operators_command_is_the_units_own_user_data_key_and_settings() -> None:
    words = shlex.split((DEPLOY / "kho").read_text(encoding="utf-8").replace("\\\n", ""), comments=True)
    unit = (DEPLOY / "systemd" / "kho-ui.service").read_text(encoding="utf-8")
    given = re.findall(r"^Environment=(\w+=\S+)$", unit, re.MULTILINE)
    assert words == ["exec", "runuser", "-u", "kho06", "--", "env", *given, "/opt/kho06/.venv/bin/kho", "$@"]
    assert os.access(DEPLOY / "kho", os.X_OK)


def test_what_lets_nights_out_names_no_place_of_its_own() -> None:
    text = (DEPLOY / "gui_ra_ngoai" / "kho-ui.conf").read_text(encoding="utf-8")
    (allowed,) = re.findall(r"^IPAddressAllow=(.+)$", text, re.MULTILINE)
    assert all(address.startswith("192.0.2.") for address in allowed.split())  # RFC 5737: for documents only
    assert "EnvironmentFile=-/etc/kho06/thu.env" in text


def test_the_unit_of_several_provinces_and_their_file_are_read(tmp_path: Path) -> None:
    several = DEPLOY / "cac_tinh"
    text = (several / "kho-ui.conf").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    found = cli.get_command(None, "ui")  # type: ignore[arg-type]
    assert found is not None
    context = found.make_context("ui", shlex.split(command)[2:])
    assert context.params["provinces"] == Path("/etc/kho06/cac_tinh.yaml")
    provinces = load_provinces(several / "cac_tinh.yaml")
    (written,) = re.findall(r"^ReadWritePaths=(.+)$", text, re.MULTILINE)
    folders = [provinces.thu_muc, *(item.du_lieu for item in provinces.tinh)]
    assert all(Path(written) in folder.parents for folder in folders)
    assert len(provinces.tinh) == 2


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze on this machine")
    kho = tmp_path / "kho"
    kho.write_text("#!/bin/sh\n")
    kho.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/kho06/.venv/bin/kho", str(kho))
        (tmp_path / unit.name).write_text(text.replace("/opt/kho06", "/"), encoding="utf-8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run([tool, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "kho-" in line]
    assert not ours, "\n".join(ours)


class _Behind(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.headers['Host']}|{self.headers['Authorization'] or ''}".encode())

    def log_message(self, *_: Any) -> None:
        return


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def place() -> Iterator[tuple[Path, str | None]]:
    """A folder with the modes that ``deploy/README.md`` gives, and whom nginx's workers run as (None: as the test)."""
    folder = Path(tempfile.mkdtemp(prefix="kho_nginx_", dir="/tmp"))
    page = folder / "data" / "marts" / "tai_lieu" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("bảng điều hành", encoding="utf-8")
    (folder / "data" / "marts" / "kho.duckdb").write_text("kho nội bộ", encoding="utf-8")
    worker = None
    if os.geteuid() == 0:
        worker = next((name for name in ("www-data", "nobody") if _is_user(name)), None)
        for found in (folder, *folder.rglob("*")):
            found.chmod(0o750 if found.is_dir() else 0o640)
            if worker is not None:
                shutil.chown(found, group=pwd.getpwnam(worker).pw_gid)
    yield folder, worker
    shutil.rmtree(folder)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@pytest.fixture
def nginx(place: tuple[Path, str | None]) -> Iterator[int]:
    """nginx of this machine with the shipped configuration; ports, certificate and passwords are the test's."""
    tmp_path, worker = place
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("no nginx (Debian package) or openssl on this machine")
    behind = HTTPServer(("127.0.0.1", 0), _Behind)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    subject = [
        "-subj",
        "/CN=kho06.tinh.example",
        "-keyout",
        str(tmp_path / "tls.key"),
        "-out",
        str(tmp_path / "tls.crt"),
    ]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], check=True, capture_output=True
    )
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "mk"], check=True, capture_output=True, text=True).stdout
    users = tmp_path / "nguoi_dung"
    users.write_text(f"an:{hashed}")
    users.chmod(0o640)
    if worker is not None:
        shutil.chown(users, group=pwd.getpwnam(worker).pw_gid)
    port = _port()
    text = (DEPLOY / "nginx" / "kho06.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen 127.0.0.1:{_port()}",
        "/etc/kho06": str(tmp_path),
        "/srv/kho06": str(tmp_path),
        "127.0.0.1:3000": f"127.0.0.1:{behind.server_port}",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "kho06.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {worker or 'root'};\n" if os.geteuid() == 0 else ""
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"{user}daemon off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/loi.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}include {tmp_path}/kho06.conf;\n}}\n"
    )
    subprocess.run([NGINX, "-t", "-c", str(main), "-e", f"{tmp_path}/loi.log"], check=True, capture_output=True)
    server = subprocess.Popen([NGINX, "-c", str(main), "-e", f"{tmp_path}/loi.log"])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    server.terminate()
    server.wait(timeout=10)
    behind.shutdown()
    behind.server_close()


def _ask(port: int, headers: dict[str, str], path: str = "/") -> tuple[int, str, http.client.HTTPMessage]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    connection.request("GET", path, headers={"Host": "kho06.tinh.example"} | headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def test_nginx_lets_nobody_in_without_a_log_in(nginx: int) -> None:
    assert _ask(nginx, {})[0] == 401
    assert _ask(nginx, {"Authorization": "Basic YW46c2Fp"})[0] == 401
    status, text, headers = _ask(nginx, {"Authorization": "Basic YW46bWs="})
    assert (status, text) == (200, "kho06.tinh.example|")
    assert headers["Strict-Transport-Security"]


def test_nginx_serves_the_published_pages_and_nothing_beside_them(nginx: int) -> None:
    """Its workers are no owner of the data folder: they read by their group, as the README of ``deploy/`` sets up."""
    known = {"Authorization": "Basic YW46bWs="}
    assert _ask(nginx, {}, "/tai_lieu/index.html")[0] == 401
    status, text, headers = _ask(nginx, known, "/tai_lieu/index.html")
    assert (status, text) == (200, "bảng điều hành")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert _ask(nginx, known, "/tai_lieu/")[1] == "bảng điều hành"
    for path in ("/tai_lieu../kho.duckdb", "/tai_lieu/../kho.duckdb", "/tai_lieu/%2e%2e/kho.duckdb", "/kho.duckdb"):
        assert "kho nội bộ" not in _ask(nginx, known, path)[1], path
    assert "adduser www-data kho06" in (DEPLOY / "README.md").read_text(encoding="utf-8")


def test_own_keys_of_dagster_replace_ours_and_null_takes_them_out(tmp_path: Path) -> None:
    from pipelines.orchestrate.home import own_settings, without_nulls

    shutil.copy(DEPLOY / "dagster" / "dagster_rieng.yaml", tmp_path)
    merged = without_nulls({"event_log_storage": {"module": "x"}, "nux": {"enabled": False}} | own_settings(tmp_path))
    assert set(merged) == {"nux", "storage"}
    assert not re.search(r"password: *\w", yaml.safe_dump(merged))


def test_the_lock_for_postgresql_is_of_the_installed_dagster_and_nothing_else() -> None:
    def pins(file: Path) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE))

    added, shipped = pins(DEPLOY / "dagster" / "requirements.lock"), pins(PROJECT_ROOT / "requirements.lock")
    minor, patch = shipped["dagster"].split(".")[1:]
    assert added["dagster-postgres"] == f"0.{int(minor) + 16}.{patch}"  # of one release: 1.13.27 and 0.29.27
    assert not added.keys() & shipped.keys()
    assert set(added) == {"dagster-postgres", "psycopg2-binary"}
