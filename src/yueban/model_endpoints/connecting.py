"""One request to a model's endpoint, with patience that ends; every way to fail becomes a reason in Chinese."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

OK, BUSY = 200, 429


class NoAnswer(Exception):
    """No usable answer; the message says why, in Chinese. ``status`` is the HTTP status where there is one."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with status 200 that can be read, and the socket it comes through."""

    response: http.client.HTTPResponse
    socket: socket.socket

    def wait_at_most(self, seconds: float) -> None:
        """The next read waits no longer."""
        self.socket.settimeout(max(seconds, 0.001))


@contextmanager
def posted(
    address: str,
    body: bytes,
    *,
    key: str = "",
    seconds: float,
    connect_seconds: float | None = None,
    total_seconds: float | None = None,
) -> Iterator[Reply]:
    """Post JSON and hand over the reply; what fails, here or while it is read, raises NoAnswer.

    ``seconds`` is the patience for one piece; after ``total_seconds`` the connection is cut, whatever drips in.
    """
    connection = _connection(address, connect_seconds or seconds)
    watch: threading.Timer | None = None
    try:
        connection.connect()
        line = connection.sock
        line.settimeout(seconds)
        if total_seconds:
            watch = threading.Timer(total_seconds, _cut, [line])
            watch.daemon = True
            watch.start()
        connection.request("POST", urlsplit(address).path, body, _headers(key))
        response = connection.getresponse()
        _check_status(response.status)
        yield Reply(response, line)
    except TimeoutError as error:
        raise NoAnswer(f"模型{seconds:g}秒内没有回答") from error
    except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
        raise NoAnswer("连不上模型") from error
    finally:
        if watch:
            watch.cancel()
        connection.close()


def _connection(address: str, seconds: float) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NoAnswer("模型的地址不对") from error
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=seconds)


def _headers(key: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    return headers | {"Authorization": f"Bearer {key}"} if key else headers


def _check_status(status: int) -> None:
    if status == BUSY:
        raise NoAnswer(f"模型正忙，不再接受请求（HTTP {BUSY}）", status=status)
    if status != OK:
        raise NoAnswer(f"模型答复错误（HTTP {status}）", status=status)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
