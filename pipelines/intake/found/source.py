"""One file as the readers take it: its bytes, and its name for the endings and messages only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits


@dataclass(frozen=True)
class Source:
    """``name`` is a label: nothing is ever opened by it."""

    name: str
    data: bytes

    @property
    def extension(self) -> str:
        """``.csv`` and the like, in small letters; ``""`` where there is none."""
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()


@dataclass(frozen=True)
class Member:
    """``place``: 0-based place in the zip's directory; ``name``: its path there as a label, without ``..``.

    ``sha256`` of its bytes, or of as many as the limits let be read where ``refusal`` says why it is not read.
    """

    place: int
    name: str
    sha256: str
    size: int
    refusal: str | None = None


def read_source(path: Path, limits: Limits) -> Source:
    """The file at ``path``; raises ``FileRefusedError`` where it is empty or too big, ``OSError``."""
    with path.open("rb") as handle:
        return source_of(handle.fileno(), path.name, limits)


def source_of(descriptor: int, name: str, limits: Limits) -> Source:
    """The open file ``descriptor`` from its start; raises as ``read_source`` does."""
    size = os.fstat(descriptor).st_size
    check_size(size, limits)
    with open(descriptor, "rb", closefd=False) as handle:
        handle.seek(0)
        return Source(name, handle.read())


def check_size(size: int, limits: Limits) -> None:
    """Raises ``FileRefusedError`` for an empty file and for one beyond ``limits.file_bytes``."""
    if size == 0:
        raise FileRefusedError("Tệp rỗng (0 byte). Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại.")
    if size > limits.file_bytes:
        raise FileRefusedError(f"Tệp quá lớn ({size // 1_000_000} MB). Hãy chia nhỏ tệp rồi gửi lại.")
