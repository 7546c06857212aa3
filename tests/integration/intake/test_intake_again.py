"""A contract or code list that learns something after a file was loaded: the file is read again, nothing doubles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from intake_exports import HEADERS, ROWS, csv_text

from pipelines.intake import run as intake_run
from pipelines.intake.loaded.quarantine import open_rows

FEED = "dvc/ho_so"
EVERYTHING = "SELECT * EXCLUDE (_thu_tu) FROM tho.dvc__ho_so ORDER BY _khoa, _gia_tri"
COUNTS = "SELECT so_dong_doc, so_dong_nap, so_dong_cach_ly, so_dong_lap FROM so_cai.tep ORDER BY ten_tep"


def _learn_header(warehouse: Any, header: str, name: str) -> None:
    contract = warehouse.contracts[FEED]
    fields = tuple(replace(f, headers=(*f.headers, header)) if f.name == name else f for f in contract.fields)
    warehouse.contracts[FEED] = replace(contract, fields=fields)


def _with_fee(rows: list[list[str | None]] = ROWS) -> str:
    return csv_text([[*row, "50.000"] for row in rows], [*HEADERS, "Tiền phải thu"])


def test_column_known_later_is_read_from_the_file_loaded_before(warehouse) -> None:  # type: ignore[no-untyped-def]
    first = warehouse.run_one(FEED, "a.csv", _with_fee())
    assert first.unknown_columns == ("Tiền phải thu",)
    assert {item.status for item in warehouse.run().files} == {"da_biet"}
    _learn_header(warehouse, "Tiền phải thu", "phi_le_phi")
    assert [item.status for item in warehouse.run().files] == ["da_nap"]
    assert warehouse.sql("SELECT count(*), count(phi_le_phi), count(_goc) FROM tho.dvc__ho_so") == [(5, 5, 0)]
    assert warehouse.sql(COUNTS) == [(5, 5, 0, 0)]
    assert warehouse.sql("SELECT count(*) FROM so_cai.cot_la") == [(0,)]
    assert {item.status for item in warehouse.run().files} == {"da_biet"}


def test_code_known_later_brings_its_rows_out_of_quarantine(warehouse) -> None:  # type: ignore[no-untyped-def]
    rows = [[*row[:5], "Đang bay" if place == 1 else row[5], row[6]] for place, row in enumerate(ROWS)]
    assert warehouse.run_one(FEED, "a.csv", csv_text(rows)).counts.quarantined == 1
    known = warehouse.code_lists["trang_thai_ho_so"]
    codes = tuple(replace(c, aliases=(*c.aliases, "Đang bay")) if c.code == "dang_xu_ly" else c for c in known.codes)
    warehouse.code_lists["trang_thai_ho_so"] = replace(known, codes=codes)
    warehouse.run()
    assert warehouse.sql(COUNTS) == [(5, 5, 0, 0)]
    # The row stays on record as mended by the run that read it (docs/mess.md, "da_sua").
    assert warehouse.sql("SELECT dong, cot, ly_do FROM so_cai.cach_ly") == [(3, "trang_thai", "ngoai_danh_muc")]
    assert warehouse.sql("SELECT dong, sua_lan FROM so_cai.dong_cach_ly") == [(3, 2)]
    assert open_rows(warehouse.connection, warehouse.contracts[FEED]) == []
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so WHERE trang_thai = 'dang_xu_ly'") == [(1,)]


def test_mended_row_that_is_bad_again_is_open_again_and_once_on_record(warehouse) -> None:  # type: ignore[no-untyped-def]
    rows = [[*row[:5], "Đang bay" if place == 1 else row[5], row[6]] for place, row in enumerate(ROWS)]
    rows.append([None, *ROWS[0][1:]])
    warehouse.run_one(FEED, "a.csv", csv_text(rows))
    known = warehouse.code_lists["trang_thai_ho_so"]
    codes = tuple(replace(c, aliases=(*c.aliases, "Đang bay")) if c.code == "dang_xu_ly" else c for c in known.codes)
    for lists, open_now, on_record in (
        (replace(known, codes=codes), 1, [(3, 2), (7, None)]),
        (known, 2, [(3, None), (7, None)]),
        (replace(known, codes=codes), 1, [(3, 4), (7, None)]),
    ):
        warehouse.code_lists["trang_thai_ho_so"] = lists
        warehouse.run()
        assert warehouse.sql(COUNTS) == [(6, 6 - open_now, open_now, 0)]
        assert warehouse.sql("SELECT dong, sua_lan FROM so_cai.dong_cach_ly ORDER BY dong") == on_record
        assert len(open_rows(warehouse.connection, warehouse.contracts[FEED])) == open_now
    assert warehouse.sql("SELECT count(*) FROM so_cai.cach_ly") == [(2,)]


def test_file_with_nothing_open_is_left_alone_when_the_contract_changes(warehouse) -> None:  # type: ignore[no-untyped-def]
    warehouse.run_one(FEED, "a.csv", csv_text())
    _learn_header(warehouse, "Tiền phải thu", "phi_le_phi")
    assert {item.status for item in warehouse.run().files} == {"da_biet"}


def test_states_shared_with_an_older_file_are_not_lost(warehouse) -> None:  # type: ignore[no-untyped-def]
    warehouse.put(FEED, "a_cu.csv", csv_text(titles=["Thời điểm kết xuất: 01/03/2025 08:00"]))
    warehouse.run()
    with_fee = csv_text(
        [[*row, "50.000" if place else None] for place, row in enumerate(ROWS)],
        [*HEADERS, "Tiền phải thu"],
        titles=["Thời điểm kết xuất: 02/03/2025 08:00"],
    )
    warehouse.run_one(FEED, "b_moi.csv", with_fee)
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so") == [(5,)]
    _learn_header(warehouse, "Tiền phải thu", "phi_le_phi")
    warehouse.run()
    # The newer file's rows have become new states but for the one without a fee; the older file's stay.
    assert warehouse.sql("SELECT count(*), count(phi_le_phi), count(DISTINCT _khoa) FROM tho.dvc__ho_so") == [(9, 4, 5)]
    for read, loaded, quarantined, repeated in warehouse.sql(COUNTS):
        assert read == loaded + quarantined + repeated


def test_again_and_afresh_give_the_same_raw_table(warehouse) -> None:  # type: ignore[no-untyped-def]
    old = csv_text(ROWS[:3], titles=["Thời điểm kết xuất: 01/03/2025 08:00"])
    warehouse.put(FEED, "a.csv", old)
    warehouse.put(FEED, "b.csv", _with_fee())
    warehouse.run()
    _learn_header(warehouse, "Tiền phải thu", "phi_le_phi")
    warehouse.run()
    again = warehouse.sql(EVERYTHING)
    for table in ("tho.dvc__ho_so", "so_cai.tep", "so_cai.trang_tinh", "so_cai.loi_gia_tri", "so_cai.cot_la"):
        warehouse.sql(f"DELETE FROM {table}")
    warehouse.run()
    assert warehouse.sql(EVERYTHING) == again


def test_files_named_are_read_again_whatever_has_changed(warehouse) -> None:  # type: ignore[no-untyped-def]
    warehouse.put(FEED, "a.csv", csv_text([*ROWS, [None, *ROWS[0][1:]]]))
    warehouse.put(FEED, "b.csv", "không phải tệp dữ liệu")
    warehouse.run()
    before = warehouse.sql(EVERYTHING)
    report = intake_run.ingest(
        warehouse.paths,
        warehouse.connection,
        warehouse.contracts,
        warehouse.code_lists,
        now=warehouse.sql("SELECT max(nhan_luc) FROM so_cai.tep")[0][0],
        run_number=1,
        limits=warehouse.limits,
        only={f"{FEED}/a.csv"},
    )
    assert [(item.path, item.status, item.counts.quarantined) for item in report.files] == [
        (f"{FEED}/a.csv", "da_nap", 1)
    ]
    assert warehouse.sql(EVERYTHING) == before
    assert warehouse.sql("SELECT count(*) FROM so_cai.dong_cach_ly") == [(1,)]
