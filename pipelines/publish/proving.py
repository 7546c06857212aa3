"""Proof of a kept publication: digests of its files, the chain of listings, the signature where a key is set."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipelines.publish.signature import is_genuine
from pipelines.publish.version_store import Store, Version, files_of, head_digest


@dataclass(frozen=True)
class Proof:
    """What was found about one kept publication; ``faults`` are Vietnamese phrases, empty where it is proved."""

    version: str
    files: int
    signed: bool
    faults: tuple[str, ...]


def prove(store: Store, names: list[str] | None, key: Ed25519PrivateKey | None) -> list[Proof]:
    """Prove the kept publications ``names``, or all, newest first; a listing that cannot be read is a fault."""
    versions = store.versions()
    links = _links(store, versions)
    first_signed = min((v.number for v in versions if v.facts.get("chu_ky")), default=None)
    proofs = []
    for version in versions:
        if names is None or version.name in names:
            faults = [*_content(store, version), *_chain(version, links), *_signature(version, key, first_signed)]
            proofs.append(Proof(version.name, len(version.content), bool(version.facts.get("chu_ky")), tuple(faults)))
    for name in store.damaged_listings():
        if names is None or name in names:
            proofs.append(Proof(name, 0, False, ("bản kê hỏng, không đọc được",)))
    return proofs


def _links(store: Store, versions: list[Version]) -> dict[int, str]:
    """Number → digest of every link of the chain that is known, removed publications included."""
    links = {int(head["thu_tu"]): head_digest(head) for head in store.removed()}
    return links | {version.number: version.digest for version in versions}


def _content(store: Store, version: Version) -> list[str]:
    named = {file: f"bảng {name}" for name, facts in version.tables.items() for file in files_of(facts)}
    named |= {str(facts["tep"]): name for name, facts in version.facts["tai_lieu"].items()}
    bad = sorted({named[content] for content in version.content if not store.is_whole(content)})
    return [f"tệp hỏng hoặc mất: {', '.join(bad)}"] if bad else []


def _chain(version: Version, links: dict[int, str]) -> list[str]:
    """The listing names the digest of the one before it, and the one after it names this one's (see its own proof)."""
    if not version.is_as_relisted:
        return ["bản kê đã bị sửa sau khi gỡ bản ghi của một người"]
    before = links.get(version.number - 1)
    if version.number == 1:
        return [] if version.facts["truoc"] is None else ["bản kê đầu tiên mà có bản kê trước nó"]
    if before is None:
        return ["mất bản kê liền trước trong chuỗi"]
    return [] if version.facts["truoc"] == before else ["bản kê liền trước đã bị sửa (không khớp chuỗi)"]


def _signature(version: Version, key: Ed25519PrivateKey | None, first_signed: int | None) -> list[str]:
    """Unsigned is a fault only after the first signed one: before that no key was set."""
    signature = version.facts.get("chu_ky")
    if signature is None:
        taken_off = first_signed is not None and version.number > first_signed
        return ["thiếu chữ ký, trong khi các phiên bản trước đã ký"] if taken_off else []
    return [] if is_genuine(signature, version.digest, key) else ["chữ ký không đúng"]
