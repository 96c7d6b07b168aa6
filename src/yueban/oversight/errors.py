"""What may be wrong with an entry of electronic supervision."""

from yueban.kernel.errors import Conflict, Invalid, NotFound


class EntryNotFound(NotFound):
    """No such entry, or one of a division or agency that the actor does not supervise."""

    code = "oversight.not_found"


class EntryMoved(Conflict):
    """The entry stands elsewhere by now: asked, answered or struck off by somebody else."""

    code = "oversight.state"


class SampleInvalid(Invalid):
    """A sample that cannot be drawn, or a check that lacks something; data["fields"] says what."""

    code = "sample.invalid"


class SampleNotFound(NotFound):
    """No such sample, or another agency's: one answer for both."""

    code = "sample.not_found"


class SampleChecked(Conflict):
    """The case was checked already; a finding is not written over."""

    code = "sample.checked"
