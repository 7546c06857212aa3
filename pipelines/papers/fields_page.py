"""``docs/van_ban.md``: every field a template may use. ``python -m pipelines.papers.fields_page`` writes it."""

from __future__ import annotations

from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.papers.dossiers import FORM
from pipelines.papers.fields import FIELDS, HEAD, PARTS, PREFIX, TABLES

PAGE = "docs/van_ban.md"
_TITLES = {
    "kstthc": "kiểm soát thủ tục hành chính (`kstthc`)",
    "de-an-06": "Đề án 06 (`de-an-06`)",
    "766": "Bộ chỉ số 766 (`766`)",
}
_OPENING = """<!-- do not edit: `make docs` writes this file from pipelines/papers/fields.py -->
# Văn bản: báo cáo lập từ số liệu đã công bố

```
kho report kstthc --tu 2024-12-15 --den 2025-06-14 --out bao_cao.docx
kho report de-an-06 --tu 2025-07-01 --den 2025-07-31 --out de_an_06.pdf
kho report 766 --tu 2025-09-01 --den 2025-09-30 --don-vi H05.03 --out diem.xlsx
```

Kỳ luôn là hai ngày, tính cả hai. `--don-vi MÃ`: chỉ của một đơn vị. `--phien-ban MÃ`: lập lại từ bản công bố còn giữ
(`kho versions`). Ba dạng `.docx`, `.xlsx`, `.pdf` có cùng con số; PDF in từ bản docx bằng LibreOffice, máy không có
LibreOffice thì lệnh báo và dừng với mã 3. Con số không tính được thì ghi “chưa tính được” kèm lý do, không bỏ trống.

Mỗi con số mang một mã trong ngoặc vuông, ví dụ `[KS-07]`; mã của con số có tên không đổi giữa các kỳ. Phụ lục cuối
(bản xlsx: trang “Con số”, gồm cả từng ô của bảng) ghi chỉ tiêu, phạm vi, kỳ, mẫu số, ngày số liệu, mã phiên bản và
câu hỏi `kho sql` cho lại đúng con số ấy. Mã ô của bảng là bảng.dòng.cột.

Khi kho giữ một báo cáo đã in của đúng kỳ và tỉnh (nguồn `bao_cao/so_lieu`), `kstthc` có thêm phụ lục đối chiếu từng con
số in với số của kho và chú thích những chỗ báo cáo in tự mâu thuẫn.

Mã ra: 0 đã ghi; 1 (với `--kiem`) có số lệch; 2 hỏi sai (đơn vị, kỳ, phiên bản, mẫu, tệp, chỗ ghi); 3 không làm được.

## Kiểm một báo cáo đã viết

```
kho report kstthc --tu 2024-12-15 --den 2025-06-14 --kiem bao_cao_da_viet.docx --out kiem.xlsx
```

Lệnh tìm mọi con số cùng đơn vị tính trong tệp (docx: đoạn và bảng; xlsx: ô số và ô chữ) và ghi mỗi số một dòng.
Số có mã `[KS-07]` bên cạnh được so ngay. Văn bản do kho lập thì cả số trong bảng cũng được so ngay: ô có cùng đầu
bảng và cùng chữ ở dòng của nó là con số ấy, dù dòng đã dời chỗ; văn bản lập từ mẫu riêng thì thêm `--mau MẪU.docx`.
Tỷ lệ trong ô số của bảng tính được viết 0,9874 hoặc 98,74. Số chưa có mã là `cho_xac_nhan`: cột “Gợi ý” nêu nhiều
nhất ba mã, cùng giá trị trước, rồi cùng lời mà khác giá trị, kèm chỉ tiêu, phạm vi, kỳ và số của kho; cột “Kỳ
nêu trong câu” là ngày tháng
mà câu ghi. Kho không tự chọn; người phụ trách ghi mã vào cột “Mã xác nhận” rồi đưa chính trang đó lại cho `--kiem`.
Kết luận ([quy tắc “Số in trong báo cáo”](quy_tac.md)): `khop`, `lech` kèm chênh lệch,
`khong_kiem_duoc` kèm lý do; tỷ lệ và điểm được lệch nửa
đơn vị của chữ số in cuối, số đếm phải đúng từng đơn vị. Các số đã xác nhận của cùng một phạm vi còn được cộng
lại với nhau (dòng “quan hệ”). Có số lệch thì mã ra là 1.

## Mẫu riêng của cơ quan

Mẫu là tệp `.docx` thường, trình bày theo Nghị định 30/2020/NĐ-CP, Phụ lục I. Mẫu của kho nằm trong
`pipelines/papers/mau/` (vẽ bằng `python -m pipelines.papers.drawing`). Chép ra, mở bằng trình soạn thảo, sửa lời,
thêm mục, dời trường, rồi dùng `--mau TỆP.docx`. Trường viết trong hai dấu ngoặc nhọn:

| viết trong mẫu | ra |
|---|---|
| `{{ so.<tên> }}` | một con số kèm đơn vị tính, tỷ lệ kèm tử số và mẫu số; hoặc lý do chưa tính được |
| `{%p for doan in muc.<tên> %}` … `{{r doan }}` … `{%p endfor %}` | các đoạn của một mục; mỗi thẻ một đoạn riêng |
| `{%tr for d in bang.<tên>.dong %}` … `{{ d.<cột> }}` … `{%tr endfor %}` | các dòng của một bảng |
| `{{ bang.<tên>.tieu_de }}`, `{{ bang.<tên>.ghi_chu }}` | tên bảng; vì sao bảng trống |
| `{{ phu_luc() }}` | số của phụ lục, mỗi lần viết là số tiếp theo: I, II, III… |
| `{%p for ghi_chu in luu_y %}` | điều phải biết về số liệu trước khi đọc |
| `{%tr for d in nguon.dong %}` với `ma`, `nghia`, `gia_tri`, `ban`, `sql` | nguồn của từng con số |

Mẫu dùng một trường không có thì lệnh báo tên trường và không ghi gì. Chữ lấy từ dữ liệu chỉ là chữ: không thành trường,
không thành định dạng, không thành công thức.

## Trường chung của mọi báo cáo

| trường | nghĩa |
|---|---|
"""


def page() -> str:
    """The page's text."""
    lines = [_OPENING + "\n".join(f"| `{name}` | {words} |" for name, words in HEAD.items())]
    for kind, title in _TITLES.items():
        lines += ["", f"## Báo cáo {title}", "", "| mục | nội dung |", "|---|---|"]
        lines += [f"| `muc.{name}` | {words} |" for name, words in PARTS[kind].items()]
        lines += ["", "| bảng | nội dung |", "|---|---|"]
        lines += [f"| `bang.{name}` | {words} |" for name, words in TABLES[kind].items()]
        if kind == "kstthc":
            columns = ", ".join(f"`{name}`" for name in FORM)
            lines += [
                f"| `bieu_06a` | biểu II.06a, mỗi cấp một bảng: `tieu_de`, `dong`, `tong`; cột `linh_vuc`, {columns} |"
            ]
        lines += ["", "| con số | mã | chỉ tiêu | đơn vị tính |", "|---|---|---|---|"]
        lines += [
            f"| `so.{field.name}` | {PREFIX[kind]}-{field.code} | {field.metric} | {field.unit} |"
            for field in FIELDS[kind].values()
        ]
    return "\n".join(lines) + "\n"


def write(root: Path = PROJECT_ROOT) -> None:
    """Write the page below ``root``."""
    (root / PAGE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
