"""Thrift's compact protocol, as far as the foot of a Parquet file needs it: structures read, and written again.

A structure is its fields by number; what a field means is the format's business. Whatever a newer writer puts into a
structure is kept as it is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
_INTEGERS = frozenset({I16, I32, I64})
_SHORT = 15


@dataclass(frozen=True)
class Field:
    """Type and value: an int, float, bool, ``bytes``, ``Items`` or ``Struct``."""

    kind: int
    value: Any


@dataclass(frozen=True)
class Items:
    """A list or set of values of one type."""

    kind: int
    values: list[Any]


Struct = dict[int, Field]


class ThriftError(Exception):
    """These bytes are no structure that can be read here."""


def read_struct(data: bytes) -> Struct:
    """The structure that ``data`` begins with. Raises ``ThriftError``."""
    try:
        return _Reader(data).struct()
    except (IndexError, struct.error, RecursionError):
        raise ThriftError("truncated") from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while (head := self._byte()) != 0:
            kind, step = head & 15, head >> 4
            number = number + step if step else self._signed()
            value = kind == TRUE if kind in {TRUE, FALSE} else self._value(kind)
            fields[number] = Field(kind, value)
        return fields

    def _value(self, kind: int) -> Any:
        if kind in _INTEGERS:
            return self._signed()
        readers: dict[int, Callable[[], Any]] = {
            TRUE: lambda: self._byte() == TRUE,
            FALSE: lambda: self._byte() == TRUE,
            BYTE: self._byte,
            DOUBLE: lambda: struct.unpack("<d", self._bytes(8))[0],
            BINARY: lambda: self._bytes(self._unsigned()),
            LIST: self._items,
            SET: self._items,
            STRUCT: self.struct,
        }
        if kind not in readers:
            raise ThriftError(f"type {kind}")
        return readers[kind]()

    def _items(self) -> Items:
        head = self._byte()
        kind, count = head & 15, head >> 4
        if count == _SHORT:
            count = self._unsigned()
        return Items(kind, [self._value(kind) for _ in range(count)])

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        self._at += count
        if self._at > len(self._data):
            raise ThriftError("truncated")
        return self._data[self._at - count : self._at]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)


def written(fields: Struct) -> bytes:
    """The structure as bytes."""
    out, before = bytearray(), 0
    for number in sorted(fields):
        kind, value = fields[number].kind, fields[number].value
        if kind in {TRUE, FALSE}:
            kind = TRUE if value else FALSE
        step = number - before
        out += bytes([step << 4 | kind]) if 0 < step <= _SHORT else bytes([kind]) + _signed(number)
        if kind not in {TRUE, FALSE}:
            out += _value(kind, value)
        before = number
    return bytes(out) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind in _INTEGERS:
        return _signed(value)
    if kind in {LIST, SET}:
        count = len(value.values)
        head = bytes([min(count, _SHORT) << 4 | value.kind]) + (_varint(count) if count >= _SHORT else b"")
        return head + b"".join(_value(value.kind, item) for item in value.values)
    writers: dict[int, Callable[[], bytes]] = {
        TRUE: lambda: bytes([TRUE if value else FALSE]),
        FALSE: lambda: bytes([TRUE if value else FALSE]),
        BYTE: lambda: bytes([value]),
        DOUBLE: lambda: struct.pack("<d", value),
        BINARY: lambda: _varint(len(value)) + value,
        STRUCT: lambda: written(value),
    }
    return writers[kind]()


def _signed(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
