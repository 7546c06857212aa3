"""Words and figures of the pages: Vietnamese names of codes, numbers, days, order without diacritics."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from pipelines.config import figures
from pipelines.contracts.normal_form import plain

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def file_name(code: str) -> str:
    """Name of a code's page: the code where it is harmless as a name, else a digest of it."""
    return f"{code if _SAFE.fullmatch(code) else 'x-' + hashlib.sha256(code.encode()).hexdigest()[:16]}.html"


def number(value: Any) -> str:
    """A count, or with two decimals what is none (points of a target); – where there is none."""
    if value is None:
        return figures.NONE
    return figures.grouped(int(value)) if value == int(value) else figures.points(value)


def share(value: float | None) -> str:
    """0.9874 → 98,74 %; – where there is none."""
    return figures.NONE if value is None else figures.percent(value)


def change(value: Any, unit: str = "") -> str:
    """A difference in words: tăng 0,42, giảm 0,42, không đổi; empty where it is not known."""
    if value is None:
        return ""
    by = figures.rounded(value)
    if by == 0:
        return "không đổi"
    return f"{'tăng' if by > 0 else 'giảm'} {figures.vietnamese(f'{abs(by):,.2f}')}{unit}"


def month(ky: str | None) -> str:
    """2025-08 → 08/2025."""
    return figures.NONE if ky is None else f"{ky[5:]}/{ky[:4]}"


def order(text: str) -> tuple[str, str]:
    """Vietnamese order: by letters without marks, then as written."""
    return plain(text), text
