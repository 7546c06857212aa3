"""SQL of the two digests that make a state: the key and all parsed values.

Both are taken over the typed values as DuckDB prints them, so that no two different rows can give one text: in the
key each value comes with its length in bytes, among the values each is closed by a control character, which
``values.text.clean`` leaves in no text.
"""

from __future__ import annotations

import hashlib

from pipelines.contracts.model import Contract, Field, KeyPart, Kind

_BLOCK = 64
_SEPARATOR = 31
_WORDS = frozenset({Kind.TEXT, Kind.CODE, Kind.DOSSIER_CODE, Kind.REGISTER_NUMBER})


def key_sql(contract: Contract) -> str:
    """Expression of ``_khoa``; null where a part of the key is null that may not be blank.

    Words are compared without regard to case. Feeds with the same kind of key give the same digest for the
    same key, so that the two portals' dossiers can be set against each other. Where the contract keeps the key
    secret it is HMAC-SHA-256 (RFC 2104) of the feed and the key; the two parameters are ``key_parameters``.
    """
    parts = [_counted(_part_text(part, contract)) for part in contract.key]
    text = " || '|' || ".join(parts)
    if not contract.keyed_key:
        return f"md5({text})"
    feed = contract.feed
    return f"sha256(?::BLOB || unhex(sha256(?::BLOB || encode('{feed}|' || {text}))))"


def key_parameters(contract: Contract, secret: bytes) -> list[bytes]:
    """Outer and inner pad of the secret for ``key_sql``; empty where the key is no secret."""
    if not contract.keyed_key:
        return []
    block = hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret
    padded = block.ljust(_BLOCK, b"\0")
    return [bytes(byte ^ 0x5C for byte in padded), bytes(byte ^ 0x36 for byte in padded)]


def values_sql(contract: Contract) -> str:
    """Expression of ``_gia_tri``: MD5 over every value that is not null, by name.

    Derived columns (intervals, hashes, the number as read) are left out; of a decimal the printed text counts
    too (``98,80`` is not ``98,8``). A field added later changes no digest of a row that does not have it.
    """
    parts = []
    for field in contract.fields:
        names = [field.name, field.name + "_goc"] if field.kind is Kind.DECIMAL else [field.name]
        for name in names:
            parts.append(f"'{name}=' || \"{name}\"")
    return f"md5(concat_ws(chr({_SEPARATOR}), {', '.join(parts)}))"


def _counted(text: str) -> str:
    return f"strlen({text}) || ':' || {text}"


def _part_text(part: KeyPart, contract: Contract) -> str:
    """Text of one part: a blank that is a value is no text; the field that stands for a blank one says so."""
    text = _key_text(part, contract.by_name[part.field])
    if part.otherwise is not None:
        other = _key_text(KeyPart(part.otherwise), contract.by_name[part.otherwise])
        return f"coalesce({text}, '{part.otherwise}=' || {other})"
    return f"coalesce({text}, '')" if part.may_be_blank else text


def _key_text(part: KeyPart, field: Field) -> str:
    column = f'"{field.name}"'
    if part.year_only:
        if field.kind in {Kind.DATE, Kind.TIMESTAMP}:
            return f"CAST(year({column}) AS VARCHAR)"
        return f"left(CAST({column} AS VARCHAR), 4)"
    text = f"CAST({column} AS VARCHAR)"
    return f"upper({text})" if field.kind in _WORDS else text
