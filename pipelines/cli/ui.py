"""``kho ui``: Dagster's web server and daemon on this machine only (SECURITY.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.disk import why
from pipelines.config.orchestration import orchestration_file
from pipelines.config.paths import OWN_DAGSTER, PROJECT_ROOT, DataPaths
from pipelines.config.provinces import Provinces, load_provinces
from pipelines.job import load_job
from pipelines.orchestrate.heartbeat import Heartbeat
from pipelines.orchestrate.home import StorageAwayError, has_own_storage, instance, prepare_home, shared_instance
from pipelines.orchestrate.several.code_servers import LOCATION, CodeServers, ServedElsewhereError
from pipelines.orchestrate.several.home import common_environment, prepare_shared_home, workspace_file

WEB = "pipelines.orchestrate.web"
_STOP_SECONDS = 30.0


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
@click.option(
    "--cac-tinh",
    "provinces",
    metavar="TỆP",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Nhiều tỉnh trong một giao diện, mỗi tỉnh một thư mục dữ liệu: tệp cac_tinh.yaml (docs/mo_rong.md).",
)
def command(port: int, read_only: bool, host_names: tuple[str, ...], provinces: Path | None) -> int:
    """Serve until interrupted; web server or daemon ending ends both."""
    web = [sys.executable, "-m", WEB, "--port", str(port), *(["--read-only"] if read_only else [])]
    web += [part for name in host_names for part in ("--host-name", name)]
    say(f"Dagster: http://127.0.0.1:{port} (chỉ máy này; Ctrl+C để dừng)")
    if provinces is not None:
        web += ["--cac-tinh", str(provinces.resolve())]
        return _serve_provinces(load_provinces(provinces), web, port, read_only=read_only)
    job = load_job()
    job.paths.prepare()
    home = prepare_home(job)
    environment = dict(os.environ, KHO_DATA=str(job.paths.root), DAGSTER_HOME=str(home))
    environment["KHO_ORCHESTRATION"] = str(orchestration_file().resolve())  # the services stand elsewhere
    daemon = [*_daemon(), "--module-name", LOCATION, "--working-directory", str(PROJECT_ROOT)]
    say(f"Bảng điều hành: http://127.0.0.1:{port}/bang-dieu-hanh; văn bản: http://127.0.0.1:{port}/van_ban/")
    beat = None if read_only or not has_own_storage(home) else Heartbeat([job.paths], lambda: instance(job))
    return _serve([web] if read_only else [web, daemon], environment, [beat.note] if beat else [])


def _serve_provinces(provinces: Provinces, web: list[str], port: int, *, read_only: bool) -> int:
    """A code server a province, then web server and daemon over all of them; 3 where another serves them already."""
    home = prepare_shared_home(provinces)
    folders = [DataPaths(item.du_lieu) for item in provinces.tinh]
    for paths in folders:
        try:
            paths.prepare()
        except OSError as mistake:
            error(f"Không ghi được vào thư mục dữ liệu {paths.root} ({why(mistake)}); các tỉnh khác vẫn chạy.")
    say(f"{len(folders)} tỉnh, cùng lúc {provinces.cung_luc} lần chạy; văn bản: http://127.0.0.1:{port}/tinh/")
    daemon = [*_daemon(), "--workspace", str(workspace_file(provinces))]
    beat = Heartbeat(folders, lambda: shared_instance(home))
    try:
        with CodeServers(provinces, error) as servers:
            commands = [web] if read_only else [web, daemon]
            return _serve(commands, common_environment(home), [servers.tend, *([] if read_only else [beat.note])])
    except ServedElsewhereError as mistake:
        error(str(mistake))
        return 3
    except StorageAwayError as mistake:
        error(f"Kho lưu riêng của Dagster ({home / OWN_DAGSTER}) không dùng được ({mistake}).")
        return 3


def _daemon() -> list[str]:
    return [str(Path(sys.executable).parent / "dagster-daemon"), "run"]


def _serve(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], meanwhile: Sequence[Callable[[], None]]
) -> int:
    processes = [subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT) for command in commands]  # noqa: S603
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
            for work in meanwhile:
                work()
        error("Một tiến trình của Dagster đã dừng; tắt phần còn lại.")
        return 3
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for process in processes:
            try:
                process.wait(timeout=max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
