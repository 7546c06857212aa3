"""The files in which Spark keeps its tables, before and after a build: what was written again, and what was left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, tuple[int, int]]
"""Of each file below a table, its inode and the time it was written, in nanoseconds."""

BY_MONTH = "thang"


@dataclass(frozen=True)
class Kept:
    """How many files of a table are the same as before, and how many are new or gone."""

    same: int
    new: int
    gone: int

    @property
    def word(self) -> str:
        """What that means for the table (Vietnamese)."""
        if not self.new and not self.gone:
            return "giữ nguyên"
        return "thay theo tháng" if self.same else "dựng lại"


def files(place: Path) -> dict[str, Files]:
    """Parquet files by table (``schema.table``) of the engine that lies in ``place``."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    root = place / "kho"
    for file in root.rglob("*.parquet"):
        schema, table, *rest = file.relative_to(root).parts
        at = file.stat()
        found.setdefault(f"{schema.removesuffix('.db')}.{table}", {})["/".join(rest)] = (at.st_ino, at.st_mtime_ns)
    return dict(found)


def kept(before: Mapping[str, Files], after: Mapping[str, Files]) -> dict[str, Kept]:
    """What became of every table of rows that stands after a build, helpers of the build itself left out."""
    return {
        table: Kept(
            same=len(now.items() & before.get(table, {}).items()),
            new=len(now.items() - before.get(table, {}).items()),
            gone=len(before.get(table, {}).items() - now.items()),
        )
        for table, now in sorted(after.items())
        if not table.startswith("doi.")
    }


def report(tables: Mapping[str, Kept]) -> list[str]:
    """In words: models stored by month, each that changed by its files; then the others."""
    by_month = {name: one for name, one in tables.items() if name.startswith(f"{BY_MONTH}.")}
    others = {name: one for name, one in tables.items() if name not in by_month}
    lines = [f"{name.partition('.')[2].replace('__', '.', 1)}: {_files(one)}" for name, one in by_month.items()]
    return [
        *lines,
        f"Bảng lưu theo tháng: {_words(by_month)}; {_total(by_month)}",
        f"Bảng khác: {_words(others)}; {_total(others)}",
    ]


def _files(one: Kept) -> str:
    return f"{one.word} ({one.same} tệp như cũ, {one.new} tệp mới, {one.gone} tệp bỏ)"


def _words(tables: Mapping[str, Kept]) -> str:
    return ", ".join(
        f"{number} {word}" for word, number in sorted(Counter(one.word for one in tables.values()).items())
    )


def _total(tables: Mapping[str, Kept]) -> str:
    return f"{sum(one.same for one in tables.values())} tệp như cũ, {sum(one.new for one in tables.values())} tệp mới"
