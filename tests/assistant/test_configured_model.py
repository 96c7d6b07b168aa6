"""The model is the one that the settings name; its key goes nowhere else."""

from yueban.assistant.speaking.configured import chat_model_at, find_chat_model

URL = "http://model.example/v1"


def test_without_an_address_there_is_no_model(settings):
    settings.YUEBAN_CHAT_URL = ""
    assert find_chat_model() is None
    assert chat_model_at("") is None


def test_address_name_and_key_come_from_the_settings(settings):
    settings.YUEBAN_CHAT_URL, settings.YUEBAN_CHAT_NAME = URL, "small"
    settings.YUEBAN_CHAT_KEY = "not-a-real-key"
    model = find_chat_model()
    assert model is not None
    assert (model.url, model.name, model.key, model.total_seconds) == (URL, "small", "not-a-real-key", 8)
    assert chat_model_at("") == chat_model_at(URL) == model


def test_another_address_is_not_told_the_key(settings):
    settings.YUEBAN_CHAT_URL, settings.YUEBAN_CHAT_KEY = URL, "not-a-real-key"
    other = chat_model_at("http://other.example/v1")
    assert other is not None
    assert (other.url, other.key) == ("http://other.example/v1", "")
