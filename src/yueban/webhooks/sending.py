"""Pushing one message: signed, to a vetted address, within ten seconds, without following anybody elsewhere."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from yueban.kernel import clock
from yueban.webhooks.addresses import resolve
from yueban.webhooks.cloud_events import CONTENT_TYPE

SIGNATURE = "X-Yueban-Signature"
SECONDS = 10.0
# These say "later", not "never".
LATER = frozenset({408, 425, 429})
FAULTS_OF_ITS_OWN = 500


@dataclass(frozen=True)
class Answer:
    """What the receiver said: a status, or why there was none."""

    status: int | None
    fault: str = ""

    @property
    def is_received(self) -> bool:
        """Whether it took the message: any 2xx; a redirect is no receipt."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_receiver_ill(self) -> bool:
        """Whether the fault is the receiver's as a whole, not one of this message."""
        return self.status is None or self.status in LATER or self.status >= FAULTS_OF_ITS_OWN


def sign(secret: str, moment: int, body: bytes) -> str:
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 over the time, a dot and the body, so that neither can be replaced."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def push(address: str, body: bytes, *, secret: str, seconds: float = SECONDS) -> Answer:
    """POST the message; never raises for what the receiver or the network does."""
    headers = {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "yueban-webhooks/1",
        SIGNATURE: sign(secret, int(clock.now().timestamp()), body),
    }
    try:
        connection = _connect(address, seconds)
    except (OSError, ValueError) as error:
        return Answer(None, _told(error))
    # A receiver that drips one byte a second never lets a single read run out of time.
    watchdog = threading.Timer(seconds, _cut, [connection])
    watchdog.start()
    try:
        parts = urlsplit(address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Answer(None, _told(error))
    finally:
        watchdog.cancel()
        connection.close()
    return Answer(status, "" if 200 <= status < 300 else f"HTTP {status}")


def _connect(address: str, seconds: float) -> http.client.HTTPConnection:
    """A connection to the very address that was vetted, so that the name cannot mean another one meanwhile."""
    parts = urlsplit(address)
    ip, port = resolve(parts)
    host = parts.hostname or ""
    raw = socket.create_connection((ip, port), timeout=seconds)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        is_safe = parts.scheme == "https"
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=host) if is_safe else raw
        )
    except (OSError, ValueError):
        raw.close()
        raise
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _told(error: Exception) -> str:
    """A word for the list; what the network says may hold anything, so only its kind and our own words."""
    if isinstance(error, TimeoutError | http.client.RemoteDisconnected | http.client.BadStatusLine):
        return "没有应答（超时或断开）"
    return (
        str(error) if type(error).__module__.startswith("yueban.") else f"连接失败（{type(error).__name__}）"
    )
