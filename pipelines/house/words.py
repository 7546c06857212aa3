"""Words of the house: every part of a table's or column's name, once; names and glossary are held against them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import RootModel

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.paths import PACKAGE, PROJECT_ROOT

WORDS = PACKAGE / "house" / "words.yaml"
GLOSSARY = "docs/tu_vung.md"
_EXAMPLES = 4
_HEAD = """\
<!-- Trang sinh từ pipelines/house/words.yaml và dự án dbt bằng `make docs`; không sửa tay. -->

# Từ vựng của tên bảng, tên cột

Mỗi phần của một tên (giữa các dấu gạch dưới) đứng ở đây đúng một lần. Đơn vị: `so_` là số lượng, `ty_le_` là phân số
0–1, `ngay_` là ngày hoặc thời điểm, `ma_` là mã, `la_`, `co_` là có/không, `diem_` là điểm, `_goc` là văn bản như trong
tệp, `_khoa` là mã băm có bí mật, `_tu`, `_den` là hai đầu của khoảng ngày. Bảng: `stg_` lớp stg, `int_` lớp trung gian,
bảng công bố không có tiền tố.
Thuật ngữ nghiệp vụ: [glossary.md](glossary.md).

| Phần | Nghĩa | Tiếng Anh | Không dùng thay | Ví dụ |
| --- | --- | --- | --- | --- |
"""


class Word(StrictModel):
    """One part: Vietnamese with its signs, English, parts that must not stand for the same."""

    nghia: str
    tieng_anh: str
    tranh: tuple[str, ...] = ()


class _Words(RootModel[dict[str, Word]]):
    """The file: part → word."""


def load_words(path: Path = WORDS) -> dict[str, Word]:
    """Every word by its part; raises ``ConfigError`` with line numbers."""
    parsed, _ = load_checked(path, _Words)
    return parsed.root


def parts(name: str) -> list[str]:
    """Parts of a name: ``int_ho_tich__ban_ghi`` → int, ho, tich, ban, ghi."""
    return [part for part in name.split("_") if part]


def names(root: Path = PROJECT_ROOT) -> set[str]:
    """Names of every model, seed, source table and column that the dbt project declares."""
    found: set[str] = set()
    for path in sorted((root / "dbt_project").glob("*/**/*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        tables = [*(content.get("models") or ()), *(content.get("seeds") or ())]
        tables += [table for source in content.get("sources") or () for table in source["tables"]]
        for table in tables:
            found.add(table["name"])
            found.update(column["name"] for column in table.get("columns") or ())
    return found


def unknown(found: Iterable[str], words: dict[str, Word]) -> dict[str, list[str]]:
    """Name → its parts that the glossary does not know."""
    judged = {name: [part for part in parts(name) if part not in words] for name in found}
    return {name: rest for name, rest in sorted(judged.items()) if rest}


def glossary(root: Path = PROJECT_ROOT) -> str:
    """Markdown of ``docs/tu_vung.md``; the shortest names are the examples."""
    examples: dict[str, list[str]] = {}
    for name in sorted(names(root), key=lambda n: (len(n), n)):
        for part in dict.fromkeys(parts(name)):
            examples.setdefault(part, []).append(name)
    rows = [
        f"| `{part}` | {word.nghia} | {word.tieng_anh} | {', '.join(f'`{w}`' for w in word.tranh)} | "
        f"{', '.join(f'`{name}`' for name in examples.get(part, ())[:_EXAMPLES])} |"
        for part, word in sorted(load_words(root / "pipelines" / "house" / "words.yaml").items())
    ]
    return _HEAD + "\n".join(rows) + "\n"
