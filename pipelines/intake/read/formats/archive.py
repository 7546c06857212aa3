"""A zip of files: each member is a file of its own, read from memory; nothing is ever unpacked to a path."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.found.scan import not_an_export
from pipelines.intake.found.source import Member, Source, check_size
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.inflate import inflate, too_big
from pipelines.intake.read.formats.kinds import Kind, kind_of

_BROKEN = "Tệp zip hỏng hoặc bị cắt giữa chừng, không mở được. Hãy tải lại hoặc nén lại các tệp dữ liệu rồi gửi lại."
_LOCKED = "Tệp zip có mật khẩu. Hãy nén lại không đặt mật khẩu rồi gửi lại."
_NESTED = "Tệp nén nằm trong tệp nén không được mở. Hãy giải nén và gửi từng tệp dữ liệu."
_LINK = "Liên kết trong tệp nén không được đi theo; hãy nén chính tệp dữ liệu."
_LONGEST_NAME = 200


def members_of(source: Source, limits: Limits) -> tuple[Member, ...]:
    """The files in the zip, temporary and hidden ones left out; raises ``FileRefusedError``."""
    found: list[Member] = []
    total = 0
    taken: set[str] = set()
    with _opened(source) as archive:
        entries = archive.infolist()
        if len(entries) > limits.archive_files:
            raise FileRefusedError(
                f"Tệp zip chứa quá nhiều tệp ({len(entries)} > {limits.archive_files}). Hãy chia nhỏ rồi gửi lại."
            )
        for place, entry in enumerate(entries):
            name = _label(entry, taken)
            if (
                entry.filename.endswith("/")
                or any(not_an_export(part) for part in name.split("/"))
                or name.startswith("__MACOSX/")
            ):
                continue
            member = _member(archive, place, entry, name, limits)
            total += member.size
            if total > limits.total_unpacked_bytes:
                raise FileRefusedError(too_big(total, limits.total_unpacked_bytes))
            found.append(member)
    if not found:
        raise FileRefusedError("Tệp zip không có tệp dữ liệu nào. Hãy nén lại các tệp dữ liệu rồi gửi lại.")
    return tuple(found)


def unpacked(source: Source, place: int, limits: Limits) -> Source:
    """The file at ``place`` of the zip; raises ``FileRefusedError`` where it cannot be taken out."""
    with _opened(source) as archive:
        entries = archive.infolist()
        if not 0 <= place < len(entries):
            raise FileRefusedError(_BROKEN)
        data, size = _inflated(archive, entries[place], limits)
    check_size(size, limits)
    inner = Source(_label(entries[place], set()), data)
    if kind_of(inner) is Kind.ARCHIVE:
        raise FileRefusedError(_NESTED)
    return inner


def _opened(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise FileRefusedError(_BROKEN) from None


def _member(archive: zipfile.ZipFile, place: int, entry: zipfile.ZipInfo, name: str, limits: Limits) -> Member:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Member(place, name, _mark(entry), 0, _LINK)
    try:
        data, size = _inflated(archive, entry, limits)
    except FileRefusedError as refusal:
        return Member(place, name, _mark(entry), 0, str(refusal))
    return Member(place, name, hashlib.sha256(data).hexdigest(), size)


def _mark(entry: zipfile.ZipInfo) -> str:
    """Stands for the hash of a member that is not inflated: what the directory says of its bytes."""
    facts = f"{entry.CRC}|{entry.compress_size}|{entry.file_size}|{entry.orig_filename}"
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> tuple[bytes, int]:
    try:
        return inflate(archive, entry, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise FileRefusedError(_BROKEN) from None
    except RuntimeError:
        raise FileRefusedError(_LOCKED) from None


def _label(entry: zipfile.ZipInfo, taken: set[str]) -> str:
    """The member's path as a label: one line, no steps upwards, no two alike."""
    text = entry.orig_filename
    if not entry.flag_bits & 0x800:  # not marked as UTF-8, which many programs write nevertheless
        try:
            text = text.encode("cp437").decode("utf-8")
        except UnicodeError:
            text = entry.orig_filename
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    clean = "/".join("".join(ch if ch.isprintable() else "_" for ch in part) for part in parts)[-_LONGEST_NAME:]
    name, number = clean or "khong_ten", 2
    while name in taken:
        stem, dot, ending = (clean or "khong_ten").rpartition(".")
        name = f"{stem} ({number}){dot}{ending}" if stem else f"{clean} ({number})"
        number += 1
    taken.add(name)
    return name
