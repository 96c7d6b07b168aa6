"""Events go to public addresses over HTTPS only, whatever a name turns out to mean."""

import socket
from urllib.parse import urlsplit

import pytest

from yueban.webhooks import addresses
from yueban.webhooks.errors import SubscriptionInvalid
from yueban.webhooks.sending import push

GOOD = "https://events.example.gov.cn/hook?x=1"


def test_a_public_address_over_https_is_kept_as_it_is():
    assert addresses.checked_address(f" {GOOD} ") == GOOD


@pytest.mark.parametrize(
    "address",
    [
        "http://events.example.gov.cn/",
        "ftp://events.example.gov.cn/",
        "https://",
        "https://u:p@events.example.gov.cn/",
        "https://events.example.gov.cn/#x",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[::127.0.0.1]/",
        "https://192.168.1.1:8443/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://events.example.gov.cn:99999/",
        "https://events.example.gov.cn/a b",
        "https://事件.示例/",
        "file:///etc/passwd",
        "https://x.example/" + "a" * 500,
    ],
)
def test_any_other_address_is_refused_with_a_sentence(address):
    with pytest.raises(SubscriptionInvalid) as refused:
        addresses.checked_address(address)
    assert refused.value.fields["address"]


@pytest.mark.parametrize(
    "meant",
    [["10.1.2.3"], ["93.184.216.34", "127.0.0.1"], ["fd00::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]],
)
def test_a_name_that_means_a_private_address_is_not_sent_to(monkeypatch, meant):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(socket.AF_INET, 1, 6, "", (ip, 443)) for ip in meant]
    )
    connected = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_k: connected.append(a))
    answer = push(GOOD, b"{}", secret="s")
    assert answer.status is None and "内部网络" in answer.fault
    assert connected == []


def test_the_address_that_was_vetted_is_the_one_connected_to(monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443))]
    )
    connected = []

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert push(GOOD, b"{}", secret="s").fault == "连接失败（ConnectionRefusedError）"
    assert connected == [("93.184.216.34", 443)]
    assert addresses.resolve(urlsplit("https://events.example.gov.cn:8443/"))[1] == 8443
