"""The serving copy on a real PostgreSQL of its own, where one is installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
import pytest
from pydantic import ValidationError

from pipelines import turn
from pipelines.config.bi import Serving
from pipelines.config.orchestration import DEFAULT_FILE, load_orchestration
from pipelines.config.paths import data_paths
from pipelines.job import Job
from pipelines.publishing import fill_serving_copy
from pipelines.serving.fill import ServingError, fill
from tests.integration.serving.conftest import HAS_SERVER, NASTY, Server, publication

pytestmark = pytest.mark.skipif(not HAS_SERVER, reason="không có máy chủ PostgreSQL trên máy này")


def test_readers_find_every_value_type_and_comment(server: Server, tmp_path: Path) -> None:
    fill(publication(tmp_path, 3), data_paths(tmp_path), server.settings())
    read = "SELECT so, chu = {}, trong IS NULL, rong = '', ngay, luc, tien, ty_le, dung FROM tthc.ho_so WHERE so = 0"
    text = "E'" + NASTY.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t") + "'"
    row = server.ask(read.format(text), user="kho_doc")
    assert row == "0|t|t|t|2025-07-01|2025-07-01 08:30:00.5|1.25|0.1|t"
    kinds = "SELECT string_agg(format_type(atttypid, atttypmod), ' ' ORDER BY attnum) FROM pg_attribute "
    assert server.ask(kinds + "WHERE attrelid = 'tthc.ho_so'::regclass AND attnum > 0") == (
        "bigint text text text date timestamp without time zone numeric(18,2) double precision boolean"
    )
    assert server.ask("SELECT obj_description('tthc.ho_so'::regclass)") == "Hồ sơ; 'một' dòng :x một hồ sơ."
    assert server.ask("SELECT col_description('tthc.ho_so'::regclass, 7)") == "Số tiền; đơn vị: đồng."


@pytest.mark.parametrize(
    "wish",
    [
        "DELETE FROM tthc.ho_so",
        "SET default_transaction_read_only = off; DELETE FROM tthc.ho_so",
        "SET default_transaction_read_only = off; CREATE TABLE tthc.moi (n int)",
        "SET default_transaction_read_only = off; CREATE SCHEMA cua_toi",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_a_reader_reads_and_nothing_else(server: Server, tmp_path: Path, wish: str) -> None:
    fill(publication(tmp_path, 1), data_paths(tmp_path), server.settings())
    assert server.ask("SHOW statement_timeout", user="kho_doc") == "1min"
    with pytest.raises(subprocess.CalledProcessError):
        server.ask(wish, user="kho_doc")


def _reading(server: Server, question: str, answer: str) -> subprocess.Popen[str]:
    """A reader in the middle of a transaction, who has had ``answer`` and not ended."""
    slow = subprocess.Popen(
        ["psql", "-X", "-A", "-t", "-d", f"{server.place} dbname=kho user=kho_doc"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert slow.stdin and slow.stdout
    slow.stdin.write(f"BEGIN; {question};\n")
    slow.stdin.flush()
    while slow.stdout.readline().strip() != answer:
        pass
    return slow


def test_a_reader_in_the_middle_hinders_no_night_and_sees_one_publication(server: Server, tmp_path: Path) -> None:
    fill(publication(tmp_path, 5), data_paths(tmp_path), server.settings())
    slow = _reading(server, "SELECT count(*) FROM tthc.ho_so", "5")
    fill(publication(tmp_path, 7), data_paths(tmp_path), server.settings())
    assert server.ask("SELECT count(*) FROM tthc.ho_so", user="kho_doc") == "7"
    slow.communicate("COMMIT;\n")
    fill(publication(tmp_path, 8), data_paths(tmp_path), server.settings())
    schemas = server.ask("SELECT string_agg(nspname, ' ' ORDER BY 1) FROM pg_namespace WHERE nspname ~ 'ho_tich|tthc'")
    assert schemas == "ho_tich tthc"


def _schemas(server: Server) -> str:
    return server.ask(
        "SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace "
        "WHERE nspname !~ '^pg_|information_schema|public'"
    )


def test_what_is_published_no_more_goes_and_what_is_another_s_stays(server: Server, tmp_path: Path) -> None:
    fill(publication(tmp_path, 3), data_paths(tmp_path), server.settings())
    server.ask("CREATE SCHEMA cua_ho; CREATE TABLE cua_ho.bang AS SELECT 1 AS n", user="kho_nap")
    server.ask("CREATE VIEW cua_ho.nhin AS SELECT n FROM ho_tich.dang_ky", user="kho_nap")
    fewer = publication(tmp_path, 4)
    with duckdb.connect(str(fewer)) as db:
        db.execute("DROP SCHEMA ho_tich CASCADE")
    (told,) = fill(fewer, data_paths(tmp_path), server.settings())
    assert "cua_ho.nhin" in told
    assert _schemas(server) == "cua_ho tthc"
    assert fill(publication(tmp_path, 5), data_paths(tmp_path), server.settings()) == []
    assert _schemas(server) == "cua_ho ho_tich tthc"
    # a reader holds the last rows of what goes: it goes in the next night
    slow = _reading(server, "SELECT n FROM ho_tich.dang_ky", "1")
    fill(fewer, data_paths(tmp_path), server.settings())
    assert _schemas(server) == "cua_ho ho_tich__cu tthc"
    slow.communicate("COMMIT;\n")
    fill(fewer, data_paths(tmp_path), server.settings())
    assert _schemas(server) == "cua_ho tthc"
    server.ask("DROP SCHEMA cua_ho CASCADE", user="kho_nap")


def test_a_filling_that_fails_leaves_the_server_as_it_was(server: Server, tmp_path: Path) -> None:
    fill(publication(tmp_path, 4), data_paths(tmp_path), server.settings())
    with pytest.raises(ServingError, match="máy chủ giữ bản cũ") as mistake:
        fill(publication(tmp_path, 6), data_paths(tmp_path), server.settings(vai_tro_doc="khong_co"))
    assert "khong_co" not in str(mistake.value)
    assert "khong_co" in (tmp_path / "lam_viec" / "loi_bi.txt").read_text(encoding="utf-8")
    assert server.ask("SELECT count(*) FROM tthc.ho_so", user="kho_doc") == "4"


def test_views_on_the_tables_outlive_the_night_and_those_that_cannot_are_named(server: Server, tmp_path: Path) -> None:
    assert fill(publication(tmp_path, 2), data_paths(tmp_path), server.settings()) == []
    server.ask(
        "CREATE SCHEMA cua_ta; CREATE VIEW cua_ta.dem AS SELECT count(*) AS n FROM tthc.ho_so; "
        "CREATE VIEW cua_ta.tren AS SELECT n + 1 AS n FROM cua_ta.dem; CREATE VIEW tthc.cung_cho AS SELECT 1 AS x "
        "FROM ho_tich.dang_ky; GRANT USAGE ON SCHEMA cua_ta TO kho_doc; GRANT SELECT ON cua_ta.tren TO kho_doc",
        user="kho_nap",
    )
    server.ask('CREATE VIEW public."của $kho06$ ai" AS SELECT so FROM tthc.ho_so')
    (told,) = fill(publication(tmp_path, 7), data_paths(tmp_path), server.settings())
    assert "public.của $kho06$ ai đặt" in told
    assert server.ask("SELECT n FROM cua_ta.tren", user="kho_doc") == "8"
    assert server.ask("SELECT x FROM tthc.cung_cho", user="kho_doc") == "1"
    assert fill(publication(tmp_path, 8), data_paths(tmp_path), server.settings()) == []
    assert server.ask("SELECT n FROM cua_ta.tren", user="kho_doc") == "9"
    left = "SELECT count(*) FROM pg_class WHERE relname = 'kho06_khung_nhin'"
    assert server.ask(left) == "0"
    server.ask("DROP SCHEMA cua_ta CASCADE", user="kho_nap")


def test_a_database_with_settings_of_its_own_is_filled_the_same(server: Server, tmp_path: Path) -> None:
    odd = ("standard_conforming_strings = off", "datestyle = 'German, DMY'", "search_path = pg_catalog",
           "client_min_messages = error", "default_transaction_isolation = 'serializable'")  # fmt: skip
    for setting in odd:
        server.ask(f"ALTER ROLE kho_nap SET {setting}", database="postgres")
    try:
        file = publication(tmp_path, 3)
        with duckdb.connect(str(file)) as db:
            db.execute("COMMENT ON TABLE ho_tich.dang_ky IS 'x\\'' ; DROP SCHEMA tthc CASCADE; --'")
        assert fill(file, data_paths(tmp_path), server.settings()) == []
    finally:
        server.ask("ALTER ROLE kho_nap RESET ALL", database="postgres")
    assert server.ask("SELECT count(*), min(ngay) FROM tthc.ho_so", user="kho_doc") == "3|2025-07-01"
    assert server.ask("SELECT obj_description('ho_tich.dang_ky'::regclass)") == "x\\' ; DROP SCHEMA tthc CASCADE; --"


def _client_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Another ``psql`` before the machine's own on the path."""
    program = tmp_path / "bin" / "psql"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


