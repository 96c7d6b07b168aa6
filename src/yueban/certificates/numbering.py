"""Serial numbers of certificates: 证照编号, and from it the 证照标识."""

from yueban.certificates.models import CertificateCounter, CertificateType
from yueban.kernel.codes.public_number import check_digit


def lock_counter(*, type_: CertificateType, division6: str, year: int) -> CertificateCounter:
    """The counter of a series, locked until the transaction ends."""
    series = {"division6": division6, "type": type_, "year": year}
    CertificateCounter.objects.bulk_create([CertificateCounter(**series)], ignore_conflicts=True)
    return CertificateCounter.objects.select_for_update().get(**series)


def take_number(counter: CertificateCounter) -> str:
    """The next number of a locked series: division 6, year 4, type 3, serial 6, check digit; 20 digits."""
    counter.last += 1
    counter.save(update_fields=["last"])
    body = f"{counter.division6}{counter.year}{counter.type.type_code[-3:]}{counter.last:06d}"
    return body + check_digit(body)
