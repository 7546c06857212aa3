"""The contracts in words: rows for a terminal, and the Vietnamese pages that ``generate`` writes to docs/feeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract, Field, Kind, Sensitivity

CONTRACTS = Path(__file__).parent
INDEX = "README.md"

KIND_WORDS: dict[Kind, str] = {
    Kind.TEXT: "văn bản",
    Kind.CODE: "mã",
    Kind.DOSSIER_CODE: "mã hồ sơ",
    Kind.TIMESTAMP: "thời điểm",
    Kind.DATE: "ngày",
    Kind.PARTIAL_DATE: "ngày có thể khuyết",
    Kind.INTEGER: "số nguyên",
    Kind.DECIMAL: "số thập phân",
    Kind.MONEY: "tiền (đồng)",
    Kind.SHARE: "tỷ lệ (0–1)",
    Kind.BOOLEAN: "có/không",
    Kind.CODE_LIST: "danh mục",
    Kind.IDENTITY: "số định danh",
    Kind.PERIOD: "kỳ",
    Kind.REGISTER_NUMBER: "số đăng ký",
}
SENSITIVITY_WORDS: dict[Sensitivity, str] = {
    Sensitivity.PUBLIC: "công khai",
    Sensitivity.INTERNAL: "nội bộ",
    Sensitivity.PERSONAL: "cá nhân",
    Sensitivity.SENSITIVE: "nhạy cảm",
}
FIELD_TITLES = ("Trường", "Nhãn", "Bắt buộc", "Kiểu", "Độ nhạy cảm", "Tiêu đề khác được nhận", "Mô tả")


def feed_rows(contracts: dict[str, Contract]) -> list[tuple[str, str, str, str]]:
    """One row a feed: feed, title, key, required fields."""
    return [(c.feed, c.title, key_words(c), ", ".join(f.name for f in c.required)) for c in contracts.values()]


def field_rows(contract: Contract) -> list[tuple[str, ...]]:
    """One row a field, columns as ``FIELD_TITLES``."""
    return [
        (
            f.name,
            f.label,
            "có" if f.required else "",
            _kind_words(f),
            SENSITIVITY_WORDS[f.sensitivity],
            "; ".join(f.headers),
            _remarks(f),
        )
        for f in contract.fields
    ]


def key_words(contract: Contract) -> str:
    """The key as an operator would write it."""
    return ", ".join(part.text for part in contract.key)


def feed_page(contract: Contract, lists: dict[str, CodeList]) -> str:
    """Markdown page of one feed."""
    used = list(dict.fromkeys(f.code_list for f in contract.fields if f.code_list is not None))
    parts = [
        _SOURCE.format(path=f"pipelines/contracts/feeds/{contract.feed}.yaml"),
        f"# `{contract.feed}` – {contract.title}",
        contract.description,
        f"* Thư mục nhận tệp: `data/raw/{contract.feed}/`; bảng thô: `tho.{contract.table}`.",
        f"* Khóa của một bản ghi: `{key_words(contract)}`."
        + (" Khóa có dữ liệu cá nhân, chỉ công bố ở dạng băm có khóa." if contract.keyed_key else ""),
        _time_line(contract),
        f"* Thiếu một cột bắt buộc ({', '.join(f'`{f.name}`' for f in contract.required)}) thì cả tệp bị từ chối.",
    ]
    if contract.reader is not None:
        parts.append(f"* Có thêm bộ đọc riêng `{contract.reader}` cho các dạng tệp không phải bảng thông thường.")
    body = [*parts[:3], "\n".join(parts[3:]), "## Các trường", _table(FIELD_TITLES, field_rows(contract))]
    if used:
        body += ["## Danh mục", *(code_list_section(lists[name], contract.feed) for name in used)]
    return "\n\n".join(body) + "\n"


def code_list_section(code_list: CodeList, feed: str) -> str:
    """Markdown of one code list with every spelling accepted in ``feed``."""
    own: dict[str, list[str]] = {}
    for spelling, code in code_list.by_feed.get(feed, {}).items():
        own.setdefault(code, []).append(spelling)
    rows = [(f"`{c.code}`", c.label, "; ".join((*c.aliases, *own.get(c.code, ())))) for c in code_list.codes]
    title = f"### `{code_list.name}`\n\n{code_list.description}\n\n"
    return title + _table(("Mã chuẩn", "Tên", "Cách viết khác được nhận"), rows)


def index_page(contracts: dict[str, Contract]) -> str:
    """Markdown index of all feeds."""
    rows = [
        (f"[`{feed}`]({contracts[feed].table}.md)", title, f"`{key}`", required)
        for feed, title, key, required in feed_rows(contracts)
    ]
    return (
        "\n\n".join(
            [
                _SOURCE.format(path="pipelines/contracts/"),
                "# Các luồng dữ liệu",
                "Mỗi luồng là một loại tệp của một hệ thống; tệp thuộc luồng nào là do thư mục chứa nó. "
                "Tên trường, nhãn và mọi tiêu đề khác trong hợp đồng đều được nhận; khi so, bỏ qua chữ hoa, dấu, "
                "khoảng trắng và dấu câu.",
                _table(("Luồng", "Nội dung", "Khóa", "Trường bắt buộc"), rows),
                "## Khóa của một trường trong tệp YAML",
                _table(("Khóa", "Ý nghĩa"), _YAML_KEYS),
                "Trong `khoa` của luồng: `nam(x)` là năm của trường ngày `x`; `x?` là trường được để trống (để trống "
                "cũng là một giá trị của khóa); `x|y` là `x`, để trống thì `y`.",
                "Thêm tiêu đề hoặc cách viết mới: sửa tệp YAML của luồng trong `pipelines/contracts/feeds/` hoặc "
                "danh mục trong `pipelines/contracts/code_lists/`, rồi chạy `make docs`; "
                "các bước ở [docs/thay_doi](../thay_doi/nguon.md).",
            ]
        )
        + "\n"
    )


def pages(base: Path = CONTRACTS) -> dict[str, str]:
    """File name → content of every page of ``docs/feeds``, from the contracts and code lists below ``base``."""
    lists = load_code_lists(base / "code_lists")
    contracts = load_contracts(base / "feeds", lists)
    result = {f"{c.table}.md": feed_page(c, lists) for c in contracts.values()}
    return {INDEX: index_page(contracts), **result}


_YAML_KEYS: tuple[tuple[str, str], ...] = (
    ("`ten`", "Tên trường, cũng là tên cột trong kho."),
    ("`nhan`, `tieu_de`", "Nhãn tiếng Việt và các tiêu đề khác được nhận; không liệt kê cách viết chỉ khác dấu."),
    ("`kieu`", f"Một trong: {', '.join(f'`{kind.value}` ({words})' for kind, words in KIND_WORDS.items())}."),
    ("`bat_buoc`", "`true`: tệp thiếu cột này bị từ chối, dòng trống ô này bị cách ly."),
    ("`che`", "Văn bản được công bố sau khi che tên người và dãy số (macro `da_che`; kiểu `van_ban`)."),
    ("`thay_bang`", "Trường bắt buộc được để trống khi trường này của dòng có giá trị."),
    ("`nhay_cam`", f"{', '.join(f'`{item.value}`' for item in Sensitivity)}."),
    ("`danh_muc`", "Danh mục của trường; với kiểu `ma` là danh mục mở, giá trị khác được giữ nguyên."),
    ("`gia_tri_gia`", "Giá trị giữ chỗ, coi là trống."),
    ("`gia_tri_gia_phuong_ngu`", "Giá trị giữ chỗ chỉ có trong một dạng tệp (`ca`: tệp do công an trả lại)."),
    ("`gia_tri_khi_trong`", "Giá trị khi ô trống (kiểu `logic`)."),
    ("`cach_viet_rieng`", "Cách viết có/không chỉ dùng ở trường này (kiểu `logic`)."),
    ("`lon_nhat`", "Giá trị lớn nhất có thể có, để hiểu `7.958` là bảy phẩy chín (kiểu `so_thap_phan`)."),
    ("`mo_ta`", "Mô tả; cũng là mô tả cột ở lớp thô và lớp stg."),
)
_SOURCE = "<!-- Trang sinh từ {path} bằng `make docs`; không sửa tay. -->"


def _time_line(contract: Contract) -> str:
    if contract.state_time:
        fields = ", ".join(f"`{name}`" for name in contract.state_time)
        return f"* Trạng thái mới hơn được chọn theo {fields}, nếu trống thì theo thời điểm kết xuất của tệp."
    return "* Trạng thái mới hơn được chọn theo thời điểm kết xuất của tệp."


def _kind_words(field: Field) -> str:
    words = KIND_WORDS[field.kind]
    return f"{words} `{field.code_list}`" if field.code_list is not None else words


def _remarks(field: Field) -> str:
    remarks = [field.description]
    if field.sentinels:
        remarks.append(f"Coi là trống: {'; '.join(f'“{item}”' for item in field.sentinels)}.")
    for dialect, items in field.dialect_sentinels.items():
        remarks.append(f"Coi là trống trong tệp dạng `{dialect}`: {'; '.join(f'“{item}”' for item in items)}.")
    for spelling, value in field.own_booleans.items():
        remarks.append(f"“{spelling}” là {'có' if value else 'không'}.")
    if field.instead is not None:
        remarks.append(f"Được để trống khi có `{field.instead}`.")
    if field.blank_value is not None:
        remarks.append(f"Để trống nghĩa là “{field.blank_value}”.")
    return " ".join(remark for remark in remarks if remark)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [titles, tuple("---" for _ in titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
