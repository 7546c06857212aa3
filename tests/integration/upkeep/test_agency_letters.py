"""Letters of the night to each agency: its own counts, once, against a local mail server; nothing fails the night."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from pydantic import ValidationError

from pipelines import telling
from pipelines.config.paths import DataPaths
from pipelines.config.watching import Mail, Watching
from pipelines.publish.query import QueryLimits
from tests.unit.pages.published import CODE, publish

LIMITS = QueryLimits()


def settings(smtp: Any, **agencies: str) -> Watching:
    mail = Mail(may_chu="127.0.0.1", cong=smtp.server_address[1], ma_hoa="khong", tu="kho@t.vn", den=("a@t.vn",))
    return Watching(thu=mail, thu_don_vi={code.replace("_", "."): address for code, address in agencies.items()})


@pytest.fixture
def published(data: DataPaths) -> DataPaths:
    data.prepare()
    lives(publish(data.marts), {f"qua_han:{CODE}": (1, "vang", "mo")})
    return data


def lives(file: Path, rows: dict[str, tuple[int, str, str]]) -> None:
    with duckdb.connect(str(file)) as db:
        db.execute("CREATE OR REPLACE TABLE van_hanh.vong_doi_canh_bao (ma_canh_bao VARCHAR, mo_lan BIGINT, "
                   "muc_do VARCHAR, trang_thai VARCHAR, het_ngay DATE)")  # fmt: skip
        for code, (run, level, state) in rows.items():
            db.execute("INSERT INTO van_hanh.vong_doi_canh_bao VALUES (?, ?, ?, ?, NULL)", [code, run, level, state])


def body(letter: str) -> str:
    text = email.message_from_string(letter, policy=email.policy.default).get_content()
    assert isinstance(text, str)
    return text


def test_an_agency_is_told_of_its_own_list_once_and_again_when_worse(published: DataPaths, smtp: Any) -> None:
    of = settings(smtp, H05_03="mot@t.vn", H05_121="hai@t.vn")
    assert telling.tell_agencies(published, of, LIMITS) == []
    assert telling.tell_agencies(published, of, LIMITS) == []
    (letter,) = smtp.letters
    assert "To: mot@t.vn" in letter
    text = body(letter)
    assert "- Quá hẹn trả: 1 việc, 1 cảnh báo mức đỏ; 1 cảnh báo mới hoặc nặng thêm" in text
    assert "viec_H05.03.xlsx" in text
    assert CODE not in letter + text
    book = published.papers / "viec_H05.03.xlsx"
    sheet = openpyxl.load_workbook(book).active
    assert sheet is not None
    assert sheet["E4"].value == CODE
    lives(published.marts_file, {f"qua_han:{CODE}": (1, "do", "mo")})
    assert telling.tell_agencies(published, of, LIMITS) == []
    assert len(smtp.letters) == 2
    assert (published.operations / telling.STATE).stat().st_mode & 0o777 == 0o600


def test_who_took_an_agency_over_is_told_of_its_work(published: DataPaths, smtp: Any) -> None:
    with duckdb.connect(str(published.marts_file)) as db:
        db.execute("UPDATE tthc.don_vi SET ma_don_vi_hien_nay = 'H05.121' WHERE ma_don_vi = 'H05.03'")
    assert telling.tell_agencies(published, settings(smtp, H05_121="hai@t.vn"), LIMITS) == []
    (letter,) = smtp.letters
    assert "- Quá hẹn trả: 1 việc" in body(letter)
    sheet = openpyxl.load_workbook(published.papers / "viec_H05.121.xlsx").active
    assert sheet is not None
    assert sheet["E4"].value == CODE


def test_nothing_is_sent_of_what_is_seen_or_where_nothing_is_set(published: DataPaths, smtp: Any) -> None:
    assert telling.tell_agencies(published, settings(smtp), LIMITS) == []
    lives(published.marts_file, {f"qua_han:{CODE}": (1, "do", "da_xem")})
    assert telling.tell_agencies(published, settings(smtp, H05_03="mot@t.vn"), LIMITS) == []
    assert smtp.letters == []
    assert smtp.calls == 0
    assert not published.papers.exists()


def test_a_code_mistyped_in_the_settings_is_told_and_one_in_small_letters_is_known(
    published: DataPaths, smtp: Any
) -> None:
    (told,) = telling.tell_agencies(published, settings(smtp, h05_03="mot@t.vn", H05_O3="hai@t.vn"), LIMITS)
    assert "không có đơn vị “H05.O3”" in told and "thu_don_vi" in told
    (letter,) = smtp.letters
    assert "To: mot@t.vn" in letter


def test_a_refused_address_is_named_and_the_others_are_told(published: DataPaths, smtp: Any) -> None:
    lives(published.marts_file, {f"qua_han:{CODE}": (1, "do", "mo"), "qua_han:x": (1, "do", "mo")})
    with duckdb.connect(str(published.marts_file)) as db:
        db.execute(
            "INSERT INTO dieu_hanh.canh_bao SELECT * REPLACE ('qua_han:x' AS ma_canh_bao, 'H05.121' AS ma_don_vi) "
            "FROM dieu_hanh.canh_bao WHERE loai = 'qua_han'"
        )
    of = settings(smtp, H05_03="tuchoi@t.vn", H05_121="hai@t.vn")
    (said,) = telling.tell_agencies(published, of, LIMITS)
    assert "H05.03" in said
    assert "từ chối" in said
    assert len(smtp.letters) == 1
    assert json.loads((published.operations / telling.STATE).read_text())["H05.03"] == []
    (again,) = telling.tell_agencies(published, of, LIMITS)
    assert again == said
    assert len(smtp.letters) == 1


def test_a_server_that_is_away_is_asked_once_and_told_of(published: DataPaths, smtp: Any) -> None:
    of = settings(smtp, H05_03="mot@t.vn", H05_121="hai@t.vn")
    away = of.model_copy(update={"thu": of.thu.model_copy(update={"cong": 9})} if of.thu else {})
    (said,) = telling.tell_agencies(published, away, LIMITS)
    assert "127.0.0.1:9" in said
    assert "chờ đêm sau" in said
    assert telling.tell_agencies(published, of, LIMITS) == []
    assert len(smtp.letters) == 1


def test_whatever_breaks_is_a_sentence_and_no_failure(published: DataPaths, smtp: Any) -> None:
    of = settings(smtp, H05_03="mot@t.vn", H05_121="khong@t.vn")
    published.papers.write_text("không phải thư mục", encoding="utf-8")
    (said,) = telling.tell_agencies(published, of, LIMITS)
    assert "H05.03" in said
    published.papers.unlink()
    published.marts_file.write_bytes(b"\xa5" * 4096)
    (said,) = telling.tell_agencies(published, of, LIMITS)
    assert "Không gửi được thư việc của đơn vị" in said
    assert smtp.letters == []


def test_a_damaged_state_tells_again(published: DataPaths, smtp: Any) -> None:
    (published.operations / telling.STATE).write_text("[1]", encoding="utf-8")
    assert telling.tell_agencies(published, settings(smtp, H05_03="mot@t.vn"), LIMITS) == []
    assert len(smtp.letters) == 1


def test_addresses_need_a_server() -> None:
    with pytest.raises(ValidationError, match="máy chủ thư"):
        Watching(thu_don_vi={"H05.03": "a@t.vn"}, khoa_sao_luu=date(2026, 1, 1))
