"""The failure of meeting what another release of the program has written."""

from __future__ import annotations


class ReleaseError(Exception):
    """Data are of another release than the program; ``str()`` is a Vietnamese sentence that says what to do."""
