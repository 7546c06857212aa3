"""Tables of the working warehouse that are not dbt models: the raw layer ``tho`` and the ledger ``so_cai``.

Raw tables come from the feed contracts (``Contract.create_table_sql``): one table a feed, one row a distinct
state (key and parsed values). The ledger says what became of every file and of every row.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.contracts.loader import kind_has_changed
from pipelines.contracts.model import Contract
from pipelines.warehouse import releases, schema_changes, units
from pipelines.warehouse.database import transaction

NOT_DBT = frozenset({"tho", "so_cai", "lan_thay", "dvhc", "doi", "lien_ket"})
"""Schemas of the working warehouse that the program fills itself: no model builds what is in them."""
STILL_REFUSED = (
    "r.trang_thai = 'tu_choi' AND NOT EXISTS (SELECT 1 FROM so_cai.tep n WHERE n.trang_thai = 'da_nap' "
    "AND n.nguon_du_lieu = r.nguon_du_lieu AND n.goc_ten = r.goc_ten AND n.goc_ten <> '' AND n.so_lan >= r.so_lan)"
)
"""Of ``so_cai.tep r``: refused, and no file of the same feed and stem was loaded in that run or later (``da_sua``)."""

LEDGER_TABLES: dict[str, str] = {
    **schema_changes.TABLES,
    releases.TABLE: """
        so BIGINT,                  -- number of the schema that the warehouse was brought to; the highest one stands
        chuong_trinh VARCHAR,       -- release of the program that did it
        luc TIMESTAMP               -- when, wall clock of Vietnam
    """,
    "lan_chay": """
        so_lan BIGINT,              -- 1, 2, 3 …: number of the run
        bat_dau TIMESTAMP,          -- wall clock of Vietnam
        ngay_so_lieu DATE,          -- as-of date (R1)
        chap_nhan_giam BOOLEAN,     -- content that collapsed was looked at and may be published
        thay_ban BOOLEAN,           -- an earlier as-of day may take the place of what is published
        pham_vi VARCHAR,            -- the part of a night that was asked for, in words; null: the whole
        dung_lai BOOLEAN            -- everything is built whole, whatever has changed
    """,
    "tham_so": """
        ngay_so_lieu DATE,          -- as-of date of the run being built; this table has exactly one row
        phien_ban VARCHAR           -- publication id of the run being built
    """,
    "dau_khoa": """
        dau VARCHAR                 -- fingerprint of the secret that the stored keyed hashes were made with
    """,
    "tep": """
        ma_tep VARCHAR,             -- first 16 hex digits of the SHA-256; a second copy adds '-' and 6 of its path
        nguon_du_lieu VARCHAR,      -- feed '<system>/<feed>', or null where the folder is no feed
        ten_tep VARCHAR,            -- path below raw/, as it is on disk
        goc_ten VARCHAR,            -- stem: letters and digits, without ' (1)' and the like: same stem = sent again
        sha256 VARCHAR,
        kich_thuoc BIGINT,          -- bytes
        nhan_luc TIMESTAMP,         -- start of the run that first saw it, Vietnam time
        so_lan BIGINT,              -- that run
        so_dong_doc BIGINT, so_dong_nap BIGINT, so_dong_cach_ly BIGINT, so_dong_lap BIGINT,
        trang_thai VARCHAR,         -- da_nap / tu_choi / trung (da_sua is derived)
        ly_do VARCHAR,              -- Vietnamese, no personal value
        xuat_luc TIMESTAMP,         -- export time from the title block, else the window's last day (R8)
        su_kien_cuoi TIMESTAMP,     -- latest event not after the as-of day (R8), written by order.settle
        thoi_diem TIMESTAMP,        -- how new the file's states are as of that day: xuat_luc, else su_kien_cuoi, else
                                    -- the end of the as-of day of the run that first saw it; null: all events are later
        dau_quy_uoc VARCHAR,        -- digest of the contract and code lists it was loaded with; '': read it again
        so_cot_la BIGINT,           -- unknown columns it has under that contract
        tu_ngay DATE, den_ngay DATE -- window in the title block, both days included; null where it states none
    """,
    "tep_nen": """
        ten_tep VARCHAR, sha256 VARCHAR,  -- a zip of files below raw/, which has no row in tep itself
        thanh_phan VARCHAR          -- JSON: place, name, sha256, bytes and refusal of each file in it
    """,
    "trang_tinh": """
        ma_tep VARCHAR,
        trang_tinh VARCHAR,         -- sheet name, '' where the format has none
        dong_tieu_de BIGINT,        -- 1-based physical row of the (last) header row
        so_dong_doc BIGINT,         -- data rows read
        tong_ghi BIGINT             -- total stated in the footer, or null
    """,
    "dong_cach_ly": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        khoa VARCHAR,               -- digest of the key where it is whole, else null
        noi_dung VARCHAR,           -- JSON: original header -> original cell (personal data)
        sua_lan BIGINT              -- run that read this very row sound (contract or code list changed); else null
    """,
    "cach_ly": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        cot VARCHAR,                -- canonical field at fault
        ly_do VARCHAR               -- thieu_khoa / thieu_bat_buoc / khong_doc_duoc / ngoai_danh_muc / …
    """,
    "loi_gia_tri": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        khoa VARCHAR,               -- digest of the row's key
        cot VARCHAR,                -- canonical field
        ly_do VARCHAR               -- khong_doc_duoc / ngoai_danh_muc / da_khoi_phuc / gia_tri_gia / …; row loaded
    """,
    "cot_nghi": """
        ma_tep VARCHAR, trang_tinh VARCHAR,
        dong_tieu_de BIGINT,        -- 1-based physical row of the header, null where the format names its columns
        cot VARCHAR,                -- canonical field, or '' for the whole file
        ly_do VARCHAR               -- hai_cot_mot_truong / thang_truoc_ngay / ngay_bi_dao / khoa_lap / …
    """,
    "ten_hien": """
        goc VARCHAR,                -- name of a file or sheet, or a reason, that must not be published as it is
        hien VARCHAR                -- what is published instead
    """,
    "tep_cho": """
        so_lan BIGINT,              -- newest run; only its files are kept
        ten_tep VARCHAR,            -- path below raw/
        ly_do VARCHAR               -- why it waits for the next run, Vietnamese
    """,
    "loi_lan_thay": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        khoa VARCHAR, cot VARCHAR, ly_do VARCHAR  -- as loi_gia_tri, of the sightings in schema lan_thay
    """,
    "ngay_su_kien": """
        ma_tep VARCHAR,
        ngay DATE,                  -- day on which a sound row of the file has an event (never a due date)
        luc_cuoi TIMESTAMP          -- the last of them that day (R8)
    """,
    "lan_dau": """
        bang VARCHAR,               -- raw table
        khoa VARCHAR, gia_tri VARCHAR,  -- the state
        ma_tep VARCHAR              -- file that may be the state's first sighting, depending on the as-of day
    """,
    "cot_la": """
        nguon_du_lieu VARCHAR,
        cot VARCHAR,                -- header as printed, cleaned and bounded
        ma_tep VARCHAR,             -- first file that had it
        goi_y VARCHAR               -- closest known field, or null
    """,
    "ket_qua_kiem_tra": """
        so_lan BIGINT, phien_ban VARCHAR, ma_quy_tac VARCHAR,
        so_ap_dung BIGINT,          -- rows the rule applies to; coverage = so_dong / so_ap_dung
        so_dong BIGINT, so_loi BIGINT, ty_le_loi DOUBLE,  -- rows judged, of them failed, failed / judged
        dat BOOLEAN,                -- null: no row could be judged
        bat_dau TIMESTAMP, thoi_gian_ms BIGINT,
        ly_do VARCHAR               -- why the rule could not be run, Vietnamese; else null
    """,
    "quy_tac": """
        ma_quy_tac VARCHAR, chieu VARCHAR, bang VARCHAR, cot VARCHAR, mo_ta VARCHAR,
        muc_do VARCHAR, nguong DOUBLE, nhom_chi_so VARCHAR, noi_sua VARCHAR,
        can_cu VARCHAR,             -- source of the rule
        ly_do_noi_long VARCHAR, noi_long_tu DATE, noi_long_den DATE,
        cach_sua VARCHAR,           -- how to mend, for the office that can
        so_ngay_sua BIGINT          -- days given for mending, from the day of discovery
    """,
    "loi": """
        ma_quy_tac VARCHAR,
        khoa_loi VARCHAR,           -- with the rule, the defect: the record's key, else file/sheet/row
        khoa VARCHAR, ma_don_vi VARCHAR,
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,  -- where it was last seen
        tu_lan BIGINT,              -- run that found it: opens the interval
        dong_lan BIGINT             -- first run that judged the rule and no longer found it; null: still there
    """,
    "tra_loi": """
        ma_loi VARCHAR,             -- the defect, as chat_luong.loi has it: md5 of rule and khoa_loi
        tra_loi VARCHAR,            -- da_sua / khong_phai_loi / khong_thuoc
        ly_do VARCHAR,              -- the owner's words: never leave the ledger but in workbooks
        ma_don_vi VARCHAR,          -- khong_thuoc: whose it is; null: the data owner is to say
        den_ngay DATE,              -- khong_phai_loi: last as-of day of the waiver
        so_lan BIGINT,              -- newest run that had measured the rules by then
        luc TIMESTAMP,
        sha256 VARCHAR              -- of the workbook that it came in
    """,
    "diem_do": """
        so_lan BIGINT,              -- run that counted; only the newest is kept
        nguon_du_lieu VARCHAR,
        ky VARCHAR,                 -- month 'YYYY-MM' of the record, 'khong_ro' where its date leaves it open
        ma_don_vi VARCHAR,          -- null: the row names no agency, or the rule is about the whole file
        chieu VARCHAR,
        so_ap_dung BIGINT, so_dong BIGINT, so_loi BIGINT  -- rows with a rule that applies / was judged / failed
    """,
    "nut_dbt": """
        so_lan BIGINT,
        nut VARCHAR,                -- dbt node (unique_id)
        trang_thai VARCHAR,         -- dbt's word: success, pass, fail, error, skipped, warn
        giay DOUBLE                 -- seconds
    """,
    "buoc_hong": """
        so_lan BIGINT,
        nut VARCHAR,                -- what the failed step would have brought up to date (unique_id of a dbt source)
        ly_do VARCHAR               -- Vietnamese sentence, no value of the data
    """,
    "cong_bo": """
        so_lan BIGINT, phien_ban VARCHAR,
        luc TIMESTAMP,              -- when, wall clock of Vietnam
        cach VARCHAR                -- thay (swapped in; null in older rows) / khong_doi (nothing new) / giu_rieng
    """,
    "quyet_dinh": """
        so_lan BIGINT, phien_ban VARCHAR, nhom_mart VARCHAR,
        trang_thai VARCHAR,         -- moi / giu_ban_cu / chua_co
        ngay_so_lieu DATE, ly_do VARCHAR
    """,
    "lich_doi": """
        ngay DATE                   -- day worked in one of the last two calendars only; empty once entered below
    """,
    "han_truoc": """                -- due dates on the calendar before; empty once entered below
        ma_ho_so VARCHAR, ngay_tiep_nhan TIMESTAMP, ma_tthc VARCHAR, trang_thai VARCHAR, han_tinh_lai DATE,
        ngay_so_lieu DATE
    """,
    "thay_doi_lich": """
        so_lan BIGINT,              -- run that first built on the changed calendar
        nam BIGINT,                 -- calendar year
        so_ngay BIGINT,             -- days of it that became working days or ceased to be
        so_ho_so BIGINT             -- dossiers whose han_tinh_lai changed by it
    """,
    "ung_vien_trung": """
        ma_ban_ghi_1 VARCHAR, ma_ban_ghi_2 VARCHAR, -- births compared by linkage, smaller id first
        chung_cu DOUBLE             -- evidence in bits, without prior and without the frequency of the name
    """,
    "ban_ghi_da_so": """
        ma_ban_ghi VARCHAR,
        dau VARCHAR,                -- digest of what was compared (personal data: never leaves the working warehouse)
        mo_hinh VARCHAR             -- digest of model and limits it was compared under
    """,
    "cap_trung": """
        loai_so VARCHAR, ma_ban_ghi_1 VARCHAR, ma_ban_ghi_2 VARCHAR,
        loai VARCHAR,               -- kind of R10
        xac_suat DOUBLE,
        ma_ban_ghi_hieu_luc VARCHAR, -- re-registration: the later of the two, in force
        chac_chan BOOLEAN           -- false: only on the clerical review list
    """,
    "cum_trung": """
        loai_so VARCHAR, ma_ban_ghi VARCHAR,
        ma_cum VARCHAR              -- smallest record of the cluster, exact and probable pairs together
    """,
    "tep_xoa": """
        ma_tep VARCHAR,             -- file removed from raw/ by retention; its rows stay
        luc TIMESTAMP
    """,
    "trang_thai_don": """
        bang VARCHAR,               -- raw table of which retention removed replaced states
        so_dong BIGINT,             -- how many
        truoc TIMESTAMP,            -- only of files first seen before: what files since then changed can be told whole
        luc TIMESTAMP
    """,
    "go_bo": """
        khoa VARCHAR,               -- keyed hash of the number of a person whose records were removed on request
        luc TIMESTAMP,              -- what files first seen until then hold of the person stays removed
        so_lan BIGINT,              -- newest run then
        so_dong BIGINT              -- rows removed
    """,
    "vong_doi_canh_bao": """
        ma_canh_bao VARCHAR,        -- alert of dieu_hanh.canh_bao; with mo_lan, one life of it
        loai VARCHAR, ma_don_vi VARCHAR, -- its kind, and whose it was when it opened
        mo_lan BIGINT, mo_ngay DATE, -- run and as-of day that first published it open
        do_lan BIGINT,              -- run in which it became red in this life; null: never
        het_lan BIGINT, het_ngay DATE -- first run without it, and its day; null: open
    """,
    "da_xem": """
        ma_canh_bao VARCHAR, mo_lan BIGINT, -- life that somebody has seen
        muc_do VARCHAR,             -- highest level that it had reached by then: one that gets worse is told again
        vai VARCHAR,                -- agency code or role that saw it, never a person
        luc TIMESTAMP,
        so_lan BIGINT               -- newest run then
    """,
    "nhip_nguon": """
        nguon_du_lieu VARCHAR,      -- feed
        so_ngay BIGINT              -- promised rhythm: at most so many days between two exports with new data
    """,
}


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Create schemas ``tho``, ``so_cai`` and ``dvhc`` with every table that is missing; existing ones stay as they are.

    A warehouse of an earlier release is brought to this one's schema (``releases``), all of it or nothing. A contract
    that gained a field since the last run gets its new columns (null in older states). A field whose kind has changed
    is converted; raises ``ConfigError`` with the contract's line where a stored value cannot be. Raises
    ``ReleaseError`` where a newer release has written the warehouse.
    """
    contracts = list(contracts)
    have = releases.number_of(connection)
    releases.refuse_newer(have)
    if have is None or have == releases.CURRENT:
        _create(connection, contracts, releases.CURRENT)
    else:
        with transaction(connection):
            _create(connection, contracts, have)
    releases.enter(connection)


