"""SM3 in plain Python agrees with the standard and with OpenSSL."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from yueban.audit import digests
from yueban.audit.sm3 import sm3


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        # GB/T 32905-2016, annex A.
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_the_vectors_of_the_standard(message, digest):
    assert sm3(message).hex() == digest


@given(st.binary(max_size=300))
def test_openssl_says_the_same(message):
    hasher = hashes.Hash(hashes.SM3())
    hasher.update(message)
    assert sm3(message) == hasher.finalize()


def test_without_openssls_sm3_ours_is_used(monkeypatch):
    def missing(_algorithm):
        raise UnsupportedAlgorithm("SM3")

    monkeypatch.setattr(digests.hashes, "Hash", missing)
    assert digests._fast_sm3.__wrapped__() is sm3
