"""What may be wrong when a case is worked."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class CaseNotFound(NotFound):
    """No such case, or not visible to this actor: one answer for both."""

    code = "case.not_found"


class CaseStale(Conflict):
    """The page was read before somebody else moved the case."""

    code = "case.stale"


class CaseMoveNotPossible(Conflict):
    """The case does not stand where this move begins."""

    code = "case.move_not_possible"


class CaseMoveNotAllowed(NotAllowed):
    """The actor holds no post for this move."""

    code = "case.move_not_allowed"


class SupplementAlreadyAsked(Conflict):
    """All that is missing must be told at once (行政许可法 art. 32(4))."""

    code = "case.supplement_already_asked"


class MaterialsIncomplete(Conflict):
    """A required material is not there, so the case cannot be accepted as complete."""

    code = "case.materials_incomplete"


class ExtensionNotPossible(Conflict):
    """The limit cannot be made longer: no rule gives it, it was done once, or it is too late."""

    code = "case.extension_not_possible"


class ApplicationInvalid(Invalid):
    """The application is not complete; data["fields"] says what to mend where."""

    code = "application.invalid"


class ApplicationStale(Conflict):
    """Another window saved this draft in the meantime."""

    code = "application.stale"


class NotProceeding(Conflict):
    """The answers lead to an outcome other than an application (nothing to apply for, or elsewhere)."""

    code = "application.not_proceeding"


class CaseInputInvalid(Invalid):
    """What was typed along the way cannot be used; data["fields"] says what to mend where."""

    code = "case.input_invalid"


class TooManyFinds(NotAllowed):
    """A desk has looked up more people in an hour than it can serve."""

    code = "case.too_many_finds"


class ExportNotFound(NotFound):
    """No export of this number belongs to whoever asks, or its days are over."""

    code = "case.export_not_found"


class ExportNotReady(Conflict):
    """The file is still being written."""

    code = "case.export_not_ready"


class TooManyExports(Conflict):
    """Somebody has as many files waiting as he can use."""

    code = "case.too_many_exports"


class NothingToExport(Conflict):
    """No case matches what somebody wants in a file."""

    code = "case.nothing_to_export"
