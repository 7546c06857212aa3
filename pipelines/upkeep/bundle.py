"""``kho bundle``: everything that a machine without a network needs to install this very version."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pipelines.config.disk import why
from pipelines.config.paths import PROJECT_ROOT
from pipelines.upkeep.sbom import sbom

WHEELS = "goi"
PROJECT = "kho06"
SUMS = "SHA256SUMS"
BUILD_LOCK = "requirements-dev.lock"
_LEFT_OUT = {
    ".git", ".venv", ".venv-spark", "data", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    "__pycache__", "target", "logs", "node_modules", "dbt_packages",
}  # fmt: skip

INSTALL = """#!/bin/sh
# Cài Kho 06 không cần mạng. Cách dùng: ./install.sh [THƯ_MỤC_CÀI]   (mặc định /opt/kho06)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/kho06}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit("%(version)s" != "%%d.%%d" %% sys.version_info[:2])' || {
    echo "Gói này cần Python %(version)s; đặt PYTHON trỏ đến đúng bản." >&2; exit 2; }
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || { echo "Gói bị hỏng khi chép; chép lại." >&2; exit 3; }
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
    echo "$target đã có nội dung; chọn thư mục khác." >&2; exit 2
fi
mkdir -p "$target"
cp -R "$here/kho06/." "$target/"
cd "$target"
"$python" -m venv .venv
export PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_FIND_LINKS="$here/goi" PIP_DISABLE_PIP_VERSION_CHECK=1
.venv/bin/python -m pip install --quiet --require-hashes -r bootstrap.lock
sed -n '/^setuptools==/,/[^\\\\]$/p' requirements-dev.lock > .venv/dung.lock
.venv/bin/python -m pip install --quiet --require-hashes -r .venv/dung.lock
.venv/bin/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements.lock
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
touch .venv/.ready
.venv/bin/kho --version
echo "Xong. Tiếp theo: $target/deploy/README.md"
"""


class BundleError(Exception):
    """No bundle; Vietnamese sentence."""


def bundle(target: Path, version: str) -> int:
    """Write wheels, project, sums, bill of materials and ``install.sh`` to a new folder; returns the files written.

    Wheels are those of the lock files for the Python that runs this, on this kind of machine. Raises ``BundleError``.
    """
    target = target.expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BundleError(f"{target} đã có nội dung; chọn thư mục mới hoặc trống.")
    if PROJECT_ROOT in target.parents or target == PROJECT_ROOT:
        raise BundleError(f"{target} nằm trong chính dự án; chọn thư mục khác.")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for lock in ("bootstrap.lock", "requirements.lock"):
            _download(PROJECT_ROOT / lock, target / WHEELS)
        with tempfile.TemporaryDirectory() as scratch:
            builder = Path(scratch) / "dung.lock"
            builder.write_text(_builder(), encoding="utf-8")
            _download(builder, target / WHEELS)
        shutil.copytree(PROJECT_ROOT, target / PROJECT, ignore=_ignored, symlinks=True)
        (target / "sbom.cdx.json").write_text(sbom(version), encoding="utf-8")
        script = target / "install.sh"
        script.write_text(INSTALL % {"version": f"{sys.version_info[0]}.{sys.version_info[1]}"}, encoding="utf-8")
        script.chmod(0o755)
        files = sorted(p for p in target.rglob("*") if p.is_file() and not p.is_symlink())
        lines = [f"{_digest(file)}  {file.relative_to(target)}\n" for file in files]
        (target / SUMS).write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise BundleError(f"Không ghi được vào {target} ({why(error)}).") from None
    return len(files) + 1


def _builder() -> str:
    """The pin of setuptools, which installs the project; Python brings one that is too old for it, or none."""
    found = re.search(r"^setuptools==(?:.*\\\n)*.*\n", (PROJECT_ROOT / BUILD_LOCK).read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise BundleError(f"{BUILD_LOCK} không có setuptools; chạy `make lock`.")
    return found.group()


def _download(lock: Path, wheels: Path) -> None:
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", "--only-binary", ":all:", "--dest", str(wheels), "-r", str(lock),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise BundleError(f"Không tải được các gói của {lock.name}: {last[:300]}")


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Data, environments and caches stay behind; secrets and exports are never in a bundle."""
    top = Path(folder) == PROJECT_ROOT
    left = {name for name in names if name in _LEFT_OUT - ({"data", "build", "target", "logs"} if not top else set())}
    left |= {name for name in names if name.endswith((".egg-info", ".pyc")) or name == "__pycache__"}
    if Path(folder).name == "dbt_project":
        left |= {"target", "logs"} & set(names)
    return left


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
