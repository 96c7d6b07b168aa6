"""Vectors from an OpenAI-compatible `/v1/embeddings`; it may stall, refuse, and answer with the wrong things."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.errors import EmbedderFailed

OK, BUSY, BROKEN = 200, 429, 500
MOST_BYTES: Final = 64 * 2**20
LONGEST_PAUSE: Final = 5.0
ADVICE: Final = (
    "此前只按字词检索；请检查 YUEBAN_EMBEDDING_URL、YUEBAN_EMBEDDING_NAME 和 YUEBAN_EMBEDDING_KEY。"
)


@dataclass(frozen=True)
class Endpoint:
    """Where it answers and under which name; a question has `query_seconds`, tries and all, a batch its own."""

    url: str
    name: str
    key: str = ""
    query_seconds: float = 2.0
    batch_seconds: float = 60.0
    tries: int = 3
    batch: int = 32
    pause_seconds: float = 0.3


class _TryAgain(Exception):
    """The try failed, another may not; `after` is what the endpoint asked to wait."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


class EndpointEmbedder:
    """The embedder; models of the e5 family get the prefixes they were trained with."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.name = f"endpoint/{endpoint.name}"
        self._prefixes = ("query: ", "passage: ") if "e5" in endpoint.name.lower() else ("", "")

    @cached_property
    def width(self) -> int:
        """How many numbers a vector has; asked of the endpoint once."""
        return int(self._asked(["宽度"], self._endpoint.batch_seconds).shape[1])

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of what people ask."""
        return self._vectors(self._prefixes[0], texts, self._endpoint.query_seconds)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of what may be found."""
        return self._vectors(self._prefixes[1], texts, self._endpoint.batch_seconds)

    def _vectors(self, prefix: str, texts: Sequence[str], seconds: float) -> Floats:
        size = self._endpoint.batch
        found = [
            self._asked([prefix + text for text in texts[start : start + size]], seconds)
            for start in range(0, len(texts), size)
        ]
        if any(batch.shape[1] != self.width for batch in found):
            raise EmbedderFailed(
                f"向量接口这次给的长度和以前的 {self.width} 不同，可能换了模型。请重建索引。{ADVICE}"
            )
        return np.concatenate(found) if found else np.empty((0, self.width), np.float32)

    def _asked(self, texts: list[str], seconds: float) -> Floats:
        """One batch, tried again while there is time."""
        until, why = time.monotonic() + seconds, ""
        for attempt in range(self._endpoint.tries):
            left = until - time.monotonic()
            if left <= 0:
                break
            try:
                return _read(_post(self._endpoint, texts, left), len(texts))
            except _TryAgain as failed:
                why = str(failed)
                pause = max(failed.after, self._endpoint.pause_seconds * 2**attempt)
                time.sleep(max(0.0, min(pause, LONGEST_PAUSE, until - time.monotonic())))
        raise EmbedderFailed(f"向量接口没有给出结果：{why or '超过时限'}。{ADVICE}")


def _post(endpoint: Endpoint, texts: list[str], seconds: float) -> bytes:
    body = json.dumps({"model": endpoint.name, "input": texts, "encoding_format": "float"}).encode()
    line, path = _line(endpoint.url, seconds)
    is_over, until = threading.Event(), time.monotonic() + seconds
    cutter: threading.Timer | None = None
    try:
        line.connect()
        # A peer that sends a byte now and then would renew the socket's patience for ever: it is cut from outside.
        # The socket itself, as the connection forgets it when the answer is the last one on it.
        cutter = threading.Timer(until - time.monotonic(), _cut, (line.sock, is_over))
        cutter.daemon = True
        cutter.start()
        line.request("POST", path, body, _headers(endpoint))
        answer = line.getresponse()
        content = answer.read(MOST_BYTES + 1)
    except (OSError, ValueError, http.client.HTTPException) as error:
        is_slow = isinstance(error, TimeoutError) or is_over.is_set()
        raise _TryAgain(f"{seconds:.1f} 秒内没有答完" if is_slow else "连不上或中途断开") from error
    finally:
        if cutter is not None:
            cutter.cancel()
        line.close()
    if is_over.is_set():
        raise _TryAgain(f"{seconds:.1f} 秒内没有答完")
    _check_status(answer.status, answer.headers.get("Retry-After", ""))
    return content


def _line(url: str, seconds: float) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(url.rstrip("/") + "/embeddings")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise EmbedderFailed(f"YUEBAN_EMBEDDING_URL 不是地址：{url}。") from wrong
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=context), parts.path
    return http.client.HTTPConnection(host, port, timeout=seconds), parts.path


def _cut(line: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _headers(endpoint: Endpoint) -> dict[str, str]:
    key = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    return {"Content-Type": "application/json"} | key


def _check_status(status: int, after: str) -> None:
    if status == OK:
        return
    if status == BUSY or status >= BROKEN:
        raise _TryAgain(f"HTTP {status}", float(after) if after.isdecimal() else 0.0)
    raise EmbedderFailed(f"向量接口拒绝了请求（HTTP {status}）。{ADVICE}")


def _read(content: bytes, wanted: int) -> Floats:
    """The vectors in the order asked for, of length one; anything else is no answer."""
    if len(content) > MOST_BYTES:
        raise EmbedderFailed(f"向量接口的回答太长。{ADVICE}")
    try:
        rows = sorted(json.loads(content)["data"], key=lambda row: int(row["index"]))
        found = np.array([row["embedding"] for row in rows], np.float32)
        places = [int(row["index"]) for row in rows]
    except (ValueError, KeyError, TypeError) as wrong:
        raise EmbedderFailed(f"向量接口的回答不是要求的格式。{ADVICE}") from wrong
    if places != list(range(wanted)) or found.ndim != 2 or not found.shape[1]:
        raise EmbedderFailed(f"向量接口给了 {len(rows)} 个向量，要的是 {wanted} 个。{ADVICE}")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise EmbedderFailed(f"向量接口给了不是数或全是零的向量。{ADVICE}")
    return np.asarray(found / lengths, np.float32)
