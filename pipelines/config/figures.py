"""How figures are printed for Vietnamese readers: 184.513 and 97,92 %."""

from __future__ import annotations

_SIGNS = str.maketrans(",.", ".,")


def grouped(value: int) -> str:
    """A whole number: 1234567 → 1.234.567."""
    return f"{value:,}".translate(_SIGNS)


def percent(share: float) -> str:
    """A fraction with two decimals: 0.9874 → 98,74 %."""
    return f"{share * 100:,.2f}".translate(_SIGNS) + " %"
