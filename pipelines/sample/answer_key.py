"""The answer key: every planted defect, every file, the clean truth. Lies in ``lam_viec/dap_an``, owner-only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.config.paths import OWNER_DIR, OWNER_FILE
from pipelines.sample.files.export import Export, Written

QUARANTINE, FINDING, RESTORED, REFUSED, DUPLICATE, IGNORED = (
    "cach_ly", "phat_hien", "khoi_phuc", "tu_choi", "trung", "bo_qua",
)  # fmt: skip

_DEFECT_SCHEMA = {
    "loai": pl.String,
    "nguon_du_lieu": pl.String,
    "tep": pl.String,
    "trang_tinh": pl.String,
    "dong": pl.Int64,
    "cot": pl.String,
    "xu_ly": pl.String,
    "ly_do": pl.String,
    "khoa": pl.String,
}
_FILE_SCHEMA = {
    "nguon_du_lieu": pl.String,
    "tep": pl.String,
    "sha256": pl.String,
    "trang_thai": pl.String,
    "so_dong_doc": pl.Int64,
    "so_dong_cach_ly": pl.Int64,
    "so_dong_lap_trong_tep": pl.Int64,
    "tong_ghi": pl.Int64,
    "bang_ma": pl.String,
    "ghi_chu": pl.String,
}


@dataclass
class AnswerKey:
    """Collects what was planted while files are written; ``save`` writes it below ``folder``.

    ``dap_an_loi.csv``: ``loai`` (class of defect), ``nguon_du_lieu``, ``tep`` (path below ``raw/``),
    ``trang_tinh``, ``dong`` (1-based physical row), ``cot`` (canonical field), ``xu_ly`` (expected treatment:
    cach_ly / phat_hien / khoi_phuc / tu_choi / trung / bo_qua), ``ly_do`` (reason code of the intake, where it
    has one), ``khoa`` (plain key). ``dap_an_tep.csv``: one row a file.
    """

    folder: Path
    defects: list[tuple[object, ...]] = field(default_factory=list)
    files: list[tuple[object, ...]] = field(default_factory=list)

    def prepare(self) -> None:
        """Create the folder, owner-only."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=OWNER_DIR, exist_ok=True)
        for folder in (self.folder.parent, self.folder):
            folder.chmod(OWNER_DIR)

    def add_file(self, export: Export, written: Written, path: Path) -> None:
        """Record one written file and the defects planted in it."""
        name = f"{export.feed}/{export.path}"
        quarantined = set()
        for sheet, rows, sheet_name in zip(export.sheets, written.rows, written.sheet_names, strict=True):
            for item in sheet.planted:
                row = None if item.row is None else int(rows[item.row])
                if item.treatment == QUARANTINE:
                    quarantined.add((sheet_name, row))
                self.defects.append(
                    (item.kind, export.feed, name, sheet_name, row, item.column, item.treatment, item.reason, item.key)
                )
        loaded = export.state == "da_nap"
        counted = loaded and export.payload is None and not export.reshaped
        read = sum(len(rows) for rows in written.rows) if counted else None
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        charset = export.charset if export.format == "csv" else ""
        self.files.append(
            (
                export.feed, name, digest, export.state, read, len(quarantined) if loaded else None,
                export.repeats, export.stated_total, charset, export.note,
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write both CSV files (0600)."""
        for name, rows, schema in (
            ("dap_an_loi.csv", self.defects, _DEFECT_SCHEMA),
            ("dap_an_tep.csv", self.files, _FILE_SCHEMA),
        ):
            path = self.folder / name
            pl.DataFrame(rows, schema=schema, orient="row").write_csv(path)
            path.chmod(OWNER_FILE)

    def save_frame(self, name: str, frame: pl.DataFrame) -> None:
        """Write a truth table as Parquet (0600)."""
        path = self.folder / name
        frame.write_parquet(path, compression="zstd", statistics=False)
        path.chmod(OWNER_FILE)
