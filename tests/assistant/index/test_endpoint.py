"""An endpoint for vectors that stalls, is busy, and answers with the wrong things."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from tests.assistant.index.stock import Counted, documents
from yueban.assistant.index import searching, store
from yueban.assistant.index.embeddings import make_embedder
from yueban.assistant.index.endpoint import Endpoint, EndpointEmbedder
from yueban.assistant.index.errors import EmbedderFailed


class Server(ThreadingHTTPServer):
    """Answers each request by the next of `turns`, and well when there is none."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.turns, self.seen = [], []


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, body, self.headers.get("Authorization")))
        vectors = Counted().queries(body["input"]).tolist()
        rows = [{"index": index, "embedding": vector} for index, vector in enumerate(vectors)][::-1]
        turn = self.server.turns.pop(0) if self.server.turns else lambda _, rows: (200, {"data": rows})
        answer = turn(self, rows)
        if answer is not None:
            self.send(*answer)

    def send(self, status, content, headers=()):
        said = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def server():
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def embedder_of(server, **options):
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    known = {"url": address, "name": "bge-m3", "pause_seconds": 0.01, "query_seconds": 1.0} | options
    return EndpointEmbedder(Endpoint(**known))


def busy(_, __):
    return 429, {}, [("Retry-After", "0")]


def broken(_, __):
    return 503, {}


def stalls(_, __):
    time.sleep(0.6)


def dribbles(handler, _):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.1)


def hangs_up(handler, _):
    handler.connection.close()


def test_vectors_come_in_batches_in_their_order_and_of_length_one(server):
    embedder = embedder_of(server, batch=3, key="secret")
    texts = [one.passage for one in documents()]
    assert np.allclose(embedder.passages(texts), Counted().passages(texts), atol=1e-6)
    assert [len(body["input"]) for _, body, _ in server.seen][:3] == [3, 3, 1]
    assert {(path, key) for path, _, key in server.seen} == {("/v1/embeddings", "Bearer secret")}
    assert embedder.passages([]).shape == (0, 64)


def test_models_of_the_e5_family_get_their_prefixes(server):
    embedder_of(server, name="multilingual-E5-large").queries(["身份证"])
    embedder_of(server).queries(["身份证"])
    asked = [body["input"] for _, body, _ in server.seen]
    assert asked[0] == ["query: 身份证"]
    assert ["身份证"] in asked


@pytest.mark.parametrize("turn", [busy, broken, hangs_up])
def test_what_passes_is_tried_again(server, turn):
    embedder = embedder_of(server)
    assert embedder.width == 64
    server.turns = [turn, turn]
    assert embedder.queries(["身份证"]).shape == (1, 64)
    server.turns = [turn] * 3
    with pytest.raises(EmbedderFailed, match="此前只按字词检索"):
        embedder.queries(["身份证"])


@pytest.mark.parametrize("turn", [stalls, dribbles])
def test_a_question_has_its_time_and_no_more(server, turn):
    embedder = embedder_of(server, query_seconds=0.4)
    assert embedder.width == 64
    server.turns = [turn] * 3
    started = time.monotonic()
    with pytest.raises(EmbedderFailed, match=r"秒内没有答完|超过时限"):
        embedder.queries(["身份证"])
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows[:-1], "个向量"),
        (lambda rows: [], "个向量"),
        (lambda rows: [{**row, "index": 0} for row in rows], "个向量"),
        (
            lambda rows: [{"index": row["index"], "embedding": [1.0] * (3 + row["index"])} for row in rows],
            "格式",
        ),
        (lambda rows: [{"index": row["index"], "embedding": [1.0] * 3} for row in rows], "长度"),
        (lambda rows: [{"index": row["index"], "embedding": [0.0] * 64} for row in rows], "全是零"),
        (lambda rows: [{"index": row["index"], "embedding": [float("nan")] * 64} for row in rows], "不是数"),
        (lambda rows: [{"index": row["index"], "embedding": ["a"] * 64} for row in rows], "格式"),
        (lambda rows: None, "格式"),
    ],
)
def test_wrong_vectors_are_none(server, change, told):
    embedder = embedder_of(server)
    assert embedder.width == 64
    server.turns = [lambda _, rows: (200, {"data": change(rows)})]
    with pytest.raises(EmbedderFailed, match=told):
        embedder.passages(["身份证", "户口"])


@pytest.mark.parametrize("turn", [lambda *_: (200, b"<html>"), lambda *_: (401, {}), lambda *_: (302, {})])
def test_a_refusal_is_not_tried_again(server, turn):
    server.turns = [turn]
    with pytest.raises(EmbedderFailed):
        embedder_of(server).queries(["身份证"])
    assert len(server.seen) == 1


def test_an_endpoint_that_dies_in_a_build_leaves_the_old_index_and_words_serve(server, tmp_path):
    endpoint = Endpoint(
        url=f"http://127.0.0.1:{server.server_address[1]}/v1", name="m", batch=2, pause_seconds=0.01
    )
    embedder = make_embedder(models=tmp_path, endpoint=endpoint)
    store.build(tmp_path / "index", documents()[:2], embedder)
    server.turns = [lambda _, rows: (200, {"data": rows}), *[broken] * 3]
    with pytest.raises(EmbedderFailed):
        store.build(tmp_path / "index", documents(), embedder)
    assert searching.open_index(tmp_path / "index").manifest.count == 2
    assert store.build(tmp_path / "index", documents(), None).count == 7
