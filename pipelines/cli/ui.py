"""``kho ui``: Dagster's web server and daemon on this machine only (spec ``privacy`` point 5)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.orchestration import orchestration_file
from pipelines.config.paths import PROJECT_ROOT
from pipelines.job import load_job
from pipelines.orchestrate.heartbeat import Heartbeat
from pipelines.orchestrate.home import has_own_storage, instance, prepare_home

LOCATION = "pipelines.orchestrate.location"
WEB = "pipelines.orchestrate.web"


@click.command("ui", cls=VietnameseCommand)
@click.option("--port", metavar="SỐ", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Cổng.")
@click.option(
    "--chi-doc", "--chi-xem", "read_only", is_flag=True, help="Chỉ đọc: không cho chạy hay sửa gì trên giao diện."
)
@click.option(
    "--ten-mien",
    "host_names",
    metavar="TÊN",
    multiple=True,
    help="Tên miền của máy chủ đứng trước (nginx); mọi tên khác bị từ chối. Lặp lại được.",
)
def command(port: int, read_only: bool, host_names: tuple[str, ...]) -> int:
    """Serve until interrupted; either process ending ends both."""
    job = load_job()
    job.paths.prepare()
    home = prepare_home(job)
    environment = dict(os.environ, KHO_DATA=str(job.paths.root), DAGSTER_HOME=str(home))
    environment["KHO_ORCHESTRATION"] = str(orchestration_file().resolve())  # the services stand elsewhere
    web = [sys.executable, "-m", WEB, "--port", str(port), *(["--read-only"] if read_only else [])]
    web += [part for name in host_names for part in ("--host-name", name)]
    location = ["--module-name", LOCATION, "--working-directory", str(PROJECT_ROOT)]
    daemon = [str(Path(sys.executable).parent / "dagster-daemon"), "run", *location]
    say(f"Dagster: http://127.0.0.1:{port} (chỉ máy này; Ctrl+C để dừng)")
    say(f"Bảng điều hành: http://127.0.0.1:{port}/bang-dieu-hanh; văn bản: http://127.0.0.1:{port}/van_ban/")
    commands = [web] if read_only else [web, daemon]
    processes = [subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT) for command in commands]  # noqa: S603
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    beat = None if read_only or not has_own_storage(home) else Heartbeat(job.paths, lambda: instance(job))
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
            if beat is not None:
                beat.note()
        error("Một tiến trình của Dagster đã dừng; tắt phần còn lại.")
        return 3
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
