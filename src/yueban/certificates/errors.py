"""What can go wrong with certificates and satisfactions."""

from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class CertificateTypeInvalid(Invalid):
    """A certificate type of a city pack that breaks its standard."""

    code = "certificate_type.invalid"


class CertificateTypeNotFound(NotFound):
    """No certificate type of this key."""

    code = "certificate_type.not_found"


class CertificateInvalid(Invalid):
    """A certificate whose required fields are not all there."""

    code = "certificate.invalid"


class CertificateNotFound(NotFound):
    """No such certificate, or the actor may not know that it exists."""

    code = "certificate.not_found"


class CertificateUseInvalid(Invalid):
    """A certificate used without a purpose, or one that is not valid."""

    code = "certificate.use_invalid"


class SatisfactionInvalid(Invalid):
    """A way of satisfying a material without the evidence it needs."""

    code = "satisfaction.invalid"


class PromiseInvalid(Invalid):
    """A promise without the signature of who promises."""

    code = "promise.invalid"


class PromiseRefused(NotAllowed):
    """A promise from somebody who may not promise, or in place of what must be shown."""

    code = "promise.refused"


class ReuseRefused(NotAllowed):
    """A file that may not be used again: too old, of another material, or of somebody else."""

    code = "reuse.refused"


class ObjectionInvalid(Invalid):
    """An objection to data without words, or to what nobody answers for."""

    code = "data_objection.invalid"


class ObjectionNotFound(NotFound):
    """No such objection, or the actor may not know that it exists."""

    code = "data_objection.not_found"


class ObjectionAnswered(Conflict):
    """An objection that has its answer already."""

    code = "data_objection.answered"
