"""What is published is what is answered: versions, withdrawals, and Q&A that rest on what has changed."""

import pytest

from tests import library
from tests.editors import AGENCY, KEY, an_editor
from yueban.assistant import shelf
from yueban.assistant.choices import Gate
from yueban.assistant.index.store import find_current, find_damaged
from yueban.assistant.knowledge.syncing import index_folder, newest_number, pieces_in
from yueban.assistant.models import IndexBuild, QuestionAnswer, Unit
from yueban.catalogue import selectors as catalogue
from yueban.flows import ask, keep_knowledge, publish_item
from yueban.kernel.actor import ANONYMOUS

pytestmark = pytest.mark.django_db
ITEM = f"item:{KEY}"


@pytest.fixture(scope="module", autouse=True)
def kept(rows_of_module):
    with library.by_words():
        yield


def units_of(subject):
    return Unit.objects.filter(subject=subject, gone_in__isnull=True)


def test_the_first_time_every_answer_of_the_city_is_in_use_and_one_edition_made():
    assert list(QuestionAnswer.objects.exclude(state="approved")) == []
    assert QuestionAnswer.objects.filter(source_digests={}).count() == 0
    assert [build.number for build in IndexBuild.objects.all()] == [1]


def test_nothing_changed_makes_no_edition_and_no_index():
    before = find_current(index_folder())[0]
    assert keep_knowledge.keep() is False
    assert (newest_number(), find_current(index_folder())[0]) == (1, before)


def test_a_new_version_is_answered_and_silences_what_rests_on_the_old():
    author, second = an_editor("author"), an_editor("second")
    draft = publish_item.begin_draft(author, KEY, AGENCY)
    draft = publish_item.write_draft(
        author, draft.pk, {"summary": "货车营运要的新证。"}, revision=draft.revision
    )
    publish_item.submit_item(author, draft.pk)
    publish_item.publish_item(draft_id=draft.pk, actor=second)
    assert keep_knowledge.keep() is True
    assert newest_number() == 2
    assert "货车营运要的新证。" in "".join(str(one.content) for one in units_of(ITEM))
    assert "货车营运要的新证。" not in str([one.sentences for one in pieces_in(1)])
    silenced = QuestionAnswer.objects.filter(state="review")
    assert silenced.exists()
    assert all(any(KEY in source or "bundle:" in source for source in one.sources) for one in silenced)
    in_use = set(Unit.objects.filter(element="answer", gone_in__isnull=True).values_list("key", flat=True))
    assert not [one.key for one in silenced if any(unit.endswith(f"#answer.{one.key}") for unit in in_use)]
    assert all(KEY in one.words or "bundle:" in one.words for one in silenced)


def test_what_is_withdrawn_between_finding_and_reading_is_no_longer_answered():
    question = "道路普通货物运输经营许可要什么材料"
    held = shelf.shelf()
    before = ask.ask(ANONYMOUS, question, click="one").answer
    assert before.subject == ITEM
    for version in list(catalogue.versions_in_force().filter(item__key=KEY).select_related("agency")):
        editor = an_editor(f"editor-{version.pk}", version.agency.code)
        publish_item.suspend_item(version_id=version.pk, reason="暂停办理。", actor=editor)
    assert keep_knowledge.keep() is True
    after = ask.ask(ANONYMOUS, question, click="two").answer
    assert ITEM in held.library.by_subject
    assert ITEM not in shelf.shelf().library.by_subject
    assert after.subject != ITEM
    assert not [one for one in after.citations if one.unit.startswith(ITEM)]
    quoted = {piece.key: piece.text for piece in pieces_in(before.index_number)}
    assert all(quoted[one.unit] == one.quote for one in before.citations)


@pytest.mark.parametrize("harm", ["cut", "random", "gone", "no mark"])
def test_with_a_damaged_index_it_answers_by_words_and_the_worker_mends_it(harm):
    edition = find_current(index_folder())[0]
    path = {"no mark": index_folder() / "CURRENT"}.get(harm, edition / "documents.jsonl")
    content = path.read_bytes()
    path.unlink()
    if harm in {"cut", "random"}:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else bytes(range(256)) * 9)
    shelf.forget()
    assert ask.ask(ANONYMOUS, "高龄津贴怎么领", click="one").answer.gate == Gate.ANSWER
    keep_knowledge.keep()
    assert find_damaged(*find_current(index_folder())) == {}
    assert ask.ask(ANONYMOUS, "高龄津贴怎么领", click="two").answer.gate == Gate.ANSWER
    assert not shelf.shelf().is_makeshift
