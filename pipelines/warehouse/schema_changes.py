"""Ledger tables by which a night costs what changed: touched keys, the plan of a build, counts to go on from."""

from __future__ import annotations

TABLES: dict[str, str] = {
    "quy_tac_dem": """
        ma_quy_tac VARCHAR,
        lan BIGINT,                 -- run that counted; the next one may count on from it
        dau VARCHAR,                -- digest of the rule's SQL
        so_ap_dung BIGINT, so_dong BIGINT, so_loi BIGINT
    """,
    "bang_dem": """
        bang VARCHAR,               -- ledger table that rules were counted over (so_cai.name)
        lan BIGINT, dau VARCHAR     -- run that counted; digest of the table then
    """,
    "diem_phan": """
        phan VARCHAR,               -- one query of the scores
        nguon_du_lieu VARCHAR, ky VARCHAR, ma_don_vi VARCHAR, chieu VARCHAR,
        so_ap_dung BIGINT, so_dong BIGINT, so_loi BIGINT  -- to be summed: what changed rows add and take is added
    """,
    "diem_phan_lan": """
        phan VARCHAR, lan BIGINT    -- run as of which the part's cells stand
    """,
    "lien_ket": """
        loai_so VARCHAR,            -- register whose records schema lien_ket keeps in comparable form
        lan BIGINT,                 -- run as of which they stand; null: outside a night
        dau VARCHAR                 -- digest of the forms
    """,
    "khoa_doi": """
        so_lan BIGINT,              -- run that changed the raw layer; a build that went through takes the entry out
        bang VARCHAR,               -- raw table
        khoa VARCHAR,               -- key's digest; null: reach unknown, all of the table
        ma_ho_so VARCHAR,           -- dossier that the row names, where the feed has that field
        nguyen_nhan VARCHAR         -- tep_moi / doc_lai / lan_khac / gio_tep / go_bo / luu_giu
    """,
    "dung": """
        lan BIGINT, ngay DATE,      -- one row: run and as-of day of the build under way, or of the last one
        lan_nen BIGINT, ngay_nen DATE,  -- those of the last build that went through; null: none
        dang_dung BOOLEAN,          -- planned and not gone through yet
        toan_bo BOOLEAN,            -- everything is built whole
        ly_do VARCHAR               -- why, Vietnamese; null where not
    """,
    "nut_dung": """
        nut VARCHAR,                -- dbt node: model, seed or source
        lan BIGINT,                 -- run as of which it stands
        doi_lan BIGINT,             -- run that last changed it
        toan_lan BIGINT,            -- run that last changed it without saying which rows
        dau_ma VARCHAR              -- digest of the SQL (model) or of the content (seed, small source) it stands by
    """,
    "nut_ma": """
        nut VARCHAR, dau_ma VARCHAR -- digest of each model's SQL and macros tonight
    """,
    "nut_cha": """
        nut VARCHAR, cha VARCHAR,
        cach VARCHAR,               -- het: any change means all of it; khoa: by keys; ngay: by as-of day
        lay VARCHAR,                -- column of the parent's changed rows, or a select over them
        bang_doi VARCHAR            -- where the parent's changed rows are
    """,
    "so_sanh_dung_lai": """
        so_lan BIGINT,              -- run that built everything whole
        bang VARCHAR,               -- table set against the increments; null: there was nothing to compare
        khop BOOLEAN,
        so_dong BIGINT, so_dong_dung_lai BIGINT
    """,
}
