"""What a language model may cost in a day: counted in the database, for all processes together."""

from django.conf import settings
from django.db.models import F

from yueban.assistant.models import ModelUse
from yueban.kernel import clock


def spend(tokens: int) -> bool:
    """Count so many more tokens for today; False, and nothing counted, where they go beyond the day's limit."""
    most = settings.YUEBAN_CHAT_TOKENS_PER_DAY
    today, _ = ModelUse.objects.get_or_create(day=clock.today())
    left = ModelUse.objects.filter(pk=today.pk, tokens__lte=most - tokens)
    return left.update(tokens=F("tokens") + tokens, calls=F("calls") + 1) == 1
