"""What lies in ``lam_viec/`` that no run needs any more and that may hold personal data: one list for whoever removes.

Retention removes it after its days (``retention``), a person's removal at once (``person``).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.config.paths import DataPaths

_TRACES = ("loi_*.txt", "loi_tep/*.txt")
_COPIES = ("hong/*", "dung_lai", "*.moi", "*.cu", ".*.moi", ".*.cu", "tam_*")
"""Set aside as damaged; a night replayed that was killed; half written or half replaced; scratch of a step."""


def traces(paths: DataPaths) -> list[Path]:
    """Texts of errors, which may quote a value."""
    return _found(paths, _TRACES)


def copies(paths: DataPaths) -> list[Path]:
    """Warehouses and parts of them, in forms that do not show their text."""
    return _found(paths, _COPIES)


def _found(paths: DataPaths, patterns: tuple[str, ...]) -> list[Path]:
    places = {place for pattern in patterns for place in paths.working.glob(pattern)}
    return sorted(place for place in places if not place.is_symlink())
