"""Why a file is not taken or cannot be opened."""

from yueban.kernel.errors import Invalid, NotFound


class FileRefused(Invalid):
    """An upload that cannot be kept; the subclasses say why."""

    code = "file.refused"


class FileEmpty(FileRefused):
    """Not a single byte."""

    code = "file.empty"


class FileTooLarge(FileRefused):
    """More bytes than YUEBAN_MAX_UPLOAD_MB; the rest is not read."""

    code = "file.too_large"


class FileTypeRefused(FileRefused):
    """A kind of content that is not taken here."""

    code = "file.type_refused"


class FileTypeMismatch(FileRefused):
    """The content is of another kind than the name's suffix says."""

    code = "file.type_mismatch"


class ArchiveRefused(FileRefused):
    """A docx, xlsx or ofd that is damaged, encrypted, or would unpack without bounds."""

    code = "file.archive_refused"


class FileNotFound(NotFound):
    """No such file, or its bytes are gone from the disk."""

    code = "file.not_found"
