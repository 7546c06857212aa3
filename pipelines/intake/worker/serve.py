"""The worker: takes open files over a socket, reads one after the other, gives tables back. Started by ``process``."""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import BinaryIO

from pipelines.intake.errors import ColumnsMissingError, FileRefusedError
from pipelines.intake.found.source import source_of
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.headers.misplaced import where_it_belongs
from pipelines.intake.worker.answer import Answer, Failure, Refusal
from pipelines.intake.worker.extraction import Archive, Extract, extract
from pipelines.intake.worker.settings import Request, Settings
from pipelines.intake.worker.wire import WireError, pack, receive, send

_DIE_WITH_PARENT = 1
_LONGEST_TRACE = 200_000


def main() -> None:
    """Serve until the other side closes; ``argv[1]`` is the descriptor of the socket."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = socket.socket(fileno=int(sys.argv[1]))
    try:
        settings: Settings = pickle.loads(receive(connection)[0])  # noqa: S301 - from the process that started us
        _limit_memory(settings.memory_bytes)
        desk = _Desk(settings)
        while True:
            message, descriptors = receive(connection, files=2)
            request: Request = pickle.loads(message)  # noqa: S301 - from the process that started us
            with os.fdopen(descriptors[0], "rb") as file, os.fdopen(descriptors[1], "r+b") as tables:
                reply = desk.answer(request, file, tables)
            send(connection, reply)
    except WireError:
        return


def _limit_memory(allowed: int) -> None:
    """``allowed`` bytes of address space beyond what the libraries hold already."""
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + allowed, used + allowed))


class _Desk:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._indexes: dict[str, HeaderIndex] = {}

    def answer(self, request: Request, file: BinaryIO, tables: BinaryIO) -> bytes:
        """The message for one file; whatever goes wrong is an answer too."""
        before = time.process_time()
        try:
            result = self._extract(request, file)
            return pack(Answer(result, time.process_time() - before), tables)
        except FileRefusedError as refusal:
            return pack(Answer(Refusal(str(refusal)), time.process_time() - before), tables)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - native panics are no subclass of Exception
            trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
            failure = Failure(type(error).__name__, trace, isinstance(error, MemoryError))
        return pack(Answer(failure, time.process_time() - before), tables)

    def _extract(self, request: Request, file: BinaryIO) -> Extract | Archive:
        settings = self._settings
        contract, index = settings.contracts[request.feed], self._index_of(request.feed)
        source = source_of(file.fileno(), request.name, settings.limits)
        try:
            return extract(source, contract, index, settings.code_lists, settings.limits, member=request.member)
        except ColumnsMissingError as missing:
            others = (self._index_of(feed) for feed in settings.contracts)
            sentence = where_it_belongs(missing.headers, index, others)
            if sentence is None:
                raise
            raise FileRefusedError(f"{missing} {sentence}") from None

    def _index_of(self, feed: str) -> HeaderIndex:
        if feed not in self._indexes:
            self._indexes[feed] = HeaderIndex(self._settings.contracts[feed])
        return self._indexes[feed]


if __name__ == "__main__":
    main()
