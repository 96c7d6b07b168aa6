"""The vault as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys, ciphers and the log of unmasking."""

    name = "yueban.vault"
    verbose_name = "保密数据"
