"""What can go wrong with documents."""

from yueban.kernel.errors import Conflict, Invalid, NotFound, ServiceError


class DocumentInvalid(Invalid):
    """Content that cannot become a document of its kind."""

    code = "document.invalid"


class DocumentNotFound(NotFound):
    """No such document."""

    code = "document.not_found"


class RenderingFailed(ServiceError):
    """A template and its content that do not become a PDF: an error of the program."""

    code = "document.rendering_failed"
    status = 500


class FontsMissing(ServiceError):
    """No Chinese font was found, so that nothing can be printed."""

    code = "document.fonts_missing"
    status = 500


class WordingInvalid(Invalid):
    """An agency's wording that cannot be kept; data["fields"] says why."""

    code = "wording.invalid"


class WordingChanged(Conflict):
    """The draft was changed or put in use by somebody, or its writer would publish it himself."""

    code = "wording.changed"
