"""Tables of a block: the whole province, and each level of each tree; and the months read back from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from pipelines.opendata.cells import TOP, Cell, Node
from pipelines.opendata.declared import Block, Label, Share, Tree
from pipelines.opendata.months import Month, Shown
from pipelines.opendata.tables import DAY, NUMBER, TEXT, WHOLE, Column, Described

KY = Column("ky", "Tháng (YYYY-MM)", TEXT)
TURN = Column("lan_chot", "Lần chốt: 1 là lần đầu; lớn hơn 1 là tháng đã công bố lại", WHOLE)
SINCE = Column("ngay_chot", "Ngày số liệu của lần chốt: số của tháng đứng yên từ ngày này", DAY)
_HIDDEN = "Ô trống: bị che, vì dưới ngưỡng hoặc để không suy ngược ra ô dưới ngưỡng."
_NO_SHARE = "Ô trống: mẫu số bằng 0 hoặc có số bị che."
CHANGES = Described(
    "chinh_sua",
    "Số đã công bố trước khi tháng được công bố lại",
    "Số của các lần chốt trước, cho những tháng có lần chốt sau. Ô trống: khi đó bị che.",
    ("bang", "ky", "lan_chot", "khoa", "cot"),
    (
        Column("bang", "Tên bảng mở", TEXT),
        KY,
        TURN,
        Column("khoa", "Mã của dòng trong bảng; toan_tinh: toàn tỉnh", TEXT),
        Column("cot", "Tên cột", TEXT),
        Column("gia_tri", "Số đã công bố ở lần chốt đó", WHOLE, _HIDDEN),
        SINCE,
    ),
    (),
)  # fmt: skip


def tables_of(block: Block, trees: Mapping[str, Tree], texts: Mapping[tuple[str, str], str]) -> dict[str, Described]:
    """Column of the nodes ("" for the whole province) → what their table is; ``texts``: of columns of marts."""
    counts = [Column(m.cot, m.ten, WHOLE, f"{_meaning(block, m, texts)}{_HIDDEN}") for m in block.measures]
    shares = [Column(share.cot, share.ten, NUMBER, _NO_SHARE) for share in block.ty_le]
    ends = (*counts, *shares, TURN, SINCE)
    found = {TOP[0]: _described(block, "toan_tinh", "toàn tỉnh", (KY,), ends)}
    for name in block.cay:
        tree = trees[name]
        leaf, above = (Column(level.cot, level.ten, TEXT) for level in (tree.la, tree.cha))
        label = Column(tree.nhan.cot, tree.nhan.ten, TEXT)
        found[tree.cha.cot] = _described(block, tree.cha.bang, tree.cha.ten_bang, (KY, above), ends)
        found[tree.la.cot] = _described(block, tree.la.bang, tree.la.ten_bang, (KY, leaf), (label, above, *ends))
    return found


def _described(block: Block, end: str, title: str, key: tuple[Column, ...], columns: tuple[Column, ...]) -> Described:
    return Described(
        f"{block.ma}_{end}",
        f"{block.ten} {title}, theo tháng",
        block.mo_ta,
        tuple(column.name for column in key),
        (*key, *columns),
        (block.nguon,),
    )


def _meaning(block: Block, measure: Label, texts: Mapping[tuple[str, str], str]) -> str:
    """What the mart says of a measure that is one of its columns."""
    same = next((part for part in block.phan if part.cot == measure.cot == part.cong and not part.khi), None)
    text = texts.get((block.nguon, measure.cot), "") if same else ""
    return f"{text} " if text else ""


def rows_of(
    column: str, block: Block, trees: Mapping[str, Tree], months: Mapping[str, Month]
) -> Iterator[dict[str, Any]]:
    """Rows of the table of nodes of ``column``, by month and code."""
    leaf = next((trees[name] for name in block.cay if trees[name].la.cot == column), None)
    for ky, month in sorted(months.items()):
        for node in sorted({node for node, _ in month.shown if node[0] == column}):
            counts = {m.cot: month.shown.get((node, m.cot)) for m in block.measures}
            row: dict[str, Any] = {"ky": ky, **counts, TURN.name: month.turn, SINCE.name: month.since}
            row |= {share.cot: _share(share, counts) for share in block.ty_le}
            if node != TOP:
                row[column] = node[1]
            if leaf is not None:
                row[leaf.nhan.cot], row[leaf.cha.cot] = month.labels.get(node), month.parents[node][1]
            yield row


def _share(share: Share, counts: Mapping[str, int | None]) -> float | None:
    above, below = ([counts[name] for name in names] for names in (share.tu, share.mau))
    if None in above or None in below:
        return None
    base = sum(count or 0 for count in below)
    return round(sum(count or 0 for count in above) / base, 4) if base else None


def months_of(block: Block, trees: Mapping[str, Tree], old: Mapping[str, pa.Table]) -> dict[str, Month]:
    """What the published tables of a block (by name) show, month by month."""
    shown: dict[str, dict[Cell, int | None]] = defaultdict(dict)
    parents: dict[str, dict[Node, Node]] = defaultdict(dict)
    labels: dict[str, dict[Node, str]] = defaultdict(dict)
    stands: dict[str, tuple[Any, int]] = {}
    leaves = {trees[name].la.cot: trees[name] for name in block.cay}
    for column, described in tables_of(block, trees, {}).items():
        table = old.get(described.name)
        for row in table.to_pylist() if table is not None else ():
            ky, node = row["ky"], (column, row[column]) if column else TOP
            stands[ky] = row[SINCE.name], row[TURN.name]
            for measure in block.measures:
                shown[ky][node, measure.cot] = row.get(measure.cot)
            if tree := leaves.get(column):
                above = (tree.cha.cot, row[tree.cha.cot])
                parents[ky] |= {node: above, above: TOP}
                labels[ky] |= {node: row[tree.nhan.cot]} if row[tree.nhan.cot] is not None else {}
    return {ky: Month(shown[ky], parents[ky], labels[ky], *stands[ky]) for ky in shown}


def superseded(
    block: Block, trees: Mapping[str, Tree], before: Mapping[str, Month], now: Mapping[str, Month]
) -> Iterator[dict[str, Any]]:
    """Rows of ``CHANGES`` for the months of ``before`` that are shown anew in ``now``."""
    names = {column: described.name for column, described in tables_of(block, trees, {}).items()}
    for ky, month in before.items():
        if now[ky].turn == month.turn:
            continue
        for (node, measure), count in month.shown.items():
            yield {
                "bang": names[node[0]],
                "ky": ky,
                TURN.name: month.turn,
                "khoa": node[1] or "toan_tinh",
                "cot": measure,
                "gia_tri": count,
                SINCE.name: month.since,
            }


def earlier_of(block: Block, trees: Mapping[str, Tree], changes: pa.Table | None) -> dict[str, list[Shown]]:
    """Month → what was shown of it each time before it was shown anew."""
    columns = {described.name: column for column, described in tables_of(block, trees, {}).items()}
    found: dict[tuple[str, int], dict[Cell, int | None]] = defaultdict(dict)
    for row in changes.to_pylist() if changes is not None else ():
        column = columns.get(row["bang"])
        if column is not None:
            node = (column, row["khoa"]) if column else TOP
            found[row["ky"], row[TURN.name]][node, row["cot"]] = row["gia_tri"]
    nights: dict[str, list[Shown]] = defaultdict(list)
    for (ky, _), shown in sorted(found.items()):
        nights[ky].append(shown)
    return dict(nights)
