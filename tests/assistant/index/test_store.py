"""Editions of the index: built whole, told when damaged, never torn by two, and no text embedded twice."""

import multiprocessing
import shutil
import threading

import numpy as np
import pytest

from tests.assistant.index.stock import Counted, documents
from yueban.assistant.index import searching, store
from yueban.assistant.index.documents import Document
from yueban.assistant.index.errors import EmbedderFailed, IndexBusy, IndexDamaged
from yueban.assistant.index.files import locked
from yueban.assistant.index.lexical_numpy import Plain


@pytest.fixture
def folder(tmp_path):
    store.build(tmp_path, documents(), Counted())
    return tmp_path


def edition_of(folder):
    return store.find_current(folder)[0]


def every_file():
    return [
        "documents.jsonl",
        "vectors.npy",
        "words/meta.json",
        "words/*.idx",
        "words/*.term",
        "words/*.fast",
    ]


@pytest.mark.parametrize("name", every_file())
@pytest.mark.parametrize("harm", ["gone", "short", "altered", "empty"])
def test_a_damaged_file_is_named_and_not_used(folder, name, harm):
    path = next(edition_of(folder).glob(name))
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        middle = len(content) // 2
        altered = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes({"short": content[:-3], "altered": altered, "empty": b""}[harm])
    with pytest.raises(IndexDamaged) as told:
        searching.open_index(folder)
    assert told.value.name == str(path.relative_to(edition_of(folder)))
    assert told.value.name in str(told.value)
    assert "请重建索引" in str(told.value)
    if name == "documents.jsonl":
        with pytest.raises(IndexDamaged, match=r"documents\.jsonl"):
            searching.open_index(folder, falling_back=True)
        return
    left = searching.open_index(folder, falling_back=True)
    assert left.fallen == [told.value.name]
    assert left.search("身份证丢了", vector=Counted().queries(["身份证丢了"])[0])[0].id == "id"
    assert left.is_dense == (name != "vectors.npy")
    assert isinstance(left._words, Plain) == (name != "vectors.npy")


@pytest.mark.parametrize("name", ["CURRENT", "manifest.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe no\n"])
def test_without_its_marks_an_index_is_damaged(folder, name, content):
    path = folder / name if name == "CURRENT" else edition_of(folder) / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged) as told:
        searching.open_index(folder, falling_back=True)
    assert told.value.name == name


def test_a_folder_without_an_index_says_so(tmp_path):
    with pytest.raises(IndexDamaged, match="CURRENT"):
        searching.open_index(tmp_path / "nowhere")


def test_a_damaged_index_is_rebuilt_by_building_again(folder):
    shutil.rmtree(edition_of(folder))
    store.build(folder, documents(), Counted())
    assert searching.open_index(folder).search("身份证丢了")[0].id == "id"


def test_who_has_opened_an_edition_keeps_it_while_others_come(folder):
    old = searching.open_index(folder)
    for _ in range(3):
        store.build(folder, documents()[:2], Counted())
    assert old.search("公积金")[0].id == "fund"
    assert old.similar(Counted().queries(["公积金"])[0], limit=7)
    assert searching.open_index(folder).search("公积金") == []
    assert len(list(folder.glob("edition-*"))) == 2


def test_only_texts_never_seen_are_embedded_and_vectors_stay_the_same(folder):
    before = searching.open_index(folder)
    again = Counted()
    changed = [*documents()[1:], Document("new", "不动产登记", "", "不动产登记五个工作日。")]
    manifest = store.build(folder, changed, again)
    assert again.asked == [changed[-1].passage]
    assert manifest.embedded == 1
    after = searching.open_index(folder)
    for key in ("birth", "fund", "pension"):
        assert np.array_equal(before.vector_of(key), after.vector_of(key))
    assert after.digests["fund"] == "fundfund"


def test_another_embedder_embeds_anew(folder):
    other = Counted("other")
    assert store.build(folder, documents(), other).embedded == 7
    assert store.build(folder, documents(), other).embedded == 0


@pytest.mark.parametrize("harm", ["torn", "altered"])
def test_a_torn_or_altered_record_is_embedded_again(folder, harm):
    (cache,) = folder.glob("vectors-*.cache")
    content = bytearray(cache.read_bytes())
    if harm == "torn":
        content = content[:-10]
    else:
        content[60] ^= 255
    cache.write_bytes(content)
    before = searching.open_index(folder)
    assert store.build(folder, documents(), Counted()).embedded == 1
    assert store.build(folder, documents(), Counted()).embedded == 0
    after = searching.open_index(folder)
    assert all(np.array_equal(before.vector_of(key), after.vector_of(key)) for key in before.ids)


def test_a_build_that_stops_leaves_the_old_edition_and_keeps_what_it_embedded(folder):
    class Stops(Counted):
        def passages(self, texts):
            if self.asked:
                raise EmbedderFailed("没有给出结果")
            return super().passages(texts)

    many = [Document(f"m{number}", f"第{number}件事", "", "") for number in range(100)]
    old = edition_of(folder)
    with pytest.raises(EmbedderFailed):
        store.build(folder, many, Stops())
    assert edition_of(folder) == old
    assert searching.open_index(folder).search("身份证丢了")[0].id == "id"
    assert store.build(folder, many, Counted()).embedded == 100 - 64
    assert len(list(folder.glob("edition-*"))) == 2


def test_the_cache_forgets_what_nothing_uses(tmp_path):
    many = [Document(f"m{number}", f"第{number}件事", "", "") for number in range(300)]
    store.build(tmp_path, many, Counted())
    (cache,) = tmp_path.glob("vectors-*.cache")
    size = cache.stat().st_size
    store.build(tmp_path, many[:10], Counted())
    assert cache.stat().st_size == size // 30
    assert store.build(tmp_path, many[:10], Counted()).embedded == 0


def test_two_of_one_id_are_refused(tmp_path):
    with pytest.raises(ValueError, match="重复"):
        store.build(tmp_path, documents() + documents()[:1], None)


def test_who_does_not_want_to_wait_is_told(folder):
    with locked(folder / ".build.lock"), pytest.raises(IndexBusy, match="另一个进程"):
        store.build(folder, documents(), Counted(), wait=False)


def build_some(folder, number):
    rows = documents()[: number + 1]
    for _ in range(4):
        store.build(folder, rows, Counted())


def test_builders_and_a_reader_at_once_never_meet_half_an_index(folder):
    spawn = multiprocessing.get_context("spawn")
    builders = [spawn.Process(target=build_some, args=(folder, number)) for number in (1, 4)]
    wrong, is_over = [], threading.Event()

    def read_on():
        while not is_over.is_set():
            try:
                opened = searching.open_index(folder)
                assert len(opened.ids) in {2, 5, 7}
                assert opened.search("身份证丢了")[0].id == "id"
            except Exception as error:  # noqa: BLE001
                wrong.append(error)

    reader = threading.Thread(target=read_on)
    reader.start()
    for one in builders:
        one.start()
    for one in builders:
        one.join(60)
    is_over.set()
    reader.join(60)
    assert [one.exitcode for one in builders] == [0, 0]
    assert wrong == []
    assert len(searching.open_index(folder).ids) in {2, 5}
