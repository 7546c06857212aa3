"""The serving copy as BI tools reach it, by JDBC and ODBC of Debian's packages; a server killed while it is filled."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from pipelines.config.paths import data_paths
from pipelines.serving.fill import ServingError, fill
from tests.integration.serving.conftest import HAS_SERVER, Server, publication

pytestmark = pytest.mark.skipif(not HAS_SERVER, reason="không có máy chủ PostgreSQL trên máy này")
_JDBC = Path("/usr/share/java/postgresql.jar")
_ODBC = "PostgreSQL Unicode"
ASKED = "SELECT so, ngay, luc, tien, ty_le, dung FROM tthc.ho_so WHERE so = 1"
TOLD = "SELECT obj_description('tthc.ho_so'::regclass)"
WISH = "DELETE FROM tthc.ho_so"
_JAVA = """
import java.sql.*;
class Hoi {
  public static void main(String[] a) throws Exception {
    try (Connection c = DriverManager.getConnection(a[0]); Statement s = c.createStatement()) {
      for (int i = 1; i < a.length; i++) try (ResultSet r = s.executeQuery(a[i])) {
        while (r.next()) { StringBuilder b = new StringBuilder();
          for (int k = 1; k <= r.getMetaData().getColumnCount(); k++) b.append(k > 1 ? "|" : "").append(r.getString(k));
          new java.io.PrintStream(System.out, true, "UTF-8").println(b); }
      } catch (SQLException e) { System.out.println("SQLSTATE " + e.getSQLState()); }
      ResultSet t = c.getMetaData().getTables(null, "tthc", "%", new String[] {"TABLE"});
      while (t.next())
        new java.io.PrintStream(System.out, true, "UTF-8").println(t.getString(3) + ": " + t.getString(5));
    }
  }
}
"""


def _lines(command: list[str], given: str | None = None) -> list[str]:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def test_jdbc_reads_values_comments_and_nothing_else(server: Server, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None or not _JDBC.exists():
        pytest.skip("không có Java hoặc libpostgresql-jdbc-java trên máy này")
    if "jdk.compiler" not in " ".join(_lines([java, "--list-modules"])):
        pytest.skip("máy này chỉ có JRE, không chạy được tệp nguồn Java")
    fill(publication(tmp_path, 3), data_paths(tmp_path), server.settings())
    program = tmp_path / "Hoi.java"
    program.write_text(_JAVA, encoding="utf-8")
    target = f"jdbc:postgresql://127.0.0.1:{server.port}/kho?user=kho_doc"
    said = _lines([java, "-cp", str(_JDBC), str(program), target, ASKED, TOLD, WISH])
    assert said == [
        "1|2025-07-01|2025-07-01 08:30:00.5|1.25|0.1|f",
        "Hồ sơ; 'một' dòng :x một hồ sơ.",
        "SQLSTATE 25006",
        "ho_so: Hồ sơ; 'một' dòng :x một hồ sơ.",
    ]


def test_odbc_reads_values_comments_and_nothing_else(server: Server, tmp_path: Path) -> None:
    odbc = shutil.which("isql")
    if odbc is None or _ODBC not in " ".join(_lines(["odbcinst", "-q", "-d"])):
        pytest.skip("không có unixodbc hoặc odbc-postgresql trên máy này")
    fill(publication(tmp_path, 3), data_paths(tmp_path), server.settings())
    target = f"Driver={{{_ODBC}}};Server=127.0.0.1;Port={server.port};Database=kho;UID=kho_doc"
    said = _lines([odbc, "-b", "-d|", "-k", target], f"{ASKED}\n{TOLD}\n")
    assert said == ["1|2025-07-01|2025-07-01 08:30:00.5|1.25|0.1|0", "Hồ sơ; 'một' dòng :x một hồ sơ."]
    assert "[25006]" in " ".join(_lines([odbc, "-v", "-b", "-k", target], f"{WISH}\n"))
    assert server.ask("SELECT count(*) FROM tthc.ho_so", user="kho_doc") == "3"


@pytest.mark.dai
def test_a_server_killed_while_it_is_filled_has_the_publication_of_before(server: Server, tmp_path: Path) -> None:
    fill(publication(tmp_path, 3), data_paths(tmp_path), server.settings())
    large = publication(tmp_path, 3_000_000)
    loading = "SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 100000"
    with ThreadPoolExecutor(1) as beside:
        filled = beside.submit(fill, large, data_paths(tmp_path), server.settings())
        late = monotonic() + 60
        while server.ask(loading) != "1":
            assert monotonic() < late
            assert not filled.done()
            sleep(0.02)
        server.kill()
        with pytest.raises(ServingError, match="máy chủ giữ bản cũ"):
            filled.result(timeout=120)
    server.start()
    assert server.ask("SELECT count(*) FROM tthc.ho_so", user="kho_doc") == "3"
    assert fill(publication(tmp_path, 5), data_paths(tmp_path), server.settings()) == []
    assert server.ask("SELECT count(*) FROM tthc.ho_so", user="kho_doc") == "5"
    assert server.ask("SELECT count(*) FROM pg_namespace WHERE nspname ~ '__(moi|cu)$'") == "0"
