"""The province's signature under a kept publication: ed25519, where a signing key is set.

The private key is a PEM file (PKCS #8, made by ``openssl genpkey -algorithm ed25519``) that ``KHO_TEP_KHOA_KY`` names;
it lies outside the data folder and is owner-only. A listing keeps the signature and the public key it was made with.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pipelines.config.disk import why

VARIABLE = "KHO_TEP_KHOA_KY"
_OTHERS = 0o077


class SigningKeyError(Exception):
    """A signing key is set but cannot be used; a Vietnamese sentence that holds nothing of the key."""


def signing_key() -> Ed25519PrivateKey | None:
    """The key of ``$KHO_TEP_KHOA_KY``, None where none is set; raises ``SigningKeyError``."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    path = Path(named)
    try:
        if path.stat().st_mode & _OTHERS:
            raise SigningKeyError(f"tệp khóa ký {path} người khác đọc được; chạy: chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SigningKeyError(f"không đọc được tệp khóa ký {path} ({why(error)}); khôi phục từ bản sao lưu.") from None
    except (ValueError, TypeError):
        raise SigningKeyError(f"tệp khóa ký {path} không phải khóa PEM ed25519 không mật khẩu.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"tệp khóa ký {path} không phải khóa ed25519.")
    return key


def sign(key: Ed25519PrivateKey, digest: str) -> dict[str, str]:
    """``chu_ky`` of a listing: signature of its chain digest, and the public key, both hexadecimal."""
    return {"khoa_cong_khai": key.public_key().public_bytes_raw().hex(), "gia_tri": key.sign(digest.encode()).hex()}


def is_genuine(signature: Any, digest: str, own: Ed25519PrivateKey | None) -> bool:
    """Whether ``signature`` is one of ``digest``, and by the province's own key where that is at hand."""
    try:
        public = bytes.fromhex(signature["khoa_cong_khai"])
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature["gia_tri"]), digest.encode())
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return own is None or own.public_key().public_bytes_raw() == public
