"""The certificates app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Registers the certificates app."""

    name = "yueban.certificates"
    verbose_name = "证照"
