"""Serial numbers of certificates: 证照编号, and from it the 证照标识; codes of new enterprises in the demonstration."""

from typing import Final

from yueban.certificates.models import CertificateCounter, CertificateType
from yueban.kernel.codes import uscc
from yueban.kernel.codes.public_number import check_digit

# Not a division: the region that cannot exist, of every code of the demonstration; its series knows no year.
DEMO_DIVISION: Final = "999999"
DEMO_ORGANISATION: Final = "MA8"


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


def take_demo_code(type_: CertificateType, kind: str) -> str:
    """The next 统一社会信用代码 of the demonstration; kind is its first two characters, 91 a company, 92 a trader."""
    counter = lock_counter(type_=type_, division6=DEMO_DIVISION, year=0)
    counter.last += 1
    counter.save(update_fields=["last"])
    organisation = uscc.organisation_code(f"{DEMO_ORGANISATION}{counter.last:05d}")
    return uscc.compose(f"{kind}{DEMO_DIVISION}{organisation}")
