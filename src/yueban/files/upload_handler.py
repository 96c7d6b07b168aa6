"""An upload handler that measures what is too large instead of filling the disk with it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most YUEBAN_MAX_UPLOAD_MB of a file, then only counts.

    The file arrives with its true size, so that ``store_file`` refuses it with a clear sentence while the
    rest of the form is still there.
    """

    file: TemporaryUploadedFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        """Keep the chunk while it fits."""
        if start + len(raw_data) <= settings.YUEBAN_MAX_UPLOAD_MB * 1024 * 1024:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        """Hand on the file with the size that was counted."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file
