"""The keys of this installation, as the settings give them."""

from django.conf import settings


def field_keys() -> list[bytes]:
    """The keys of encrypted columns: the first encrypts, all decrypt."""
    return [bytes.fromhex(key) for key in settings.YUEBAN_FIELD_KEYS]
