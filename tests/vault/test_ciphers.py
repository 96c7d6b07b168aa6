"""Ciphers hide, tell tampering, and survive a change of keys."""

import pytest

from yueban.vault import services
from yueban.vault.errors import Undecipherable

ID_NUMBER = "11010519491231002X"
OLD, NEW = "a" * 64, "b" * 64


def test_a_text_comes_back_and_does_not_show():
    cipher = services.encrypt(ID_NUMBER)
    assert services.decrypt(cipher) == ID_NUMBER
    assert services.decrypt(memoryview(cipher)) == ID_NUMBER
    assert b"1101" not in cipher


def test_equal_texts_give_different_ciphers():
    assert services.encrypt("䶮") != services.encrypt("䶮")


def test_every_altered_byte_is_found():
    cipher = services.encrypt("abc")
    for place in range(len(cipher)):
        altered = bytearray(cipher)
        altered[place] ^= 1
        with pytest.raises(Undecipherable):
            services.decrypt(bytes(altered))


@pytest.mark.parametrize("cipher", [b"", b"\x01", b"\x01" * 10, b"plain text"])
def test_what_is_no_cipher_is_refused(cipher):
    with pytest.raises(Undecipherable):
        services.decrypt(cipher)


def test_after_a_change_of_keys_old_ciphers_are_read_and_told(settings):
    settings.YUEBAN_FIELD_KEYS = [OLD]
    cipher = services.encrypt(ID_NUMBER)
    settings.YUEBAN_FIELD_KEYS = [NEW, OLD]
    assert services.decrypt(cipher) == ID_NUMBER
    assert not services.is_current(cipher)
    assert services.is_current(services.encrypt(ID_NUMBER))
    settings.YUEBAN_FIELD_KEYS = [NEW]
    with pytest.raises(Undecipherable, match="没有解开"):
        services.decrypt(cipher)


def test_the_blind_index_finds_equal_texts_however_typed():
    index = services.blind_index(ID_NUMBER, purpose="party.id_number")
    assert len(index) == 32
    assert index == services.blind_index(" 11010519491231002x ", purpose="party.id_number")
    assert index == services.blind_index("１1010519491231002X", purpose="party.id_number")
    assert index != services.blind_index("110105194912310021", purpose="party.id_number")


def test_the_blind_index_depends_on_its_purpose_and_its_key(settings):
    index = services.blind_index(ID_NUMBER, purpose="party.id_number")
    assert index != services.blind_index(ID_NUMBER, purpose="party.phone")
    settings.YUEBAN_INDEX_KEY = "c" * 64
    assert index != services.blind_index(ID_NUMBER, purpose="party.id_number")
