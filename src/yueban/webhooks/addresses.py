"""Where events may be pushed: HTTPS to a public address, asked again at every sending (SSRF)."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from yueban.webhooks.errors import SubscriptionInvalid

LONGEST = 500
PORTS = {"https": 443, "http": 80}


class AddressRefused(OSError):
    """The name stands for an address of a private network."""


def checked_address(text: str) -> str:
    """The address as it is kept; raises SubscriptionInvalid."""
    address = text.strip()
    problem = _problem(address)
    if problem:
        raise SubscriptionInvalid.of_fields({"address": problem})
    return address


def _problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "这不是一个网址。"
    schemes = {"https", "http"} if settings.YUEBAN_WEBHOOK_PRIVATE else {"https"}
    if len(address) > LONGEST or any(
        char.isspace() or ord(char) < 0x21 or ord(char) > 0x7E for char in address
    ):
        return "网址太长，或含有空格、中文；域名请用转换后的写法。"
    if parts.scheme not in schemes or not host:
        return "接收地址必须是 https:// 开头的网址。"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "网址里不能带用户名、口令或“#”。"
    if port == 0 or (_literal(host) is not None and not _is_allowed(host)):
        return "不能推送到内部网络的地址。"
    return ""


def resolve(parts: SplitResult) -> tuple[str, int]:
    """One address of the host that may be sent to; raises OSError, AddressRefused where none may."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    # One private address among public ones is a trap: all must be public.
    if not found or not all(_is_allowed(address) for address in found):
        raise AddressRefused("接收地址指向内部网络，没有发送")
    return found[0], port


def _is_allowed(address: str) -> bool:
    if settings.YUEBAN_WEBHOOK_PRIVATE:
        return True
    literal = _literal(address)
    if literal is None:
        return False
    if isinstance(literal, ipaddress.IPv6Address):
        inner = literal.ipv4_mapped or literal.sixtofour
        if inner is not None:
            literal = inner
        elif literal.is_reserved:
            return (
                False  # an IPv4 address in another dress (64:ff9b::/96, ::/96): a gateway may lead it inside
            )
    return literal.is_global and not literal.is_multicast


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return None
