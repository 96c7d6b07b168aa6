"""Uploads of the right kind are kept whole; everything else is refused with a sentence that helps."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.files import samples
from yueban.files import errors, selectors, services
from yueban.files.models import StoredFile
from yueban.kernel.actor import ANONYMOUS, Actor

pytestmark = pytest.mark.django_db
CLERK = Actor(user_id=7, name="窗口甲")


def store(content, name, **more):
    return services.store_file(content=content, name=name, actor=CLERK, **more)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (samples.PDF, "申请表.pdf", "application/pdf"),
        (samples.JPG, "照片.JPEG", "image/jpeg"),
        (samples.PNG, "照片.png", "image/png"),
        (samples.office("docx"), "章程.docx", "wordprocessingml.document"),
        (samples.office("xlsx"), "车辆清单.xlsx", "spreadsheetml.sheet"),
        (samples.office("ofd"), "执照.ofd", "application/ofd"),
    ],
)
def test_a_file_of_each_kind_is_kept_and_read_back_whole(content, name, media_type):
    stored = store(content, name)
    assert media_type in stored.media_type
    assert (stored.size, stored.uploader_user_id, stored.uploader_name) == (len(content), 7, "窗口甲")
    with selectors.open_file(selectors.get_file(stored.number)) as handle:
        assert handle.read() == content


def test_a_name_without_a_suffix_gets_that_of_its_content():
    assert store(samples.PDF, "申请表").name == "申请表.pdf"


@pytest.mark.parametrize(
    ("content", "name"),
    [(samples.PNG, "执照.pdf"), (samples.office("docx"), "执照.pdf"), (samples.PDF, "章程.docx")],
)
def test_content_of_another_kind_than_the_suffix_says_is_refused(content, name):
    with pytest.raises(errors.FileTypeMismatch) as refusal:
        store(content, name)
    assert "重新导出" in refusal.value.hint


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00" + bytes(64), "程序.exe"),
        (b"<html><script>alert(1)</script></html>", "页面.pdf"),
        (b"PK\x03\x04", "截断.docx"),
        (samples.archive(("readme.txt", b"x")), "随便.docx"),
    ],
)
def test_content_that_is_none_of_the_kinds_is_refused(content, name):
    with pytest.raises(errors.FileRefused):
        store(content, name)
    assert not StoredFile.objects.filter(uploader_user_id=7).exists()


def test_a_known_kind_is_refused_where_it_is_not_asked_for():
    with pytest.raises(errors.FileTypeRefused) as refusal:
        store(samples.office("docx"), "照片.docx", allowed=frozenset({"jpg", "png"}))
    assert refusal.value.hint == "请上传 JPG、PNG 文件。"


def test_an_empty_file_is_refused():
    with pytest.raises(errors.FileEmpty):
        store(b"", "空.pdf")


class Endless(io.RawIOBase):
    """200 MB that come as they are read, and are counted."""

    def __init__(self):
        self.given = 0

    def read(self, size=-1):
        assert size > 0, "the whole stream was asked for at once"
        size = min(size, 200 * 1024 * 1024 - self.given)
        piece = b"%PDF-" if not self.given else bytes(size)
        self.given += len(piece)
        return piece


def test_200_megabytes_are_refused_after_reading_little_more_than_the_limit(data_dir: Path):
    stream = Endless()
    with pytest.raises(errors.FileTooLarge) as refusal:
        store(stream, "大.pdf")
    assert "20 MB" in refusal.value.message
    assert stream.given <= 21 * 1024 * 1024
    assert not [path for path in data_dir.rglob("*") if path.is_file()], "nothing is left behind"


def test_an_upload_that_says_it_is_too_large_is_not_read_at_all():
    stream = Endless()
    stream.size = 200 * 1024 * 1024
    with pytest.raises(errors.FileTooLarge):
        store(stream, "大.pdf")
    assert stream.given == 0


@pytest.mark.parametrize("make", [samples.bomb, samples.lying_bomb, samples.overlapping])
def test_a_zip_bomb_is_refused(make):
    content = make()
    assert len(content) < 1024 * 1024
    with pytest.raises(errors.ArchiveRefused):
        store(content, "炸弹.docx")


def test_an_archive_with_a_password_is_refused_and_says_so():
    with pytest.raises(errors.ArchiveRefused) as refusal:
        store(samples.flagged_encrypted(), "加密.docx")
    assert "密码" in refusal.value.message


def test_an_office_document_with_a_password_is_refused_and_says_so():
    with pytest.raises(errors.ArchiveRefused) as refusal:
        store(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "加密.docx")
    assert "密码" in refusal.value.message


@pytest.mark.parametrize(
    "content",
    [
        samples.office("docx", ("../../etc/passwd", b"x")),
        samples.office("docx", ("/etc/passwd", b"x")),
        samples.office("docx", ("word/vbaProject.bin", b"x")),
        samples.office("docx")[:-30],
        samples.archive(("word/document.xml", b"<xml/>"), compression=zipfile.ZIP_LZMA),
        samples.office("docx", *((f"word/{number}.xml", b"") for number in range(2100))),
    ],
    ids=["climbing", "absolute", "macros", "cut off", "odd compression", "too many parts"],
)
def test_an_odd_archive_is_refused(content):
    with pytest.raises(errors.FileRefused):
        store(content, "怪.docx")


def test_an_ordinary_document_with_much_repetition_is_taken():
    table = b"<row><cell>0</cell></row>" * 200_000
    assert store(samples.office("xlsx", ("xl/worksheets/sheet1.xml", table)), "清单.xlsx").size < 1024 * 1024


def test_a_file_of_an_unknown_number_is_not_found():
    with pytest.raises(errors.FileNotFound):
        selectors.get_file("0" * 32)


def test_an_anonymous_upload_carries_no_user():
    assert services.store_file(content=samples.PDF, name="a.pdf", actor=ANONYMOUS).uploader_user_id is None
