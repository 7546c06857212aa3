"""Fill the serving copy from ``data/marts/kho.duckdb`` with PostgreSQL's own client."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, cast

from pipelines.config.orchestration import Orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.traces import keep_text
from pipelines.serving.script import DONE, LOST, script
from pipelines.warehouse.database import connect

_TRACE = "loi_bi.txt"
_TOO_LONG = -1
_SHOWN = 10


class ServingError(Exception):
    """The copy was not filled, and is as it was; Vietnamese text without any value of the data."""


def fill(database: Path, paths: DataPaths, settings: Orchestration) -> list[str]:
    """Put the publication in the place of what the server holds; returns sentences of what did not outlive that.

    Raises ``ServingError``, ``duckdb.Error``.
    """
    serving = settings.bi
    client = shutil.which("psql")
    if client is None or serving.ket_noi is None:
        what = "máy này chưa có psql (gói postgresql-client)" if client is None else "mục bi chưa khai ket_noi"
        raise ServingError(f"Không nạp được bản phục vụ BI: {what}.")
    with TemporaryFile() as said:
        command = [client, "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-d", serving.ket_noi]
        code = _run(command, database, settings, said.fileno())
        said.seek(0)
        text = said.read().decode(errors="replace")
    # What fails once the new copy stands is the tidying of the old one, which the next night does.
    if not code or DONE in text.splitlines():
        return _lost_views(text)
    if code == _TOO_LONG:
        raise ServingError(
            f"Không nạp được bản phục vụ BI: máy chủ không nhận xong trong {serving.nap_giay} giây (bi.nap_giay); máy "
            "chủ giữ bản cũ."
        )
    file = keep_text(paths, text, _TRACE)
    raise ServingError(
        f"Không nạp được bản phục vụ BI (psql kết thúc với mã {code}); máy chủ giữ bản cũ; chi tiết (chỉ chủ thư "
        f"mục đọc được) ở lam_viec/{file.name}."
    )


def _lost_views(text: str) -> list[str]:
    names = [line.split(LOST, 1)[1].strip() for line in text.splitlines() if LOST in line]
    if not names:
        return []
    shown = ", ".join("".join(c if c.isprintable() else "?" for c in name[:120]) for name in names[:_SHOWN])
    more = f" và {len(names) - _SHOWN} khung nhìn khác" if len(names) > _SHOWN else ""
    return [
        f"Bản phục vụ BI: không giữ được khung nhìn {shown}{more} đặt trên bảng của kho (của vai trò khác, đã lưu kết "
        "quả, hoặc cột nó dùng không còn); tạo lại bằng vai trò nạp thì các đêm sau giữ."
    ]


def _run(command: list[str], database: Path, settings: Orchestration, said: int) -> int:
    """Exit code of the client once it was told everything, or gave up."""
    limits = settings.gioi_han
    environment = {**os.environ, "PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "15", "PGAPPNAME": "kho06"}
    with (
        connect(database, read_only=True, threads=limits.luong, memory_limit=limits.bo_nho) as connection,
        subprocess.Popen(  # noqa: S603 - psql as found on the path; its target is the operator's own setting
            command, env=environment, stdin=subprocess.PIPE, stdout=said, stderr=said
        ) as client,
    ):
        # A server that has gone silent says nothing for hours: the limit of a statement is its own to keep.
        late = Timer(settings.bi.nap_giay, client.kill)
        late.start()
        try:
            _tell(client.stdin, script(connection, settings.bi))
            code = client.wait()
        except BaseException:
            client.kill()  # the transaction goes with it
            raise
        finally:
            late.cancel()
        return _TOO_LONG if code == -signal.SIGKILL else code


def _tell(stream: IO[bytes] | None, pieces: Iterable[bytes]) -> None:
    """Write until all is told or the client has given up; why it has is in what it said."""
    with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", stream) as place:
        for piece in pieces:
            place.write(piece)
