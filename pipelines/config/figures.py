"""How figures and days are printed for Vietnamese readers: 184.513, 97,92 % and 31/12/2025; – where there is none."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

NONE = "–"
_SIGNS = str.maketrans(",.", ".,")


def vietnamese(text: str) -> str:
    """A number as Python groups it, with the signs of Vietnamese: 1,234.5 → 1.234,5."""
    return text.translate(_SIGNS)


def grouped(value: int) -> str:
    """A whole number: 1234567 → 1.234.567."""
    return vietnamese(f"{value:,}")


def percent(share: float) -> str:
    """A fraction with two decimals: 0.9874 → 98,74 %."""
    return vietnamese(f"{share * 100:,.2f}") + " %"


def rounded(value: Any, places: int = 2) -> Decimal:
    """To so many decimals, halves away from zero, exact whatever number is given."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def points(value: Any) -> str:
    """Points with two decimals: 0,80; what would round to nothing is ``dưới 0,01``."""
    if value is None:
        return NONE
    shown = rounded(value)
    return "dưới 0,01" if value > 0 and shown == 0 else vietnamese(f"{shown:,.2f}")


def day(value: date | None) -> str:
    """dd/mm/yyyy."""
    return NONE if value is None else f"{value:%d/%m/%Y}"
