"""The two pages beside the statements: the index (``README.md``) and what came out (``ket_qua.md``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.questions.answers import Answer
from pipelines.questions.statements import FOLDER, GROUPS, Statement

INDEX, RESULTS = "README.md", "ket_qua.md"
_INDEX = """<!-- do not edit: `make docs` writes this page from the head lines of the files beside it -->
# Câu hỏi và câu SQL

Mỗi câu hỏi của người làm báo cáo là một tệp `.sql`: một câu đọc trên số liệu đã công bố, không cần gì khác. Hỏi:

```
kho sql < docs/cau_hoi/ho_so/q001.sql
kho sql --format xlsx --out q001.xlsx -- "$(cat docs/cau_hoi/ho_so/q001.sql)"
```

hoặc mở `data/marts/kho.duckdb` và dán vào. Mọi câu một lượt (hay vài câu, ghi thêm mã), cho một kỳ, thành một phiếu:

```
kho answers --tu 2025-01-01 --den 2025-06-30 --out phieu.xlsx
```

Câu nào có kỳ thì kỳ viết bằng hai ngày `2023-12-15` và `2024-06-30` (kỳ của báo cáo gốc); muốn hỏi kỳ khác thì thay hai
ngày ấy, ở mọi chỗ.

Cột `so_in` là con số một báo cáo đã in (tệp `bao_cao/so_lieu`), đứng cạnh số của kho; hai số khác nhau thì phần giới
hạn nói vì sao. Không trả lời được thì câu hỏi không trả về bảng trống mà một dòng ở cột `noi_ro`: “Chưa có số: tệp của
nguồn … sẽ trả lời” hoặc “Không có …” khi đã có tệp nhưng không có trường hợp nào. Mọi câu được chạy thử mỗi lần kiểm
mã, trên mẫu nhỏ và trên [báo cáo gốc](../bao_cao_goc.md); kết quả ở [ket_qua.md](ket_qua.md).

Thêm hay sửa một câu: viết tệp cùng dạng (các dòng `--` ở đầu là nội dung của trang này), chạy `make docs`, rồi
`python -m pipelines.questions --mau-nho THƯ_MỤC --bao-cao-goc THƯ_MỤC` trên hai bản công bố để ghi lại ket_qua.md.
"""
_RESULTS = """<!-- do not edit: `python -m pipelines.questions` with both publications writes this page -->
# Kết quả chạy các câu hỏi

Hai bản công bố, đều là **dữ liệu tổng hợp**: mẫu nhỏ (`kho run --mau-neu-trong`, kỳ 15/6/2025–14/12/2025) và bộ mẫu
của báo cáo gốc (`kho sample --preset bac-giang-2024-h1`, kỳ 15/12/2023–30/6/2024). “In” là số báo cáo thật đã in; số
của kho trên bộ mẫu được sinh ra cho khớp ở những chỗ báo cáo nhất quán, nên khớp chỉ chứng minh cách đếm.

"""


def index(statements: list[Statement]) -> str:
    """The index page: every question by group, with what it reads and what its answer means."""
    ways = Counter(one.way for one in statements)
    lines = [_INDEX, f"{len(statements)} câu: " + ", ".join(f"{n} {way}" for way, n in sorted(ways.items())) + ".", ""]
    for group, title in GROUPS.items():
        lines += [f"## {title}", "", "| mã | câu hỏi | trả lời | đọc | nghĩa | giới hạn |", "|---|---|---|---|---|---|"]
        lines += [_row(one) for one in statements if one.group == group]
        lines.append("")
    return "\n".join(lines)


def _row(one: Statement) -> str:
    link = f"[{one.code}]({one.group}/{file_name(one.code)})"
    reads = ", ".join(f"`{name}`" for name in one.reads)
    return f"| {link} | {one.question} | {one.way} | {reads} | {one.meaning} | {one.limits} |"


def file_name(code: str) -> str:
    """``Q-001`` → ``q001.sql``."""
    return code.lower().replace("-", "") + ".sql"


def results(statements: list[Statement], small: list[Answer], founding: list[Answer]) -> str:
    """The results page from the answers of the two publications, in the order of ``statements``."""
    lines = [_RESULTS + "| bản công bố | trả lời | trả lời: không có | nói rõ thiếu gì |", "|---|---:|---:|---:|"]
    for name, answers in (("mẫu nhỏ", small), ("báo cáo gốc", founding)):
        states = Counter(str(answer.state) for answer in answers)
        counts = " | ".join(str(states[word]) for word in ("trả lời", "trả lời: không có", "nói rõ thiếu gì"))
        lines.append(f"| {name} | {counts} |")
    lines += ["", "| mã | câu hỏi | mẫu nhỏ | dòng | giá trị đầu | báo cáo gốc | dòng | giá trị đầu |"]
    lines.append("|---|---|---|---:|---|---|---:|---|")
    for one, left, right in zip(statements, small, founding, strict=True):
        cells = " | ".join(f"{a.state} | {a.rows} | {a.first.replace('|', '/')}" for a in (left, right))
        lines.append(f"| {one.code} | {one.question} | {cells} |")
    return "\n".join(lines) + "\n"


def write_index(statements: list[Statement], root: Path = PROJECT_ROOT) -> None:
    """Write the index page below ``root``."""
    (root / FOLDER / INDEX).write_text(index(statements), encoding="utf-8")


def write_results(
    statements: list[Statement], small: list[Answer], founding: list[Answer], root: Path = PROJECT_ROOT
) -> None:
    """Write the results page below ``root``."""
    (root / FOLDER / RESULTS).write_text(results(statements, small, founding), encoding="utf-8")
