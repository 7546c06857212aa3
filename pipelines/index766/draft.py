"""A draft of indicator definitions: a CSV with the columns of ``dinh_nghia_chi_so.csv``, or some of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipelines.config.disk import why

RULES = ("LINEAR", "CAP", "NONE")
ON_ZERO = ("null", "0", "max")
LEVELS = ("tinh", "huyen", "xa", "tthc")
REQUIRED = ("ma_chi_so", "diem_toi_da", "quy_tac")
_LARGEST = Decimal(1000)


class DraftError(Exception):
    """The draft cannot be used; ``str()`` names line and column in Vietnamese and says what is right."""


@dataclass(frozen=True)
class Definition:
    """One component as the draft has it; None: as in force."""

    code: str
    maximum: Decimal
    rule: str
    threshold: Decimal | None
    on_zero: str | None
    levels: str | None
    counted_as: str | None
    valid_from: str


def read_draft(file: Path, ky: str) -> list[Definition]:
    """Definitions of ``file``, one a component: of several versions the one in force in ``ky``, else the latest.

    Raises ``DraftError`` where the file cannot be read, a column is missing or a value is not allowed.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
            if missing:
                raise DraftError(f"tệp dự thảo thiếu cột: {', '.join(missing)}.")
            versions = [(_definition(row, line), row) for line, row in enumerate(reader, 2) if any(row.values())]
    except OSError as problem:
        raise DraftError(f"không đọc được tệp {file}: {why(problem)}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise DraftError(f"tệp {file} không phải CSV mã UTF-8.") from None
    if not versions:
        raise DraftError("tệp dự thảo không có dòng nào.")
    chosen: dict[str, Definition] = {}
    in_force: set[str] = set()
    for found, row in sorted(versions, key=lambda item: item[0].valid_from):
        holds = _holds(row, ky)
        if holds or found.code not in in_force:
            chosen[found.code] = found
        if holds:
            in_force.add(found.code)
    return list(chosen.values())


def _holds(row: Mapping[str, str | None], ky: str) -> bool:
    start, end = (row.get("hieu_luc_tu") or "").strip(), (row.get("hieu_luc_den") or "").strip()
    return start[:7] <= ky and (not end or end[:7] >= ky)


def _definition(row: Mapping[str, str | None], line: int) -> Definition:
    def text(column: str) -> str | None:
        return (row.get(column) or "").strip() or None

    code, rule, on_zero, levels = text("ma_chi_so"), text("quy_tac"), text("mau_so_bang_0"), text("cap_ap_dung")
    if code is None:
        raise DraftError(f"dòng {line}, cột ma_chi_so: để trống.")
    if rule not in RULES:
        raise DraftError(f"dòng {line}, cột quy_tac: phải là {', '.join(RULES)}.")
    if on_zero is not None and on_zero not in ON_ZERO:
        raise DraftError(f"dòng {line}, cột mau_so_bang_0: phải là {', '.join(ON_ZERO)}.")
    if levels is not None and not set(levels.split()) <= set(LEVELS):
        raise DraftError(f"dòng {line}, cột cap_ap_dung: chỉ gồm {', '.join(LEVELS)}, cách nhau bằng dấu cách.")
    threshold = _number(text("nguong"), line, "nguong", 4)
    if rule == "CAP" and not (threshold and 0 < threshold <= 1):
        raise DraftError(f"dòng {line}, cột nguong: quy tắc CAP cần ngưỡng lớn hơn 0 và không quá 1, ví dụ 0.80.")
    maximum = _number(text("diem_toi_da"), line, "diem_toi_da", 2)
    if maximum is None:
        raise DraftError(f"dòng {line}, cột diem_toi_da: để trống.")
    start = text("hieu_luc_tu") or ""
    return Definition(code, maximum, rule, threshold, on_zero, levels, text("cach_dem"), start)


def _number(text: str | None, line: int, column: str, places: int) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= _LARGEST or value != value.quantize(Decimal(1).scaleb(-places)):
        raise DraftError(
            f"dòng {line}, cột {column}: phải là số không âm, nhiều nhất {places} chữ số sau dấu chấm, ví dụ 0.80."
        )
    return value
