"""Puts into the wheel what a checkout has beside the code: dbt project, rules, their texts, orchestration.yaml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("dbt_project", "expectations", "docs/cau_hoi")
FILES = ("orchestration.yaml", "docs/quy_tac.md")


class BuildWithProject(build_py):
    """``build_py``, then the project's data below ``pipelines/_kho``; an editable install uses the checkout."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        root, place = Path(__file__).parent, Path(self.build_lib) / "pipelines" / "_kho"
        shutil.rmtree(place, ignore_errors=True)
        left_out = shutil.ignore_patterns("target", "logs", "dbt_packages", "__pycache__", "lint")
        for name in FOLDERS:
            shutil.copytree(root / name, place / name, ignore=left_out)
        for name in FILES:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, place / name)


setup(cmdclass={"build_py": BuildWithProject})
