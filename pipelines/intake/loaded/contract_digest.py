"""What a file was read with: a digest of its contract and code lists, so that a later change is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from pipelines.contracts.model import CodeList, Contract


def contract_digest(contract: Contract, code_lists: Mapping[str, CodeList]) -> str:
    """16 hex digits over all that can change how a file is read; descriptions do not count.

    What most contracts do not have counts only where it stands, so that the digest of the others stays what it was.
    """
    fields = tuple(replace(field, description="") for field in contract.fields)
    used = sorted({field.code_list for field in fields if field.code_list})
    lists = [sorted(code_lists[name].spellings(contract.feed).items()) for name in used if name in code_lists]
    parts: tuple[object, ...] = (contract.feed, fields, contract.key)
    parts = (*parts, contract.state_time, contract.events, contract.reader, lists)
    rare = [f"{f.name}|{f.instead}" for f in fields if f.instead]
    rare += [part.text for part in contract.key if part.may_be_blank or part.otherwise]
    if rare:
        parts = (*parts, rare)
    return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16]
