"""A paper into a file, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import duckdb

from pipelines.config.disk import whole_file, why
from pipelines.config.paths import DataPaths
from pipelines.papers import checking, claims, document, own_tables, pdf, workbook
from pipelines.papers.checking import Verdict
from pipelines.papers.context import make
from pipelines.papers.desk import AskedError, PaperError, Window
from pipelines.papers.paper import Paper
from pipelines.publish.query import QueryLimits, open_published

FORMS = (".docx", ".xlsx", ".pdf")


def write(
    paths: DataPaths,
    kind: str,
    window: Window,
    out: Path,
    *,
    agency: str | None = None,
    template: Path | None = None,
    file: Path | None = None,
    limits: QueryLimits | None = None,
) -> Paper:
    """Make the paper of ``kind`` and write it to ``out``, whose ending says the form; gives the paper.

    ``file``: the database of a kept publication. Raises ``PaperError`` and ``QueryError``.
    """
    paper = _made(paths, kind, window, agency=agency, file=file, limits=limits)
    with tempfile.TemporaryDirectory(prefix="kho_van_ban_") as scratch:
        made = Path(scratch) / f"bao_cao{out.suffix.lower()}"
        if made.suffix == ".xlsx":
            workbook.write(paper, made)
        else:
            drawn = made.with_suffix(".docx")
            document.write(paper, drawn, template)
            _timeless(drawn)
            if made.suffix == ".pdf":
                pdf.write(drawn, made)
        _place(made, out)
    return paper


def check(
    paths: DataPaths,
    kind: str,
    window: Window,
    report: Path,
    out: Path,
    *,
    agency: str | None = None,
    template: Path | None = None,
    file: Path | None = None,
    limits: QueryLimits | None = None,
) -> list[Verdict]:
    """Read ``report`` back, set its figures against the paper of ``kind``, and write the sheet of claims to ``out``.

    ``template``: the one it was made of, where it is an office's own.
    Raises ``PaperError`` and ``QueryError``.
    """
    found = claims.read(report)
    paper = _made(paths, kind, window, agency=agency, file=file, limits=limits)
    with tempfile.TemporaryDirectory(prefix="kho_van_ban_") as scratch:
        read_back = found.claims
        if not found.is_sheet:
            with_codes = Path(scratch) / f"co_ma{report.suffix.lower()}"
            if with_codes.suffix == ".xlsx":
                workbook.write(paper, with_codes, coded=True)
            else:
                document.write(paper, with_codes, template, coded=True)
            read_back = own_tables.bound(found, claims.read(with_codes))
        verdicts = checking.judge(paper, read_back)
        made = Path(scratch) / "kiem.xlsx"
        checking.write(verdicts, made)
        _place(made, out)
    return verdicts


def _made(
    paths: DataPaths, kind: str, window: Window, *, agency: str | None, file: Path | None, limits: QueryLimits | None
) -> Paper:
    with open_published(paths, limits, file) as connection:
        try:
            return make(connection, kind, window, agency)
        except duckdb.OutOfMemoryException:
            raise PaperError(
                "không đủ bộ nhớ để tính báo cáo; tăng gioi_han.hoi_bo_nho trong orchestration.yaml."
            ) from None


def _timeless(file: Path) -> None:
    """Take the moment of writing out of an office file: the same paper of the same publication is the same bytes."""
    beside = file.with_name(f"{file.name}.moi")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename), old.read(item), zipfile.ZIP_DEFLATED)
    beside.replace(file)


def _place(made: Path, out: Path) -> None:
    try:
        with whole_file(out) as beside:
            shutil.copyfile(made, beside)
    except OSError as failure:
        raise AskedError(f"không ghi được {out}: {why(failure)}.") from None
