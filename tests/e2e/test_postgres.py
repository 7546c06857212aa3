"""Dagster's storage in PostgreSQL, by the configuration of `deploy/` and Debian's server; skipped with a word else."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.config.paths import PROJECT_ROOT
from tests.e2e.conftest import KHO, Kho

pytestmark = [pytest.mark.cham, pytest.mark.dai]

DEPLOY = PROJECT_ROOT / "deploy" / "dagster"
PASSWORD = "mat-khau-kiem-thu"
DOSSIERS = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\nH02.16-250602-0001,H02.16,02/06/2025,Đang xử lý\n"


@dataclass(frozen=True)
class Server:
    """A running server: where its programs are, whom it runs as, its folder and port."""

    programs: Path
    user: list[str]
    folder: Path
    port: int

    def control(self, *arguments: str) -> None:
        log = str(self.folder / "nhat_ky")
        subprocess.run(
            [*self.user, str(self.programs / "pg_ctl"), "-D", str(self.folder / "kho"), "-l", log, "-w", *arguments],
            check=True,
            capture_output=True,
        )

    def ask(self, query: str) -> str:
        given = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "kho06", "-At", "-c", query, "kho06_dagster"]
        env = os.environ | {"PGPASSWORD": PASSWORD}
        done = subprocess.run(
            [str(self.programs / "psql"), *given], env=env, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Debian's PostgreSQL in a folder of its own, as a user that is not root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL server (Debian package postgresql) on this machine")
    user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if user and shutil.which("runuser") is None:
        pytest.skip("no runuser: PostgreSQL does not run as root")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="kho_pg_", dir="/tmp"))
    (folder / "mat_khau").write_text(PASSWORD)
    if user:
        for place in (folder, folder / "mat_khau"):
            shutil.chown(place, "nobody")
    made = Server(found[-1].parent, user, folder, port)
    secrets = ["--auth=scram-sha-256", f"--pwfile={folder / 'mat_khau'}", "--username=kho06", "--encoding=UTF8"]
    subprocess.run(
        [*user, str(made.programs / "initdb"), "-D", str(folder / "kho"), "--locale=C", *secrets],
        check=True,
        capture_output=True,
    )
    with (folder / "kho" / "postgresql.conf").open("a") as settings:
        settings.write(f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder}'\n")
    made.control("start")
    subprocess.run(
        [str(made.programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "kho06", "kho06_dagster"],
        env=os.environ | {"PGPASSWORD": PASSWORD},
        check=True,
    )
    yield made
    made.control("stop", "-m", "immediate")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `deploy/dagster/requirements.lock` names, beside this environment."""
    place = tmp_path_factory.mktemp("goi")
    uv = Path(sys.executable).parent / "uv"
    given = ["pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", sys.executable]
    done = subprocess.run(
        [str(uv), *given, "--target", str(place), "-r", str(DEPLOY / "requirements.lock")],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("dagster-postgres cannot be installed here (no registry)")
    return place


@pytest.mark.timeout(1800)
def test_a_night_is_kept_in_postgresql_and_does_not_depend_on_it(kho: Kho, server: Server, site: Path) -> None:
    settings = (DEPLOY / "dagster_rieng.yaml").read_text(encoding="utf-8")
    assert "port: 5432" in settings
    kho.paths.dagster_home.mkdir(parents=True)
    own = kho.paths.dagster_home / "dagster_rieng.yaml"
    own.write_text(settings.replace("port: 5432", f"port: {server.port}"), encoding="utf-8")
    (kho.paths.raw / "dvc" / "ho_so").mkdir(parents=True)
    (kho.paths.raw / "dvc" / "ho_so" / "a.csv").write_text(DOSSIERS, encoding="utf-8")
    here = {"PYTHONPATH": str(site), "KHO_MAT_KHAU_PG": PASSWORD}

    done = kho("run", "--as-of", "2025-06-30", **here)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert "PostgreSQL" not in done.stdout
    assert server.ask("SELECT count(*) FROM runs WHERE pipeline_name = 'hang_dem'") == "1"
    assert int(server.ask("SELECT count(*) FROM event_logs")) > 100
    assert not list(kho.paths.dagster_home.rglob("*.db"))

    # Three weeks later the details of that night are gone, and how it went is still told.
    server.ask("UPDATE runs SET create_timestamp = create_timestamp - INTERVAL '21 days'")
    events = "SELECT count(*) FROM event_logs WHERE dagster_event_type = '{}'"
    steps = server.ask(events.format("STEP_SUCCESS"))
    assert int(server.ask(events.format("STEP_OUTPUT"))) > 0
    done = kho("purge", **here)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nhat_ky_chi_tiet_ngay" in done.stdout
    assert server.ask(events.format("STEP_OUTPUT")) == "0"
    assert server.ask(events.format("STEP_SUCCESS")) == steps != "0"
    assert int(server.ask("SELECT count(*) FROM asset_check_executions")) > 0

    server.control("stop", "-m", "fast")
    try:
        done = kho("run", "--as-of", "2025-06-30", **here)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        assert "PostgreSQL" in done.stdout
        assert PASSWORD not in done.stdout + done.stderr
    finally:
        server.control("start")
    watched = kho("watch", **here)
    assert "ngoài dự kiến" not in watched.stdout + watched.stderr
    assert "Bộ lập lịch của Dagster không chạy" in watched.stdout

    noted = _beat_of_the_scheduler(kho, here)
    assert "Bộ lập lịch" not in kho("watch").stdout, "asked without PostgreSQL's password"
    kho.paths.heartbeat_file.write_text(str(noted - 20 * 60), encoding="utf-8")  # as if it had died then
    assert "Bộ lập lịch im từ" in kho("watch").stdout


def _beat_of_the_scheduler(kho: Kho, here: dict[str, str]) -> float:
    """What ``kho ui`` notes of its scheduler within two minutes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    env = {k: v for k, v in os.environ.items() if k != "DAGSTER_HOME"} | {"KHO_DATA": str(kho.paths.root), **here}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([str(KHO), "ui", "--port", port], env=env, **quiet)
    try:
        for _ in range(240):
            time.sleep(0.5)
            assert process.poll() is None
            if kho.paths.heartbeat_file.exists():
                return float(kho.paths.heartbeat_file.read_text(encoding="utf-8"))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    raise AssertionError("no heartbeat noted")


@pytest.mark.timeout(1800)
def test_two_provinces_share_one_postgresql(server: Server, site: Path, tmp_path: Path) -> None:
    """``kho ui --cac-tinh``: one storage, one queue, a night of a small sample in each; nothing of one in the other."""
    own = tmp_path / "dagster_rieng.yaml"
    settings = (DEPLOY / "dagster_rieng.yaml").read_text(encoding="utf-8")
    own.write_text(settings.replace("port: 5432", f"port: {server.port}"), encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if k != "DAGSTER_HOME"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.provinces", "--own-storage", str(own)],
        cwd=PROJECT_ROOT,
        env=env | {"PYTHONPATH": str(site), "KHO_MAT_KHAU_PG": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    by_province = "SELECT string_agg(value || ' ' || n, ', ' ORDER BY value) FROM (SELECT value, count(*) AS n"
    found = server.ask(f"{by_province} FROM run_tags WHERE key = 'kho/tinh' GROUP BY value) AS t")
    assert found == "tinh_01 1, tinh_02 1"
