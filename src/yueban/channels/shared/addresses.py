"""Where a request comes from, as far as that can be known: no header is trusted that was not named in a setting."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The network address of who asks; behind a proxy what the named header says, which the proxy sets itself."""
    named: str = settings.YUEBAN_CLIENT_ADDRESS_HEADER
    if named:
        return request.headers.get(named, "").strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))
