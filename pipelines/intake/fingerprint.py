"""Identity of a file: the SHA-256 of its bytes, and the stem under which a corrected copy comes again."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

from pipelines.intake.normal_form import plain

_COPY_MARK = re.compile(
    r"(?:\s*\(\d{1,3}\)|\s*\[\d{1,3}\]|\s*-\s*(?:copy|ban sao)|\s+(?:copy|ban sao)|\s*_?(?:da sua|sua lai|gui lai))$"
)
_COPY_PREFIX = re.compile(r"^(?:copy of|ban sao cua)\s+")


def sha256_of(path: Path, chunk: int = 1 << 20) -> str:
    """Hex SHA-256 of the file, read in pieces; raises ``OSError`` where it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(chunk):
            digest.update(piece)
    return digest.hexdigest()


def normal_stem(relative_path: str) -> str:
    """File name without folder, extension and marks of a repeated copy, in normal form.

    ``T05/Hồ sơ (1).csv``, ``ho so - Copy (2).xlsx`` and ``hồ sơ.csv`` have one stem (spec ``feeds``,
    *Nothing is lost*: a refused file is cleared when a file of the same feed and stem loads).
    """
    stem = _COPY_PREFIX.sub("", plain(PurePosixPath(relative_path).stem))
    while (shorter := _COPY_MARK.sub("", stem)) != stem and shorter:
        stem = shorter
    return stem


def file_id(sha256: str, relative_path: str, *, first: bool) -> str:
    """``ma_tep``: 16 hex digits of the SHA-256; another copy of the same bytes adds ``-`` and 6 of its path."""
    if first:
        return sha256[:16]
    path_digest = hashlib.sha256(relative_path.encode("utf-8")).hexdigest()
    return f"{sha256[:16]}-{path_digest[:6]}"
