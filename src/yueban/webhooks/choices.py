"""States of subscriptions and deliveries."""

from django.db import models


class SubscriptionState(models.TextChoices):
    """Whether events are pushed to an address."""

    ACTIVE = "active", "推送中"
    PAUSED = "paused", "已暂停"
    ENDED = "ended", "已停用"


class DeliveryState(models.TextChoices):
    """Where one event on its way to one address stands."""

    PENDING = "pending", "待送达"
    DELIVERED = "delivered", "已送达"
    GIVEN_UP = "given_up", "三天未送达"
    ASIDE = "aside", "已搁置"
