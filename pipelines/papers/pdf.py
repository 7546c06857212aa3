"""A document as PDF, by LibreOffice where it stands on this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pipelines.papers.desk import PaperError

_SECONDS = 180


def write(document: Path, place: Path) -> None:
    """Make ``place`` of a ``.docx``. LibreOffice gets a profile of its own, so one that is open does not disturb.

    Raises ``PaperError``: no LibreOffice, or it failed or took too long.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise PaperError(
            "máy này không có LibreOffice nên không in được PDF; cài gói libreoffice-writer-nogui, "
            "hoặc ghi --out TỆP.docx rồi in từ trình soạn thảo."
        )
    with tempfile.TemporaryDirectory(prefix="kho_pdf_") as scratch:
        arguments = [
            program, f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--norestore",
            "--convert-to", "pdf:writer_pdf_Export", "--outdir", scratch, str(document),
        ]  # fmt: skip
        try:
            subprocess.run(arguments, check=True, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)  # noqa: S603
        except (subprocess.SubprocessError, OSError) as failure:
            raise PaperError(
                f"LibreOffice không in được PDF ({type(failure).__name__}); ghi --out TỆP.docx rồi in tay."
            ) from None
        made = Path(scratch) / f"{document.stem}.pdf"
        if not made.is_file():
            raise PaperError("LibreOffice không in được PDF; ghi --out TỆP.docx rồi in từ trình soạn thảo.")
        shutil.copyfile(made, place)
