"""A few dossiers as rows of an export, and what a reading of them set apart."""

from __future__ import annotations

from tests.unit.intake.one_file import Outcome

FEED = "dvc/ho_so"
HEAD = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Lệ phí", "Kết quả điện tử"]


def row_of(number: int, **cells: str) -> list[str]:
    """The dossier of that number; ``cells`` by header stand in place of its own."""
    values = dict(
        zip(HEAD, [f"H02.16-240603-{number:04}", "H02.16", "03/06/2024", "10", "1.204.000", "Có"], strict=True)
    )
    return list({**values, **cells}.values())


def csv_of(rows: list[list[str]], delimiter: str = ";", end: str = "\n") -> str:
    """Rows as they stand, nothing quoted."""
    return "\n".join(delimiter.join(row) for row in rows) + end


def faults_of(found: Outcome) -> set[tuple[int, str]]:
    """(row, reason) of what was set apart."""
    return {(row, reason) for row, _, reason, quarantined in found.faults if quarantined}
