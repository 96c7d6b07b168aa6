"""What can go wrong with the catalogue."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class ItemNotFound(NotFound):
    """No version of the item is in force here."""

    code = "catalogue.item_not_found"


class ItemUnsound(Invalid):
    """The standard of an item breaks a rule; ``data["problems"]`` lists field and message."""

    code = "catalogue.item_unsound"


class AnswerInvalid(Invalid):
    """An answer that is not one of the question's options."""

    code = "catalogue.answer_invalid"


class IntakeClosed(Conflict):
    """The item takes applications in published periods only, and today is in none."""

    code = "catalogue.intake_closed"


class VersionNotDraft(Conflict):
    """Only a draft can be changed or published."""

    code = "catalogue.version_not_draft"


class SecondPersonNeeded(NotAllowed):
    """A version is published by somebody other than its author."""

    code = "catalogue.second_person_needed"


class NotBeingChecked(Conflict):
    """Only a version that waits for its check can be published or returned."""

    code = "catalogue.not_being_checked"


class DraftStale(Conflict):
    """Somebody saved the draft since it was read; ``data["revision"]`` is the present one."""

    code = "catalogue.draft_stale"


class DraftExists(Conflict):
    """An agency has one draft of an item at a time."""

    code = "catalogue.draft_exists"


class BaseOutdated(Conflict):
    """Another version was published since the draft began."""

    code = "catalogue.base_outdated"


class BundleUnsound(Invalid):
    """A bundle cannot be merged; ``data["problems"]`` lists field, message and what to do."""

    code = "catalogue.bundle_unsound"


class BundleNotFound(NotFound):
    """No version of the bundle is in force here."""

    code = "catalogue.bundle_not_found"
