"""Nobody gets what is not theirs: a doctor without a trace, a web UI for its own pages."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import KHO, Kho

pytestmark = pytest.mark.cham


def test_the_doctor_creates_nothing(fresh: Callable[[], Kho], tmp_path: Path) -> None:
    kho = fresh()
    done = kho("doctor", KHO_KHOA_BI_MAT="", KHO_TEP_KHOA=str(tmp_path / "khoa" / "bi_mat"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def port(kho: Kho) -> Iterator[int]:
    """``kho ui --chi-doc`` on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    environment = os.environ | {"KHO_DATA": str(kho.paths.root)}
    environment.pop("DAGSTER_HOME", None)
    process = subprocess.Popen(
        [str(KHO), "ui", "--chi-doc", "--port", str(free), "--ten-mien", "kho.tinh.gov.vn"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(240):
            time.sleep(0.5)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", free)) == 0:
                    break
        yield free
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def post(port: int, query: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    given = {"Content-Type": "application/json", "Host": f"127.0.0.1:{port}"} | headers
    connection.request("POST", "/graphql", json.dumps({"query": query}), given)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8")


def test_the_web_ui_answers_its_own_pages_only(port: int) -> None:
    assert post(port, "{ version }")[0] == 200
    assert post(port, "{ version }", Origin=f"http://127.0.0.1:{port}")[0] == 200
    assert post(port, "{ version }", Host="kho.tinh.gov.vn", Origin="https://kho.tinh.gov.vn")[0] == 200
    for headers in ({"Origin": "http://ac.example"}, {"Host": "ac.example"}, {"Origin": "null"}):
        status, said = post(port, "{ version }", **headers)
        assert status == 403
        assert "từ chối" in said


def test_a_readers_instance_changes_nothing(port: int) -> None:
    _, said = post(port, "{ permissions { permission value } }")
    allowed = {item["permission"]: item["value"] for item in json.loads(said)["data"]["permissions"]}
    assert allowed
    assert not any(allowed.values())
