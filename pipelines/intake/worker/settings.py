"""What the worker is told: once at its start, and of each file. No secret, no path, no warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contracts.model import CodeList, Contract
from pipelines.intake.limits import Limits


@dataclass(frozen=True)
class Settings:
    """Contracts, code lists and limits; ``memory_bytes`` of address space beyond the libraries' own."""

    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]
    limits: Limits
    memory_bytes: int


@dataclass(frozen=True)
class Request:
    """One file, which goes along as an open descriptor; ``name`` is a label, ``member`` the place in a zip."""

    feed: str
    name: str
    member: int | None
