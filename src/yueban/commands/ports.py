"""Whether a port is free, asked by binding it: a server left over from a killed master may still listen."""

import random
import socket
import time
from contextlib import suppress

from yueban.commands.errors import CommandError


def check_port(host: str, port: int, *, patience_s: float = 0.0) -> None:
    """Refuse a port that is taken or not ours to take.

    With patience it may be let go meanwhile: processes of a site that was just killed hold it for a moment.
    """
    deadline = time.monotonic() + patience_s
    while (error := _why_not(host, port)) is not None:
        if isinstance(error, PermissionError):
            raise CommandError(
                f"没有权限使用端口 {port}(小于 1024 需要管理员)。请用 --port 换一个，例如 --port 8000。"
                f" / No right to use port {port}; choose another with --port."
            )
        if time.monotonic() >= deadline:
            raise CommandError(
                f"端口 {port} 已被别的程序占用。请用 --port 换一个，例如 --port {port + 1}。"
                f" / Port {port} is taken by another program; choose another with --port."
            )
        time.sleep(0.1)


def _why_not(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def find_free_port() -> int:
    """A free port of this machine, none of those that the system itself gives to whoever connects.

    A client that tries again while the site is down would sooner or later be given such a port, and hold it.
    """
    for port in random.sample(range(10_000, 32_000), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise CommandError("没有找到空闲的端口。 / No free port was found.")
