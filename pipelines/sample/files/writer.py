"""Puts exports on disk below ``raw/``, owner-only, and tells the answer key."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.config.paths import OWNER_DIR, OWNER_FILE
from pipelines.sample.answer_key import AnswerKey
from pipelines.sample.files.csv_writer import write_csv
from pipelines.sample.files.export import Export, Written
from pipelines.sample.files.json_writer import write_json
from pipelines.sample.files.parquet_writer import write_parquet
from pipelines.sample.files.xlsx_writer import write_xlsx

_WRITERS: dict[str, Callable[[Export, Path], Written]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "jsonl": write_json,
    "parquet": write_parquet,
}


@dataclass
class RawWriter:
    """Writes files below ``raw``; counts files, rows and bytes."""

    raw: Path
    key: AnswerKey
    files: int = 0
    rows: int = 0
    size: int = 0
    feeds: dict[str, tuple[int, int]] = field(default_factory=dict)

    def write(self, export: Export) -> Path:
        """Write one export; raises ``FileExistsError`` rather than overwrite."""
        path = self.raw / export.feed / export.path
        self._folder(path.parent)
        if path.exists():
            raise FileExistsError(f"tệp mẫu đã có, không ghi đè: {export.feed}/{export.path}")
        written = _WRITERS[export.format](export, path)
        if export.cut < 1:
            data = path.read_bytes()
            path.write_bytes(data[: int(len(data) * export.cut)])
        path.chmod(OWNER_FILE)
        self.key.add_file(export, written, path)
        self.files += 1
        rows = sum(len(part) for part in written.rows)
        self.rows += rows
        self.size += path.stat().st_size
        files, total = self.feeds.get(export.feed, (0, 0))
        self.feeds[export.feed] = (files + 1, total + rows)
        return path

    def by_feed(self) -> list[tuple[str, int, int]]:
        """(feed, files, data rows), sorted by feed."""
        return [(feed, *numbers) for feed, numbers in sorted(self.feeds.items())]

    def _folder(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(mode=OWNER_DIR)


def stable_number(*parts: object) -> int:
    """A number that depends only on ``parts``: seeds of random streams, the same on every machine."""
    return zlib.crc32(os.fsencode("|".join(str(part) for part in parts)))
