"""Entry point: synthetic exports of every feed with the mess of real ones, and the answer key beside them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.config.paths import OWNER_DIR, OWNER_FILE
from pipelines.sample.answer_key import AnswerKey
from pipelines.sample.catalogue import procedures
from pipelines.sample.context import Context, Month, months_up_to
from pipelines.sample.dossiers import World
from pipelines.sample.geography import agencies
from pipelines.sample.large import NATIONAL, PROVINCE, write_large
from pipelines.sample.people import applicants
from pipelines.sample.preset_bac_giang import AS_OF as PRESET_AS_OF
from pipelines.sample.preset_bac_giang import PRESET, write_preset
from pipelines.sample.small import write_small
from pipelines.sample.text_mess import Vocabulary
from pipelines.sample.writer import RawWriter, stable_number

LAST_DAY = date(2025, 12, 31)
SIZES = ("small", "province", "national")
_MONTHS = {"small": 10, "province": PROVINCE.months, "national": NATIONAL.months}
_PEOPLE = {"small": 3_000, "province": 400_000, "national": 600_000}
_NOTICE = """DỮ LIỆU TỔNG HỢP

Mọi tệp trong thư mục này do lệnh `kho sample` sinh ra: người, số định danh, hồ sơ, số liệu đều không có thật.
Cơ quan và thủ tục chỉ là khung cảnh. Đáp án nằm ở lam_viec/dap_an.
"""

Progress = Callable[[str], None]


class SampleExistsError(Exception):
    """``raw/`` already holds exports; the generator never writes among them."""


@dataclass(frozen=True)
class SampleReport:
    """What was written: files, data rows, bytes, seconds; the as-of date to run with; where the key lies."""

    size: str
    files: int
    rows: int
    size_bytes: int
    seconds: float
    as_of: date
    answer_key: Path
    defects: int


def _refuse_if_filled(raw: Path) -> None:
    held = next((p for p in sorted(raw.rglob("*")) if p.is_file() and p.name != ".gitkeep"), None) if raw.exists() else None
    if held is not None:
        raise SampleExistsError(
            f"Thư mục {raw} đã có tệp (ví dụ {held.relative_to(raw)}). "
            "Dữ liệu mẫu chỉ ghi vào thư mục trống: hãy đặt KHO_DATA sang một thư mục khác, hoặc chuyển các tệp này đi."
        )


def _prepare(raw: Path) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    raw.chmod(OWNER_DIR)
    notice = raw / "DU_LIEU_TONG_HOP.txt"
    notice.write_text(_NOTICE, encoding="utf-8")
    notice.chmod(OWNER_FILE)


def generate(
    raw: Path,
    *,
    size: str,
    seed: int = 6,
    months: int | None = None,
    preset: str | None = None,
    progress: Progress | None = None,
) -> SampleReport:
    """Write synthetic exports below ``raw`` (0700/0600) and their answer key below ``raw/../lam_viec/dap_an``.

    ``size``: ``small`` (about 5,000 dossiers, every mess of spec ``feeds``), ``province`` (2 million dossiers),
    ``national`` (60 million); ``months`` shortens the period, which always ends on 31/12/2025. ``preset``
    ``bac-giang-2024-h1`` writes dossiers whose counts over 15/12/2023–30/6/2024 are those of the printed report.
    The same arguments give the same bytes. ``progress`` is called with a Vietnamese line before each part.

    Raises ``SampleExistsError`` (Vietnamese) when ``raw`` holds files, ``ValueError`` for an unknown size or
    preset or a number of months outside 1–24.
    """
    if size not in SIZES:
        raise ValueError(f"cỡ mẫu “{size}” không có; chọn một trong: {', '.join(SIZES)}.")
    if preset not in (None, PRESET):
        raise ValueError(f"bộ mẫu “{preset}” không có; chỉ có: {PRESET}.")
    if months is not None and not 1 <= months <= 24:
        raise ValueError("số tháng phải từ 1 đến 24.")
    start = time.perf_counter()
    tell = progress or (lambda _: None)
    raw = Path(raw)
    _refuse_if_filled(raw)
    _prepare(raw)
    key = AnswerKey(raw.parent / "lam_viec" / "dap_an")
    key.prepare()
    writer = RawWriter(raw, key)
    last = PRESET_AS_OF if preset else LAST_DAY
    chosen = months_up_to(last, months or (7 if preset else _MONTHS[size]))
    context = _context(seed, 3_000 if preset else _PEOPLE[size], writer, chosen)
    if preset:
        write_preset(context, tell)
    elif size == "small":
        write_small(context, tell)
    else:
        write_large(context, PROVINCE if size == "province" else NATIONAL, tell)
    key.save()
    return SampleReport(
        size=preset or size,
        files=writer.files,
        rows=writer.rows,
        size_bytes=writer.size,
        seconds=time.perf_counter() - start,
        as_of=context.as_of,
        answer_key=key.folder,
        defects=len(key.defects),
    )


def _context(seed: int, people: int, writer: RawWriter, months: list[Month]) -> Context:
    pool = applicants(np.random.default_rng([seed, stable_number("chu_ho_so")]), people)
    return Context(seed, World(agencies(), procedures(), pool), Vocabulary.load(), writer, months)
