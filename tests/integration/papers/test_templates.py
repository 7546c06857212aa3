"""Templates: ours are as drawn and use every field; one that an office wrote wrong is named, and nothing is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.papers.context import KINDS
from pipelines.papers.desk import AskedError, PaperError
from pipelines.papers.document import context
from pipelines.papers.drawing import FOLDER
from pipelines.papers.drawing import write as draw
from pipelines.papers.fields import FIELDS, HEAD, PARTS, TABLES
from pipelines.papers.fields_page import PAGE, page
from pipelines.papers.writing import write
from tests.integration.papers.published import JULY
from tests.integration.papers.reading import words


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


def test_a_template_of_an_office(paths: DataPaths, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("Tiếp nhận: {{ so.chung_tiep_nhan }}")
    own.save(str(tmp_path / "mau.docx"))
    write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mau.docx")
    assert words(tmp_path / "f.docx") == "Tiếp nhận: 1.200 hồ sơ"
    for field, sentence in (("{{ so.khong_co }}", "dùng một trường không có"), ("{{ so. }}", "viết sai một trường"),
                            ("{{ ''.__class__.__mro__ }}", "viết sai một trường")):  # fmt: skip
        wrong = docx.Document()
        wrong.add_paragraph(field)
        wrong.save(str(tmp_path / "mau.docx"))
        with pytest.raises(PaperError, match=sentence):
            write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mau.docx")
    (tmp_path / "mau.docx").write_text("không phải")
    with pytest.raises(PaperError, match="không phải tài liệu"):
        write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mau.docx")
    with pytest.raises(PaperError, match="không có tệp mẫu"):
        write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mat.docx")


def test_the_templates_are_as_drawn(tmp_path: Path) -> None:
    for drawn in draw(tmp_path):
        with zipfile.ZipFile(drawn) as new, zipfile.ZipFile(FOLDER / drawn.name) as kept:
            assert new.read("word/document.xml") == kept.read("word/document.xml"), drawn.name
            assert b"python" not in kept.read("docProps/core.xml")


def test_the_page_of_fields_is_not_stale() -> None:
    assert (PROJECT_ROOT / PAGE).read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("kind", KINDS)
def test_every_listed_field_is_there(paths: DataPaths, kind: str, tmp_path: Path) -> None:
    paper = write(paths, kind, JULY, tmp_path / "f.docx")
    given = context(paper)
    assert set(given["so"]) == set(FIELDS[kind])
    assert set(HEAD) <= set(given)
    assert all(given["muc"][name] for name in PARTS[kind])
    assert all(given["bang"][name]["dong"] for name in TABLES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_templates_use_every_part_and_table(kind: str) -> None:
    with zipfile.ZipFile(FOLDER / f"{kind}.docx") as package:
        text = package.read("word/document.xml").decode()
    for name in PARTS[kind]:
        assert f"muc.{name} " in text, name
    for name in TABLES[kind]:
        assert f"bang.{name}." in text, name
    for name in ("co_quan", "dia_danh", "trich_yeu", "ky", "ngay_so_lieu", "phien_ban"):
        assert name in HEAD
        assert f"{{{{ {name} }}}}" in text, name