def _create(connection: duckdb.DuckDBPyConnection, contracts: list[Contract], have: int) -> None:
    for schema in ("tho", "lan_thay", "so_cai", "doi"):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    units.create_tables(connection)
    finish = releases.begin(connection, have)
    for name, body in LEDGER_TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS so_cai.{name} ({body})")
    for contract in contracts:
        for schema in ("tho", "lan_thay"):
            _create_raw(connection, contract, schema)
    finish(contracts)


def _create_raw(connection: duckdb.DuckDBPyConnection, contract: Contract, schema: str) -> None:
    connection.execute(contract.create_table_sql(schema))
    have = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {schema}.{contract.table}").fetchall()}
    for column, sql_type in contract.columns:
        if column not in have:
            connection.execute(f'ALTER TABLE {schema}.{contract.table} ADD COLUMN "{column}" {sql_type}')
        elif have[column] != sql_type:
            _convert(connection, contract, schema, column, sql_type)


def pending_conversions(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> list[str]:
    """What ``create_tables`` would change in the raw layer that is there, in words; nothing is changed.

    Raises ``ConfigError`` as it does, where a stored value has no form in the new kind.
    """
    found = []
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE schema_name IN ('tho', 'lan_thay') AND database_name = current_database()"
    ).fetchall()
    have = {(schema, table, column): kind for schema, table, column, kind in rows}
    tables = {(schema, table) for schema, table, *_ in rows}
    for contract in contracts:
        for schema in ("tho", "lan_thay"):
            if (schema, contract.table) not in tables:
                continue
            for column, sql_type in contract.columns:
                kind = have.get((schema, contract.table, column))
                if kind is None:
                    found.append(f"thêm cột {schema}.{contract.table}.{column}")
                elif kind != sql_type:
                    _refuse_losses(connection, contract, schema, column, sql_type)
                    found.append(f"đổi kiểu {schema}.{contract.table}.{column}: {kind} → {sql_type}")
    return found


def _convert(
    connection: duckdb.DuckDBPyConnection, contract: Contract, schema: str, column: str, sql_type: str
) -> None:
    """Give a column of the raw layer the type that its field now has; raises ``ConfigError`` where a value has none."""
    _refuse_losses(connection, contract, schema, column, sql_type)
    connection.execute(f'ALTER TABLE {schema}.{contract.table} ALTER COLUMN "{column}" SET DATA TYPE {sql_type}')


def _refuse_losses(
    connection: duckdb.DuckDBPyConnection, contract: Contract, schema: str, column: str, sql_type: str
) -> None:
    lost = connection.execute(
        f"SELECT count(*) FROM {schema}.{contract.table} "
        f'WHERE "{column}" IS NOT NULL AND TRY_CAST("{column}" AS {sql_type}) IS NULL'
    ).fetchall()[0][0]
    if lost:
        name = max((f.name for f in contract.fields if column.startswith(f.name)), key=len, default=column)
        raise kind_has_changed(contract, name, int(lost))
