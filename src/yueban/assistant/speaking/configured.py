"""The language model that the installation names; none is needed."""

from yueban.assistant.speaking.client import ChatModel
from yueban.settings import env


def find_chat_model() -> ChatModel | None:
    """The model behind YUEBAN_CHAT_URL; None where none is set, and every answer is extractive."""
    url = env.text("YUEBAN_CHAT_URL", "")
    if not url:
        return None
    return ChatModel(url, env.text("YUEBAN_CHAT_NAME", "default"), key=env.text("YUEBAN_CHAT_KEY", ""))
