"""The webhooks app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Registers the webhooks app."""

    name = "yueban.webhooks"
    verbose_name = "事件推送"
