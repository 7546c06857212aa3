"""What goes between the intake and its worker: small messages over a socket, tables as Arrow in an unnamed file.

Messages from the worker may name plain shapes of the intake (its dataclasses) and nothing else: a reader that was
taken over by the file it read makes no call here.
"""

from __future__ import annotations

import dataclasses
import enum
import io
import mmap
import pickle
import socket
import struct
import sys
from typing import Any, BinaryIO

import polars as pl
import pyarrow as pa

_LENGTH = struct.Struct("<Q")
_BUILTINS = {"frozenset", "set", "tuple", "list", "dict"}
_TIMES = {"datetime", "date", "time", "timedelta", "timezone"}


class WireError(Exception):
    """The other side closed, or sent what is no message."""


def send(connection: socket.socket, message: bytes, descriptors: list[int] | None = None) -> None:
    """One message, with open files."""
    head = _LENGTH.pack(len(message))
    socket.send_fds(connection, [head], descriptors or [])
    connection.sendall(message)


def receive(connection: socket.socket, files: int = 0) -> tuple[bytes, list[int]]:
    """One message and its open files; raises ``WireError`` where the other side is gone."""
    head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH.size, files)
    while len(head) < _LENGTH.size:
        more = connection.recv(_LENGTH.size - len(head)) if head else b""
        if not more:
            raise WireError
        head += more
    return _exactly(connection, _LENGTH.unpack(head)[0]), list(descriptors)


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        piece = connection.recv(min(size - len(parts), 1 << 20))
        if not piece:
            raise WireError
        parts += piece
    return bytes(parts)


class _Pickler(pickle.Pickler):
    """Frames and series go to ``tables``; the message holds only where they lie."""

    def __init__(self, message: io.BytesIO, tables: BinaryIO) -> None:
        super().__init__(message, protocol=5)
        self._tables = tables

    def persistent_id(self, item: Any) -> Any:
        if not isinstance(item, pl.DataFrame | pl.Series):
            return None
        start = self._tables.tell()
        frame = item.to_frame() if isinstance(item, pl.Series) else item
        if frame.width:
            table = frame.to_arrow(compat_level=pl.CompatLevel.newest())
            with pa.ipc.new_stream(self._tables, table.schema) as writer:
                writer.write_table(table)
        return (isinstance(item, pl.Series), start, self._tables.tell() - start)


class _Unpickler(pickle.Unpickler):
    def __init__(self, message: bytes, tables: pa.Buffer | None) -> None:
        super().__init__(io.BytesIO(message))
        self._tables = tables

    def find_class(self, module: str, name: str) -> Any:
        if (module == "builtins" and name in _BUILTINS) or (module == "datetime" and name in _TIMES):
            return super().find_class(module, name)
        known = getattr(sys.modules.get(module), name, None) if module.startswith("pipelines.intake.") else None
        if not isinstance(known, type) or not (dataclasses.is_dataclass(known) or issubclass(known, enum.Enum)):
            raise WireError
        return known

    def persistent_load(self, place: Any) -> Any:
        is_series, start, size = place
        if not size:
            return pl.DataFrame()
        if self._tables is None:
            raise WireError
        frame = pl.from_arrow(pa.ipc.open_stream(self._tables.slice(start, size)).read_all(), rechunk=False)
        if not isinstance(frame, pl.DataFrame):
            raise WireError
        return frame.to_series() if is_series else frame


def pack(answer: Any, tables: BinaryIO) -> bytes:
    """The message for ``answer``; its frames are written to ``tables``."""
    message = io.BytesIO()
    _Pickler(message, tables).dump(answer)
    tables.flush()
    return message.getvalue()


def unpack(message: bytes, tables: BinaryIO) -> Any:
    """What ``pack`` packed; frames stay in the mapped file, which lives as long as one of them does.

    Raises ``WireError`` for anything that is no such message.
    """
    size = tables.seek(0, io.SEEK_END)
    mapped = pa.py_buffer(mmap.mmap(tables.fileno(), size, prot=mmap.PROT_READ)) if size else None
    try:
        return _Unpickler(message, mapped).load()
    except WireError:
        raise
    except Exception:  # noqa: BLE001 - bytes that are no message fail in any way
        raise WireError from None
