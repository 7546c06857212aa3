"""Feeds whose loaded files have all gone from ``raw/``: a disk that is not mounted, a folder that was emptied.

The figures stand as long as the working warehouse does, so nothing collapses and no gate sees it; but no new file can
arrive, and a lost warehouse could not be built again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.config.kept_name import place_of

LOADED = (
    "SELECT t.nguon_du_lieu, t.ten_tep FROM so_cai.tep t WHERE t.trang_thai IN ('da_nap', 'trung') "
    "AND NOT EXISTS (SELECT 1 FROM so_cai.tep_xoa x WHERE x.ma_tep = t.ma_tep) "
    "AND EXISTS (SELECT 1 FROM so_cai.tep n WHERE n.nguon_du_lieu = t.nguon_du_lieu AND n.trang_thai = 'da_nap')"
)
"""(feed, path below ``raw/``) of what ``raw/`` owes: not what retention removed, nor of a feed into which
files were only put by mistake."""


def gone(loaded: Iterable[tuple[Any, ...]], raw: Path) -> list[tuple[str, int]]:
    """(feed, files once loaded) of every feed of whose ``loaded`` files none lies below ``raw`` any more."""
    files: dict[str, list[str]] = {}
    for feed, name in loaded:
        files.setdefault(str(feed), []).append(str(name))
    return [(feed, len(names)) for feed, names in sorted(files.items()) if not any(_lies(raw, name) for name in names)]


def told(found: list[tuple[str, int]]) -> str:
    """What is wrong, in one sentence; ``found`` is not empty."""
    total = sum(number for _, number in found)
    feeds = ", ".join(feed for feed, _ in found[:5]) + ("…" if len(found) > 5 else "")
    return f"raw/ không còn tệp nào trong {total} tệp đã nạp của {len(found)} nguồn ({feeds})."


REMEDY = (
    "Kiểm tra ổ đĩa của raw/ đã gắn chưa; tệp bị xóa thì chép lại từ bản sao lưu. Số liệu vẫn lấy từ kho làm việc, "
    "nhưng tệp mới không vào được và mất kho thì không dựng lại được."
)


def _lies(raw: Path, name: str) -> bool:
    """Whether the file is there, or the archive that it was read from."""
    place = place_of(raw, name)
    return any(path.is_file() for path in (place, *place.parents) if path.is_relative_to(raw))
