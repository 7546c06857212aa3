"""The code servers of several provinces: one process a province, started again where it has ended.

One that cannot load its definitions (a mistake in its ``orchestration.yaml``) answers with the mistake, which the
web UI shows at its location; the other provinces do not notice. One that nobody tends any more (``kho ui`` was killed)
ends by itself, after the run that it carries.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._grpc.client import DagsterGrpcClient

from pipelines.config.paths import OWNER_FILE, PROJECT_ROOT
from pipelines.config.provinces import Province, Provinces
from pipelines.orchestrate.home import shared_instance
from pipelines.orchestrate.several.home import environment_of, socket_of
from pipelines.orchestrate.several.province import location_name

LOCATION = "pipelines.orchestrate.location"
_UP_SECONDS = 180.0
_AGAIN_SECONDS = 30.0
_STOP_SECONDS = 60.0
_UNTENDED_SECONDS = 300
_BEAT_SECONDS = 30.0


class ServedElsewhereError(Exception):
    """Another ``kho ui --cac-tinh`` serves from this folder; a Vietnamese sentence."""


class CodeServers:
    """Started by ``with``; ``tend`` starts again what has ended. ``tell`` gets a sentence on each of these.

    Entering raises ``ServedElsewhereError`` and ``StorageAwayError``.
    """

    def __init__(self, provinces: Provinces, tell: Callable[[str], None]) -> None:
        self._provinces = provinces
        self._tell = tell
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._lock = -1
        self._next_beat = 0.0

    def __enter__(self) -> CodeServers:
        self._lock = _only_one(self._provinces.thu_muc)
        try:
            # A new storage is made by one process: two at once leave it with two heads of its schema's history.
            shared_instance(self._provinces.thu_muc).dispose()
            for item in self._provinces.tinh:
                self._start(item)
            for item in self._provinces.tinh:
                if not self._answers(item):
                    self._tell(f"Tỉnh {item.ma} ({item.ten}): tiến trình chưa trả lời; các tỉnh khác vẫn chạy.")
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def tend(self) -> None:
        """Start again, half a minute after its last start at the earliest, a server that has ended; a beat to each."""
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + _BEAT_SECONDS
            for item in self._provinces.tinh:
                with suppress(DagsterUserCodeUnreachableError):
                    DagsterGrpcClient(socket=str(socket_of(self._provinces, item))).heartbeat("")
        for item in self._provinces.tinh:
            process, begun = self._running[item.ma]
            if process.poll() is not None and time.monotonic() - begun > _AGAIN_SECONDS:
                self._tell(f"Tỉnh {item.ma} ({item.ten}): tiến trình đã dừng (mã {process.returncode}); khởi động lại.")
                self._start(item)

    def _start(self, item: Province) -> None:
        socket = socket_of(self._provinces, item)
        socket.unlink(missing_ok=True)
        command = [
            sys.executable, "-m", "dagster", "api", "grpc", "--socket", str(socket), "--module-name", LOCATION,
            "--working-directory", str(PROJECT_ROOT), "--location-name", location_name(item.ma),
            "--heartbeat", "--heartbeat-timeout", str(_UNTENDED_SECONDS), "--lazy-load-user-code",
            "--use-python-environment-entry-point", "--log-level", "warning",
        ]  # fmt: skip
        process = subprocess.Popen(  # noqa: S603
            command, env=environment_of(item, self._provinces.thu_muc), cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL
        )
        self._running[item.ma] = process, time.monotonic()

    def _answers(self, item: Province) -> bool:
        client = DagsterGrpcClient(socket=str(socket_of(self._provinces, item)))
        process, begun = self._running[item.ma]
        while process.poll() is None and time.monotonic() - begun < _UP_SECONDS:
            try:
                client.ping("")
            except DagsterUserCodeUnreachableError:
                time.sleep(0.2)
            else:
                return True
        return False

    def _stop(self) -> None:
        processes = [process for process, _ in self._running.values()]
        for item in self._provinces.tinh:
            if item.ma in self._running:
                # Asked as well as signalled: started in a shell's background they take over that SIGINT is ignored,
                # and Dagster treats SIGTERM as SIGINT.
                with suppress(DagsterUserCodeUnreachableError):
                    DagsterGrpcClient(socket=str(socket_of(self._provinces, item))).shutdown_server(timeout=5)
        for process in processes:
            process.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for process in processes:
            try:
                process.wait(timeout=max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _only_one(home: Path) -> int:
    descriptor = os.open(home / "dang_phuc_vu", os.O_RDWR | os.O_CREAT, OWNER_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ServedElsewhereError(f"Một `kho ui --cac-tinh` khác đang phục vụ từ thư mục {home}.") from None
    return descriptor
