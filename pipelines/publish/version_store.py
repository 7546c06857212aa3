"""The store of kept publications below ``data/marts/phien_ban/``: content by digest, one listing a publication.

``noi_dung/<2 hex>/<sha256>.<ending>``  a document, or a table (``.bang``: Parquet, by a name that those who gather
                                        ``*.parquet`` do not take for the current publication); shared content once
``ban_ke/<publication>.json``           what the publication was: tables, macros, documents, facts, chain, signature
``ghim/<publication>``                  an empty file: somebody depends on it, retention never removes it
``da_bo.jsonl``                         heads of listings that retention removed, so that the chain stays provable

A listing comes last and by one rename: a publication is kept whole or not at all. Content that no listing names yet is
harmless, and goes with the next retention. Listings form a chain: each holds the digest of the one before it
(``truoc``), which covers number, name and a digest of the rest; so the head of a removed listing proves its link.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.config.paths import INTERNAL_DIR, INTERNAL_FILE
from pipelines.publish.files import describe, sync

FOLDER = "phien_ban"
CONTENT, LISTINGS, PINS, REMOVED = "noi_dung", "ban_ke", "ghim", "da_bo.jsonl"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")
_OUTSIDE_THE_BODY = ("truoc", "chu_ky")
_FORGOTTEN, _OWN_BODY = "go_bo", "than_moi"
"""Of a listing from which a person was taken out: when and how many rows, with the digest it had; its digest now."""


class VersionError(Exception):
    """A kept publication cannot be used; Vietnamese text without any value of the data."""


class UnknownVersionError(VersionError):
    """No such publication is kept."""


@dataclass(frozen=True)
class Version:
    """One kept publication; ``facts`` is its listing as written."""

    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """What ``kho versions`` calls it: the publication id, with ``-2``, ``-3`` … where its figures differ."""
        return str(self.facts["phien_ban"])

    @property
    def number(self) -> int:
        """Place in the chain, from 1."""
        return int(self.facts["thu_tu"])

    @property
    def as_of(self) -> date:
        """As-of day."""
        return date.fromisoformat(self.facts["ngay_so_lieu"])

    @property
    def published(self) -> datetime:
        """When it was published or kept, wall clock of Vietnam."""
        return datetime.fromisoformat(self.facts["luc_cong_bo"])

    @property
    def is_aside(self) -> bool:
        """Kept without ever having taken the place of the current publication."""
        return bool(self.facts["rieng"])

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Facts of each table by ``schema.table``; see ``keeping``."""
        found: dict[str, dict[str, Any]] = self.facts["bang"]
        return found

    @property
    def held(self) -> list[str]:
        """Mart groups that were not published anew."""
        return sorted(group for group, state in self.facts["nhom_mart"].items() if state != "moi")

    @cached_property
    def content(self) -> dict[str, int]:
        """Bytes of every content file, by its name below ``noi_dung/``."""
        parts = [
            *self.facts["tai_lieu"].values(),
            *(part for facts in self.tables.values() for part in parts_in(facts)),
        ]
        return {str(part["tep"]): int(part["kich_thuoc"]) for part in parts}

    @property
    def head(self) -> dict[str, Any]:
        """What the chain digest covers: enough to prove the link once the listing itself is gone."""
        forgotten = self.facts.get(_FORGOTTEN)
        return {
            "phien_ban": self.name,
            "thu_tu": self.number,
            "truoc": self.facts["truoc"],
            "than": forgotten[0]["than"] if forgotten else _body_digest(self.facts),
        }

    @property
    def is_as_relisted(self) -> bool:
        """Whether a listing from which a person was taken out is as it was written then; true of every other one."""
        return _FORGOTTEN not in self.facts or self.facts.get(_OWN_BODY) == _body_digest(self.facts)

    @property
    def digest(self) -> str:
        """Digest that the next listing names and the signature signs."""
        return head_digest(self.head)


