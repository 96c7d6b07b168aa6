"""Asking a language model behind an OpenAI-compatible interface for one JSON object; it may fail in every way."""

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 2**20
PAUSE_SECONDS = 0.2
OK, BUSY = 200, 429


@dataclass(frozen=True)
class Model:
    """Where it answers and under which name. ``seconds`` is the patience for one answer, ``retries`` more tries."""

    url: str
    name: str
    key: str = ""
    seconds: int = 60
    retries: int = 1


class NoAnswer(Exception):
    """No usable answer; the message says why, in Chinese."""


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
    parts = urlsplit(model.url.rstrip("/") + "/chat/completions")
    headers = {"Content-Type": "application/json"}
    if model.key:
        headers["Authorization"] = f"Bearer {model.key}"
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=model.seconds, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=model.seconds)
    try:
        connection.request("POST", parts.path, body, headers)
        answer = connection.getresponse()
        content = answer.read(MOST_BYTES + 1)
    except TimeoutError as error:
        raise NoAnswer(f"模型{model.seconds}秒内没有回答") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NoAnswer("连不上模型") from error
    finally:
        connection.close()
    if answer.status == BUSY:
        raise NoAnswer(f"模型正忙，不再接受请求（HTTP {BUSY}）")
    if answer.status != OK:
        raise NoAnswer(f"模型答复错误（HTTP {answer.status}）")
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
