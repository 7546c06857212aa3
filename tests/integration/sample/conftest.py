"""One small sample for all tests of the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.sample import SampleReport, generate


@dataclass(frozen=True)
class Made:
    """A generated data folder with its answer key."""

    raw: Path
    report: SampleReport
    defects: pl.DataFrame
    files: pl.DataFrame

    def bytes_of(self, name: str) -> bytes:
        """Content of a file by its path below ``raw``."""
        return (self.raw / name).read_bytes()


def make(folder: Path, **options: object) -> Made:
    """Generate into ``folder`` and read the answer key."""
    report = generate(folder / "raw", size="small", **options)  # type: ignore[arg-type]
    key = report.answer_key
    return Made(
        folder / "raw",
        report,
        pl.read_csv(key / "dap_an_loi.csv", schema_overrides={"dong": pl.Int64}, infer_schema_length=0),
        pl.read_csv(key / "dap_an_tep.csv", infer_schema_length=0).with_columns(
            pl.col("^so_dong.*$").cast(pl.Int64), pl.col("tong_ghi").cast(pl.Int64)
        ),
    )


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The small sample as ``kho sample`` makes it."""
    yield make(tmp_path_factory.mktemp("mau"))
