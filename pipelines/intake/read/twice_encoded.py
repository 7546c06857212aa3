"""Text that was UTF-8, was read as windows-1252 and saved again: ``Nguyá»…n`` for ``Nguyễn``.

No other text is strict UTF-8 once its characters are taken for the bytes they stand for, so nothing is guessed.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

MARKS = ("á»", "áº")
"""How most letters of Vietnamese begin then; in Vietnamese itself neither can stand."""

_MARK_BYTES = tuple(mark.encode("utf-8") for mark in MARKS)
_HANDLER = "kho.unassigned_places_of_windows_1252"
_UNASSIGNED = re.compile("[\x80-\x9f]")


def _as_themselves(error: UnicodeError) -> tuple[bytes, int]:
    """Windows reads bytes that its set leaves unassigned as the control characters of the same number."""
    if not isinstance(error, UnicodeEncodeError) or not _UNASSIGNED.fullmatch(error.object[error.start]):
        raise error
    return bytes([ord(error.object[error.start])]), error.start + 1


codecs.register_error(_HANDLER, _as_themselves)


def shows_in(data: bytes) -> bool:
    """Whether UTF-8 ``data`` holds a mark of such text."""
    return any(mark in data for mark in _MARK_BYTES)


def undone(text: str) -> str | None:
    """``text`` as it was (NFC), or None where it is no such text as a whole."""
    try:
        once = text.encode("cp1252", _HANDLER).decode("utf-8")
    except UnicodeError:
        return None
    return unicodedata.normalize("NFC", once.removeprefix("\ufeff"))
