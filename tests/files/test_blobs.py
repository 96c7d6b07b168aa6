"""Bytes are written whole or not at all, once for everybody who brings them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from tests.files import samples
from yueban.files import blobs, errors, selectors, services
from yueban.files.models import StoredFile
from yueban.kernel.actor import SYSTEM


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_uploaded_by_many_at_once_lie_on_the_disk_once(data_dir: Path):
    together = Barrier(8)

    def upload(position: int) -> str:
        try:
            together.wait()
            return services.store_file(
                content=samples.PDF * 50_000, name=f"{position}.pdf", actor=SYSTEM
            ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(upload, range(8)))
    assert len(set(numbers)) == 8
    assert len(files_in(data_dir)) == 1
    for number in numbers:
        with selectors.open_file(selectors.get_file(number)) as handle:
            assert handle.read() == samples.PDF * 50_000


@pytest.mark.django_db
def test_a_crash_between_bytes_and_row_leaves_bytes_that_the_next_upload_uses(data_dir: Path, monkeypatch):
    def crash(**values):
        raise KeyboardInterrupt

    monkeypatch.setattr(StoredFile.objects, "create", crash)
    with pytest.raises(KeyboardInterrupt):
        services.store_file(content=samples.PDF, name="a.pdf", actor=SYSTEM)
    monkeypatch.undo()
    (orphan,) = files_in(data_dir)
    written_at = orphan.stat().st_mtime_ns
    stored = services.store_file(content=samples.PDF, name="a.pdf", actor=SYSTEM)
    assert files_in(data_dir) == [blobs.blob_path(stored.sha256)] == [orphan]
    assert orphan.stat().st_mtime_ns == written_at


@pytest.mark.django_db
def test_a_crash_while_writing_leaves_no_half_blob(data_dir: Path, monkeypatch):
    def crash(draft):
        raise KeyboardInterrupt

    monkeypatch.setattr(blobs, "keep", crash)
    with pytest.raises(KeyboardInterrupt):
        services.store_file(content=samples.PDF, name="a.pdf", actor=SYSTEM)
    assert files_in(data_dir) == []
    assert not StoredFile.objects.filter(name="a.pdf").exists()


@pytest.mark.django_db
def test_a_blob_cut_short_by_the_disk_is_replaced_by_the_next_upload():
    stored = services.store_file(content=samples.PDF, name="a.pdf", actor=SYSTEM)
    blobs.blob_path(stored.sha256).write_bytes(b"%PDF")
    services.store_file(content=samples.PDF, name="b.pdf", actor=SYSTEM)
    assert blobs.blob_path(stored.sha256).read_bytes() == samples.PDF


@pytest.mark.django_db
def test_lost_bytes_are_said_to_be_lost():
    stored = services.store_file(content=samples.PDF, name="执照.pdf", actor=SYSTEM)
    blobs.blob_path(stored.sha256).unlink()
    with pytest.raises(errors.FileNotFound) as refusal:
        selectors.open_file(stored)
    assert "执照.pdf" in refusal.value.message
