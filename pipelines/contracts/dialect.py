"""Export dialects of the civil registers: the digitisation template and the file the police side returns.

The same date means different things in them: only the police file writes 19/11/1999 where the date of
registration is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contracts.normal_form import normal_form

POLICE = "ca"
DIALECTS = (POLICE,)
OTHER = "khac"

EMPTY_MARKS = ("NULL", "(null)", "N/A", "#N/A", "NaN", "undefined", "-", "--", "—", "–")
"""What systems print and people type for nothing, in every field that is no free text."""

NO_DAYS = ("1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "9999-12-31")
"""Days that systems store for no day: the first and last day of databases, day 0 and 1 of spreadsheets,
second 0 of Unix. Not in fields that may be partial (registers): people were born on 1/1/1900."""

_POLICE_SHEET = "dlgoc"
_POLICE_MARKS = frozenset({"dcdvnhaphuyen", "dcdvnhapxa"})
_MIN_LETTERS = 8


def register_dialect(sheet: str, headers: Iterable[str]) -> str:
    """``ca`` for a sheet ``DL_GOC``, its unit columns or one-word upper-case headers; else ``khac``."""
    cells = [text.strip() for text in headers if text and text.strip()]
    if normal_form(sheet) == _POLICE_SHEET or any(normal_form(cell) in _POLICE_MARKS for cell in cells):
        return POLICE
    long_words = [cell for cell in cells if cell.isalpha() and cell.isascii() and len(cell) >= _MIN_LETTERS]
    return POLICE if long_words and all(cell.isupper() for cell in long_words) else OTHER
