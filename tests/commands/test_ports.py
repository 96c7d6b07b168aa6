"""Ports: one that is taken is refused with the option that helps."""

import socket
import threading
import time

import pytest

from yueban.commands.errors import CommandError
from yueban.commands.ports import check_port, find_free_port


def test_a_taken_port_is_refused_with_another_suggestion():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"端口 {port} 已被别的程序占用[\s\S]*--port {port + 1}"):
            check_port("127.0.0.1", port)


def test_a_port_that_is_let_go_in_time_is_taken():
    port = find_free_port()
    other = socket.create_server(("127.0.0.1", port))
    end = threading.Thread(target=_close_soon, args=(other,))
    end.start()
    check_port("127.0.0.1", port, patience_s=20.0)
    end.join()


def _close_soon(other: socket.socket) -> None:
    # Not a Timer: its wait never ends where the machine's date is set to another.
    time.sleep(0.3)
    other.close()


def test_a_free_port_is_free():
    check_port("127.0.0.1", find_free_port())
