"""The wheel works without the checkout: installed into an empty environment that sees only the locked libraries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.warehouse.runs import code_fingerprint

PARTS = ("pipelines", "dbt_project", "expectations", "orchestration.yaml", "pyproject.toml", "setup.py", "MANIFEST.in")
PAPERS = ("README.md", "LICENSE", "NOTICE", "docs/quy_tac.md", "docs/cau_hoi")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``bin`` of the empty environment."""
    base = tmp_path_factory.mktemp("banh_xe")
    source = base / "nguon"
    source.mkdir()
    for name in (*PARTS, *PAPERS):
        path = PROJECT_ROOT / name
        left_out = shutil.ignore_patterns("__pycache__", "target", "logs")
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=left_out)
        else:
            (source / name).parent.mkdir(exist_ok=True)
            shutil.copy(path, source / name)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(base)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    shutil.rmtree(source)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", base / "venv"], check=True)
    (wheel,) = base.glob("*.whl")
    uv = Path(sys.executable).parent / "uv"
    python = base / "venv" / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = (base / "venv").glob("lib/python*/site-packages")
    # Only the folder of the libraries, not its own .pth files: the checkout stays out of sight.
    (packages / "thu_vien.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return base / "venv" / "bin"


def run(installed: Path, where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("KHO_", "PYTHON"))}
    environment["HOME"] = str(where)
    return subprocess.run(
        [installed / "kho", *words], cwd=where, env=environment, capture_output=True, text=True, check=False
    )


def test_the_installed_kho_works_where_one_stands(installed: Path, tmp_path: Path) -> None:
    told = run(installed, tmp_path, "--help")
    assert told.returncode == 0
    assert "kho" in told.stdout
    sample = run(installed, tmp_path, "sample", "--size", "small", "--months", "1")
    assert sample.returncode == 0, sample.stdout + sample.stderr
    assert any((tmp_path / "data" / "raw").rglob("*.xlsx"))
    doctor = run(installed, tmp_path, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "bản cài đặt" in doctor.stdout
    asked = run(installed, tmp_path, "answers", "Q-999", "--tu", "2025-01-01", "--den", "2025-06-30", "--out", "f.xlsx")
    assert "không có câu hỏi Q-999" in asked.stderr  # the questions came along
    asked = run(installed, tmp_path, "answers", "Q-001", "--tu", "2025-01-01", "--den", "2025-06-30", "--out", "f.xlsx")
    assert "chưa công bố số liệu lần nào" in asked.stderr


def test_the_installed_code_is_the_code_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    script = (
        "from pipelines.config.paths import PROJECT_ROOT as r; from pipelines.warehouse.runs import code_fingerprint"
    )
    done = subprocess.run(
        [installed / "python", "-c", f"{script}; print(r); print(code_fingerprint())"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    root, fingerprint = done.stdout.split()
    assert str(PROJECT_ROOT) not in root
    assert fingerprint == code_fingerprint()


def test_the_lock_of_servers_is_a_part_of_the_lock_of_developers() -> None:
    def pins(name: str) -> set[str]:
        lines = (PROJECT_ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith(" ")}

    server, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert server < developers
    names = {pin.partition("==")[0] for pin in server}
    assert names.isdisjoint({"atheris", "hypothesis", "mypy", "pytest", "ruff", "sqlfluff", "uv", "xlwt"})
