"""A PostgreSQL of its own for the tests of the serving copy, where one is installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.config.bi import Serving
from pipelines.config.orchestration import DEFAULT_FILE, Orchestration, load_orchestration
from pipelines.config.paths import PROJECT_ROOT

_FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
HAS_SERVER = bool(_FOUND) and shutil.which("psql") is not None
NASTY = "a\tb\nc\\.\n\\.\nd'\"; DROP TABLE x; -- \\N é"


class Server:
    """A server on a socket in ``folder`` and on a port of loopback."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.data = folder, port, folder / "d"
        self._as = {"user": "postgres"} if os.geteuid() == 0 else {}  # PostgreSQL does not run as root

    @property
    def place(self) -> str:
        """Where a client of libpq finds it."""
        return f"host={self.folder} port={self.port}"

    def start(self) -> None:
        """Start it, made before."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder} -c fsync=off"
        )
        self._control("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def make(self) -> None:
        """An empty cluster."""
        self._control("initdb", "-U", "quan_tri", "-A", "trust", "-E", "UTF8", "--no-sync")

    def stop(self) -> None:
        """At once, as by a failure of the machine: nothing is brought to an end."""
        self._control("pg_ctl", "-m", "immediate", "stop", check=False)

    def kill(self) -> None:
        """SIGKILL to the server and every process of it, as when the machine is cut off; by their own ids."""
        head = int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        children = Path(f"/proc/{head}/task/{head}/children").read_text(encoding="utf-8").split()
        for process in (head, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        # a process that nobody reaps still counts as running for its lock files
        (self.data / "postmaster.pid").unlink()
        (self.folder / f".s.PGSQL.{self.port}.lock").unlink()

    def _control(self, program: str, *arguments: str, check: bool = True) -> None:
        subprocess.run(
            [_FOUND[-1].parent / program, "-D", self.data, *arguments],
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )  # type: ignore[call-overload]

    def ask(self, sql: str, user: str = "quan_tri", database: str = "kho") -> str:
        """The answer of ``psql`` as plain text; raises ``CalledProcessError``."""
        done = subprocess.run(
            ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", f"{self.place} dbname={database} user={user}"],
            input=sql,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.rstrip("\n")

    def settings(self, **changes: object) -> Orchestration:
        """Settings that name this server."""
        serving = Serving.model_validate({"bat": True, "ket_noi": f"{self.place} dbname=kho user=kho_nap", **changes})
        return load_orchestration(DEFAULT_FILE, feeds=None).model_copy(update={"bi": serving})


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="kho_pg_", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    found = Server(folder, port)
    try:
        found.make()
        found.start()
        documented = re.search(
            r"```sql\n(.*?)```", (PROJECT_ROOT / "docs" / "bi.md").read_text(encoding="utf-8"), re.DOTALL
        )
        assert documented
        found.ask(documented[1], database="postgres")
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)


def publication(place: Path, count: int) -> Path:
    """A publication of two schemas, ``count`` rows in one."""
    file = place / f"{count}.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("CREATE SCHEMA tthc; CREATE SCHEMA ho_tich")
        db.execute(
            "CREATE TABLE tthc.ho_so AS SELECT i AS so, ?::VARCHAR AS chu, NULL::VARCHAR AS trong, '' AS rong, "
            "DATE '2025-07-01' AS ngay, TIMESTAMP '2025-07-01 08:30:00.5' AS luc, 1.25::DECIMAL(18,2) AS tien, "
            "0.1::DOUBLE AS ty_le, i % 2 = 0 AS dung FROM range(?) t(i)",
            [NASTY, count],
        )
        db.execute("CREATE TABLE ho_tich.dang_ky AS SELECT 1 AS n")
        db.execute("COMMENT ON TABLE tthc.ho_so IS 'Hồ sơ; ''một'' dòng :x một hồ sơ.'")
        db.execute("COMMENT ON COLUMN tthc.ho_so.tien IS 'Số tiền; đơn vị: đồng.'")
    return file
