"""The language model that the installation names; none is needed."""

from django.conf import settings

from yueban.assistant.speaking.client import ChatModel


def find_chat_model() -> ChatModel | None:
    """The model behind YUEBAN_CHAT_URL; None where none is set, and every answer is extractive."""
    if not settings.YUEBAN_CHAT_URL:
        return None
    return ChatModel(settings.YUEBAN_CHAT_URL, settings.YUEBAN_CHAT_NAME, key=settings.YUEBAN_CHAT_KEY)


def chat_model_at(url: str) -> ChatModel | None:
    """The model at an address given by hand, empty = the installation's; its key goes to its own address alone."""
    own = find_chat_model()
    if not url or (own is not None and own.url == url):
        return own
    return ChatModel(url, settings.YUEBAN_CHAT_NAME)
