"""The secret of the keyed hashes (SECURITY.md): from the environment, else from a 0600 key file.

The file lies outside the data folder, so that a copy of the data does not carry the key that opens its hashes,
and several data folders of one office name a person alike.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from pipelines.config.disk import create_whole, why

VARIABLE = "KHO_KHOA_BI_MAT"
FILE_VARIABLE = "KHO_TEP_KHOA"
MINIMUM_BYTES = 32
_PRINTABLE = frozenset(range(0x21, 0x7F))


class SecretError(Exception):
    """There is no secret that may be used; a Vietnamese sentence says what to do. It never holds the secret."""


def key_file() -> Path:
    """``$KHO_TEP_KHOA``, else ``kho06/khoa_bi_mat`` in the user's configuration folder. Raises ``SecretError``."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME")
    if base:
        return Path(base) / "kho06" / "khoa_bi_mat"
    try:
        return Path.home() / ".config" / "kho06" / "khoa_bi_mat"
    except RuntimeError:
        raise SecretError(
            f"Không biết thư mục của người dùng để tìm khóa bí mật; đặt biến {FILE_VARIABLE} trỏ đến tệp khóa."
        ) from None


def secret_key(*, create: bool = False) -> bytes:
    """The secret, at least 32 bytes; ``create`` makes the key file where there is none yet.

    Raises ``SecretError``: no key and none may be made, too short, odd bytes, or a file others can read.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return _from_environment(given)
    path = key_file()
    try:
        if create and not path.exists():
            create_whole(path, secrets.token_hex(MINIMUM_BYTES).encode("ascii"))
        return _read(path)
    except FileNotFoundError:
        raise SecretError(
            f"Không thấy tệp khóa bí mật {path}, trong khi thư mục dữ liệu này đã dùng một khóa. Khôi phục đúng "
            f"khóa cũ từ bản sao lưu vào tệp đó (quyền 0600) hoặc đặt biến {VARIABLE}; không tự tạo khóa mới, vì khi "
            "đó một người sẽ thành hai."
        ) from None
    except OSError as error:
        raise SecretError(
            f"Không đọc hoặc không tạo được tệp khóa bí mật {path} ({why(error)}); "
            f"kiểm tra quyền của thư mục, hoặc đặt biến {FILE_VARIABLE} trỏ đến chỗ khác."
        ) from None


def _from_environment(given: str) -> bytes:
    try:
        secret = given.encode("utf-8")
    except UnicodeEncodeError:
        raise SecretError(f"Biến {VARIABLE} có byte không phải văn bản UTF-8; đặt lại khóa.") from None
    if len(secret) < MINIMUM_BYTES:
        raise SecretError(
            f"Biến {VARIABLE} ngắn hơn {MINIMUM_BYTES} byte; đặt khóa dài hơn (ví dụ 64 ký tự ngẫu nhiên)."
        )
    return secret


def _read(path: Path) -> bytes:
    """The key file's text; its owner, mode, length and bytes are what they must be."""
    with path.open("rb") as handle:
        facts = os.fstat(handle.fileno())
        if facts.st_uid != os.geteuid():
            raise SecretError(f"Tệp khóa {path} thuộc người dùng khác; chạy bằng đúng người dùng đó, hoặc chown lại.")
        if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretError(f"Tệp khóa {path} người khác đọc được; chạy: chmod 600 {path}")
        secret = handle.read(1 << 16).strip()
    if not _PRINTABLE.issuperset(secret):
        raise SecretError(f"Tệp khóa {path} có byte lạ (hỏng hoặc không phải tệp khóa); khôi phục từ bản sao lưu.")
    if len(secret) < MINIMUM_BYTES:
        raise SecretError(
            f"Tệp khóa {path} chỉ có {len(secret)} byte, cần ít nhất {MINIMUM_BYTES} (tệp bị cắt?); "
            "khôi phục từ bản sao lưu."
        )
    return secret


def fingerprint(secret: bytes) -> str:
    """What may be stored of a secret to recognise it again: a keyed hash of a fixed text."""
    return hmac.digest(secret, b"kho06", hashlib.sha256).hex()[:32]
