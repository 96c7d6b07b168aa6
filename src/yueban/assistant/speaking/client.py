"""A language model's answer as it is written, piece by piece, within bounds: time, length, how many at once."""

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yueban.model_endpoints.connecting import BUSY, NoAnswer, Reply, posted

AT_ONCE = 8
MOST_BYTES, MOST_CHARACTERS, PIECE = 2**18, 4000, 4096
PAUSE_SECONDS = 0.2
UNAVAILABLE = 503
CHARACTERS_A_TOKEN = 1.5
RUBBISH = "模型的回答不合约定的格式"
_places = threading.BoundedSemaphore(AT_ONCE)

Budget = Callable[[int], bool]
"""Whether so many more tokens may be spent today; counts them when it says yes."""


@dataclass(frozen=True, slots=True)
class ChatModel:
    """Where a model answers, under which name, and the patience for it in seconds."""

    url: str
    name: str
    key: str = ""
    connect_seconds: float = 1.5
    first_seconds: float = 4
    stall_seconds: float = 2.5
    total_seconds: float = 8
    most_tokens: int = 700


@dataclass(slots=True)
class _Patience:
    """Until when the next piece is waited for."""

    until: float


def without_limit(tokens: int) -> bool:
    """A budget that always has more."""
    return tokens >= 0


def stream(
    model: ChatModel, messages: Sequence[Mapping[str, str]], *, budget: Budget = without_limit
) -> Generator[str, None, None]:
    """The pieces of the answer as they arrive; NoAnswer where it ends before its end."""
    if not budget(_estimate(messages) + model.most_tokens):
        raise NoAnswer("今天的模型用量已经用完")
    if not _places.acquire(blocking=False):
        raise NoAnswer(f"同时在问模型的已有{AT_ONCE}个")
    try:
        yield from _tried(model, _body(model, messages))
    finally:
        _places.release()


def _estimate(messages: Sequence[Mapping[str, str]]) -> int:
    return int(sum(len(one["content"]) for one in messages) / CHARACTERS_A_TOKEN)


def _body(model: ChatModel, messages: Sequence[Mapping[str, str]]) -> bytes:
    asked = {"model": model.name, "temperature": 0, "stream": True, "max_tokens": model.most_tokens}
    return json.dumps(asked | {"messages": list(messages)}, ensure_ascii=False).encode()


def _tried(model: ChatModel, body: bytes) -> Iterator[str]:
    """Asked again once where the model was busy."""
    ends_at = time.monotonic() + model.total_seconds
    try:
        yield from _pieces(model, body, ends_at)
    except NoAnswer as error:
        if error.status not in (BUSY, UNAVAILABLE):
            raise
        time.sleep(PAUSE_SECONDS)
        yield from _pieces(model, body, ends_at)


def _pieces(model: ChatModel, body: bytes, ends_at: float) -> Iterator[str]:
    now = time.monotonic()
    first_by, left = min(now + model.first_seconds, ends_at), ends_at - now
    with posted(
        model.url.rstrip("/") + "/chat/completions",
        body,
        key=model.key,
        seconds=min(model.first_seconds, left),
        connect_seconds=min(model.connect_seconds, left),
        total_seconds=left,
    ) as reply:
        patience, said = _Patience(first_by), 0
        for line in _lines(reply, patience):
            text = _text_of(line)
            if text is None:
                return
            if text:
                said += len(text)
                yield text
                patience.until = min(time.monotonic() + model.stall_seconds, ends_at)
            if said > MOST_CHARACTERS:
                raise NoAnswer("模型的回答太长")
    raise NoAnswer("模型没有说完就断开了")


def _lines(reply: Reply, patience: _Patience) -> Iterator[bytes]:
    """Whole lines until the connection ends; half a line at the end is none."""
    rest, count = b"", 0
    while True:
        left = patience.until - time.monotonic()
        if left <= 0:
            raise NoAnswer("模型说得太慢")
        reply.wait_at_most(left)
        try:
            piece = reply.response.read1(PIECE)
        except TimeoutError as error:
            raise NoAnswer("模型停住不说了") from error
        if not piece:
            return
        count += len(piece)
        if count > MOST_BYTES:
            raise NoAnswer("模型的回答太长")
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines


def _text_of(line: bytes) -> str | None:
    """What a line of the stream says; None where it says that the answer is over."""
    bare = line.strip()
    if not bare or bare.startswith((b":", b"event:", b"id:", b"retry:")):
        return ""
    if not bare.startswith(b"data:"):
        raise NoAnswer(RUBBISH)
    data = bare.removeprefix(b"data:").strip()
    return None if data == b"[DONE]" else _content(data)


def _content(data: bytes) -> str:
    try:
        told: Any = json.loads(data)
        choices = told["choices"]
        text = choices[0]["delta"].get("content") if choices else ""
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise NoAnswer(RUBBISH) from error
    if not isinstance(text, str | None):
        raise NoAnswer(RUBBISH)
    return text or ""
