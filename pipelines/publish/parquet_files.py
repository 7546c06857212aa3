"""A published Parquet file made of the kept content of its table, byte for byte: nothing is encoded twice.

The content files (``version_store``) hold all of a table but the stamps, which are the same in every row. Their pages
are copied behind one another, each row group gets two small columns for the stamps, and the foot is written for all.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.publish.thrift import (
    I16,
    I32,
    I64,
    LIST,
    STRUCT,
    Field,
    Items,
    Struct,
    ThriftError,
    read_struct,
    written,
)

_MAGIC = b"PAR1"
_TAIL = 8
_CHUNK = 1 << 20
# Numbers of fields in parquet.thrift.
_SCHEMA, _ROWS, _GROUPS, _EXTRA, _ORDERS = 2, 3, 4, 5, 7
_CHILDREN = 5
_COLUMNS, _BYTES, _COUNT, _GROUP_AT, _PACKED, _ORDINAL = 1, 2, 3, 5, 6, 7
_CHUNK_AT, _ABOUT = 2, 3
_CHUNK_PLACES = (4, 6)
_ABOUT_PLACES = (9, 10, 11, 14)


class NotAlikeError(Exception):
    """The content files cannot be put together to one file; the table is to be written anew."""


@dataclass(frozen=True)
class _Whole:
    """Pages and foot of a Parquet file; the pages lie from byte 4 on."""

    file: Path | io.BytesIO
    foot: Struct
    end: int

    @property
    def schema(self) -> list[Struct]:
        items: list[Struct] = self.foot[_SCHEMA].value.values
        return items

    @property
    def groups(self) -> list[Struct]:
        items: list[Struct] = self.foot[_GROUPS].value.values
        return items


def write(
    target: Path, contents: Sequence[Path], columns: Sequence[tuple[str, str]], stamps: Mapping[str, str | None]
) -> None:
    """Write the table of ``contents`` (at least one, of the same columns) as one Parquet file.

    ``columns``: names and types in their order; ``stamps``: those that the contents lack, with their one value as text.
    Raises ``NotAlikeError`` where what was found cannot be put together so, and ``OSError``; ``target`` is then to be
    thrown away.
    """
    names = [name for name, _ in columns]
    if sorted(names[len(names) - len(stamps) :]) != sorted(stamps):
        raise NotAlikeError("stamps are not the last columns")
    try:
        wholes = [_opened(path) for path in contents]
        schemas = [b"".join(map(written, whole.schema)) for whole in wholes]
        if len(set(schemas)) != 1:
            raise NotAlikeError("content files of several schemas")
        with target.open("wb") as out:
            out.write(_MAGIC)
            _write_body(out, wholes, [(name, kind, stamps[name]) for name, kind in columns if name in stamps])
    except ThriftError as error:
        raise NotAlikeError(str(error)) from None


def _opened(file: Path | io.BytesIO) -> _Whole:
    with _stream(file) as stream:
        length = stream.seek(0, io.SEEK_END)
        stream.seek(max(length - _TAIL, 0))
        tail = stream.read(_TAIL)
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or size + _TAIL + len(_MAGIC) > length:
            raise NotAlikeError("no Parquet file")
        end = length - _TAIL - size
        stream.seek(end)
        foot = read_struct(stream.read(size))
    if not {_SCHEMA, _ROWS, _GROUPS} <= foot.keys():
        raise NotAlikeError("no Parquet file")
    return _Whole(file, foot, end)


def _stream(file: Path | io.BytesIO) -> BinaryIO:
    return file.open("rb") if isinstance(file, Path) else io.BytesIO(file.getvalue())


def _write_body(out: BinaryIO, wholes: Sequence[_Whole], stamps: Sequence[tuple[str, str, str | None]]) -> None:
    groups: list[Struct] = []
    for whole in wholes:
        moved = _copied(out, whole)
        sizes = [int(group[_COUNT].value) for group in moved]
        beside = _of_stamps(stamps, sizes) if stamps else None
        added = _copied(out, beside) if beside else [{} for _ in moved]
        groups += [_together(group, more) for group, more in zip(moved, added, strict=True)]
    first = wholes[0]
    own = _of_stamps(stamps, []).schema[1:] if stamps else []
    root = {**first.schema[0], _CHILDREN: Field(I32, first.schema[0][_CHILDREN].value + len(own))}
    foot = {number: field for number, field in first.foot.items() if number not in {_EXTRA, _ORDERS}}
    foot[_SCHEMA] = Field(LIST, Items(STRUCT, [root, *first.schema[1:], *own]))
    foot[_ROWS] = Field(I64, sum(int(whole.foot[_ROWS].value) for whole in wholes))
    numbered = [{**group, _ORDINAL: Field(I16, i)} if _ORDINAL in group else group for i, group in enumerate(groups)]
    foot[_GROUPS] = Field(LIST, Items(STRUCT, numbered))
    end = written(foot)
    out.write(end + len(end).to_bytes(4, "little") + _MAGIC)


def _copied(out: BinaryIO, whole: _Whole) -> list[Struct]:
    """Copy the pages of a file; returns its row groups as they lie now."""
    shift = out.tell() - len(_MAGIC)
    left = whole.end - len(_MAGIC)
    with _stream(whole.file) as stream:
        stream.seek(len(_MAGIC))
        while left:
            data = stream.read(min(left, _CHUNK))
            if not data:
                raise NotAlikeError("truncated")
            out.write(data)
            left -= len(data)
    return [_moved_group(group, shift) for group in whole.groups]


def _moved_group(group: Struct, shift: int) -> Struct:
    chunks = [_moved_chunk(chunk, shift) for chunk in group[_COLUMNS].value.values]
    return {**_moved(group, (_GROUP_AT,), shift), _COLUMNS: Field(LIST, Items(STRUCT, chunks))}


def _moved_chunk(chunk: Struct, shift: int) -> Struct:
    about = _moved(chunk[_ABOUT].value, _ABOUT_PLACES, shift)
    # Of no use, and 0 where a writer does not say it.
    places = _CHUNK_PLACES if not chunk[_CHUNK_AT].value else (_CHUNK_AT, *_CHUNK_PLACES)
    return {**_moved(chunk, places, shift), _ABOUT: Field(STRUCT, about)}


def _moved(fields: Struct, places: Sequence[int], shift: int) -> Struct:
    """Offsets into the file moved on."""
    return {n: Field(f.kind, f.value + shift) if n in places else f for n, f in fields.items()}


def _together(group: Struct, more: Struct) -> Struct:
    """A row group with the columns of another one of as many rows behind its own."""
    if not more:
        return group
    chunks = [*group[_COLUMNS].value.values, *more[_COLUMNS].value.values]
    sums = {n: Field(I64, group[n].value + more[n].value) for n in (_BYTES, _PACKED) if n in group and n in more}
    return {**group, **sums, _COLUMNS: Field(LIST, Items(STRUCT, chunks))}


def _of_stamps(stamps: Sequence[tuple[str, str, str | None]], sizes: Sequence[int]) -> _Whole:
    """The stamps as a Parquet file with row groups of these sizes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[str, Any] = {"DATE": pa.date32(), "VARCHAR": pa.string()}
    if not all(kind in kinds for _, kind, _ in stamps):
        raise NotAlikeError("stamps of other types")
    schema = pa.schema([(name, kinds[kind]) for name, kind, _ in stamps])
    values = [
        None if text is None else date.fromisoformat(text) if kind == "DATE" else text for _, kind, text in stamps
    ]
    place = io.BytesIO()
    with pq.ParquetWriter(place, schema, compression="zstd", store_schema=False, version="1.0") as writer:
        for size in sizes:
            cells = [pa.repeat(pa.scalar(v, f.type), size) for v, f in zip(values, schema, strict=True)]
            writer.write_table(pa.table(cells, schema=schema), row_group_size=max(size, 1))
    return _opened(io.BytesIO(place.getvalue()))
