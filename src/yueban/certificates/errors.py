"""What can go wrong with certificates and satisfactions."""

from yueban.kernel.errors import Invalid, NotFound


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