def test_a_server_that_falls_silent_holds_no_night_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _client_that(tmp_path, monkeypatch, "exec sleep 60")
    settings = server.settings()
    hurried = settings.model_copy(update={"bi": settings.bi.model_copy(update={"nap_giay": 0.3})})
    with pytest.raises(ServingError, match="không nhận xong"):
        fill(publication(tmp_path, 1), data_paths(tmp_path), hurried)


def test_what_fails_after_the_new_copy_stands_is_no_failure(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _client_that(tmp_path, monkeypatch, "cat > /dev/null\necho KHO06_XONG\nexit 2")
    assert fill(publication(tmp_path, 1), data_paths(tmp_path), server.settings()) == []


def test_no_server_is_told(tmp_path: Path) -> None:
    nowhere = Serving.model_validate({"bat": True, "ket_noi": f"host={tmp_path} dbname=kho user=kho_nap"})
    settings = load_orchestration(DEFAULT_FILE, feeds=None).model_copy(update={"bi": nowhere})
    with pytest.raises(ServingError, match="psql kết thúc với mã 2"):
        fill(publication(tmp_path, 1), data_paths(tmp_path), settings)


def test_a_night_goes_on_without_its_serving_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(turn, "remark", lambda _, text: told.append(text))
    nowhere = Serving.model_validate({"bat": True, "ket_noi": f"host={tmp_path} dbname=kho user=kho_nap"})
    settings = load_orchestration(DEFAULT_FILE, feeds=None).model_copy(update={"bi": nowhere})
    paths = data_paths(tmp_path)
    paths.marts.mkdir()
    publication(tmp_path, 1).rename(paths.marts_file)
    fill_serving_copy(cast("Job", SimpleNamespace(paths=paths, settings=settings)))
    paths.marts_file.write_bytes(b"x")
    fill_serving_copy(cast("Job", SimpleNamespace(paths=paths, settings=settings)))
    assert [text.split(";")[0] for text in told] == [
        "Không nạp được bản phục vụ BI (psql kết thúc với mã 2)",
        "Không nạp được bản phục vụ BI vì lỗi IOException",
    ]


def test_a_password_has_no_place_in_the_settings() -> None:
    for text in ("host=x password=y", "postgresql://kho:mat@x/kho"):
        with pytest.raises(ValidationError, match="pgpass"):
            Serving.model_validate({"ket_noi": text})
    assert Serving.model_validate({"ket_noi": "postgresql://kho@x:5432/kho"}).ket_noi
