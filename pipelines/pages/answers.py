"""Three sentences for a leader with two minutes, written from the figures and from nothing they do not say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from pipelines.config.figures import points, rounded
from pipelines.pages.facts import Facts, Row
from pipelines.pages.words import change, month, number, share


@dataclass(frozen=True)
class Answer:
    """A question, its answer in a few words, and what stands behind it; ``groups``: the marts it rests on."""

    question: str
    short: str
    lines: tuple[str, ...]
    groups: tuple[str, ...]


def answers(facts: Facts, ky: str | None) -> list[Answer]:
    """Better than the month before? Where is most lost? Who is late (on the as-of day)?"""
    return [_better(facts, ky), _lost(facts, ky), _late(facts)]


def _better(facts: Facts, ky: str | None) -> Answer:
    question, groups = "Có hơn tháng trước không?", ("chi_so_766", "tthc")
    before = facts.before(ky) if ky else None
    now, then = facts.counted("tinh", "", ky), facts.counted("tinh", "", before)
    lines = []
    if now["ty_le_dung"] is not None:
        sentence = f"Đúng và trước hạn {share(now['ty_le_dung'])} ({number(now['dung'])}/{number(now['xong'])} hồ sơ)"
        if before and then["ty_le_dung"] is not None:
            sentence += (
                f", {change(100 * (now['ty_le_dung'] - then['ty_le_dung']), ' điểm phần trăm')} so với {month(before)}"
            )
        lines.append(sentence + ".")
    else:
        lines.append(_absent(facts, "thang", f"Tháng {month(ky)} không có hồ sơ nào đã giải quyết để tính đúng hạn."))
    total, earlier = _total(facts, ky), _total(facts, before)
    if total is None or total["diem"] is None:
        lines.append(_absent(facts, "nhom", f"Chưa có tổng điểm 766 của tháng {month(ky)}."))
        return Answer(question, "Chưa đủ số liệu", tuple(lines), groups)
    moved = _moved(total, earlier)
    lines.insert(0, f"Tổng điểm 766 tháng {month(ky)}: {points(total['diem'])}/{points(total['diem_toi_da'])}.")
    if moved is None:
        return Answer(question, "Không so được với tháng trước", tuple(lines), groups)
    by = rounded(moved)
    short = "Hơn" if by > 0 else "Kém"
    words = f"{short} tháng trước {points(abs(moved))} điểm" if by else "Bằng tháng trước"
    return Answer(question, words, tuple(lines), groups)


def _moved(total: Row, earlier: Row | None) -> Decimal | None:
    """Difference of two totals with one maximum; two maxima (a source is missing in one) do not compare."""
    if earlier is None or earlier["diem"] is None or earlier["diem_toi_da"] != total["diem_toi_da"]:
        return None
    return Decimal(total["diem"]) - Decimal(earlier["diem"])


def _total(facts: Facts, ky: str | None) -> Row | None:
    return next((row for row in facts.groups(ky) if row["nhom"] == "tong"), None)


def _lost(facts: Facts, ky: str | None) -> Answer:
    question = "Mất điểm nhiều nhất ở đâu?"
    rows = facts.lost(ky)
    if not rows:
        return Answer(
            question, "Chưa có", (_absent(facts, "mat", f"Tháng {month(ky)} không có điểm mất nào."),), ("chi_so_766",)
        )
    sums: dict[str, Decimal] = defaultdict(Decimal)
    places: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["ma_chi_so"]] += row["diem_mat"]
        places[row["ma_don_vi"]] += row["diem_mat"]
    worst = min(sums, key=lambda code: (-sums[code], code))
    fault = next(row["loi"] for row in rows if row["ma_chi_so"] == worst)
    place = min(places, key=lambda code: (-places[code], code))
    return Answer(
        question,
        f"Chỉ số {worst}: {points(sums[worst])} điểm",
        (
            f"Vì {fault}.",
            f"Đơn vị mất nhiều nhất: {facts.agencies[place]}, {points(places[place])} điểm.",
            f"Cả tháng mất {points(sum(sums.values()))} điểm ở {len(sums)} chỉ số.",
        ),
        ("chi_so_766",),
    )


def _late(facts: Facts) -> Answer:
    question = "Hôm nay ai đang trễ?"
    late, soon = facts.work("qua_han"), facts.work("sap_den_han")
    if "viec" in facts.missing:
        return Answer(question, "Chưa có", (_absent(facts, "viec", ""),), ("canh_bao",))
    if not late:
        short, lines = "Không hồ sơ nào quá hẹn", []
    else:
        short = f"{number(sum(row['so_luong'] for row in late))} hồ sơ ở {number(len(late))} đơn vị"
        named = ", ".join(f"{facts.agencies[row['ma_don_vi']]} ({number(row['so_luong'])})" for row in late[:3])
        lines = [f"Nhiều nhất: {named}."]
    changes = [row["thay_doi_so_voi_hom_truoc"] for row in facts.tables["viec"] if row["loai"] == "qua_han"]
    moved = sum(value for value in changes if value is not None)
    if late or moved:
        way = "tăng" if moved > 0 else "giảm"
        lines.append(f"So với hôm trước: {f'{way} {abs(moved)}' if moved else 'không đổi'}.")
    lines.append(
        f"Sắp đến hẹn (theo ngưỡng ngày làm việc của tỉnh): {number(sum(row['so_luong'] for row in soon))} hồ sơ."
    )
    return Answer(question, short, tuple(lines), ("canh_bao",))


def _absent(facts: Facts, table: str, sentence: str) -> str:
    """That a table is not there (why is said beside it), else ``sentence``."""
    return "Bảng chưa được công bố." if table in facts.missing else sentence
