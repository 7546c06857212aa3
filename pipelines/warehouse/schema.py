"""Tables of the working warehouse that are not dbt models: the raw layer ``tho`` and the ledger ``so_cai``.

Raw tables come from the feed contracts (``Contract.create_table_sql``): one table a feed, one row a distinct
state (key and parsed values). The ledger says what became of every file and of every row.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.contracts.model import Contract

LEDGER_TABLES: dict[str, str] = {
    "lan_chay": """
        so_lan BIGINT,              -- 1, 2, 3 …: number of the run
        bat_dau TIMESTAMP,          -- wall clock of Vietnam
        ngay_so_lieu DATE           -- as-of date (R1)
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
        goc_ten VARCHAR,            -- stem in normal form, without ' (1)' and the like: same stem = sent again
        sha256 VARCHAR,
        kich_thuoc BIGINT,          -- bytes
        nhan_luc TIMESTAMP,         -- start of the run that first saw it, Vietnam time
        so_lan BIGINT,              -- that run
        so_dong_doc BIGINT, so_dong_nap BIGINT, so_dong_cach_ly BIGINT, so_dong_lap BIGINT,
        trang_thai VARCHAR,         -- da_nap / tu_choi / trung (da_sua is derived)
        ly_do VARCHAR,              -- Vietnamese, no personal value
        xuat_luc TIMESTAMP,         -- export time from the title block, else the window's last day (R8)
        su_kien_cuoi TIMESTAMP,     -- latest event in the file (R8)
        thoi_diem TIMESTAMP         -- coalesce(xuat_luc, su_kien_cuoi, nhan_luc): how new the file's states are
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
        noi_dung VARCHAR            -- JSON: original header -> original cell (personal data)
    """,
    "cach_ly": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        cot VARCHAR,                -- canonical field at fault
        ly_do VARCHAR               -- thieu_khoa / thieu_bat_buoc / khong_doc_duoc / ngoai_danh_muc / so_bi_hong
    """,
    "loi_gia_tri": """
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT,
        khoa VARCHAR,               -- digest of the row's key
        cot VARCHAR,                -- canonical field
        ly_do VARCHAR               -- khong_doc_duoc / ngoai_danh_muc / da_khoi_phuc / gia_tri_gia / …; row loaded
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
        ly_do_noi_long VARCHAR, noi_long_tu DATE, noi_long_den DATE
    """,
    "loi": """
        so_lan BIGINT, ma_quy_tac VARCHAR, khoa VARCHAR, ma_don_vi VARCHAR,
        ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT
    """,
    "nut_dbt": """
        so_lan BIGINT,
        nut VARCHAR,                -- dbt node (unique_id)
        trang_thai VARCHAR,         -- dbt's word: success, pass, fail, error, skipped, warn
        giay DOUBLE                 -- seconds
    """,
    "cong_bo": """
        so_lan BIGINT, phien_ban VARCHAR,
        luc TIMESTAMP               -- when kho.duckdb was swapped, wall clock of Vietnam
    """,
    "quyet_dinh": """
        so_lan BIGINT, phien_ban VARCHAR, nhom_mart VARCHAR,
        trang_thai VARCHAR,         -- moi / giu_ban_cu / chua_co
        ngay_so_lieu DATE, ly_do VARCHAR
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
    "nhip_nguon": """
        nguon_du_lieu VARCHAR,      -- feed
        so_ngay BIGINT              -- promised rhythm: at most so many days between two exports with new data
    """,
}


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Create schemas ``tho`` and ``so_cai`` with every table that is missing; existing tables are left as they are.

    A contract that gained a field since the last run gets its new columns (null in older states).
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS tho")
    connection.execute("CREATE SCHEMA IF NOT EXISTS so_cai")
    for name, body in LEDGER_TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS so_cai.{name} ({body})")
    for contract in contracts:
        connection.execute(contract.create_table_sql())
        have = {row[0] for row in connection.execute(f"DESCRIBE tho.{contract.table}").fetchall()}
        for column, sql_type in contract.columns:
            if column not in have:
                connection.execute(f'ALTER TABLE tho.{contract.table} ADD COLUMN "{column}" {sql_type}')
