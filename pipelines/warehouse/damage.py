"""Telling a damaged working warehouse from any other failure, and remembering it outside the file."""

from __future__ import annotations

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.config.space import lack_in, lack_of

TOLD = (
    "Kho làm việc (hoặc tệp đã công bố) hỏng, không đọc được. `kho run` dời tệp hỏng sang chỗ khác và dựng lại; "
    "`kho status` cho biết đang ra sao."
)
"""What a command says that cannot do its work because of it."""
_FLAG = "kho_hong"
_MARKS = ("checksum", "corrupt", "not a valid duckdb", "deserializ", "failed to load metadata", "invalid block")
_CUT_SHORT = "could not read enough bytes"
"""Said of any file that ends too early; of an export or a kept table it is no damage of the warehouse."""


def is_damage(error: BaseException) -> bool:
    """Whether DuckDB says with ``error`` that the file itself cannot be read.

    A disk that is full while it commits also makes it give the database up; the file is then as before the commit.
    """
    if lack_of(error) is not None:
        return False
    if isinstance(error, duckdb.SerializationException | duckdb.FatalException):
        return True
    return isinstance(error, duckdb.Error) and is_damage_text(str(error))


def is_damage_text(text: str) -> bool:
    """The same of DuckDB's words where only they are left."""
    if lack_in(text) is not None:
        return False
    text = text.lower()
    return any(mark in text for mark in _MARKS) or (_CUT_SHORT in text and '.duckdb"' in text)


def flag_damage(paths: DataPaths) -> None:
    """Remember that a block of the file could not be read: the next start sets it aside."""
    (paths.working / _FLAG).touch()


def is_flagged(paths: DataPaths) -> bool:
    """Whether a step found the warehouse damaged since the last start."""
    return (paths.working / _FLAG).exists()


def forget_damage(paths: DataPaths) -> None:
    """The damaged file has been set aside."""
    (paths.working / _FLAG).unlink(missing_ok=True)
