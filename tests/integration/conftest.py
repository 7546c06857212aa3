"""Nobody writes into a test's folder while it is read: no test waits for that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _files_stand_still() -> Iterator[None]:
    """In this process; what it does is tried by ``tests/unit/intake/test_stillness.py``."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipelines.intake.run.still_being_written", lambda *_: set())
        yield
