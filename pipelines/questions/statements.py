"""The statements of ``docs/cau_hoi``: a file each, its head of comment lines read as fields.

A head line is ``-- <name>: <text>``. ``cột`` are the columns promised, ``có câu trả lời`` the publications of
``PUBLICATIONS`` on which the question is answered; on the others the statement says in ``noi_ro`` what is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT

FOLDER = "docs/cau_hoi"
SAID = "noi_ro"
"""Column of the sentence in place of rows: “Chưa có …” (a file is missing) or “Không có …” (there is no such case)."""
WINDOW = ("2023-12-15", "2024-06-30")
"""The two days all statements are written for; whoever asks of another period replaces them."""
PUBLICATIONS = {"mau_nho": ("2025-06-15", "2025-12-14"), "bao_cao_goc": WINDOW}
"""Publications that tests ask, with the window asked of each: the small sample, the founding report's preset."""
GROUPS = {
    "ho_so": "Hồ sơ thủ tục hành chính",
    "thanh_toan": "Thanh toán",
    "ho_tich": "Hộ tịch",
    "chi_so_766": "Bộ chỉ số 766",
    "danh_muc": "Danh mục thủ tục",
    "lien_thong": "Liên thông, kết nối",
    "dan_cu": "Dân cư",
    "pakn": "Phản ánh, kiến nghị",
    "dao_tao": "Đào tạo",
    "nhiem_vu": "Nhiệm vụ",
    "chi_so_tinh": "Chỉ số của tỉnh",
    "chat_luong": "Chất lượng số liệu",
}
_HEAD = re.compile(r"-- (?P<name>[^:]+): (?P<text>.+)")
_READ = re.compile(r"\b(?:tthc|chi_so_766|ho_tich|doi_soat|chat_luong|van_hanh|he_thong|dieu_hanh)\.[a-z0-9_]+")


@dataclass(frozen=True)
class Statement:
    """One question: its code, folder, words, how it is answered (``tính từ dữ liệu`` or ``số in``), and its SQL."""

    code: str
    group: str
    level: str
    question: str
    meaning: str
    limits: str
    way: str
    columns: tuple[str, ...]
    answered_on: frozenset[str]
    sql: str

    @property
    def reads(self) -> tuple[str, ...]:
        """Tables and macros the statement names, in the order of their first mention."""
        return tuple(dict.fromkeys(_READ.findall(self.sql)))

    def over(self, window: tuple[str, str]) -> str:
        """The SQL for another window of two days (ISO)."""
        return self.sql.replace(WINDOW[0], window[0]).replace(WINDOW[1], window[1])


def read_statement(path: Path) -> Statement:
    """The statement in ``path``. Raises ``ValueError`` naming the head line that is missing."""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = next((place for place, line in enumerate(lines) if not line.startswith("-- ")), len(lines))
    head = {match["name"]: match["text"] for line in lines[:body] if (match := _HEAD.fullmatch(line))}
    try:
        return Statement(
            code=head["mã"],
            group=path.parent.name,
            level=head["mức"],
            question=head["câu hỏi"],
            meaning=head["nghĩa"],
            limits=head["giới hạn"],
            way=head["cách trả lời"],
            columns=tuple(head["cột"].split(", ")),
            answered_on=frozenset(head["có câu trả lời"].split(", ")) & set(PUBLICATIONS),
            sql="\n".join(lines[body:]),
        )
    except KeyError as error:
        raise ValueError(f"{path.name}: head line {error} is missing") from None


def load(root: Path = PROJECT_ROOT) -> list[Statement]:
    """Every statement below ``root``'s ``docs/cau_hoi``, by group and code."""
    order = list(GROUPS)
    found = [read_statement(path) for path in sorted((root / FOLDER).glob("*/*.sql"))]
    return sorted(found, key=lambda one: (order.index(one.group), one.code))
