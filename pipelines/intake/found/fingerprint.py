"""Identity of a file: the SHA-256 of its bytes, and the stem under which a corrected copy comes again."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from pipelines.contracts.normal_form import plain

_GAPS = re.compile(r"[ _-]+")
_AGAIN = "|".join(
    (
        r" ?[(\[] ?[0-9]{1,3} ?[)\]]",
        r" v(?:er(?:sion)?)?[ .]?[0-9]{1,3}(?:[.][0-9]{1,3})?",
        r" (?:copy|ban ?(?:sao|sua|moi)|da ?sua|(?:sua|gui|nop) ?lai|chinh ?sua|sua|moi|final)(?: ?[0-9]{1,2})?",
        r" lan ?[0-9]{1,2}",
    )
)
"""Endings over single blanks: every run of them is one, so that a name can be matched in one way only."""

_COPY_MARKS = re.compile(rf"(?:{_AGAIN})+ ?$")
_COPY_PREFIX = re.compile(r"^(?:copy of|ban sao cua)\s+")
_SUFFIX = re.compile(r"^[.][A-Za-z0-9]{1,7}$")
_NEITHER = re.compile(r"[^a-z0-9]+")


def normal_stem(relative_path: str) -> str:
    """File name without folder, extension and endings that only say "again" or "corrected": letters and digits.

    ``T05/Hồ sơ (1).csv``, ``ho so - Copy (2).xlsx``, ``ho_so_v2.csv``, ``Hồ sơ - bản sửa.csv`` and ``hồ sơ.csv``
    have one stem (docs/mess.md: a refused file is cleared when a file of the same feed and
    stem loads); a number that is part of the name (``ho_so_2``) stays. It is ``so_cai.tep.goc_ten``, the one
    rule of the command line and of ``van_hanh.tep``.
    """
    name = PurePosixPath(relative_path)
    suffix = len(name.suffix) if _SUFFIX.match(name.suffix) else 0
    stem = _COPY_PREFIX.sub("", _GAPS.sub(" ", plain(name.name[: len(name.name) - suffix])))
    return _NEITHER.sub("", _COPY_MARKS.sub("", stem)) or _NEITHER.sub("", stem)


def file_id(sha256: str, relative_path: str, *, first: bool) -> str:
    """``ma_tep``: 16 hex digits of the SHA-256; another copy of the same bytes adds ``-`` and 6 of its path."""
    if first:
        return sha256[:16]
    path_digest = hashlib.sha256(relative_path.encode("utf-8")).hexdigest()
    return f"{sha256[:16]}-{path_digest[:6]}"
