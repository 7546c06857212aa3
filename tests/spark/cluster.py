"""A standalone cluster of Spark on the loopback: a master, two workers of one core, a Connect server; for a trial only.

The catalogue is a Derby file of the Connect server, so every process of dbt sees the same tables. What a site needs
besides (authentication, a metastore on PostgreSQL, several machines) is not here.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

_MASTER, _CONNECT = 7177, 15102
_WORKERS = 2
_UP_SECONDS = 120


class Cluster:
    """Started by ``with``; ``kill_worker`` takes one worker and its executor away as a lost machine would."""

    def __init__(self, spark: Path, folder: Path, settings: Mapping[str, str]) -> None:
        self._home = next((spark / "lib").glob("python3*")) / "site-packages" / "pyspark"
        self._folder = folder
        self._settings = settings
        self._master: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        self._python = spark / "bin" / "python"

    @property
    def remote(self) -> str:
        """Address for ``SPARK_REMOTE``."""
        return f"sc://127.0.0.1:{_CONNECT}"

    def __enter__(self) -> Cluster:
        self._folder.mkdir(parents=True, exist_ok=True)
        address = f"spark://127.0.0.1:{_MASTER}"
        try:
            self._master = self._start(
                "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(_MASTER),
                "--webui-port", "0",
            )  # fmt: skip
            _await_port(_MASTER, self._master)
            for number in range(_WORKERS):
                work = self._folder / f"may_{number}"
                self._workers.append(
                    self._start(
                        "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
                        "--memory", "2g",
                        "--webui-port", "0", "--work-dir", str(work), address,
                    )
                )  # fmt: skip
            confs = {
                **self._settings,
                "spark.master": address,
                "spark.executor.memory": "1500m",
                "spark.connect.grpc.binding.port": str(_CONNECT),
            }
            options = [part for name, value in confs.items() for part in ("--conf", f"{name}={value}")]
            self._server = self._start(
                "org.apache.spark.deploy.SparkSubmit", *options, "--driver-memory", "2g",
                "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
            )  # fmt: skip
            _await_port(_CONNECT, self._server)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def kill_worker(self) -> str:
        """SIGKILL to the last worker and all it started; what was killed, in words."""
        worker = self._workers.pop()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        return f"máy làm việc thứ {_WORKERS} (tiến trình {worker.pid} và executor của nó)"

    def _start(self, java_class: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "cum.log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [self._home / "bin" / "spark-class", java_class, *arguments],
                env=os.environ
                | {"SPARK_HOME": str(self._home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": str(self._python)},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _stop(self) -> None:
        for process in [
            *([self._server] if self._server else []),
            *self._workers,
            *([self._master] if self._master else []),
        ]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _UP_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"Spark không khởi động được (cổng {port}); xem cum.log")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise SystemExit(f"Spark không mở cổng {port} trong {_UP_SECONDS} giây; xem cum.log")
