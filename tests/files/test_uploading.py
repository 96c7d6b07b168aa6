"""The upload handler keeps the disk free of what is too large, and tells its size."""

from io import BytesIO

import pytest
from django.http.multipartparser import MultiPartParser

from tests.files import samples
from yueban.files import errors, services
from yueban.files.upload_handler import BoundedUploadHandler
from yueban.kernel.actor import SYSTEM

BOUNDARY = "boundary"


def parse(content: bytes):
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\n备注\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": len(body)}
    return MultiPartParser(meta, BytesIO(body), [BoundedUploadHandler()], "utf-8").parse()


@pytest.mark.django_db
def test_a_file_within_the_limit_arrives_whole():
    _, uploads = parse(samples.PDF)
    with uploads["file"] as upload:
        stored = services.store_file(content=upload, name=upload.name, actor=SYSTEM)
    assert (stored.name, stored.size) == ("a.pdf", len(samples.PDF))


def test_a_file_over_the_limit_takes_no_more_disk_than_the_limit_and_is_refused(settings):
    settings.YUEBAN_MAX_UPLOAD_MB = 1
    fields, uploads = parse(b"%PDF-" + bytes(5 * 1024 * 1024))
    with uploads["file"] as upload:
        assert upload.size == 5 * 1024 * 1024 + 5
        upload.file.seek(0, 2)
        assert upload.file.tell() <= 1024 * 1024
        with pytest.raises(errors.FileTooLarge):
            services.store_file(content=upload, name=upload.name, actor=SYSTEM)
    assert fields["note"] == "备注", "the rest of the form is still there"
