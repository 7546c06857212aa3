"""Templates that an office wrote wrong or that are damaged: each is named, and nothing is written."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from pipelines.config.paths import DataPaths
from pipelines.papers.desk import AskedError, Window
from pipelines.papers.drawing import FOLDER
from pipelines.papers.writing import write

JULY = Window(date(2025, 7, 1), date(2025, 7, 31))


def spoilt(template: Path, name: str, data: bytes) -> None:
    """The template with another content of a part."""
    with zipfile.ZipFile(FOLDER / "kstthc.docx") as old, zipfile.ZipFile(template, "w") as new:
        for item in old.infolist():
            new.writestr(item, data if item.filename == name else old.read(item))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["{{ so.chung_tiep_nhan + 1 }}"], "viết sai một trường"),
        (["{{ so() }}"], "viết sai một trường"),
        (["{{ so.chung_tiep_nhan|abs }}"], "viết sai một trường"),
        (['{% include "x" %}'], "viết sai một trường"),
        (["{{ 1/0 }}"], "viết sai một trường"),
        (["{{ luu_y }}"], "in cả một danh sách"),
        (["{{ so }}"], "in cả một danh sách"),
        (["{%p for doan in muc.ho_so %}", "{{ doan }}", "{%p endfor %}"], "in sai chỗ “Trong kỳ .*{{r … }}"),
        (["{{r so.chung_tiep_nhan }}"], "in sai chỗ “1.200 hồ sơ”"),
    ],
)
def test_a_template_that_an_office_wrote_wrong_is_named(
    paths: DataPaths, tmp_path: Path, lines: list[str], sentence: str
) -> None:
    template, out = tmp_path / "mau_so.docx", tmp_path / "f.docx"
    for in_header in (False, True):
        wrong = docx.Document()
        for line in lines:
            (wrong.sections[0].header if in_header else wrong).add_paragraph(line)
        wrong.save(str(template))
        with pytest.raises(AskedError, match=rf"mau_so\.docx {sentence}"):
            write(paths, "kstthc", JULY, out, template=template)
    assert not out.exists()


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "word/styles.xml"])
def test_a_damaged_template_is_named(paths: DataPaths, tmp_path: Path, part: str) -> None:
    spoilt(tmp_path / "mau.docx", part, b"<w:document")
    with pytest.raises(AskedError, match=r"mau\.docx không phải tài liệu"):
        write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mau.docx")


@pytest.mark.parametrize("name", ["kstthc", "de-an-06", "766"])
def test_every_section_of_a_kept_template_counts_its_pages_once_and_in_the_order_of_the_format(name: str) -> None:
    """A word processor may call a document damaged that says it twice, or behind what has to follow."""
    for section in docx.Document(str(FOLDER / f"{name}.docx")).sections:
        told = [child.tag.rpartition("}")[2] for child in section._sectPr]
        assert told.count("pgNumType") == 1
        assert told.index("pgMar") < told.index("pgNumType") < told.index("cols")
