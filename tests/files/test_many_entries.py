"""An archive that states too many parts is refused before its directory is read."""

import io
import zipfile

import pytest

from yueban.files import archives
from yueban.files.errors import ArchiveRefused


def test_an_archive_with_too_many_parts_is_refused_by_its_own_count(monkeypatch):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for index in range(archives.MAX_ENTRIES + 1):
            archive.writestr(f"{index}", b"")

    def read_directory(*_args, **_kwargs):
        pytest.fail("the directory was read")

    monkeypatch.setattr(archives, "ZipFile", read_directory)
    with pytest.raises(ArchiveRefused, match="部分太多"), archives.opened(content):
        pass
