"""Reads ``expectations/**/*.yaml`` into rules; every mistake is reported in Vietnamese with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Key

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.official_rules import in_words
from pipelines.config.orchestration import Gates
from pipelines.config.paths import PROJECT_ROOT
from pipelines.config.yaml_lines import ConfigError, LocatedYaml
from pipelines.contracts.loader import load_contracts
from pipelines.quality.model import (
    AS_OF,
    MEND_DAYS,
    PLACEHOLDER,
    Check,
    CountCheck,
    Dimension,
    Locator,
    LookUp,
    Loosening,
    ReferenceCheck,
    RowCheck,
    Rule,
    Severity,
    UniqueCheck,
    fill,
)

__all__ = ["Rule", "load_rules"]

EXPECTATIONS = PROJECT_ROOT / "expectations"
DEFAULT_GATES = Gates(nguong_chan=0.05, nguong_cach_ly=0.05)

# What a rule says of mending and of the time for it when its file says nothing.
_MENDING = {
    "dieu_kien": "Đối chiếu bản gốc, sửa trường ghi sai trên hệ thống nguồn rồi kết xuất lại.",
    "duy_nhat": "Đối chiếu các bản ghi trùng, giữ một bản ghi rồi kết xuất lại.",
    "tham_chieu": "Sửa mã theo danh mục, hoặc bổ sung mã còn thiếu vào danh mục.",
    "dem": "Sửa các dòng có lỗi trên hệ thống nguồn rồi gửi lại tệp.",
}

_TABLE = r"^[a-z][a-z0-9_]*\.[a-z$][a-z0-9_$]*$"
_CODE = r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$"
_COLUMN = r"^[a-z_][a-z0-9_]*$"
_NO_FEED = "khong"
_Column = Annotated[str, Key(pattern=_COLUMN)]
_Share = Annotated[float, Key(ge=0, le=1)]
_Text = Annotated[str, Key(min_length=1)]
_Word = Annotated[str, Key(pattern=r"^[A-Za-z0-9_]+$")]


class _ReferenceFile(StrictModel):
    cot: _Column
    bang: str = Key(pattern=_TABLE)
    cot_tra_cuu: _Column
    ngay: str | None = None


class _LookUpFile(StrictModel):
    bang: str = Key(pattern=_TABLE)
    khoa: _Text
    cua_dong: tuple[_Text, ...] = Key(min_length=1)


class _CountFile(StrictModel):
    so_dong: _Text
    so_loi: _Text


class _LooseFile(StrictModel):
    ly_do: _Text
    tu_ngay: date
    het_han: date
    nguong: _Share | None = None
    muc_do: Severity | None = None


class _LocatorFile(StrictModel):
    khoa: str | None = None
    don_vi: str | None = None
    ma_tep: str | None = None
    trang_tinh: str | None = None
    dong: str | None = None
    ky: str | None = None
    nguon: str | None = Key(default=None, pattern=rf"^([a-z][a-z0-9_]*/[a-z][a-z0-9_]*|\$nguon|{_NO_FEED})$")


class _RuleFile(StrictModel):
    ma_quy_tac: str = Key(pattern=_CODE)
    chieu: Dimension
    bang: str | None = Key(default=None, pattern=_TABLE)
    cot: tuple[_Column, ...] = Key(min_length=1)
    mo_ta: _Text
    muc_do: Severity
    nguong: _Share | Literal["nguong_cach_ly"] | None = None
    la_khoa: bool = False
    nhom_chi_so: tuple[str, ...] = ()
    noi_sua: str | None = None
    can_cu: _Text
    cach_sua: str | None = Key(default=None, min_length=1)
    han_sua: int | None = Key(default=None, ge=1)
    tu: str | None = None
    ap_dung: str | None = None
    dieu_kien: str | None = None
    duy_nhat: tuple[_Column, ...] | None = None
    tham_chieu: _ReferenceFile | None = None
    dem: _CountFile | None = None
    tra_cuu: tuple[_LookUpFile, ...] = ()
    dinh_vi: _LocatorFile | None = None
    noi_long: _LooseFile | None = None
    lap_theo_nguon: Literal["tat_ca"] | dict[str, dict[str, _Word | int]] | None = None
    lap_theo_bang: tuple[_Column, ...] | None = Key(default=None, min_length=1)


class _RuleBookFile(StrictModel):
    mo_ta: _Text
    bang: str | None = Key(default=None, pattern=_TABLE)
    noi_sua: _Text
    dinh_vi: _LocatorFile = _LocatorFile()
    quy_tac: tuple[_RuleFile, ...]


def load_rules(
    folder: Path = EXPECTATIONS, feeds: Iterable[str] | None = None, gates: Gates = DEFAULT_GATES
) -> list[Rule]:
    """Every rule of the book, in the order of their codes.

    ``feeds``: names ``<system>/<feed>``, by default those of the contracts; a rule repeated per feed becomes one
    rule each, its code ending in ``__<SYSTEM>__<FEED>``, one repeated per table ends in ``__<TABLE>``. ``gates``: the
    operator's default thresholds. Raises ``ConfigError`` that lists every mistake of one file.
    """
    known = tuple(sorted(load_contracts() if feeds is None else feeds))
    rules: dict[str, Rule] = {}
    for path in sorted(folder.rglob("*.yaml")):
        parsed, located = load_checked(path, _RuleBookFile)
        mistakes: list[tuple[int | None, str]] = []
        for index, item in enumerate(parsed.quy_tac):
            found = _mistakes(item, parsed, known)
            mistakes += [(_line(located, index, where), text) for where, text in found]
            if found:
                continue
            for rule in _expand(item, parsed, known, gates):
                if rule.code in rules:
                    line = _line(located, index, "ma_quy_tac")
                    mistakes.append((line, f"mã quy tắc “{rule.code}” đã dùng ở quy tắc khác; đặt mã mới."))
                rules[rule.code] = rule
        if mistakes:
            raise ConfigError(path, mistakes)
    return [rules[code] for code in sorted(rules)]


def _line(located: LocatedYaml, index: int, where: str) -> int | None:
    return located.line(("quy_tac", index, where))


def _mistakes(item: _RuleFile, book: _RuleBookFile, feeds: tuple[str, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    kinds = [k for k in _MENDING if getattr(item, k) is not None]
    if len(kinds) != 1:
        found.append(("ma_quy_tac", "cần đúng một trong bốn cách kiểm: dieu_kien, duy_nhat, tham_chieu, dem."))
    if item.bang is None and book.bang is None:
        found.append(("ma_quy_tac", "thiếu “bang”; ghi ở quy tắc này hoặc ở đầu tệp."))
    loose = item.noi_long
    if loose is not None:
        if loose.het_han < loose.tu_ngay:
            found.append(("noi_long", "“het_han” sớm hơn “tu_ngay”; sửa lại một trong hai ngày."))
        if loose.nguong is None and loose.muc_do is None:
            found.append(("noi_long", "nới lỏng phải ghi “nguong” mới hoặc “muc_do” mới."))
    for look in item.tra_cuu:
        if not re.search(rf"\b{re.escape(look.bang)}\b", f"{item.dieu_kien} {item.ap_dung}"):
            found.append(("tra_cuu", f"điều kiện không hỏi bảng “{look.bang}”; bỏ mục này hoặc sửa tên bảng."))
    repeated = item.lap_theo_nguon
    if repeated is not None and item.lap_theo_bang is not None:
        found.append(("lap_theo_bang", "chỉ lặp theo nguồn hoặc theo bảng; bỏ một trong hai."))
    if isinstance(repeated, dict):
        unknown = sorted(set(repeated) - set(feeds))
        found += [("lap_theo_nguon", f"không có nguồn dữ liệu “{name}”; xem contracts/feeds.") for name in unknown]
    found += _unknown_placeholders(item, book)
    return found


def _texts(item: _RuleFile, book: _RuleBookFile) -> Iterator[tuple[str, str]]:
    """(key of the YAML, SQL or sentence) of every text in which ``$name`` is replaced."""
    singles = {
        "bang": item.bang or book.bang,
        "mo_ta": item.mo_ta,
        "tu": item.tu,
        "ap_dung": item.ap_dung,
        "dieu_kien": item.dieu_kien,
        "dem": f"{item.dem.so_dong} {item.dem.so_loi}" if item.dem else None,
        "tham_chieu": item.tham_chieu.ngay if item.tham_chieu else None,
    }
    for key, text in singles.items():
        if text is not None:
            yield key, text


def _unknown_placeholders(item: _RuleFile, book: _RuleBookFile) -> list[tuple[str, str]]:
    allowed = {AS_OF}
    repeated = item.lap_theo_nguon
    if repeated is not None:
        allowed |= {"nguon", "bang_tho"}
    if item.lap_theo_bang is not None:
        allowed.add("bang")
    if isinstance(repeated, dict) and repeated:
        allowed |= set.intersection(*(set(values) for values in repeated.values()))
    found = []
    for key, text in _texts(item, book):
        for name in sorted({m[1] for m in PLACEHOLDER.finditer(text)} - allowed):
            found.append((key, f"“${name}” chưa có giá trị; các tên dùng được: {', '.join(sorted(allowed))}."))
    return found


def _expand(item: _RuleFile, book: _RuleBookFile, feeds: tuple[str, ...], gates: Gates) -> Iterator[Rule]:
    for name in item.lap_theo_bang or ():
        yield _rule(item, book, f"{item.ma_quy_tac}__{name.upper()}", {"bang": name}, gates)
    repeated = item.lap_theo_nguon
    if repeated is None and item.lap_theo_bang is None:
        yield _rule(item, book, item.ma_quy_tac, {}, gates)
    if repeated is None:
        return
    parameters = {feed: {} for feed in feeds} if repeated == "tat_ca" else repeated
    for feed, values in sorted(parameters.items()):
        table = feed.replace("/", "__")
        code = f"{item.ma_quy_tac}__{table.upper()}"
        filled = {"nguon": feed, "bang_tho": table} | {k: str(v) for k, v in values.items()}
        yield _rule(item, book, code, filled, gates)


def _rule(item: _RuleFile, book: _RuleBookFile, code: str, values: Mapping[str, str], gates: Gates) -> Rule:
    # The as-of date is known only at evaluation: it stays in the SQL as its own placeholder.
    names = {AS_OF: f"${AS_OF}"} | dict(values)

    def filled(text: str) -> str:
        return fill(text, names)

    table = filled(item.bang or book.bang or "")
    relation = f"({filled(item.tu)})" if item.tu is not None else table
    return Rule(
        code=code,
        dimension=item.chieu,
        table=table,
        columns=item.cot,
        description=in_words(filled(item.mo_ta)),
        severity=item.muc_do,
        threshold=_threshold(item, gates),
        mended_by=item.noi_sua or book.noi_sua,
        basis=in_words(item.can_cu),
        check=_check(item, filled),
        relation=relation,
        applies=filled(item.ap_dung) if item.ap_dung is not None else None,
        indicator_groups=item.nhom_chi_so,
        loosening=_loosening(item.noi_long),
        locator=_locator(item.dinh_vi or (book.dinh_vi if item.tu is None else None), table, filled),
        mending=in_words(item.cach_sua or "") or _MENDING[_kind(item)],
        mend_days=item.han_sua or MEND_DAYS[item.muc_do],
        looked_up=tuple(LookUp(look.bang, look.khoa, look.cua_dong) for look in item.tra_cuu),
    )


def _kind(item: _RuleFile) -> str:
    return next(k for k in _MENDING if getattr(item, k) is not None)


def _threshold(item: _RuleFile, gates: Gates) -> float:
    if item.nguong == "nguong_cach_ly":
        return gates.nguong_cach_ly
    if item.nguong is not None:
        return float(item.nguong)
    return 0.0 if item.la_khoa else gates.nguong_chan


def _check(item: _RuleFile, filled: Callable[[str], str]) -> Check:
    if item.dieu_kien is not None:
        return RowCheck(filled(item.dieu_kien))
    if item.duy_nhat is not None:
        return UniqueCheck(item.duy_nhat)
    if item.tham_chieu is not None:
        look = item.tham_chieu
        day = filled(look.ngay) if look.ngay is not None else None
        return ReferenceCheck(look.cot, look.bang, look.cot_tra_cuu, day)
    if item.dem is not None:
        return CountCheck(filled(item.dem.so_dong), filled(item.dem.so_loi))
    raise AssertionError("a rule without a check was let through")


def _loosening(item: _LooseFile | None) -> Loosening | None:
    if item is None:
        return None
    return Loosening(item.ly_do, item.tu_ngay, item.het_han, item.nguong, item.muc_do)


def _locator(item: _LocatorFile | None, table: str, filled: Callable[[str], str]) -> Locator:
    staged = re.fullmatch(r"(?:stg\.stg_|tho\.)([a-z0-9_]+?)__([a-z0-9_]+)", table)
    feed = f"{staged[1]}/{staged[2]}" if staged else None
    if item is None:
        return Locator(feed=feed)
    if item.nguon is not None:
        feed = None if item.nguon == _NO_FEED else filled(item.nguon)
    names = {
        "key": item.khoa,
        "agency": item.don_vi,
        "file": item.ma_tep,
        "sheet": item.trang_tinh,
        "row": item.dong,
        "month": item.ky,
        "feed": feed,
    }
    return Locator(**{name: text for name, text in names.items() if text is not None})
