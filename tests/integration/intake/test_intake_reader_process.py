"""Whatever a file does to the process that reads it is that file's refusal in words; the others are loaded."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from intake_exports import ROWS, csv_text

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.worker import process
from pipelines.intake.worker.process import ReaderProcess

FAULTS = """
import ctypes, os, sys, time

def fail(name):
    if "sigabrt" in name: os.abort()
    if "sigsegv" in name: ctypes.string_at(0)
    if "sigkill" in name: os.kill(os.getpid(), 9)
    if "thoat" in name: os._exit(3)
    if "nho" in name:
        held = []
        while True: held.append(bytearray(20_000_000))
    if "tham" in name:
        kept = []
        while True: kept.append(b"x" * 1_000_000); time.sleep(0.002)
    if "de_quy" in name: fail(name)
    if "vong" in name:
        while True: pass
    if "panic" in name: raise type("PanicException", (BaseException,), {})("Trần Thị Bí Mật")
    if "index" in name: raise IndexError("Trần Thị Bí Mật")
    if "khoa" in name: assert "KHO_KHOA_BI_MAT" in os.environ

if "pipelines.intake.worker.serve" in sys.orig_argv:
    import pipelines.intake.worker.extraction as extraction
    tell = extraction.kind_of
    extraction.kind_of = lambda source: (fail(source.name), tell(source))[1]
"""
LIMITS = replace(Limits(), reader_seconds=4, reader_memory_bytes=400_000_000)


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that do what the name of their file says, in the worker only."""
    (tmp_path / "hong").mkdir()
    (tmp_path / "hong" / "sitecustomize.py").write_text(FAULTS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hong"))


FILES = {
    "sigabrt": "SIGABRT",
    "sigsegv": "SIGSEGV",
    "sigkill": "SIGKILL",
    "thoat": "mã 3",
    "nho": "bo_nho_doc",
    "tham": "bo_nho_doc",
    "de_quy": "RecursionError",
    "vong": "giay_doc",
    "panic": "PanicException",
    "index": "IndexError",
    "khoa": "AssertionError",
}


def test_every_fault_of_a_reader_is_a_refusal_and_the_night_goes_on(warehouse, faulty, caplog) -> None:
    warehouse.limits = LIMITS
    rows = {name: [[f"{name}-{i}", *row[1:]] for i, row in enumerate(ROWS)] for name in ("a_truoc", "z_sau", *FILES)}
    for name, records in rows.items():
        warehouse.put("dvc/ho_so", f"{name}.csv", csv_text(records))
    found = {Path(item.path).stem: item for item in warehouse.run().files}
    assert [found[name].status for name in ("a_truoc", "z_sau")] == ["da_nap", "da_nap"], found["z_sau"]
    for name, words in FILES.items():
        assert found[name].status == "tu_choi", name
        assert words in str(found[name].reason)
        assert "Bí Mật" not in str(found[name].reason)
    entries = dict(warehouse.sql("SELECT ten_tep, ma_tep FROM so_cai.tep WHERE trang_thai = 'tu_choi'"))
    assert len(entries) == len(FILES)
    traces = warehouse.paths.working / "loi_tep"
    kept = traces / f"{entries['dvc/ho_so/index.csv']}.txt"
    assert "IndexError: Trần Thị Bí Mật" in kept.read_text(encoding="utf-8")
    assert {kept.stat().st_mode & 0o777, traces.stat().st_mode & 0o077} == {0o600, 0}


def test_refused_for_a_fault_of_the_reader_is_tried_again_and_its_trace_goes(warehouse, faulty, monkeypatch) -> None:
    warehouse.limits = LIMITS
    assert warehouse.run_one("dvc/ho_so", "index.csv", csv_text()).status == "tu_choi"
    monkeypatch.delenv("PYTHONPATH")
    assert warehouse.run().files[0].status == "da_nap"
    assert list((warehouse.paths.working / "loi_tep").iterdir()) == []


def test_no_reader_is_started_for_a_night_without_new_files(warehouse, monkeypatch) -> None:
    warehouse.limits = LIMITS
    warehouse.put("dvc/ho_so", "a.csv", csv_text())
    starts: list[int] = []
    begin = ReaderProcess._start

    def counted(self: ReaderProcess) -> None:
        begin(self)
        starts.append(self.starts)

    monkeypatch.setattr(ReaderProcess, "_start", counted)
    warehouse.put("dvc/ho_so", "b.csv", csv_text() + "\n")
    warehouse.run()
    assert starts == [1, 1]
    warehouse.run()
    assert starts == [1, 1]


def test_the_reader_ends_with_the_run(warehouse) -> None:
    warehouse.limits = LIMITS
    before = _children()
    warehouse.run_one("dvc/ho_so", "a.csv", csv_text())
    assert _children() == before
    assert list(warehouse.paths.working.glob("tmp*")) == []


def _children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def test_a_worker_that_answers_nonsense_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message may name plain shapes of the intake only: nothing that it holds is called here."""
    file = tmp_path / "a.csv"
    file.write_text(csv_text(), encoding="utf-8")
    code = (
        "import os, pickle, sys\nif 'pipelines.intake.worker.serve' in sys.orig_argv:\n"
        "    import pipelines.intake.worker.serve as serve\n"
        "    class Call:\n        def __reduce__(self): return (os.mkdir, (%r,))\n"
        "    serve._Desk.answer = lambda self, request, file, tables: pickle.dumps(Call())\n"
    )
    made = tmp_path / "da_chay"
    (tmp_path / "sitecustomize.py").write_text(code % str(made), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    reader = ReaderProcess({}, {}, Limits(), tmp_path)
    try:
        with file.open("rb") as handle, pytest.raises(FileRefusedError):
            reader.read(handle, "dvc/ho_so", "a.csv")
    finally:
        reader.close()
    assert not made.exists()


def test_what_the_reader_is_given_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [name for name in process._HANDED_ON if name.startswith("KHO")]
