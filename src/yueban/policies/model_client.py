"""Asking a language model behind an OpenAI-compatible interface for one JSON object; it may fail in every way."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yueban.model_endpoints.connecting import NoAnswer, posted

MOST_BYTES = 2**20
PAUSE_SECONDS = 0.2
__all__ = ["Model", "NoAnswer", "ask"]


@dataclass(frozen=True)
class Model:
    """Where it answers and under which name. ``seconds`` is the patience for one answer, ``retries`` more tries."""

    url: str
    name: str
    key: str = ""
    seconds: int = 60
    retries: int = 1


def ask(model: Model, *, system: str, text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The model's JSON object of this schema; raises NoAnswer after the last try."""
    body = json.dumps(
        {
            "model": model.name,
            "temperature": 0,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": text}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "offers", "strict": True, "schema": dict(schema)},
            },
        },
        ensure_ascii=False,
    ).encode()
    why = ""
    for attempt in range(model.retries + 1):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            return _object(_post(model, body))
        except NoAnswer as error:
            why = str(error)
    raise NoAnswer(why)


def _post(model: Model, body: bytes) -> bytes:
    address = model.url.rstrip("/") + "/chat/completions"
    with posted(address, body, key=model.key, seconds=model.seconds) as reply:
        content = reply.response.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NoAnswer("模型的回答太长")
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)["choices"][0]["message"]["content"]
        found = json.loads(said)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NoAnswer("模型的回答不是要求的 JSON") from error
    if not isinstance(found, dict):
        raise NoAnswer("模型的回答不是要求的 JSON")
    return found
