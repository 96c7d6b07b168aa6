"""Ports: one that is taken is refused with the option that helps."""

import socket

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


def test_a_free_port_is_free():
    check_port("127.0.0.1", find_free_port())
