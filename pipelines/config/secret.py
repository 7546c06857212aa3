"""The secret of the keyed hashes (spec ``privacy`` point 2): from the environment, else from a 0600 key file.

The file lies outside the data folder, so that a copy of the data does not carry the key that opens its hashes,
and several data folders of one office name a person alike.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from pipelines.config.paths import OWNER_DIR, OWNER_FILE

VARIABLE = "KHO_KHOA_BI_MAT"
FILE_VARIABLE = "KHO_TEP_KHOA"


def key_file() -> Path:
    """``$KHO_TEP_KHOA``, else ``kho06/khoa_bi_mat`` in the user's configuration folder."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "kho06" / "khoa_bi_mat"


def secret_key() -> bytes:
    """The secret; the key file is made on first use. Raises ``OSError`` where it can be neither read nor made."""
    given = os.environ.get(VARIABLE)
    if given:
        return given.encode("utf-8")
    path = key_file()
    if not path.exists():
        path.parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
        except FileExistsError:
            return secret_key()
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip().encode("ascii")


def fingerprint(secret: bytes) -> str:
    """What may be stored of a secret to recognise it again: a keyed hash of a fixed text."""
    return hmac.digest(secret, b"kho06", hashlib.sha256).hex()[:32]