def parts_in(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a table's content is made of, in order: its parts, or the table as a whole."""
    return list(facts["phan"]) if "phan" in facts else [facts]


def files_of(facts: Mapping[str, Any]) -> list[str]:
    """Names of the content files of a table, in order."""
    return [str(part["tep"]) for part in parts_in(facts)]


def redacted(version: Version, tables: dict[str, dict[str, Any]], entry: dict[str, Any]) -> dict[str, Any]:
    """The listing of ``version`` with ``tables`` instead; ``entry`` (``luc``, ``so_dong``) says what was taken out.

    Its head, and with it chain and signature, stay what they were when it was published.
    """
    told = [*version.facts.get(_FORGOTTEN, []), {**entry, "than": version.head["than"]}]
    facts = {**version.facts, "bang": tables, _FORGOTTEN: told}
    return {**facts, _OWN_BODY: _body_digest(facts)}


def _body_digest(facts: dict[str, Any]) -> str:
    body = {key: value for key, value in facts.items() if key not in (*_OUTSIDE_THE_BODY, _OWN_BODY)}
    return hashlib.sha256(_canonical(body)).hexdigest()


def head_digest(head: dict[str, Any]) -> str:
    """Digest of a head, of a listing that stands or of one that was removed."""
    return hashlib.sha256(_canonical(head)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Store:
    """The kept publications of one ``data/marts/``."""

    def __init__(self, marts: Path) -> None:
        self.folder = marts / FOLDER

    def versions(self) -> list[Version]:
        """Every publication whose listing can be read, newest first."""
        found = [version for _, version in self._read() if version is not None]
        return sorted(found, key=lambda version: version.number, reverse=True)

    def damaged_listings(self) -> list[str]:
        """Names of publications whose listing cannot be read."""
        return sorted(path.stem for path, version in self._read() if version is None)

    def get(self, name: str) -> Version:
        """The publication of that name; raises ``UnknownVersionError``, or ``VersionError`` where it is damaged."""
        for path, version in self._read():
            if path.stem == name:
                if version is None:
                    raise VersionError(f"bản kê của phiên bản {name} hỏng ({path}); khôi phục tệp này từ bản sao lưu.")
                return version
        gone = any(head.get("phien_ban") == name for head in self.removed())
        why = "đã hết hạn lưu giữ và bị xóa" if gone else "không có"
        raise UnknownVersionError(f"Phiên bản “{name}” {why}; xem các phiên bản đang giữ bằng `kho versions`.")

    def _read(self) -> Iterator[tuple[Path, Version | None]]:
        for path in sorted((self.folder / LISTINGS).glob("*.json")):
            yield path, read_version(path)

    def removed(self) -> list[dict[str, Any]]:
        """Heads of publications that retention removed, oldest first; half a line that a power cut left is passed."""
        try:
            lines = (self.folder / REMOVED).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        heads = []
        for line in lines:
            try:
                head = json.loads(line)
            except ValueError:
                continue
            if isinstance(head, dict) and isinstance(head.get("thu_tu"), int):
                heads.append(head)
        return heads

    def last(self) -> tuple[int, str | None]:
        """Number and digest of the newest link of the chain; (0, None) before the first."""
        links = [(version.number, version.digest) for version in self.versions()]
        links += [(int(head["thu_tu"]), head_digest(head)) for head in self.removed()]
        return max(links, default=(0, None))

    def free_name(self, publication: str) -> str:
        """``publication``, or with ``-2``, ``-3`` … where that name is or was taken."""
        if not _NAME.fullmatch(publication):
            raise ValueError(f"no name of a publication: {publication!r}")
        taken = {path.stem for path, _ in self._read()} | {str(head.get("phien_ban")) for head in self.removed()}
        name, number = publication, 1
        while name in taken:
            number += 1
            name = f"{publication}-{number}"
        return name

    def place(self, content: str) -> Path:
        """Where a content file lies."""
        return self.folder / CONTENT / content[:2] / content

    def is_whole(self, content: str) -> bool:
        """Whether a content file is there and is what its name says."""
        try:
            return str(describe(self.place(content))["sha256"]) == Path(content).stem
        except OSError:
            return False

    def damaged(self, facts: Mapping[str, Any]) -> bool:
        """Whether content of a table is gone or is not what its name says."""
        return not all(map(self.is_whole, files_of(facts)))

    def stands(self, name: str) -> bool:
        """Whether the publication's listing can be read and its content lies there in full length (not hashed)."""
        try:
            content = self.get(name).content.items()
            return all(self.place(file).stat().st_size == size for file, size in content)
        except (OSError, VersionError):
            return False

    def pins(self) -> set[str]:
        """Names of the pinned publications."""
        return {path.name for path in (self.folder / PINS).glob("*")}

    def pin(self, name: str, *, on: bool) -> None:
        """Pin or unpin a publication that is kept; raises ``UnknownVersionError``, ``OSError``."""
        place = self.folder / PINS / self.get(name).name
        make_folder(place.parent)
        if on:
            place.touch(mode=INTERNAL_FILE)
            place.chmod(INTERNAL_FILE)
        else:
            place.unlink(missing_ok=True)
        sync(place.parent)


def read_version(path: Path) -> Version | None:
    """The publication a listing tells of, None where it is damaged or of another name than its file."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        version = Version(facts)
        whole = version.name == path.stem and bool(_NAME.fullmatch(version.name))
        _ = (version.number, version.as_of, version.published, version.is_aside, version.held, version.content)
        return version if whole and isinstance(facts["bieu"], list) and "truoc" in facts else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_listing(version: Version, folder: Path) -> None:
    """Write a listing below ``folder``, which ``settle`` will move into the store."""
    place = folder / LISTINGS / f"{version.name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(version.facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def settle(source: Path, marts: Path) -> None:
    """Move what was staged in ``source`` into the store: content first, the listing last; can be repeated.

    Raises ``OSError``.
    """
    target = marts / FOLDER
    for part in (CONTENT, LISTINGS):
        moved = set()
        for path in sorted(path for path in (source / part).rglob("*") if path.is_file()):
            place = target / path.relative_to(source)
            make_folder(place.parent)
            path.chmod(INTERNAL_FILE)
            sync(path)
            path.replace(place)
            moved.add(place.parent)
        for folder in sorted(moved):
            sync(folder)


def make_folder(folder: Path) -> None:
    """A folder of the store with the mode that published folders have, its parents up to the store included."""
    for place in reversed([folder, *folder.parents]):
        if FOLDER in place.parts and not place.exists():
            place.mkdir(mode=INTERNAL_DIR)
            place.chmod(INTERNAL_DIR)
            sync(place.parent)
