"""The model is the one that the environment names."""

from yueban.assistant.speaking.configured import find_chat_model


def test_without_an_address_there_is_no_model(monkeypatch):
    monkeypatch.delenv("YUEBAN_CHAT_URL", raising=False)
    assert find_chat_model() is None


def test_address_name_and_key_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("YUEBAN_CHAT_URL", "http://model.example/v1")
    monkeypatch.setenv("YUEBAN_CHAT_NAME", "small")
    monkeypatch.setenv("YUEBAN_CHAT_KEY", "not-a-real-key")
    model = find_chat_model()
    assert model is not None
    assert (model.url, model.name, model.key, model.total_seconds) == (
        "http://model.example/v1",
        "small",
        "not-a-real-key",
        8,
    )
