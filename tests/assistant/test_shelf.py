"""A question reads the index and never writes it: not over a newer edition, nor into a build that is running."""

import gc

import pytest

from tests import library
from yueban.assistant import reading, shelf
from yueban.assistant.answering.understanding import Memory
from yueban.assistant.choices import Gate, Why
from yueban.assistant.index.files import locked
from yueban.assistant.index.store import CURRENT, find_current, find_damaged
from yueban.assistant.keeping import renew_index
from yueban.assistant.knowledge.syncing import index_folder, newest_number
from yueban.assistant.models import IndexBuild, Unit
from yueban.kernel import clock

pytestmark = pytest.mark.django_db
QUESTION = "高龄津贴要什么材料"
SUBJECT = "item:old-age-allowance"


@pytest.fixture(scope="module", autouse=True)
def kept(rows_of_module):
    with library.by_words():
        yield


@pytest.fixture(autouse=True)
def whole():
    """Each test begins with an index that is whole, looked at."""
    shelf.forget()
    renew_index()
    shelf.take_damage()


def answered(question=QUESTION):
    return reading.answer_to(question, place="", audience="", memory=Memory(), on=clock.today())


def contents():
    return {str(path): path.read_bytes() for path in index_folder().rglob("*") if path.is_file()}


def harm(name):
    edition, _ = find_current(index_folder())
    path = index_folder() / CURRENT if name == CURRENT else edition / name
    path.write_bytes(b"harmed")
    shelf.forget()


class TestDamage:
    @pytest.mark.parametrize("name", [CURRENT, "documents.jsonl", "manifest.json"])
    def test_a_question_answers_by_words_and_leaves_the_files_as_they_are(self, name):
        harm(name)
        before = contents()
        answer = answered()
        assert (answer.gate, answer.subject) == (Gate.ANSWER, SUBJECT)
        assert answer.citations
        assert contents() == before
        assert shelf.take_damage()

    def test_a_build_in_progress_is_neither_waited_for_nor_replaced(self):
        harm("documents.jsonl")
        before = (index_folder() / CURRENT).read_bytes()
        with locked(index_folder() / ".build.lock"):
            assert answered().gate == Gate.ANSWER
        assert (index_folder() / CURRENT).read_bytes() == before

    def test_the_makeshift_is_made_once_and_left_for_what_the_worker_builds(self, monkeypatch):
        made = []
        make = shelf._makeshift
        monkeypatch.setattr(shelf, "_makeshift", lambda pieces: made.append(1) or make(pieces))
        harm(CURRENT)
        for _ in range(3):
            answered()
        assert made == [1]
        assert shelf.shelf().is_makeshift
        renew_index()
        answered()
        edition, manifest = find_current(index_folder())
        assert (shelf.shelf().is_makeshift, shelf.shelf().edition) == (False, edition.name)
        assert shelf.shelf().library.index.manifest.edition == manifest.edition
        assert find_damaged(edition, manifest) == {}

    def test_an_edition_that_comes_while_another_is_opened_is_found_with_the_next_look(self, monkeypatch):
        places, came = shelf._places, []

        def as_another_comes():
            if not came:
                came.append(shelf._edition())
                (index_folder() / came[0] / "documents.jsonl").write_bytes(b"harmed")
                renew_index()
            return places()

        monkeypatch.setattr(shelf, "_places", as_another_comes)
        assert shelf.shelf().edition == came[0] != shelf._edition()
        assert shelf.shelf().edition == shelf._edition() == shelf.shelf().library.index.manifest.edition

    def test_the_files_of_a_makeshift_go_with_it(self, monkeypatch, tmp_path):
        monkeypatch.setattr(shelf, "mkdtemp", lambda **_: str(tmp_path))
        index = shelf._makeshift(shelf.pieces_in(newest_number()))
        assert (tmp_path / CURRENT).exists()
        del index
        gc.collect()
        assert not tmp_path.exists()


class TestWithdrawn:
    """The process has looked a moment ago and would not look again for long."""

    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch):
        monkeypatch.setattr(shelf, "PATIENCE_S", 3600.0)

    def withdrawn(self, **units):
        number = newest_number() + 1
        Unit.objects.filter(gone_in__isnull=True, **units).update(gone_in=number)
        IndexBuild.objects.create(number=number, digest="x", units=0, built_at=clock.now())

    def test_what_is_withdrawn_is_not_told_in_the_same_second(self):
        assert answered().subject == SUBJECT
        self.withdrawn(subject=SUBJECT)
        after = answered()
        assert after.subject != SUBJECT
        assert SUBJECT not in {one.unit.partition("#")[0] for one in after.citations}

    def test_what_says_something_else_now_is_told_anew(self):
        first = answered()
        unit = Unit.objects.get(key=first.citations[0].unit, gone_in__isnull=True)
        self.withdrawn(key=unit.key)
        number = newest_number()
        content = {**unit.content, "sentences": ["要带新的凭证。"]}
        unit.pk, unit.gone_in, unit.made_in, unit.digest, unit.content = None, None, number, "new", content
        unit.save()
        again = answered()
        assert "要带新的凭证。" in again.text
        assert again.index_number == number

    def test_nothing_is_told_that_goes_a_second_time(self, monkeypatch):
        monkeypatch.setattr(reading, "is_in_use", lambda _: False)
        given = answered()
        assert (given.gate, given.why, given.citations) == (Gate.REFUSE, Why.UNKNOWN, ())

    def test_it_costs_one_query(self, django_assert_num_queries):
        answered()
        with django_assert_num_queries(1):
            assert answered().gate == Gate.ANSWER
        with django_assert_num_queries(0):
            assert answered("转人工").gate == Gate.PERSON
