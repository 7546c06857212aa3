"""Starts, watches and restarts the process that reads bytes from outside (docs/do_ben.md)."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from pipelines.contracts.model import CodeList, Contract
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.worker.answer import Answer, Failure, Refusal
from pipelines.intake.worker.extraction import Archive, Extract
from pipelines.intake.worker.settings import Request, Settings
from pipelines.intake.worker.wire import WireError, receive, send, unpack

_HANDED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""Nothing else of the environment reaches the worker: the secret key may stand there."""
_POLL_SECONDS = 0.02
_START_SECONDS = 120.0
_WALL_PER_CPU = 5
_SPARE_SPACE = 2_000_000_000
"""Bytes of address space beyond the limit of resident memory: allocators reserve what they never use. The limit
itself is watched; this one stops what asks for more at once than can be watched."""
_LIBRARIES = 300_000_000
"""Bytes that the readers hold before they have read anything, and a little more."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()
_LONGEST_STDERR = 100_000

_WHAT_TO_DO = "Hãy mở tệp bằng phần mềm bảng tính, lưu lại dạng .xlsx hoặc .csv rồi gửi lại."
_MEMORY = (
    "Đọc tệp cần hơn {most} MB bộ nhớ (gioi_han.bo_nho_doc) nên đã dừng; tệp có thể hỏng hoặc độc hại. "
    "Hãy kiểm tra, chia nhỏ tệp rồi gửi lại."
)
_TIME = (
    "Đọc tệp quá {most} giây (gioi_han.giay_doc) nên đã dừng; tệp có thể hỏng hoặc độc hại. "
    "Hãy kiểm tra, chia nhỏ tệp rồi gửi lại."
)
_DIED = "Trình đọc dừng đột ngột ({how}) khi đọc tệp; tệp có thể hỏng hoặc độc hại. " + _WHAT_TO_DO
_FAILED = "Lỗi ngoài dự kiến khi đọc tệp ({kind}); tệp được giữ nguyên và sẽ thử lại ở lần chạy sau. " + _WHAT_TO_DO


class ReadingFailedError(FileRefusedError):
    """A refusal for a fault nobody foresaw; ``trace`` may quote a value: for the owner only."""

    def __init__(self, reason: str, trace: str) -> None:
        super().__init__(reason)
        self.trace = trace


class ReaderProcess:
    """Reads files one after the other in a process of its own, which is started with the first of them."""

    def __init__(
        self,
        contracts: Mapping[str, Contract],
        code_lists: Mapping[str, CodeList],
        limits: Limits,
        scratch: Path,
    ) -> None:
        self._limits = limits
        self._scratch = scratch
        self._settings = Settings(
            dict(contracts), dict(code_lists), limits, limits.reader_memory_bytes * 5 // 4 + _SPARE_SPACE
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._stderr: BinaryIO | None = None
        self.starts = 0
        self.cpu = 0.0
        """Seconds of the processor that reading took."""
        self.peak = 0
        """Most bytes the worker held, as seen while it read."""

    def read(self, file: BinaryIO, feed: str, name: str, member: int | None = None) -> Extract | Archive:
        """The tables of the open ``file``, or the members of a zip; raises ``FileRefusedError``.

        Whatever the file does to the process that reads it is a refusal in words; the next file finds a new one.
        ``ReadingFailedError`` where nobody foresaw the fault.
        """
        self._start()
        with tempfile.TemporaryFile(dir=self._scratch) as tables:
            answer = self._ask(Request(feed, name, member), file, tables)
            self.cpu += answer.cpu
            result = answer.result
        if isinstance(result, Refusal):
            raise FileRefusedError(result.reason)
        if isinstance(result, Failure):
            if result.memory:
                raise ReadingFailedError(self._out_of_memory(), result.trace)
            raise ReadingFailedError(_FAILED.format(kind=result.kind), result.trace)
        return result

    def start(self) -> None:
        """Start the worker now, not with the first file."""
        self._start()

    def close(self) -> None:
        """End the worker."""
        self._stop()

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._stop()
        ours, theirs = socket.socketpair()
        self._stderr = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115 - lives as long as the worker
        environment = {name: value for name in _HANDED_ON if (value := os.environ.get(name)) is not None}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "pipelines.intake.worker.serve", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                env={**environment, "PYTHONUTF8": "1"},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        self._connection = ours
        self.starts += 1
        send(ours, pickle.dumps(self._settings))

    def _stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
        for item in (self._connection, self._stderr):
            if item is not None:
                item.close()
        self._process = self._connection = self._stderr = None

    def _ask(self, request: Request, file: BinaryIO, tables: BinaryIO) -> Answer:
        connection, process = self._connection, self._process
        if connection is None or process is None:
            raise RuntimeError("the worker was not started")
        try:
            send(connection, pickle.dumps(request), [file.fileno(), tables.fileno()])
            self._wait(process, connection)
            message, _ = receive(connection)
            answer = unpack(message, tables)
        except (WireError, OSError):
            raise self._death(process) from None
        if not isinstance(answer, Answer):
            raise self._death(process)
        kept = _LIBRARIES + self._limits.reader_memory_bytes // 4
        if _resident(process.pid) > kept or isinstance(answer.result, Failure):
            self._stop()
        return answer

    def _wait(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        """Until the worker answers or closes; stops it beyond a limit."""
        seconds = self._limits.reader_seconds
        end = time.monotonic() + seconds * _WALL_PER_CPU
        cpu = _cpu_seconds(process.pid)
        pause = 0.0
        while not select.select([connection], [], [], pause)[0]:
            pause = _POLL_SECONDS
            resident = _resident(process.pid)
            self.peak = max(self.peak, resident)
            if resident > self._limits.reader_memory_bytes:
                self._stop()
                raise FileRefusedError(self._out_of_memory())
            if time.monotonic() > end or _cpu_seconds(process.pid) - cpu > seconds:
                self._stop()
                raise FileRefusedError(_TIME.format(most=seconds))

    def _death(self, process: subprocess.Popen[bytes]) -> FileRefusedError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        said = self._last_words()
        code = process.poll()
        self._stop()
        if "memory allocation of" in said or "MemoryError" in said or "std::bad_alloc" in said:
            return ReadingFailedError(self._out_of_memory(), said)
        how = _signal_name(-code) if code is not None and code < 0 else f"mã {code}"
        return ReadingFailedError(_DIED.format(how=how), said)

    def _last_words(self) -> str:
        if self._stderr is None:
            return ""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(size - _LONGEST_STDERR, 0))
        return self._stderr.read().decode("utf-8", "replace")

    def _out_of_memory(self) -> str:
        return _MEMORY.format(most=self._limits.reader_memory_bytes // 1_000_000)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"tín hiệu {number}"


def _resident(pid: int) -> int:
    """Bytes of memory that the process holds; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, IndexError, ValueError):
        return 0.0
